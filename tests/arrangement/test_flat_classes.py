"""Betti numbers by classes of flats: published counts, and deletion and restriction, which shares no code with them."""

from __future__ import annotations

import itertools
import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exactsurf.arrangement import flat_classes
from exactsurf.arrangement.characteristic_polynomial import Row, betti_numbers_by_deletion, distinct_rows
from exactsurf.arrangement.flat_classes import betti_numbers_by_classes
from exactsurf.effort import Effort, OutOfTime
from tests.arrangement.arrangements import A000609, A034997


def cube(n: int) -> list[Row]:
    return distinct_rows((1, *x) for x in itertools.product((0, 1), repeat=n))


def same(found: list[int] | None, expected: list[int]) -> bool:
    """Zeros at the end do not matter."""
    assert found is not None
    length = max(len(found), len(expected))
    return found + [0] * (length - len(found)) == expected + [0] * (length - len(expected))


@pytest.mark.parametrize("n", [3, 4, 5, 6])
def test_threshold_functions_are_counted(n: int) -> None:
    assert sum(betti_numbers_by_classes(cube(n)) or []) == A000609[n]


def test_threshold_functions_of_seven_variables_are_counted() -> None:
    """A000609(7), too many to list."""
    assert sum(betti_numbers_by_classes(cube(7)) or []) == 8_378_070_864


@pytest.mark.parametrize("n", [4, 5, 6])
def test_the_resonance_arrangement_is_counted(n: int) -> None:
    rows = distinct_rows(x for x in itertools.product((0, 1), repeat=n) if any(x))
    assert sum(betti_numbers_by_classes(rows) or []) == A034997[n]


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_arrangements_made_symmetric(data: st.DataObject) -> None:
    """Random rows with all their images under a few signed permutations of coordinates."""
    size = data.draw(st.integers(4, 5))
    entries = st.lists(st.integers(-2, 2), min_size=size, max_size=size).filter(any)
    rows = data.draw(st.lists(entries, min_size=2, max_size=4))
    moves = data.draw(
        st.lists(
            st.tuples(st.permutations(range(size)), st.lists(st.sampled_from((1, -1)), min_size=size, max_size=size)), max_size=2
        )
    )
    whole = distinct_rows(rows + [[int(i == j) for j in range(size)] for i in range(size)])
    for order, signs in moves * 2:
        whole = distinct_rows([*whole, *([sign * row[p] for p, sign in zip(order, signs, strict=True)] for row in whole)])
    whole = whole[:18]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flat_classes, "_SHARE", 0)  # however few symmetries there are
        found = betti_numbers_by_classes(whole)
    assume(found is not None)  # numbers may be too long
    assert same(found, betti_numbers_by_deletion(whole))


@pytest.mark.parametrize("seed", range(6))
def test_linear_images_of_the_cube(seed: int) -> None:
    """Symmetries that no permutation of coordinates shows."""
    choose = random.Random(seed)
    change = [[choose.randint(-2, 2) for _ in range(5)] for _ in range(5)]
    rows = distinct_rows(
        image for row in cube(4) if any(image := [sum(a * b for a, b in zip(row, column, strict=True)) for column in change])
    )
    found = betti_numbers_by_classes(rows)
    assert found is None or same(found, betti_numbers_by_deletion(rows))


def test_other_ways_are_left_the_work() -> None:
    assert betti_numbers_by_classes(cube(2)) is None  # rank 3
    assert betti_numbers_by_classes(distinct_rows((1, k, k**2, k**3 + k % 5) for k in range(12))) is None  # no symmetries
    long = 10**12
    assert betti_numbers_by_classes(distinct_rows((*x, long) for x in itertools.product((1, long), repeat=3))) is None


def test_the_time_is_bounded() -> None:
    with pytest.raises(OutOfTime, match="counted cells"):
        betti_numbers_by_classes(cube(7), Effort.of("0.01").started())
