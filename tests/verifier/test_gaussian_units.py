"""Enclosures of units on normal inputs against mpmath: values, gradient, Hessian, and matrices whose eigenvalues are known."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from exactsurf.verifier.arithmetic.interval import Interval, enclose, half_turn, square_root
from exactsurf.verifier.arithmetic.interval_matrix import eigenvalues_exceed
from exactsurf.verifier.gaussian_units import Units

F = Fraction
BITS = 96
STUDENTS = [[F(1), F(1, 3), F(-2)], [F(-1, 2), F(2), F(1, 7)]]
TEACHERS = [[F(1), F(0), F(1)], [F(1, 5), F(1), F(0)]]


def intervals(rows: list[list[Fraction]]) -> list[list[Interval]]:
    return [[enclose(v, BITS) for v in row] for row in rows]


def value(students: list[list[mpmath.mpf]]) -> mpmath.mpf:
    rows = [*((w, 1) for w in students), *(([mpmath.mpf(v.numerator) / v.denominator for v in row], -1) for row in TEACHERS)]
    total = mpmath.mpf(0)
    for w, sign in rows:
        for v, other in rows:
            long = mpmath.norm(w) * mpmath.norm(v)
            angle = mpmath.acos(min(1, mpmath.fdot(w, v) / long))
            total += sign * other * long * (mpmath.sin(angle) + (mpmath.pi - angle) * mpmath.cos(angle)) / 2
    return total


def moved(*steps: tuple[int, int, mpmath.mpf]) -> list[list[mpmath.mpf]]:
    rows = [[mpmath.mpf(v.numerator) / v.denominator for v in row] for row in STUDENTS]
    for i, p, step in steps:
        rows[i][p] += step
    return rows


def near(interval: Interval, number: mpmath.mpf, room: float) -> bool:
    scale = mpmath.mpf(2) ** -BITS
    return interval.low * scale - room <= number <= interval.high * scale + room


def test_value_and_derivatives() -> None:
    units = Units(intervals(STUDENTS), intervals(TEACHERS))
    gradient, hessian = units.gradient(), units.hessian()
    places = [(i, p) for i in range(2) for p in range(3)]
    with mpmath.workdps(60):
        h = mpmath.mpf(10) ** -15
        assert near(units.value(), value(moved()), 0)
        for a, (i, p) in enumerate(places):
            slope = (value(moved((i, p, h))) - value(moved((i, p, -h)))) / (2 * h)
            assert near(gradient[i][p], slope, 1e-26)
            for b, (j, q) in enumerate(places[: a + 1]):
                corners = [(s, t, value(moved((i, p, s * h), (j, q, t * h)))) for s in (1, -1) for t in (1, -1)]
                assert near(hessian[a][b], sum(s * t * v for s, t, v in corners) / (4 * h * h), 1e-24)


def test_a_further_column_is_a_dimension_more() -> None:
    flat = Units(intervals(STUDENTS), intervals(TEACHERS))
    more = Units(intervals([[*row, F(0)] for row in STUDENTS]), intervals([[*row, F(0)] for row in TEACHERS]))
    table, further = more.hessian(), flat.further()
    for i in range(2):
        for j in range(i + 1):
            entry, other = table[4 * i + 3][4 * j + 3], further[i][j]
            assert max(entry.low, other.low) <= min(entry.high, other.high)


def test_rows_that_are_parallel_or_0() -> None:
    for rows, reason in (([[F(2), F(2)], [F(-1), F(-1)]], "parallel"), ([[F(0), F(0)], [F(1), F(0)]], "may be 0")):
        with pytest.raises(ValueError, match=reason):
            Units(intervals(rows), intervals([[F(1), F(2)]]))


def test_square_root_and_half_turn() -> None:
    with mpmath.workdps(60):
        assert near(half_turn(BITS), mpmath.pi, 0) and half_turn(BITS).high - half_turn(BITS).low <= 4
        for v in (F(0), F(2), F(1, 3), F(10**20), F(1, 10**20)):
            found = square_root(enclose(v, BITS))
            assert near(found, mpmath.sqrt(mpmath.mpf(v.numerator) / v.denominator), 0)
    with pytest.raises(ValueError, match="negative"):
        square_root(enclose(F(-1), BITS))


@pytest.mark.parametrize("bits", [20, 28, 64])
def test_eigenvalues_against_numpy(bits: int) -> None:
    random = np.random.default_rng(bits)
    for size in (1, 2, 5, 12):
        table = random.standard_normal((size, size))
        table = table @ table.T + np.eye(size)
        rows = [[enclose(F(float(v)), bits) for v in row] for row in table]
        least = F(float(np.linalg.eigvalsh(table)[0]))
        room = F(2 * size * size, 1 << min(bits, 24))
        assert eigenvalues_exceed(rows, least - room)
        assert not eigenvalues_exceed(rows, least + F(1, 10**9))
