"""Doubles against Python's own rounding of each rational."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exactsurf.exact.floats.doubles import doubles
from exactsurf.exact.rational_table import RationalTable

numbers = st.one_of(st.fractions(), st.integers(-(2**70), 2**70).map(Fraction), st.floats(-9, 9).map(Fraction))


@given(st.integers(1, 3), st.lists(numbers, max_size=4))
def test_every_entry_is_rounded_once(columns: int, values: list[Fraction]):
    rows = [[value * (j + 1) for j in range(columns)] for value in values]
    found = doubles(RationalTable.from_values([v for row in rows for v in row], len(rows), columns))
    assert found.shape == (len(rows), columns) and found.tolist() == [list(map(float, row)) for row in rows]


def test_numbers_beyond_doubles():
    with pytest.raises(OverflowError):
        doubles(RationalTable.from_rows([[Fraction(10) ** 400]]))
