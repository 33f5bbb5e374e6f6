"""Balls: arithmetic of their ends, and that conversions to FLINT lose nothing."""

from __future__ import annotations

import math
import operator
import pickle
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exactsurf.errors import InexactNumberError, InputError, UndecidedComparison
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


SIGNS = [operator.lt, operator.le, operator.gt, operator.ge]
small = st.fractions(-2, 2, max_denominator=4)
balls = st.builds(Ball, small, st.fractions(0, 1, max_denominator=4))


def assert_judged(holds: Callable[[], bool], answers: set[bool]) -> None:
    """The comparison says what all pairs of enclosed numbers say, and refuses if they disagree."""
    if len(answers) == 1:
        assert holds() in answers
    else:
        with pytest.raises(UndecidedComparison, match="more bits"):
            holds()


@given(balls, balls | small | st.integers(-2, 2).map(Fraction), st.sampled_from(SIGNS))
def test_comparisons_are_proved_or_refused(
    left: Ball, right: Ball | Fraction | int, sign: Callable[[object, object], bool]
) -> None:
    ends = (right.lower, right.midpoint, right.upper) if isinstance(right, Ball) else (right,)
    assert_judged(lambda: sign(left, right), {sign(a, b) for a in (left.lower, left.midpoint, left.upper) for b in ends})
    assert_judged(lambda: sign(right, left), {sign(b, a) for a in (left.lower, left.midpoint, left.upper) for b in ends})


@given(balls, small)
def test_equality_with_a_number_is_proved_or_refused(left: Ball, right: Fraction) -> None:
    inside = left.lower <= right <= left.upper
    answers = {left.is_exact} if inside and left.is_exact else {True, False} if inside else {False}
    assert_judged(lambda: left == right, answers)
    assert_judged(lambda: right == left, answers)
    if left.is_exact:
        assert left == left.midpoint and hash(left) == hash(left.midpoint)


def test_balls_are_values_and_floats_are_refused() -> None:
    third = Ball(Fraction(1, 3), Fraction(1, 10))
    assert third == Ball(Fraction(1, 3), Fraction(1, 10)) != Ball(Fraction(1, 3), Fraction(1, 11))
    assert pickle.loads(pickle.dumps(third)) == third and len({third, Ball(Fraction(1, 3), Fraction(1, 10))}) == 1
    assert third != "1/3" and third is not None
    for ask in (lambda: third < 0.5, lambda: third == 0.5):
        with pytest.raises(InexactNumberError, match=r"0\.5"):
            ask()


@given(st.fractions(-50, 50), st.fractions(0, 3))
def test_what_is_shown_holds_the_ball(midpoint: Fraction, radius: Fraction) -> None:
    found = Ball(midpoint, radius)
    assert 0 <= found.shown_radius - radius <= radius / 99 and 3 <= found.digits <= 12
    if found.is_exact:
        assert found.text in (str(midpoint), f"{midpoint}") or found.text.startswith("≈")
    else:
        assert " ± " in found.text and repr(found) == f"Ball({found.text})"
    lowest = found.not_negative()
    assert found.upper < 0 or (lowest.lower == max(found.lower, Fraction(0)) and lowest.upper == found.upper)


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


@given(st.integers(-(10**30), 10**30), st.fractions(-1000, 1000))
def test_exponents_without_bounds_make_balls_of_bounded_length(power, shift):
    with working_precision(128):
        real = to_arb(Fraction(power)).exp() + to_arb(shift)
        found = from_arb(real)
        if found is None:
            assert real.log() > 45_000  # e^45,000 is nearly 2^65,000
            return
        assert found.upper.numerator.bit_length() < 2**18 and found.upper.denominator.bit_length() < 2**18
        assert to_arb(found).contains(real)


@given(st.integers(1, 10**6), st.sampled_from([1, -1]))
def test_rounding_follows_numbers_of_any_size(power, sign):
    with working_precision(64):
        expected = Fraction(sign * math.exp(-power))
        assert rounded(sign * to_arb(Fraction(-power)).exp(), 20) == Fraction(round(expected * 2**20), 2**20)
