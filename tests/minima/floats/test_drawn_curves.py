"""Curves that floats propose: places in floats and in fractions agree, and evidence keeps what a descent needs only."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

import exactsurf as es
from exactsurf.effort import Effort
from exactsurf.minima.floats.drawn_curves import DrawnCurves, evidence_along, goes_down
from exactsurf.model.point import Point

F = Fraction


def zero() -> Point:
    """ReLU 1-1-1 without biases on one sample with the target 1, at weights 0, where w·v has to move."""
    problem = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1], [1]))
    return Point(problem, problem.parameters(W1=[[0]], W2=[[0]]))


def test_floats_and_fractions_are_the_same_curve() -> None:
    source = np.random.default_rng(3)
    power = source.choice([1, 2, 3], size=(5, 4))
    curves = DrawnCurves(power, source.integers(-2, 3, size=(5, 4)) / 2, source.integers(-2, 3, size=(5, 4)) / 4)
    for row, expected in enumerate(curves.at(0.25)):
        exact = [sum(F(1, 4) ** (n + 1) * vector[k] for n, vector in enumerate(curves.coefficients(row))) for k in range(4)]
        assert [float(value) for value in exact] == expected.tolist()


def test_only_both_weights_together_go_down() -> None:
    point = zero()
    assert goes_down(point, [[F(1), F(1)]]) and goes_down(point, [[F(1), F(0)], [F(0), F(1)]])
    assert not goes_down(point, [[F(1), F(0)]]) and not goes_down(point, [[F(1), F(-1)]])


def test_evidence_leaves_out_what_is_not_needed() -> None:
    point = zero()
    found = evidence_along(point, [[F(1), F(2)], [F(5), F(0)], [F(0), F(-7)]], Effort())
    assert found is not None and found.order == 2 and found.coefficient == -2
    assert len(found.curve) == 1


def test_a_curve_that_goes_up_is_no_evidence() -> None:
    assert evidence_along(zero(), [[F(1), F(-1)]], Effort()) is None
