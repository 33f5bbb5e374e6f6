"""The reduced row echelon form is unique: SymPy has the same, and FLINT over the rationals; a long one is not begun."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from exactsurf.effort import Effort, OutOfTime
from exactsurf.errors import ShapeError
from exactsurf.exact.echelon import echelon
from exactsurf.exact.linear_algebra import from_flint, kernel, pivot_columns, rank, row_echelon, to_flint

ENTRIES = st.fractions(-3, 3, max_denominator=3)


@given(st.integers(1, 4).flatmap(lambda n: st.lists(st.lists(ENTRIES, min_size=n, max_size=n), min_size=1, max_size=4)))
def test_it_is_that_of_sympy(rows: list[list[Fraction]]) -> None:
    form, pivots = sympy.Matrix([[sympy.Rational(v.numerator, v.denominator) for v in row] for row in rows]).rref()
    expected = [[Fraction(int(v.p), int(v.q)) for v in form.row(i)] for i in range(len(pivots))]
    assert [list(row) for row in row_echelon(rows)] == expected
    assert pivot_columns(rows) == list(pivots)
    assert rank(rows) == len(pivots)


def drawn(height: int, width: int, inner: int, bits: int) -> list[tuple[Fraction, ...]]:
    """A product of two random matrices, so of rank at most `inner`, in which the first columns depend on one another."""
    source = random.Random(height * width + inner)
    left, right = (
        to_flint([[Fraction(source.randint(-9, 9), source.randint(1, 2**bits)) for _ in range(n)] for _ in range(m)])
        for m, n in ((height, inner), (inner, width))
    )
    rows = [list(row) for row in from_flint(left * right)]
    for row in rows:
        row[1] = 2 * row[0]
    return [tuple(row) for row in rows]


@pytest.mark.parametrize(
    ("height", "width", "inner"), [(12, 40, 12), (12, 40, 5), (40, 12, 12), (40, 12, 5), (15, 15, 14), (12, 40, 1)]
)
def test_large_ones_are_that_of_the_rationals(height: int, width: int, inner: int) -> None:
    rows = drawn(height, width, inner, 5)
    form, found = to_flint(rows).rref()
    assert row_echelon(rows) == from_flint(form)[: int(found)]
    assert rank(rows) == int(found)
    basis = kernel(rows)
    assert len(basis) == width - int(found)
    assert not any(any(row) for row in from_flint(to_flint(rows) * to_flint(basis, width).transpose()))


def test_of_independent_columns_nothing_is_left() -> None:
    rows = [tuple(Fraction(1, 2 + i + j) for j in range(10)) for i in range(12)]
    assert pivot_columns(rows) == list(range(10)) and kernel(rows) == ()
    assert row_echelon(rows) == tuple(tuple(Fraction(int(i == j)) for j in range(10)) for i in range(10))


def test_nothing_has_no_pivots() -> None:
    assert pivot_columns([]) == pivot_columns([[], []]) == [] and row_echelon([[], []]) == row_echelon([]) == ()
    assert pivot_columns([[0] * 20] * 20) == [] and rank([[0] * 20] * 20) == 0
    assert kernel([[Fraction(0)] * 11] * 11) == tuple(tuple(Fraction(int(i == j)) for j in range(11)) for i in range(11))


def test_rows_of_different_lengths_are_refused() -> None:
    with pytest.raises(ShapeError, match="row 1 of the matrix"):
        echelon([[1, 2], [1]], "nothing")


@pytest.mark.parametrize("ask", [kernel, pivot_columns, row_echelon])
def test_a_wide_one_is_foreseen(ask: object) -> None:
    source = random.Random(1)
    rows = [[Fraction(source.randint(-8, 8)) for _ in range(800)] for _ in range(200)]
    with Effort(seconds=2).governs(), pytest.raises(OutOfTime, match="system of linear equations"):
        ask(rows)  # type: ignore[operator]


def test_independent_rows_are_counted_at_once() -> None:
    source = random.Random(1)
    rows = [[Fraction(source.randint(-8, 8)) for _ in range(800)] for _ in range(200)]
    with Effort(seconds=2).governs():
        assert rank(rows) == 200


def test_what_vanishes_modulo_the_prime_is_seen() -> None:
    rows = [[Fraction(2**61 - 1) if i == j else Fraction(0) for j in range(12)] for i in range(12)]
    assert rank(rows) == 12 and pivot_columns(rows) == list(range(12)) and kernel(rows) == ()
