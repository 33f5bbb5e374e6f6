"""Polishing floats where the loss is an expression: the answer is a box with exactly one critical point."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

import exactsurf as es
from exactsurf.exact.balls import Ball
from exactsurf.minima.floats.polish import middle
from exactsurf.model.parameter_vector import vector_of


def problem(depth: int) -> es.Problem:
    data = es.Data.from_arrays([-3, -2, -1, 1, 2, 3], ["-7/4", "-1/4", "-3/4", "1", "3", "5/2"])
    return es.Problem(es.Network([1, *[1] * depth, 1], "leaky_relu:1/2", biases=False), data, es.losses.log_cosh)


@pytest.mark.parametrize("depth", [1, 2])
def test_a_trained_network_of_any_depth_ends_in_a_box(depth):
    found = es.polish(problem(depth), {f"W{n + 1}": [[1.0]] for n in range(depth + 1)})
    assert found.method == "critical box" and found.box.kind == "local minimum in a box"
    assert isinstance(found.risk, Ball) and middle(found.risk) <= middle(found.start_risk)
    slope = float(np.prod([float(v) for v in vector_of(found.parameters)]))
    x = np.array([-3, -2, -1, 1, 2, 3.0])
    y = np.array([-1.75, -0.25, -0.75, 1, 3, 2.5])

    def risk(p):
        return np.log(np.cosh(p[0] * np.where(x > 0, x, x / 2**depth) - y)).sum()

    best = minimize(risk, [1.0], tol=1e-12)
    assert abs(best.x[0] - slope) < 1e-4 + 4 * float(found.box.radius)
    assert abs(float(middle(found.risk)) - best.fun) < 1e-3 + float(found.box.radius)


def test_points_with_short_fractions_are_decided():
    data = es.Data.from_arrays([0, 0, 1, 1], [0, 1, 0, 1])
    found = es.polish(es.Problem(es.Network([1, 1]), data, es.logistic), W1=[[0.000001]], b1=[-0.000002])
    assert found.method == "rational critical point" and found.verdict.status is es.Status.PROVED


def test_middle():
    assert middle(Ball(3, 1)) == middle(3) == 3
