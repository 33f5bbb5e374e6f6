"""Cells of arrangements: published counts, brute force over all sign vectors, symmetries, bad input."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.arrangement import cell_table
from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.arrangement.cell_table import CellTable
from exactsurf.arrangement.hyperplanes import ArrangementCell
from exactsurf.errors import InexactNumberError, InputError, ShapeError
from tests.arrangement.arrangements import (
    A000609,
    A034997,
    braid,
    moment_curve,
    resonance,
    sign_vectors_by_brute_force,
    small_arrangements,
    threshold,
)

F = Fraction


def check_table(arrangement: Arrangement, table: CellTable) -> None:
    """Different sign vectors, and witnesses with these signs: recomputed with Python's integers, row by row."""
    assert len(np.unique(table.signs, axis=0)) == len(table)
    assert (table.denominators > 0).all()
    numerators = table.numerators.astype(object)
    for i, (normal, offset) in enumerate(zip(arrangement.normals, arrangement.offsets, strict=True)):
        common = math.lcm(offset.denominator, *(v.denominator for v in normal))
        values = -table.denominators.astype(object) * int(offset * common)
        for column, value in enumerate(normal):
            values = values + numerators[:, column] * int(value * common)
        assert (np.sign(values) == table.signs[:, i]).all()


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_threshold_functions(n: int) -> None:
    table = threshold(n).cell_table()
    assert len(table) == A000609[n]
    assert not (table.signs == 0).any()
    check_table(threshold(n), table)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_resonance_arrangement(n: int) -> None:
    table = resonance(n).cell_table()
    assert len(table) == A034997[n]
    check_table(resonance(n), table)


@pytest.mark.parametrize(("count", "dimension"), [(5, 1), (7, 2), (12, 3), (9, 4), (12, 5), (8, 8), (6, 9)])
def test_general_position(count: int, dimension: int) -> None:
    arrangement = moment_curve(count, dimension) if dimension > 1 else Arrangement([[1]])
    count = len(arrangement.walls)
    table = arrangement.cell_table()
    assert len(table) == 2 * sum(math.comb(count - 1, k) for k in range(dimension))
    check_table(arrangement, table)


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6])
def test_braid_arrangement_has_a_cell_for_each_order(n: int) -> None:
    orders = {tuple(sorted(range(n), key=lambda k: cell.witness[k])) for cell in braid(n).cells()}
    assert len(orders) == math.factorial(n) == len(braid(n).cell_table())


@given(small_arrangements())
@settings(max_examples=150)
def test_brute_force_finds_the_same_sign_vectors(arrangement: Arrangement) -> None:
    cells = list(arrangement.cells())
    signs = [cell.signs for cell in cells]
    assert len(signs) == len(set(signs))
    assert set(signs) == sign_vectors_by_brute_force(arrangement)
    for cell in cells:
        assert arrangement.signs_at(cell.witness) == cell.signs
        assert all(isinstance(value, Fraction) for value in cell.witness)


@given(small_arrangements(), st.integers(1, 9))
@settings(max_examples=60)
def test_small_blocks_give_the_same_cells(arrangement: Arrangement, block: int) -> None:
    whole = {cell.signs for cell in arrangement.cells()}
    in_blocks = [cell.signs for cell in arrangement.cells(block)]
    assert len(in_blocks) == len(whole) and set(in_blocks) == whole


