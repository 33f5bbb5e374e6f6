"""Losses of many predictions in floats against exact values, and enclosed ones."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import exactsurf as es
from exactsurf.model.floats.loss_values import LossValues

CLASSES = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]]
LABELS: dict[str, list[Any]] = {
    "logistic": [1, 0, 1, 1],
    "exponential": [1, -1, 1, 1],
    "poisson": [0, 3, 1, 2],
    "hinge": CLASSES,
    "cross_entropy": CLASSES,
}
LOSSES = [*LABELS, "squared", "absolute", "huber", "log_cosh", "power(4)"]


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("smooths", [True, False])
def test_values_are_those_of_the_problem(loss: str, smooths: bool) -> None:
    labels: list[Any] = LABELS.get(loss, [[1, 0], [0, 2], [-3, 1], ["1/2", 0]])
    data = es.Data.from_arrays([[1], [2], [-1], [0]], labels, weights=[1, 2, "1/2", 3])
    outputs = len(data.y[0])
    problem = es.Problem(es.Network([1, outputs]), data, loss)
    rnd = np.random.default_rng(3)
    for _ in range(5):
        slope, shift = rnd.integers(-9, 10, size=(2, outputs)) / 4
        f = np.array([[float(x)] for (x,) in data.x]) * slope + shift
        w, b = [[Fraction(v)] for v in slope.tolist()], list(map(Fraction, shift.tolist()))
        risk = problem.risk(problem.parameters(W1=w, b1=b))
        known = float(getattr(risk, "midpoint", risk))
        assert LossValues(problem, smooths=smooths).risk(f) == pytest.approx(known, rel=1e-12)


@pytest.mark.parametrize("smooths", [True, False])
def test_kinks_have_a_curvature_only_where_they_are_smoothed(smooths: bool) -> None:
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [0, 1]), "absolute")
    jet = LossValues(problem, smooths=smooths).jets(np.array([0.0, 3.0]))
    assert jet.value.tolist() == [0, 2] and jet.slope[1] == 1
    assert (jet.slope[0], jet.curvature[0]) == ((0, 500) if smooths else (-1, 0))


def test_numbers_far_away_are_no_error() -> None:
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [1, -1]), "exponential")
    with np.errstate(all="raise"):
        assert np.isfinite(LossValues(problem).jets(np.array([-1e9, 1e9])).value).all()
