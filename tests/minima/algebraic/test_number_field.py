"""Numbers known to many digits in one number field: fields known from algebra, and what is no such number."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt, pi

import exactsurf as es
from exactsurf.minima.algebraic.number_field import in_one_field, nearest_root
from exactsurf.minima.not_proved import NotProved

BITS = 600


def root(n: int) -> Fraction:
    return Fraction(isqrt(n << 2 * BITS + 40), 1 << BITS + 20)


def value_at(image, alpha: Fraction) -> Fraction:
    return sum((c * alpha**k for k, c in enumerate(image)), Fraction(0))


def test_a_field_of_two_square_roots():
    values = [Fraction(2, 7), root(2), root(3), root(6) / 5 + 1]
    alpha, images = in_one_field(values, BITS, 8, es.Effort.of(None).started())
    assert len(alpha.polynomial) == 5
    near = nearest_root(alpha.polynomial, (alpha.low + alpha.high) / 2)
    middle = (near.low + near.high) / 2
    for value, image in zip(values, images, strict=True):
        assert len(image) == 4 and abs(value_at(image, middle) - value) < Fraction(1, 1 << 50)
    # √6 = √2·√3 in the field: the product of the images modulo the polynomial.
    import sympy

    t = sympy.Symbol("t")
    whole = sympy.Poly([sympy.Rational(c) for c in reversed(alpha.polynomial)], t)
    two, three, six = (sympy.Poly([sympy.Rational(c.numerator, c.denominator) for c in reversed(i)], t) for i in images[1:])
    assert ((two * three).rem(whole) - 5 * (six - 1)).rem(whole) == 0


def test_rational_numbers_are_a_field_of_degree_1():
    alpha, images = in_one_field([Fraction(1, 3), Fraction(-5)], BITS, 8, es.Effort.of(None).started())
    assert alpha.polynomial == (0, 1) and images == ((Fraction(1, 3),), (Fraction(-5),))
    assert alpha.low < 0 < alpha.high


def test_what_is_no_root_of_a_small_polynomial():
    found = in_one_field([root(2) * Fraction(pi) + Fraction(1, 3**400)], BITS, 4, es.Effort.of(None).started())
    assert isinstance(found, NotProved) and "degree 4" in found.reason
