"""Signs of products from packed rows are those of the products one by one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.verifier.arithmetic.packed_rows import MAX_SLOT, PackedRows

LONG = 1 << (8 * MAX_SLOT)


def one_by_one(rows: list[list[int]], vector: list[int]) -> tuple[int, int]:
    products = [sum(a * b for a, b in zip(row, vector, strict=True)) for row in rows]
    return sum(1 << g for g, p in enumerate(products) if p > 0), sum(1 << g for g, p in enumerate(products) if p < 0)


entries = st.one_of(st.integers(-3, 3), st.integers(-300, 300), st.integers(-(1 << 70), 1 << 70), st.sampled_from([LONG, -LONG]))


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_signs(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 4))
    row = st.lists(entries, min_size=size, max_size=size)
    rows = data.draw(st.lists(row, max_size=9))
    packed = PackedRows(rows)
    # The slots of a table grow with the vectors that it has met.
    for vector in data.draw(st.lists(row, min_size=1, max_size=4)):
        assert packed.signs(vector) == one_by_one(rows, vector)


def test_products_at_the_ends_of_a_slot() -> None:
    for bits in (7, 8, 15, 16, 8 * MAX_SLOT - 1, 8 * MAX_SLOT):
        for most in ((1 << bits) - 1, 1 << bits, (1 << bits) + 1):
            rows = [[most], [-most], [0], [1], [-1]]
            for factor in (1, -1):
                assert PackedRows(rows).signs([factor]) == one_by_one(rows, [factor])


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
    assert PackedRows(rows).signs(vector) == one_by_one(rows, vector)
