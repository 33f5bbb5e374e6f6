"""Landscapes of restricted problems with weight decay: decisions, certificates, floats, and what a strictly convex risk has."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import exactsurf as es
from tests.surface.restricted.problems import LESSON, PLANES, plane


def decayed(problem: es.RestrictedProblem, factor: str, *, biases: bool = False) -> es.RestrictedProblem:
    inner = problem.unrestricted
    return es.RestrictedProblem(problem.restriction, inner.data, inner.loss, weight_decay=factor, decay_biases=biases)


@pytest.mark.parametrize("name", PLANES)
@pytest.mark.parametrize("seed", range(3))
def test_minima_are_decided_and_valleys_certified(name: str, seed: int) -> None:
    """Every listed minimum is one by the conditions at the point, which know no cells; all certificates are accepted."""
    problem = decayed(plane(name, seed), ("1/3", "2", "1/100")[seed], biases=seed == 1)
    land = es.landscape(problem)
    for found in land.local_minima:
        assert problem.risk(found.parameters) == found.risk
        assert es.decide(problem, found.parameters).status is es.Status.PROVED
    proof = es.certify_global_minimum(problem)
    assert proof.risk == land.global_minimum.risk == es.certify_global_minimum(land).risk
    assert "with weight decay" in proof.sentence
    for valley in land.valleys:
        if valley.is_spurious:
            assert es.certify_spurious_valley(land, valley.parameters).level == valley.barrier
    assert es.certify_all_valleys(land).valleys == len(land.valleys)


@pytest.mark.parametrize("name", ["filter", "overlapping", "hard tanh"])
def test_random_points_are_not_lower_and_minima_are_single_points(name: str) -> None:
    problem = decayed(plane(name, 0), "1/2")
    land = es.landscape(problem)
    assert all(found.is_strict and found.is_valley for found in land.local_minima)
    source = np.random.default_rng(0)
    for pair in source.integers(-40, 41, (40, 2)):
        values = tuple(Fraction(int(value), 10) for value in pair)
        assert problem.risk(problem.restriction.at(values)) >= land.global_minimum.risk


def test_ridge_regression() -> None:
    """One cell: the normal equations of ridge regression, with a fixed head whose weights are penalised too."""
    filters = es.convolution(3, [2], activation="linear", head=[1, 1])
    problem = es.RestrictedProblem(filters, es.Data.from_arrays([[1, 0, 1], [0, 1, 2], [1, 1, 1]], [1, 2, 0]), weight_decay=1)
    land = es.landscape(problem)
    design = np.array([[1, 1], [1, 3], [2, 2]], dtype=float)
    # The filter stands at two places; the head adds ½(1 + 1).
    fit = np.linalg.solve(design.T @ design + 2 * np.eye(2), design.T @ np.array([1.0, 2.0, 0.0]))
    assert np.allclose(fit, [float(v) for v in problem.values(land.global_minimum.parameters)])
    rest = design @ fit - np.array([1.0, 2.0, 0.0])
    assert np.isclose(float(land.global_minimum.risk), rest @ rest / 2 + fit @ fit + 1)


def test_weights_of_samples_and_a_small_factor() -> None:
    """A factor near 0 has a valley near each of those without weight decay; others, where that is flat, are shallow."""
    small, plain = es.landscape(decayed(LESSON, "1/1000000")), es.landscape(LESSON)
    tiny = Fraction(1, 10000)
    for other in plain.valleys:
        assert any(0 < one.risk - other.risk < tiny for one in small.valleys)
    for one in small.valleys:
        near = any(0 < one.risk - other.risk < tiny for other in plain.valleys)
        assert near or (one.persistence is not None and one.persistence < tiny)
        assert es.decide(small.problem, one.parameters).status is es.Status.PROVED
    inner = LESSON.unrestricted
    weighted = es.RestrictedProblem(LESSON.restriction, inner.data, sample_weight=[1, 2, "1/2", 3], weight_decay="1/5")
    for found in es.landscape(weighted).local_minima:
        assert es.decide(weighted, found.parameters).status is es.Status.PROVED


@pytest.mark.parametrize("biases", [False, True])
def test_where_all_that_is_penalised_may_be_zero_everywhere(biases: bool) -> None:
    """No weight varies and all are 0: decay of biases is a ridge term, decay of weights is 0, and still a tangent is stated."""
    fixed = es.restriction(es.Network([2, 1, 1]), W1=[[0, 0]], b1=["c"], W2=[[0]], b2=["2*v"])
    problem = es.RestrictedProblem(fixed, es.Data.from_arrays([[1, 2], [0, 1]], [1, -3]), weight_decay=2, decay_biases=biases)
    proof = es.certify_global_minimum(problem)
    # With f = 2v the sum of ½(f − 1)² and ½(f + 3)² is 4 + (f + 1)²; decay of both biases adds c² + f².
    assert proof.risk == (Fraction(9, 2) if biases else 4)
    assert es.verify(proof.encoded).risk == proof.risk
    assert es.certify_all_valleys(es.landscape(problem)).valleys == 1
