"""Strict systems: exactly one of the two answers exists, and it is checked by substitution here, too."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.errors import InputError
from exactsurf.exact.strict_system import MotzkinMultipliers, solve_strict_system

rows = st.lists(st.tuples(*[st.integers(-2, 2)] * 2), min_size=1, max_size=5)


@settings(max_examples=150, deadline=None)
@given(rows, st.lists(st.tuples(*[st.integers(-2, 2)] * 2), max_size=1))
def test_against_a_search_in_the_plane(strict: list[tuple[int, int]], equal: list[tuple[int, int]]) -> None:
    found = solve_strict_system([tuple(map(Fraction, r)) for r in strict], [tuple(map(Fraction, r)) for r in equal])

    def dot(row: tuple[int, int], y: tuple[object, object]) -> Fraction:
        return row[0] * y[0] + row[1] * y[1]

    # Cones of the plane spanned by entries up to 2 have an interior direction with entries up to 4.
    exists = any(
        all(dot(r, y) > 0 for r in strict) and all(dot(r, y) == 0 for r in equal) for y in product(range(-4, 5), repeat=2)
    )
    if isinstance(found, MotzkinMultipliers):
        assert not exists
        assert sum(found.strict) == 1 and min(found.strict) >= 0
        pairs = [*zip(strict, found.strict, strict=True), *zip(equal, found.equal, strict=True)]
        assert all(sum(m * r[c] for r, m in pairs) == 0 for c in range(2))
    else:
        assert exists
        assert all(dot(r, found) >= 1 for r in strict) and all(dot(r, found) == 0 for r in equal)


def test_without_a_strict_row() -> None:
    with pytest.raises(InputError):
        solve_strict_system([])
