"""Balls: arithmetic of their ends, and that conversions to FLINT lose nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exactsurf.errors import InexactNumberError, InputError
from exactsurf.exact.balls import Ball, ball, from_arb, matrix_to_arb, rounded, rounded_matrix, to_arb, working_precision

numbers = st.fractions(-1000, 1000)


@given(numbers, st.fractions(0, 10), st.integers(4, 200))
def test_a_ball_survives_flint_at_any_precision(midpoint: Fraction, radius: Fraction, bits: int) -> None:
    with working_precision(bits):
        found = from_arb(to_arb(Ball(midpoint, radius)))
    assert found is not None
    assert found.lower <= midpoint - radius and midpoint + radius <= found.upper
    assert found.radius <= 2 * radius + (abs(midpoint) + radius) * Fraction(8, 1 << bits)


def test_the_precision_is_restored_also_after_an_error() -> None:
    from flint import ctx

    before, inside = ctx.prec, []

    def fail() -> None:
        with working_precision(500):
            inside.append(ctx.prec)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert inside == [500] and ctx.prec == before


@given(numbers, st.fractions(0, 5), numbers)
def test_signs_and_containment(midpoint: Fraction, radius: Fraction, value: Fraction) -> None:
    found = Ball(midpoint, radius)
    assert found.contains(value) == (abs(value - midpoint) <= radius)
    expected = 0 if midpoint == radius == 0 else 1 if midpoint > radius else -1 if midpoint < -radius else None
    assert found.sign == expected and found.is_exact == (radius == 0)


def test_what_is_no_ball() -> None:
    with pytest.raises(InputError, match="negative"):
        ball(1, -1)
    with pytest.raises(InexactNumberError):
        ball(0.5)
    with working_precision(64):
        assert from_arb(1 / to_arb(Ball(Fraction(0), Fraction(1)))) is None


def test_rounding() -> None:
    with working_precision(64):
        assert rounded(to_arb(Fraction(1, 3)), 4) == Fraction(5, 16)
        matrix = matrix_to_arb([[Fraction(1, 3), Fraction(2)], [Ball(Fraction(-1), Fraction(1, 4)), Fraction(0)]])
        assert rounded_matrix(matrix, 1) == ((Fraction(1, 2), Fraction(2)), (Fraction(-1), Fraction(0)))
