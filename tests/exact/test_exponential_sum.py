"""Sums of exponentials and sigmoids against mpmath and SymPy: values, equality, signs."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import sympy
from hypothesis import given
from hypothesis import strategies as st

from exactsurf.exact.exponential_sum import ExponentialSum, collected, exponential, number, sigmoid, softmax

NUMBERS = st.fractions(min_value=-4, max_value=4, max_denominator=6)
SUMS = st.lists(st.tuples(NUMBERS, st.sampled_from(["exp", "sigmoid", "number"]), NUMBERS), max_size=4)


def real(value: Fraction) -> mpmath.mpf:
    return mpmath.mpf(value.numerator) / value.denominator


def built(parts) -> tuple[ExponentialSum, mpmath.mpf]:
    total, value = number(0), mpmath.mpf(0)
    makers = {
        "exp": (exponential, mpmath.exp),
        "sigmoid": (sigmoid, lambda z: 1 / (1 + mpmath.exp(-z))),
        "number": (number, lambda z: z),
    }
    for factor, name, q in parts:
        exact, inexact = makers[name]
        total, value = total + exact(q).times(factor), value + real(factor) * inexact(real(q))
    return total, value


@given(first=SUMS, second=SUMS)
def test_sums_products_and_quotients_are_those_of_mpmath(first, second):
    with mpmath.workdps(60):
        (a, x), (b, y) = built(first), built(second)
        for exact, value in ((a, x), (a + b, x + y), (a - b, x - y), (a * b, x * y)):
            if exact is not None:
                ball = exact.ball(160)
                assert abs(real(ball.midpoint) - value) <= real(ball.radius) + mpmath.mpf(10) ** -40
        quotient = a.over(b)
        if quotient is not None:
            ball = quotient.ball(160)
            assert abs(real(ball.midpoint) - x / y) <= real(ball.radius) + mpmath.mpf(10) ** -35


@given(parts=SUMS)
def test_signs_are_those_of_mpmath(parts):
    with mpmath.workdps(60):
        exact, value = built(parts)
        sign = exact.sign()
        assert sign == (0 if not exact.terms else mpmath.sign(value))
        assert (abs(value) < mpmath.mpf(10) ** -40) == (sign == 0)


def test_equality_is_that_of_sympy():
    q = sympy.Rational(2, 3)
    s = 1 / (1 + sympy.exp(-q))
    identity = (exponential(Fraction(4, 3)) * sigmoid(Fraction(2, 3))) - exponential(Fraction(4, 3)) + exponential(Fraction(2, 3))
    assert identity == sigmoid(Fraction(2, 3))
    assert sympy.simplify(sympy.exp(2 * q) * s - sympy.exp(2 * q) + sympy.exp(q) - s) == 0
    assert (sigmoid(Fraction(2)) * sigmoid(Fraction(2))).terms == (((1, Fraction(2), 2), Fraction(1)),)


def test_what_is_no_such_sum_is_none():
    assert exponential(Fraction(1, 2)) * sigmoid(Fraction(1)) is None
    assert sigmoid(Fraction(1)) * sigmoid(Fraction(2)) is None
    assert number(1).over(sigmoid(Fraction(1))) is None
    assert number(1).over(number(0)) is None


@given(values=st.lists(NUMBERS, min_size=2, max_size=5))
def test_softmax_is_that_of_mpmath(values):
    with mpmath.workdps(60):
        powers = [mpmath.exp(real(v)) for v in values]
        total = number(0)
        for exact, power in zip(softmax(values), powers, strict=True):
            ball = exact.ball(160)
            assert abs(real(ball.midpoint) - power / sum(powers)) <= real(ball.radius) + mpmath.mpf(10) ** -40
            total += exact
        assert total.rational == 1


@given(q=st.fractions(min_value=Fraction(1, 9), max_value=5, max_denominator=9))
def test_close_numbers_are_told_apart(q):
    with mpmath.workdps(80):
        near = Fraction(int(mpmath.nint(mpmath.exp(real(q)) * mpmath.mpf(10) ** 60)), 10**60)
        value = exponential(q) - number(near)
        assert value.sign() == mpmath.sign(mpmath.exp(real(q)) - real(near))


def test_collecting():
    assert collected([]).rational == 0
    assert (number(2) - number(2)).terms == ()
