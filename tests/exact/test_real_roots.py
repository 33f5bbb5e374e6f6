"""Real roots against SymPy, against polynomials with known roots, and against sign changes."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.exact.real_roots import RealRoot, rational_between, real_roots

X = sympy.Symbol("x")
COEFFICIENTS = st.lists(st.one_of(st.integers(-9, 9), st.fractions(-3, 3, max_denominator=5)), min_size=1, max_size=7).filter(any)


def value(coefficients, point: Fraction) -> Fraction:
    return sum((Fraction(c) * point**k for k, c in enumerate(coefficients)), Fraction(0))


@settings(max_examples=60, deadline=None)
@given(COEFFICIENTS)
def test_roots_are_those_that_sympy_isolates(coefficients):
    expression = sympy.Poly([sympy.Rational(Fraction(c)) for c in reversed(coefficients)], X)
    expected = sorted(set(sympy.real_roots(expression)))
    found = real_roots(coefficients)
    assert len(found) == len(expected)
    for root, reference in zip(found, expected, strict=True):
        narrow = root.narrowed(Fraction(1, 10**9))
        assert sympy.Rational(narrow.low) <= reference <= sympy.Rational(narrow.high)
        assert narrow == root and hash(narrow) == hash(root)
        if root.value is None:
            assert not reference.is_rational
            assert value(coefficients, narrow.low) != 0 != value(coefficients, narrow.high)
        else:
            assert root.value == Fraction(reference.p, reference.q) and value(coefficients, root.value) == 0


@given(st.lists(st.fractions(-5, 5, max_denominator=9), min_size=1, max_size=5))
def test_a_product_of_linear_factors_gives_its_roots_back(roots):
    product = [Fraction(1)]
    for root in roots:
        product = [a - root * b for a, b in zip([Fraction(0), *product], [*product, Fraction(0)], strict=True)]
    assert [root.value for root in real_roots(product)] == sorted(set(roots))


@settings(max_examples=40, deadline=None)
@given(COEFFICIENTS, COEFFICIENTS)
def test_order_is_total_and_rationals_lie_between(one, two):
    found = sorted({*real_roots(one), *real_roots(two)})
    for left, right in pairwise(found):
        between = RealRoot.rational(rational_between(left, right))
        assert left < between < right and right > left and left <= right and not right <= left
        assert left != between != right


def test_roots_that_are_close_are_told_apart():
    close = sorted(
        [*real_roots([-2, 0, 1]), *real_roots([-2 * 10**40 - 1, 0, 10**40]), RealRoot.rational(Fraction(141421356, 10**8))]
    )
    texts = [root.polynomial for root in close]
    assert texts == [
        (-2 * 10**40 - 1, 0, 10**40),
        (-2, 0, 1),
        (-141421356 // 4, 10**8 // 4),
        (-2, 0, 1),
        (-2 * 10**40 - 1, 0, 10**40),
    ]


def test_refusals():
    assert real_roots([5]) == real_roots([1, 0, 1]) == ()
    with pytest.raises(es.InputError, match="zero polynomial"):
        real_roots([0, 0])
    with pytest.raises(es.InputError, match="nothing between"):
        rational_between(*reversed(real_roots([-2, 0, 1])))
    with pytest.raises(es.InputError, match="width"):
        real_roots([-2, 0, 1])[0].narrowed(Fraction(0))
