"""Walls and signs of hyperplanes against their definition, and cells that are none."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.arrangement.hyperplanes import ArrangementCell, Hyperplanes

NUMBERS = st.fractions(-3, 3, max_denominator=4)
VECTORS = st.tuples(NUMBERS, NUMBERS)


@given(st.lists(VECTORS, min_size=1, max_size=5), VECTORS, st.data())
def test_signs_and_walls_are_those_of_the_rows(rows: list[tuple[Fraction, Fraction]], point: tuple[Fraction, Fraction], data):
    offsets = data.draw(st.lists(NUMBERS, min_size=len(rows), max_size=len(rows)))
    planes = Hyperplanes(rows, offsets)
    values = [a * point[0] + b * point[1] - t for (a, b), t in zip(rows, offsets, strict=True)]
    assert planes.signs_at(point) == tuple((v > 0) - (v < 0) for v in values)
    # Rows have one wall if and only if (a, b, t) are proportional; zero rows have none.
    full = [(*row, t) for row, t in zip(rows, offsets, strict=True)]
    together = {frozenset(wall.rows) for wall in planes.walls}
    expected = {
        frozenset(j for j, other in enumerate(full) if any(other[:2]) and _proportional(row, other))
        for row in full
        if any(row[:2])
    }
    assert together == expected
    assert planes.is_central == all(t == 0 for *row, t in full if any(row))


def _proportional(row: tuple[Fraction, ...], other: tuple[Fraction, ...]) -> bool:
    return all(row[i] * other[j] == row[j] * other[i] for i in range(3) for j in range(3))


def test_a_witness_with_other_signs_or_on_a_wall_is_refused():
    planes = Hyperplanes([[1, 0], [0, 1]])
    planes.check_cell(ArrangementCell((1, -1), (Fraction(2), Fraction(-1))))
    with pytest.raises(es.InputError, match="not those of its witness"):
        planes.check_cell(ArrangementCell((1, 1), (Fraction(2), Fraction(-1))))
    with pytest.raises(es.InputError, match="lies on a wall"):
        planes.check_cell(ArrangementCell((1, 0), (Fraction(2), Fraction(0))))


def test_the_signs_of_a_float_are_not_asked():
    with pytest.raises(es.InexactNumberError):
        Hyperplanes([[1, 0]]).signs_at((0.1, 0.2))  # type: ignore[arg-type]
    assert Hyperplanes([["1/3", 0]], [1]).signs_at((3, 0)) == (0,)  # type: ignore[arg-type]
