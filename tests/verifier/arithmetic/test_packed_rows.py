"""Signs of products from packed rows are those of the products one by one."""

from __future__ import annotations

import random
from contextlib import AbstractContextManager
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.verifier.arithmetic import packed_rows
from exactsurf.verifier.arithmetic.packed_rows import MANY_ROWS, MAX_SLOT, PackedRows

LONG = 1 << (8 * MAX_SLOT)


def one_by_one(rows: list[list[int]], vector: list[int]) -> tuple[int, int]:
    products = [sum(a * b for a, b in zip(row, vector, strict=True)) for row in rows]
    return sum(1 << g for g, p in enumerate(products) if p > 0), sum(1 << g for g, p in enumerate(products) if p < 0)


def signs(packed: PackedRows, vector: list[int]) -> tuple[int, int]:
    products = packed.products(vector)
    return products.positive(-1), products.negative(-1)


def short_slots(many: int) -> AbstractContextManager[object]:
    """As if there were so many rows that slots are short."""
    return mock.patch.object(packed_rows, "MANY_ROWS", many)


entries = st.one_of(st.integers(-3, 3), st.integers(-300, 300), st.integers(-(1 << 70), 1 << 70), st.sampled_from([LONG, -LONG]))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_signs(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 4))
    row = st.lists(entries, min_size=size, max_size=size)
    rows = data.draw(st.lists(row, max_size=9))
    with short_slots(data.draw(st.sampled_from([0, MANY_ROWS]))):
        packed = PackedRows(rows)
    for vector in data.draw(st.lists(row, min_size=1, max_size=4)):
        above, below = one_by_one(rows, vector)
        products = packed.products(vector)
        # What is asked first does not change what is answered later.
        for among in data.draw(st.lists(st.integers(0, (1 << len(rows)) - 1), max_size=3)):
            assert products.positive(among) == above & among
            assert products.negative(among) == below & among
        assert (products.positive(-1), products.negative(-1)) == (above, below)


def test_products_at_the_ends_of_a_slot() -> None:
    for bits in (7, 8, 15, 16, 8 * MAX_SLOT - 1, 8 * MAX_SLOT):
        for most in ((1 << bits) - 1, 1 << bits, (1 << bits) + 1):
            rows = [[most], [-most], [0], [1], [-1]]
            for factor in (1, -1):
                assert signs(PackedRows(rows), [factor]) == one_by_one(rows, [factor])
                with short_slots(0):
                    packed = PackedRows(rows)
                for long in (factor, factor << 10, factor << 11, factor << 40):
                    assert signs(packed, [long]) == one_by_one(rows, [long])


@given(st.lists(st.integers(-(1 << 200), 1 << 200), min_size=2, max_size=5), st.data())
@settings(max_examples=200, deadline=None)
def test_products_that_cancel_or_nearly_do(vector: list[int], data: st.DataObject) -> None:
    rows = []
    for _ in range(data.draw(st.integers(1, 6))):
        k = data.draw(st.integers(0, len(vector) - 2))
        row = [0] * len(vector)
        row[k], row[k + 1] = vector[k + 1] + data.draw(st.integers(-1, 1)), -vector[k]
        rows.append(row)
        small = [data.draw(st.integers(-9, 9)) for _ in vector]
        rows.append(small)
    with short_slots(data.draw(st.sampled_from([0, MANY_ROWS]))):
        assert signs(PackedRows(rows), vector) == one_by_one(rows, vector)


@pytest.mark.parametrize("bits", [5, 29, 31, 90])
def test_many_rows_of_different_lengths(bits: int) -> None:
    generator = random.Random(bits)
    rows = [[generator.randint(-(1 << k % 17), 1 << k % 17) for _ in range(5)] for k in range(MANY_ROWS)]
    # Every third row is orthogonal to the vector, or nearly so.
    vector = [generator.randint(-(1 << bits), 1 << bits) for _ in range(4)] + [1]
    for row in rows[::3]:
        row[4] += generator.randint(-1, 1) - sum(a * b for a, b in zip(row, vector, strict=True))
    packed, (above, below) = PackedRows(rows), one_by_one(rows, vector)
    products = packed.products(vector)
    half = generator.getrandbits(MANY_ROWS)
    assert products.negative(half) == below & half
    assert (products.positive(-1), products.negative(-1)) == (above, below)
