"""Slopes and curvatures are the derivatives of the values, far from 0 too."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from exactsurf.model.floats.loss_functions import FunctionsByPieces, Jet, count, exponential, log_cosh, logistic, power_of

FUNCTIONS = {
    "logistic": (logistic, lambda u: mpmath.log(1 + mpmath.exp(-u))),
    "exponential": (exponential, lambda u: mpmath.exp(-u)),
    "log_cosh": (log_cosh, lambda u: mpmath.log(mpmath.cosh(u))),
    "count": (lambda u: count(u, 3.0), lambda u: mpmath.exp(u) - 3 * u),
    "power": (power_of(6), lambda u: u**6),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_derivatives_agree_with_high_precision(name: str) -> None:
    function, exact = FUNCTIONS[name]
    points = [-40.0, -3.0, -0.25, 0.5, 2.0, 40.0]
    found: Jet = function(np.array(points))
    with mpmath.workdps(60):
        for n, u in enumerate(points):
            for order, values in enumerate(found):
                assert values[n] == pytest.approx(float(mpmath.diff(exact, mpmath.mpf(u), order)), rel=1e-12), (u, order)


def test_pieces_of_different_number() -> None:
    rows = FunctionsByPieces([[], [Fraction(0), Fraction(2)]], [[(1, -2, 0)], [(0, 0, 0), (1, 0, 0), (0, 4, -4)]])  # type: ignore[list-item]
    jet = rows.jets(np.array([[3.0, -1.0], [0.0, 1.0], [1.0, 5.0]]))
    assert jet.value.tolist() == [[3, 0], [0, 1], [-1, 16]]
    assert jet.slope.tolist() == [[4, 0], [-2, 2], [0, 4]] and jet.curvature.tolist() == [[2, 0], [2, 2], [2, 0]]
