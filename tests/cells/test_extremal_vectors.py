"""Extremal vectors: the numbers of the paper, a second way in the plane, scaling, and every refusal."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.exact.linear_algebra import dot
from tests.sweep import draws
from tests.verifier.claims.test_extremal_vectors import in_the_plane

F = Fraction
SWEEP = draws(120)


def test_the_three_samples_of_the_paper() -> None:
    data = es.Data.from_arrays(["-3/4", "-1/2", "1/8"], ["11/10", "1/10", "4/5"])
    found = es.extremal_vectors(es.Problem(es.Network([1, 7, 1], biases=[True, False]), data))
    (only,) = found.vectors
    assert only.vector == (F(-31, 40), 2) == only.direction and only.sign == 1
    assert only.active == (0, 1, 2) and only.on_walls == () and found.faces == 12
    assert es.verify(found.certificate.encoded).kind == "extremal vectors"


def test_random_problems_in_the_plane_agree_with_a_walk_around_the_circle() -> None:
    source, kinds = random.Random(4), set()
    for _ in range(SWEEP):
        biased = source.random() < 0.5
        size = source.randint(1, 4)
        x = [[source.randint(-2, 2) for _ in range(2 - biased)] for _ in range(size)]
        h = source.choice([es.relu, es.leaky_relu("1/3"), es.absolute_value])
        network = es.Network([2 - biased, 1, 1], h, biases=[biased, False])
        problem = es.Problem(network, es.Data.from_arrays(x, [source.randint(-2, 2) for _ in x]))
        named = {"W1": [[source.randint(-1, 1) for _ in range(2 - biased)]], "W2": [[source.randint(-1, 1)]]}
        theta = problem.parameters(**named, **({"b1": [source.randint(-1, 1)]} if biased else {}))
        found = es.extremal_vectors(problem, theta)
        assert {(one.sign, one.vector) for one in found.vectors} == in_the_plane(json.loads(found.certificate.encoded))
        kinds |= {(one.sign, bool(one.on_walls)) for one in found.vectors}
    assert len(kinds) == 4


def test_in_space_directions_stay_and_scale_with_the_targets() -> None:
    source = random.Random(7)
    for _ in range(15):
        x = [[source.randint(-2, 2) for _ in range(2)] for _ in range(4)]
        y = [source.randint(-3, 3) for _ in x]
        one, two = (
            es.extremal_vectors(
                es.Problem(es.Network([2, 1, 1], biases=[True, False]), es.Data.from_arrays(x, [k * v for v in y]))
            )
            for k in (1, 3)
        )
        assert sorted(v.vector for v in two.vectors) == sorted(tuple(3 * c for c in v.vector) for v in one.vectors)
        for v in one.vectors:
            rows = [(*map(F, row), F(1)) for row in x]
            assert all((dot(row, v.direction) > 0) == (i in v.active) for i, row in enumerate(rows))
            assert all(not dot(rows[i], v.direction) for i in v.on_walls)


def test_other_losses_and_weights() -> None:
    data = es.Data.from_arrays([1, -1], [1, 2])
    network = es.Network([1, 1, 1], biases=[False, False])
    weighted = es.extremal_vectors(es.Problem(network, data, sample_weight=[3, 1]))
    assert {v.vector for v in weighted.vectors} == {(3,), (-2,)}
    huber = es.extremal_vectors(es.Problem(network, data, es.huber(1)))
    assert {v.vector for v in huber.vectors} == {(1,), (-1,)}


def test_refusals() -> None:
    data = es.Data.from_arrays([1, -1], [1, 0])
    for network in (
        es.Network([1, 1]),
        es.Network([1, 1, 1, 1]),
        es.Network([1, 1, 1], es.hard_tanh),
        es.Network([1, 1, 1], es.linear),
    ):
        with pytest.raises(es.UnsupportedError, match="extremal vectors"):
            es.extremal_vectors(es.Problem(network, data))
    with pytest.raises(es.UnsupportedError, match="kink"):
        es.extremal_vectors(es.Problem(es.Network([1, 1, 1]), data, "absolute"))
    with pytest.raises(es.UnsupportedError, match="by pieces"):
        es.extremal_vectors(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1], [1]), "logistic"))
    with pytest.raises(es.InputError, match="max_faces"):
        es.extremal_vectors(es.Problem(es.Network([1, 1, 1]), data), max_faces=3)
