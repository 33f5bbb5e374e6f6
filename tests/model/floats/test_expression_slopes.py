"""Values and slopes of expressions in floats, against the jets in ball arithmetic."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from exactsurf.exact.balls import to_arb
from exactsurf.model.floats.expression_slopes import value_and_slope
from exactsurf.model.smooth_expression import jet_of, read_expression

EXPRESSIONS = (
    "z**3 - 2*z/(1 + z**2) + 1/3",
    "exp(-z) + log(2 + z**2)",
    "tanh(z)*arctan(z)",
    "sigmoid(3*z) - softplus(-z)",
)
PLACES = [Fraction(k, 4) for k in range(-12, 13)]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_against_balls(text: str):
    tree = read_expression(text)
    values, slopes = value_and_slope(tree, np.array([float(place) for place in PLACES]))
    for place, value, slope in zip(PLACES, values, slopes, strict=True):
        jet = jet_of(tree, to_arb(place))
        assert jet is not None
        assert value == pytest.approx(float(jet[0].mid()), abs=1e-12) and slope == pytest.approx(float(jet[1].mid()), abs=1e-12)


def test_far_away_nothing_overflows():
    value, slope = value_and_slope(read_expression("softplus(z) + sigmoid(z)"), np.array([-800.0, 800.0]))
    assert value.tolist() == [0.0, 801.0] and slope.tolist() == [0.0, 1.0]
