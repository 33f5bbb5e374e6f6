"""Guesses of integer relations: true ones are found, and random numbers have none."""

from __future__ import annotations

import random
from fractions import Fraction
from math import isqrt

from exactsurf.exact.integer_relation import find_integer_relation, find_polynomial

BITS = 600


def root(n: int) -> Fraction:
    return Fraction(isqrt(n << 2 * BITS), 1 << BITS)


def test_true_relations_are_found() -> None:
    assert find_polynomial(root(2) + root(3), BITS - 20, 6) == (1, 0, -10, 0, 1)
    assert find_polynomial(Fraction(3, 7), BITS, 3) == (-3, 7)
    a, b = root(5), (3 + 2 * root(5)) / 7
    assert find_integer_relation([Fraction(1), a, b], BITS - 20) == (3, 2, -7)


def test_random_numbers_have_none() -> None:
    source = random.Random(1)
    for _ in range(5):
        value = Fraction(source.getrandbits(BITS), 1 << BITS)
        assert find_polynomial(value, BITS, 8) is None
