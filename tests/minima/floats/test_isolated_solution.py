"""Solutions of polynomial equations to many bits: curves on which something is held, and equations without a solution nearby."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

import exactsurf as es
from exactsurf.minima.floats.isolated_solution import isolated_solution, product, total
from exactsurf.minima.not_proved import NotProved

ONE = Fraction(1)


def solved(equations, near):
    return isolated_solution(equations, near, 300, es.Effort.of(None).started())


def test_the_square_root_of_2():
    (x,) = solved([{(0, 0): ONE, (): Fraction(-2)}], [Fraction(7, 5)])
    assert abs(x - Fraction(isqrt(2 << 800), 1 << 400)) < Fraction(1, 1 << 290)


def test_more_equations_than_unknowns_that_agree():
    """x² + y² = 25, x y = 12, x − y = −1 at (3, 4)."""
    system = [
        {(0, 0): ONE, (1, 1): ONE, (): Fraction(-25)},
        {(0, 1): ONE, (): Fraction(-12)},
        {(0,): ONE, (1,): -ONE, (): ONE},
    ]
    found = solved(system, [Fraction(31, 10), Fraction(39, 10)])
    assert all(abs(a - b) < Fraction(1, 1 << 280) for a, b in zip(found, (3, 4), strict=True))


def test_what_is_left_open_is_held_at_a_short_number():
    """z = x y on three unknowns: two are held."""
    x, y, z = solved([{(0, 1): ONE, (2,): -ONE}], [Fraction(10**9 + 1, 10**9), Fraction(2, 3), Fraction(2, 3)])
    assert abs(x * y - z) < Fraction(1, 1 << 280) and max(y.denominator, z.denominator) < 1 << 20


def test_where_nothing_is_near():
    assert isinstance(solved([{(0, 0): ONE, (): ONE}], [Fraction(1, 10)]), NotProved)
    disagree = [{(0,): ONE, (): -ONE}, {(0,): ONE, (): Fraction(-2)}]
    assert isinstance(solved(disagree, [ONE]), NotProved)


def test_sums_and_products():
    line = {(0,): ONE, (): Fraction(3)}
    assert product(line, line, Fraction(2)) == {(0, 0): 2, (0,): 12, (): 18}
    assert total([line, {(0,): -ONE}]) == {(): 3}
