"""Arithmetic with algebraic numbers against SymPy, and what is no algebraic number."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest
import sympy

from exactsurf.verifier.algebraic_ring import Ring, enclosed, read_root
from exactsurf.verifier.arithmetic.document import Rejected, read_document


def root(polynomial: list[int], low: str, high: str):
    document = {"polynomial": [str(c) for c in polynomial], "interval": [low, high]}
    return read_root(read_document(json.dumps(document).encode()))


def test_products_are_those_modulo_the_polynomial() -> None:
    source, t = random.Random(2), sympy.Symbol("t")
    alpha = root([-2, 0, 0, 3], "1/2", "1")
    ring, modulus = Ring(alpha), sympy.Poly(3 * t**3 - 2, t)
    for _ in range(20):
        left, right = ([Fraction(source.randint(-9, 9), source.randint(1, 9)) for _ in range(3)] for _ in range(2))
        product, _ = ring.times((left, [0, 0, 0]), (right, [0, 0, 0]))
        polys = [
            sympy.Poly([sympy.Rational(c.numerator, c.denominator) for c in reversed(cs)], t) for cs in (left, right, product)
        ]
        assert (polys[0] * polys[1]).rem(modulus) == polys[2]
        near = enclosed(product, alpha.enclosed(100))
        true = sympy.N(polys[2].eval(sympy.root(sympy.Rational(2, 3), 3)), 40)
        assert near.low - 1 <= true * 2**100 <= near.high + 1


def test_epsilon_is_a_derivative() -> None:
    ring = Ring(root([-2, 0, 1], "1", "2"))
    x = ([Fraction(1), Fraction(2)], [Fraction(1), Fraction(0)])
    assert ring.times(x, ring.times(x, x))[1] == [27, 12]  # 3 (1 + 2√2)²


@pytest.mark.parametrize(
    ("polynomial", "low", "high", "place"),
    [
        ([-2, 0, 1], "2", "3", "interval"),
        ([-2, 0, 1], "-2", "2", "interval"),
        ([0, -1, 0, 1], "-2", "2", "interval"),
        ([-2, 0, 1], "2", "1", "interval"),
        ([-2, 0, 0], "1", "2", "polynomial"),
        ([-2], "1", "2", "polynomial"),
    ],
)
def test_what_is_no_algebraic_number(polynomial: list[int], low: str, high: str, place: str) -> None:
    with pytest.raises(Rejected) as caught:
        root(polynomial, low, high)
    assert caught.value.place == place


def test_bisection_ends_at_a_rational_root() -> None:
    found = root([-1, 2], "0", "1").enclosed(64)
    assert found.low <= 1 << 63 <= found.high and found.high - found.low <= 2
