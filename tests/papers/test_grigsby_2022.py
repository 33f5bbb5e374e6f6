"""The bound on functional dimensions: random instances confirm it, hard tanh passes it."""

from __future__ import annotations

import random

import exactsurf as es
from exactsurf.papers.grigsby_2022 import upper_bound
from exactsurf.theorems.outcome import Outcome
from tests.cells.inputs.functions_by_hand import random_parameters
from tests.sweep import draws

SWEEP = draws(40)


def test_random_instances_confirm_it() -> None:
    source = random.Random(3)
    for _ in range(SWEEP):
        widths = source.choice([[1, 2, 1], [2, 3, 1], [1, 2, 2, 1], [2, 2, 2, 2]])
        network = es.Network(widths, source.choice([es.relu, es.leaky_relu("1/4"), es.absolute_value]))
        problem = es.Problem(network, es.Data.from_arrays([[0] * widths[0]], [[0] * widths[-1]]))
        report = upper_bound.examine(problem, random_parameters(network, source, source.choice([1, 9])))
        assert report.outcome is Outcome.CONFIRMED
        es.verify(report.conclusion.certificate.encoded)


def test_homogeneity_is_needed() -> None:
    (example,) = upper_bound.sharpness()
    report = upper_bound.examine(example.problem, example.parameters)
    assert report.failing == ("activation",) and report.conclusion.status is es.Status.REFUTED
