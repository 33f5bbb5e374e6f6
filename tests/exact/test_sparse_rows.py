"""Sparse rational rows against dense elimination: rank, basis and the one combination that makes a vector."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from exactsurf.exact.linear_algebra import rank
from exactsurf.exact.sparse_rows import peeled_rows

entry = st.sampled_from([Fraction(0)] * 5 + [Fraction(1), Fraction(-2), Fraction(1, 3)])
tables = st.integers(1, 6).flatmap(
    lambda width: st.lists(st.lists(entry, min_size=width, max_size=width), min_size=1, max_size=6)
)


def sparse(table: list[list[Fraction]]) -> list[dict[int, Fraction]]:
    return [{j: value for j, value in enumerate(row) if value} for row in table]


@given(tables)
def test_without_the_dependent_rows_there_is_a_basis(table: list[list[Fraction]]) -> None:
    excess = peeled_rows(sparse(table)).dependent()
    kept = [row for k, row in enumerate(table) if k not in excess]
    assert len(kept) == rank(table) == (rank(kept) if kept else 0)


@given(tables, st.data())
def test_the_combination_that_makes_a_vector(table: list[list[Fraction]], data: st.DataObject) -> None:
    excess = peeled_rows(sparse(table)).dependent()
    kept = [row for k, row in enumerate(table) if k not in excess]
    factors = data.draw(st.lists(entry, min_size=len(kept), max_size=len(kept)))
    target = [sum((c * row[j] for c, row in zip(factors, kept, strict=True)), Fraction(0)) for j in range(len(table[0]))]
    peeled = peeled_rows(sparse(kept))
    assert peeled.combination(target) == tuple(factors)
    moved = [target[0] + 1, *target[1:]]
    assert (peeled.combination(moved) is None) == (rank([*kept, moved]) > len(kept))


def test_the_order_tells_rows_one_by_one() -> None:
    rows = sparse(
        [
            [Fraction(1), Fraction(1), Fraction(0)],
            [Fraction(0), Fraction(1), Fraction(1)],
            [Fraction(0), Fraction(0), Fraction(1)],
        ]
    )
    peeled = peeled_rows(rows)
    assert not peeled.rest and len(peeled.order) == 3
    for place, (_, column) in enumerate(peeled.order):
        assert all(column not in rows[later] for later, _ in peeled.order[place + 1 :])