@given(small_arrangements(), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_order_and_scale_of_the_rows_do_not_matter(arrangement: Arrangement, source: random.Random) -> None:
    order = list(range(len(arrangement.normals)))
    source.shuffle(order)
    factors = [source.choice([F(1), F(3), F(-1), F(-2, 7)]) for _ in order]
    other = Arrangement(
        [[f * v for v in arrangement.normals[i]] for i, f in zip(order, factors, strict=True)],
        [f * arrangement.offsets[i] for i, f in zip(order, factors, strict=True)],
    )
    expected = {
        tuple(cell.signs[i] * (1 if f > 0 else -1) for i, f in zip(order, factors, strict=True)) for cell in arrangement.cells()
    }
    assert {cell.signs for cell in other.cells()} == expected


@given(small_arrangements(), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_a_change_of_coordinates_keeps_the_sign_vectors(arrangement: Arrangement, source: random.Random) -> None:
    d = arrangement.dimension
    change = [[F(i == j) if i >= j else F(source.randint(-3, 3)) for j in range(d)] for i in range(d)]
    moved = [[sum(a[i] * change[i][j] for i in range(d)) for j in range(d)] for a in arrangement.normals]
    other = Arrangement(moved, arrangement.offsets)
    assert {cell.signs for cell in other.cells()} == {cell.signs for cell in arrangement.cells()}


def test_blocks_cover_the_threshold_arrangement_and_keep_their_size() -> None:
    arrangement = threshold(4)
    sizes, seen = [], set()
    for table in arrangement.cell_tables(block=60):
        sizes.append(len(table))
        seen |= {tuple(row) for row in table.signs.tolist()}
    assert len(seen) == sum(sizes) == A000609[4]
    assert max(sizes) <= 120


def test_more_than_64_rows() -> None:
    source = random.Random(7)
    arrangement = Arrangement([[source.randint(-4, 4) for _ in range(3)] for _ in range(150)])
    table = arrangement.cell_table()
    assert len(arrangement.walls) > 64
    assert len(table) == arrangement.count_cells()
    check_table(arrangement, table)


def test_more_than_64_rows_in_blocks() -> None:
    source = random.Random(8)
    arrangement = Arrangement([[source.randint(-2, 2) for _ in range(4)] for _ in range(70)])
    in_blocks = list(arrangement.cell_tables(block=10_000))
    assert len(arrangement.walls) > 64
    assert sum(map(len, in_blocks)) == arrangement.count_cells() and len(in_blocks) > 10
    assert len({row.tobytes() for table in in_blocks for row in table.signs}) == arrangement.count_cells()


def test_more_lines_than_are_treated_at_once() -> None:
    arrangement = moment_curve(300, 3)
    table = arrangement.cell_table()
    assert len(table) == 2 * (1 + 299 + math.comb(299, 2))


@pytest.mark.parametrize("bits", [8, 12, 31, 40, 70, 200])
@pytest.mark.parametrize("dimension", [2, 3, 4])
def test_long_integers(bits: int, dimension: int) -> None:
    source = random.Random(bits)
    rows = [[source.randint(-(1 << bits), 1 << bits) for _ in range(dimension)] for _ in range(9)]
    central = Arrangement(rows)
    table = central.cell_table()
    assert len(table) == 2 * sum(math.comb(8, k) for k in range(dimension)) == central.count_cells()
    check_table(central, table)
    affine = Arrangement(rows, [source.randint(-(1 << bits), 1 << bits) for _ in rows])
    table = affine.cell_table()
    assert len(table) == sum(math.comb(9, k) for k in range(dimension + 1)) == affine.count_cells()
    check_table(affine, table)


def test_nearly_equal_rows_of_long_integers() -> None:
    huge = 10**30
    arrangement = Arrangement([[huge, 1, 0], [huge + 1, 1, 0], [huge, 1, 1], [huge, 1, 2], [1, 0, F(1, huge)]])
    assert {cell.signs for cell in arrangement.cells()} == sign_vectors_by_brute_force(arrangement)


def test_zero_duplicate_opposite_and_parallel_rows() -> None:
    arrangement = Arrangement([[0, 0], [1, 2], [-2, -4], [1, 2], [0, 0], [0, 0]], offsets=[0, 1, -2, 3, 5, "-1/2"])
    cells = list(arrangement.cells())
    assert [cell.signs for cell in sorted(cells, key=lambda c: c.signs)] == [
        (0, -1, 1, -1, -1, 1),
        (0, 1, -1, -1, -1, 1),
        (0, 1, -1, 1, -1, 1),
    ]
    assert len(arrangement.walls) == 2 and arrangement.walls[0].rows == (1, 2)


def test_rows_without_walls_leave_the_whole_space() -> None:
    arrangement = Arrangement([[0, 0, 0], [0, 0, 0]], offsets=[0, 1])
    assert list(arrangement.cells()) == [ArrangementCell((0, -1), (F(0), F(0), F(0)))]
    assert arrangement.count_cells() == 1
    cell = next(arrangement.cells())
    assert arrangement.facets(cell) == ()
    assert len(arrangement.generators(cell).lineality) == 3


def test_cells_are_listed_lazily() -> None:
    """40 rows in general position in 20 dimensions have 5·10^11 cells; the first thousand come at once."""
    source = random.Random(3)
    arrangement = Arrangement([[source.randint(-3, 3) for _ in range(12)] for _ in range(40)])
    cells = list(itertools.islice(arrangement.cells(block=500), 1000))
    assert len({cell.signs for cell in cells}) == 1000
    assert all(arrangement.signs_at(cell.witness) == cell.signs for cell in cells[::50])


@given(small_arrangements())
def test_the_depth_first_search_finds_the_same_cells(arrangement: Arrangement) -> None:
    expected = {cell.signs for cell in arrangement.cells()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cell_table, "_FEW_DIMENSIONS", 0)
        found = list(arrangement.cells(block=3))
    assert len(found) == len(expected) and {cell.signs for cell in found} == expected
    assert all(arrangement.signs_at(cell.witness) == cell.signs for cell in found)


def test_the_order_is_the_same_on_every_run() -> None:
    first, second = (list(resonance(4).cells(block=50)) for _ in range(2))
    assert first == second


def test_tables_and_cells_agree() -> None:
    arrangement = Arrangement([[1, 2], [3, -1], [0, 1]], offsets=[1, 0, "1/3"])
    table = arrangement.cell_table()
    assert table.signs.dtype == np.int8
    rows = zip(table.signs.tolist(), table.numerators.tolist(), table.denominators.tolist(), strict=True)
    expected = [ArrangementCell(tuple(s), tuple(F(v, q) for v in p)) for s, p, q in rows]
    assert list(arrangement.cells()) == expected == list(table)


def test_exact_numbers_of_every_kind_are_taken() -> None:
    texts = Arrangement([["1/2", "0.5"], [2, "-1e-1"]])
    assert texts.normals == ((F(1, 2), F(1, 2)), (F(2), F(-1, 10)))
    assert Arrangement(np.eye(2, dtype=np.int64)).normals == ((F(1), F(0)), (F(0), F(1)))
    assert hash(texts) == hash(Arrangement([["0.5", "1/2"], ["2", F(-1, 10)]]))


@pytest.mark.parametrize(
    ("normals", "offsets", "error", "text"),
    [
        ([], None, InputError, "at least one row"),
        ([[]], None, InputError, "dimension of at least 1"),
        ([[1, 2], [1]], None, ShapeError, "normal 1"),
        ([[1, 2]], [1, 2], ShapeError, "offsets"),
        ([[1, 0.5]], None, InexactNumberError, "normal 0"),
        ([[1, 2]], [0.1], InexactNumberError, "offset 0"),
        ([[1, "x"]], None, InputError, "normal 0"),
        ([[1, None]], None, InputError, "normal 0"),
        ([[1, float("nan")]], None, InputError, "finite"),
    ],
)
def test_bad_input(normals: list, offsets: list | None, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        Arrangement(normals, offsets)


def test_a_count_beyond_the_limit_is_named() -> None:
    with pytest.raises(InputError, match="has 1882 cells, more than the limit of 1000"):
        threshold(4).cell_table(limit=1000)
    with pytest.raises(InputError, match="at least one cell"):
        next(threshold(2).cells(block=0))
    with pytest.raises(ShapeError):
        threshold(2).signs_at((F(1),))
