"""decide() under attack: no lower point near what is proved, a real descent at what is refuted."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

import exactsurf as es
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.effort import Effort
from exactsurf.minima.local.invariance import invariance_tangents
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.point import Point
from tests import oracle
from tests.soundness.degenerate import degenerate_point, stationary_point
from tests.soundness.float_network import FloatNetwork, lower_point_nearby

RADIUS = 0.003


@pytest.mark.slow
def test_no_lower_point_near_a_minimum_and_a_descent_elsewhere():
    seen: Counter[str] = Counter()
    for seed in range(110):
        planted = stationary_point(random.Random(seed))
        if planted is None:
            continue
        problem, theta = planted
        verdict = es.decide(problem, theta, effort=Effort(fan=16, cones=500))
        if verdict.certificate is None:
            continue
        if verdict.status == es.Status.PROVED:
            rule = type(verdict.certificate.local_minimum).__name__
            seen[rule] += 1
            if rule != "Paths" or seen[rule] % 8 == 0:
                assert lower_point_nearby(problem, theta, RADIUS, seed) is None, seed
            continue
        seen[type(verdict.certificate.descent).__name__] += 1
        check_descent(problem, theta, verdict)
    assert seen["SecondOrder"] >= 2
    assert seen["DescentCurve"] >= 3


def check_descent(problem: es.Problem, theta: es.Parameters, verdict: es.Verdict) -> None:
    base, evidence = oracle.risk(problem, theta), verdict.certificate.descent
    assert oracle.risk(problem, evidence.lower_point.parameters) == evidence.lower_point.risk < base
    if isinstance(evidence, DescentDirection):
        curve = [vector_of(evidence.direction)]
    elif isinstance(evidence, DescentCurve):
        curve = [vector_of(term) for term in evidence.curve]
    else:
        return
    largest = max(1, *(abs(value) for term in curve for value in term))
    for power in (30, 60):
        t = Fraction(1, 2**power) / largest**2
        moved = [a + sum(t ** (n + 1) * term[p] for n, term in enumerate(curve)) for p, a in enumerate(vector_of(theta))]
        assert oracle.risk(problem, parameters_of(problem.network, moved)) < base


def test_a_search_does_find_lower_points():
    """Without this, the absence of lower points above would say nothing."""
    problem = es.Problem(es.Network([1, 1, 1, 1], es.linear, biases=False), es.Data.from_arrays([1, 2], [1, 3]))
    cubic_saddle = problem.parameters(W1=[[0]], W2=[[0]], W3=[[0]])
    found = lower_point_nearby(problem, cubic_saddle, RADIUS, 0)
    assert found is not None
    assert oracle.risk(problem, found) < oracle.risk(problem, cubic_saddle)


def test_tangents_of_invariances_are_limits_of_kernels():
    """A flow that keeps all predictions is tangent to the kernels of their Jacobians, in every cell around the point."""
    tangents = 0
    for seed in range(300):
        rnd, rng = random.Random(seed), np.random.default_rng(seed)
        problem, theta = degenerate_point(rnd)
        listed = np.array([list(map(float, t)) for t in invariance_tangents(Point(problem, theta))])
        if not len(listed):
            continue
        tangents += len(listed)
        listed /= np.linalg.norm(listed, axis=1, keepdims=True)
        start = np.array(list(map(float, vector_of(theta))))
        moves = rng.standard_normal((20, len(start))) * (rng.random((20, len(start))) < rng.choice([0.2, 1.0], size=(20, 1)))
        away = [_distances(FloatNetwork(problem), start + eta * moves, listed) for eta in (1e-3, 1e-4)]
        assert away[1].max() < 2e-2
        assert not ((away[1] > 1e-3) & (away[1] > away[0] / 2)).any(), seed
    assert tangents > 1000


def _distances(network: FloatNetwork, points: np.ndarray, tangents: np.ndarray) -> np.ndarray:
    found = []
    for jacobian in network.jacobians(points):
        _, values, rows = np.linalg.svd(jacobian, full_matrices=False)
        found.append(np.linalg.norm(rows[values > 1e-12 * max(1, *values)] @ tangents.T, axis=0))
    return np.array(found)
