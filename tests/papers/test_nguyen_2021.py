"""More units than samples: sublevel sets of random instances are connected, one unit fewer is an instance against it."""

from __future__ import annotations

import random

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.papers.nguyen_2021 import one_more_than_samples
from exactsurf.theorems.outcome import Outcome
from tests.sweep import draws

SWEEP = draws(40)


def test_random_instances_with_the_hypotheses_confirm_it() -> None:
    source, confirmed = random.Random(11), 0
    while confirmed < SWEEP:
        size, dimension = source.choice([1, 2, 2, 3]), source.choice([1, 1, 2])
        x = [[source.randint(-2, 2) for _ in range(dimension)] for _ in range(size)]
        data = es.Data.from_arrays(x, [source.randint(-2, 2) for _ in x])
        biases = [source.random() < 0.5, source.random() < 0.5]
        network = es.Network([dimension, size + 1, 1], es.leaky_relu(source.choice(["1/2", "1/10"])), biases=biases)
        report = one_more_than_samples.examine(es.Problem(network, data, source.choice(["squared", "absolute"])))
        assert report.outcome is not Outcome.CONTRADICTED, (x, data.y, biases)
        confirmed += report.outcome is Outcome.CONFIRMED


def test_the_width_is_sharp_and_every_hypothesis_is_named() -> None:
    (example,) = one_more_than_samples.sharpness()
    report = one_more_than_samples.examine(example.problem)
    assert report.failing == ("width",) and report.conclusion.status is Status.REFUTED
    assert "9/10" in report.conclusion.reason
    twice = es.Data.from_arrays([1, 1], [1, 2])
    assert "inputs" in one_more_than_samples.check(es.Problem(es.Network([1, 3, 1]), twice)).failing
    assert "activation" in one_more_than_samples.check(es.Problem(es.Network([1, 3, 1]), twice)).failing
    found = one_more_than_samples.construct(example.problem, [2, 3])
    assert [one.is_connected for one in found] == [False, True]
