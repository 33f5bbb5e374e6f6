"""Algebraic numbers in formulas."""

from __future__ import annotations

from fractions import Fraction

import pytest

from exactsurf.certificate.claims.algebraic_point import AlgebraicNumber
from exactsurf.show.text.algebraic import middle, polynomial


@pytest.mark.parametrize(
    ("coefficients", "text"),
    [
        ([-2, 0, 1], "t^2 − 2"),
        ([0, -1], "−t"),
        ([Fraction(1, 2), 3, 0, -4], "−4 t^3 + 3 t + 1/2"),
        ([0], "0"),
    ],
)
def test_polynomials(coefficients, text):
    assert polynomial(list(map(Fraction, coefficients)), "t") == text


def test_about_where_a_number_is():
    assert middle(AlgebraicNumber((-2, 0, 1), Fraction(1414213562, 10**9), Fraction(1414213563, 10**9))) == "1.41421356"
    assert middle(AlgebraicNumber((-3, 1), Fraction(2), Fraction(4))) == "3"
