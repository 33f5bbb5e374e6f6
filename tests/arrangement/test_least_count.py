"""The lower bound on the number of cells: never above the true number, and attained."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.arrangement.least_count import count_up_to, least_count

ROWS = st.integers(1, 4).flatmap(
    lambda d: st.lists(
        st.tuples(st.lists(st.integers(-2, 2), min_size=d, max_size=d), st.integers(-1, 1)), min_size=1, max_size=7
    )
)


@settings(max_examples=150, deadline=None)
@given(ROWS)
def test_never_more_than_there_are(rows: list[tuple[list[int], int]]):
    normals, offsets = [normal for normal, _ in rows], [offset for _, offset in rows]
    for arrangement in (Arrangement(normals), Arrangement(normals, offsets)):
        assert least_count(arrangement) <= arrangement.count_cells() == len(list(arrangement.cells()))


@pytest.mark.parametrize(("dimension", "parallel"), [(1, 1), (1, 5), (2, 1), (3, 4), (5, 3)])
def test_attained_by_coordinate_hyperplanes_with_a_parallel_class(dimension: int, parallel: int):
    units = [[int(i == j) for j in range(dimension)] for i in range(dimension)]
    arrangement = Arrangement(units[:-1] + [units[-1]] * parallel, [0] * (dimension - 1) + list(range(parallel)))
    assert least_count(arrangement) == arrangement.count_cells() == 2 ** (dimension - 1) * (parallel + 1)


@settings(max_examples=100, deadline=None)
@given(ROWS, st.integers(1, 40))
def test_the_number_itself_unless_there_are_more(rows: list[tuple[list[int], int]], most: int):
    normals = [[Fraction(v) for v in normal] for normal, _ in rows if any(normal)]
    if normals:
        true, found = Arrangement(normals).count_cells(), count_up_to(normals, most)
        assert found == true if true <= most else most < found <= true
