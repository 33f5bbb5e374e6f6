"""Tables of rationals, against nested loops and SymPy."""

from __future__ import annotations

import pickle
from fractions import Fraction

import sympy
from hypothesis import given
from hypothesis import strategies as st

from exactsurf.exact.rational_table import RationalTable
from exactsurf.exact.scaled_vector import ScaledVector

F = Fraction
numbers = st.fractions(min_value=-9, max_value=9, max_denominator=12)


def tables(rows: st.SearchStrategy[int], columns: st.SearchStrategy[int]) -> st.SearchStrategy[list[list[Fraction]]]:
    return st.tuples(rows, columns).flatmap(
        lambda shape: st.lists(st.lists(numbers, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0])
    )


any_table = tables(st.integers(1, 6), st.integers(1, 4))


@given(any_table)
def test_reading(rows: list[list[Fraction]]) -> None:
    table = RationalTable.from_rows(rows)
    assert [list(row) for row in table] == rows
    assert len(table) == len(rows)
    for j in range(table.columns):
        assert list(table.column(j).fractions()) == [row[j] for row in rows]
    for i, row in enumerate(rows):
        for k, other in enumerate(rows):
            assert (table.integer_row(i) == table.integer_row(k)) == (row == other)


@given(any_table)
def test_equal_values_are_equal_tables(rows: list[list[Fraction]]) -> None:
    again = RationalTable.from_values([v for row in rows for v in row], len(rows), len(rows[0]))
    assert again == RationalTable.from_rows(rows) and hash(again) == hash(RationalTable.from_rows(rows))


def test_integers_and_integral_fractions_are_one_table() -> None:
    assert RationalTable.from_values([1, 2], 1, 2) == RationalTable.from_values([F(1), F(2)], 1, 2)


@given(any_table, st.data())
def test_affine_image(rows: list[list[Fraction]], data: st.DataObject) -> None:
    width = len(rows[0])
    weights = data.draw(tables(st.integers(1, 3), st.just(width)))
    constants = data.draw(st.lists(numbers, min_size=len(weights), max_size=len(weights)))
    images = RationalTable.from_rows(rows).affine_image(weights, constants)
    expected = [
        [sum((a * b for a, b in zip(w, row, strict=True)), c) for row in rows] for w, c in zip(weights, constants, strict=True)
    ]
    assert [list(image.fractions()) for image in images] == expected
    assert all(image == ScaledVector.from_fractions(e) for image, e in zip(images, expected, strict=True))


@given(any_table, st.data())
def test_weighted_sums(rows: list[list[Fraction]], data: st.DataObject) -> None:
    weights = data.draw(tables(st.integers(1, 3), st.just(len(rows))))
    found = RationalTable.from_rows(rows).weighted_sums([ScaledVector.from_fractions(w) for w in weights])
    expected = [[sum(w_i * row[j] for w_i, row in zip(w, rows, strict=True)) for j in range(len(rows[0]))] for w in weights]
    assert [list(row) for row in found] == expected


def test_no_weights_give_nothing() -> None:
    table = RationalTable.from_rows([[F(1)]])
    assert table.affine_image((), ()) == () and table.weighted_sums(()) == ()


@given(tables(st.integers(1, 6), st.integers(1, 3)), st.data())
def test_affine_least_squares(rows: list[list[Fraction]], data: st.DataObject) -> None:
    targets = data.draw(tables(st.just(len(rows)), st.integers(1, 2)))
    slopes, constants = RationalTable.from_rows(rows).affine_least_squares(RationalTable.from_rows(targets))
    extended = [[*row, F(1)] for row in rows]
    for k, (slope, constant) in enumerate(zip(slopes, constants, strict=True)):
        residual = [
            sum((a * b for a, b in zip(slope, row, strict=True)), constant) - target[k]
            for row, target in zip(rows, targets, strict=True)
        ]
        for column in zip(*extended, strict=True):
            assert sum(a * b for a, b in zip(column, residual, strict=True)) == 0
    # The fit is unique exactly if the extended table has full column rank; then SymPy must find the same.
    A = sympy.Matrix([[sympy.Rational(v.numerator, v.denominator) for v in row] for row in extended])
    if A.rank() == len(extended[0]):
        Y = sympy.Matrix([[sympy.Rational(v.numerator, v.denominator) for v in row] for row in targets])
        B = (A.T * A).LUsolve(A.T * Y)
        assert [[*slope, c] for slope, c in zip(slopes, constants, strict=True)] == [
            [F(int(v.p), int(v.q)) for v in B.col(k)] for k in range(Y.cols)
        ]


def test_redundant_columns_get_the_coefficient_zero() -> None:
    table = RationalTable.from_rows([[F(5), F(k), F(2 * k), F(k * k)] for k in range(5)])
    slopes, constants = table.affine_least_squares(RationalTable.from_rows([[F(3 * k + 1)] for k in range(5)]))
    assert (slopes, constants) == (((F(0), F(3), F(0), F(0)),), (F(1),))


def test_tables_pickle_after_use() -> None:
    table = RationalTable.from_rows([[F(1, 2)], [F(3)]])
    table.affine_image([[F(1)]], [F(0)])
    again = pickle.loads(pickle.dumps(table))
    assert again == table and again.affine_image([[F(2)]], [F(0)])[0].fractions() == (F(1), F(6))
