"""Lines of inputs against a definition by determinants."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.exact.rational_table import RationalTable
from exactsurf.model.input_lines import input_lines

NUMBERS = st.fractions(min_value=-2, max_value=2, max_denominator=3)
TABLES = st.integers(1, 3).flatmap(lambda d: st.lists(st.lists(NUMBERS, min_size=d, max_size=d), min_size=1, max_size=5))


@settings(max_examples=200, deadline=None)
@given(
    st.integers(1, 3).flatmap(lambda d: st.lists(st.lists(NUMBERS, min_size=d, max_size=d), min_size=1, max_size=5)),
    st.booleans(),
)
def test_samples_share_a_line_exactly_if_they_are_proportional(rows: list[list[Fraction]], has_one: bool) -> None:
    lines = input_lines(RationalTable.from_rows(rows), has_one)
    points = [[*row, Fraction(1)] if has_one else row for row in rows]
    for point, found in zip(points, lines, strict=True):
        assert (found is None) == (not any(point))
        if found is not None:
            assert [found.lead * value for value in found.line.normal] == point
            assert next(value for value in found.line.normal if value) == 1
    for (p, a), (q, b) in combinations(zip(points, lines, strict=True), 2):
        if a is not None and b is not None:
            minors = (p[i] * q[j] - p[j] * q[i] for i, j in combinations(range(len(p)), 2))
            assert (a.line is b.line) == (not any(minors))
