"""Rank, kernel, solve and least squares, with SymPy as the oracle."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
import sympy
from flint import fmpq_mat
from hypothesis import given
from hypothesis import strategies as st

from exactsurf.errors import ShapeError, SingularMatrixError
from exactsurf.exact.linear_algebra import (
    common_denominator,
    from_flint,
    kernel,
    least_squares,
    pivot_columns,
    rank,
    solve,
    solve_normal_equations,
    to_flint,
)

F = Fraction
small = st.fractions(min_value=-4, max_value=4, max_denominator=5)


@st.composite
def matrices(draw: st.DrawFn, rows: int | None = None, columns: int | None = None) -> list[list[Fraction]]:
    """Small matrices; often some rows are combinations of others."""
    height = rows or draw(st.integers(1, 5))
    width = columns or draw(st.integers(1, 5))
    table = [draw(st.lists(small, min_size=width, max_size=width)) for _ in range(height)]
    if height > 1 and draw(st.booleans()):
        a, b = draw(small), draw(small)
        table[-1] = [a * p + b * q for p, q in zip(table[0], table[1 % (height - 1)], strict=True)]
    return table


def symbolic(rows: list[list[Fraction]]) -> sympy.Matrix:
    return sympy.Matrix([[sympy.Rational(v.numerator, v.denominator) for v in row] for row in rows])


def times(rows: list[list[Fraction]], x: object) -> list[Fraction]:
    return [sum((a * b for a, b in zip(row, x, strict=True)), F(0)) for row in rows]  # type: ignore[call-overload]


@given(matrices())
def test_rank(rows: list[list[Fraction]]) -> None:
    assert rank(rows) == symbolic(rows).rank()


@given(matrices())
def test_pivot_columns_are_those_of_sympy(rows: list[list[Fraction]]) -> None:
    assert pivot_columns(rows) == list(symbolic(rows).rref()[1])


@given(matrices())
def test_kernel_is_a_basis_of_the_null_space(rows: list[list[Fraction]]) -> None:
    basis = kernel(rows)
    assert len(basis) == len(rows[0]) - symbolic(rows).rank()
    assert all(not any(times(rows, vector)) for vector in basis)
    if basis:
        assert symbolic([list(v) for v in basis]).rank() == len(basis)


@given(st.integers(1, 5).flatmap(lambda n: st.tuples(matrices(n, n), st.lists(small, min_size=n, max_size=n))))
def test_solve(case: tuple[list[list[Fraction]], list[Fraction]]) -> None:
    rows, right = case
    found = symbolic(rows).rank()
    if found < len(rows):
        with pytest.raises(SingularMatrixError) as caught:
            solve(rows, right)
        assert (caught.value.fields["rank"], caught.value.fields["size"]) == (found, len(rows))
    else:
        expected = symbolic(rows).LUsolve(symbolic([[v] for v in right]))
        assert list(solve(rows, right)) == [F(int(v.p), int(v.q)) for v in expected]


@given(st.integers(1, 5).flatmap(lambda n: st.tuples(matrices(n), st.lists(small, min_size=n, max_size=n))))
def test_least_squares_leaves_an_orthogonal_residual(case: tuple[list[list[Fraction]], list[Fraction]]) -> None:
    rows, right = case
    x = least_squares(rows, right)
    residual = [a - b for a, b in zip(times(rows, x), right, strict=True)]
    assert not any(times([list(column) for column in zip(*rows, strict=True)], residual))
    # Least-squares residuals are unique even where solutions are not: compare with SymPy's projection.
    A, b = symbolic(rows), symbolic([[v] for v in right])
    columns = A.columnspace()
    expected = -b
    if columns:
        B = sympy.Matrix.hstack(*columns)
        expected = B * (B.T * B).LUsolve(B.T * b) - b
    assert residual == [F(int(v.p), int(v.q)) for v in expected]


def test_least_squares_prefers_early_columns() -> None:
    rows = [[F(1), F(2), F(0)], [F(1), F(2), F(1)], [F(1), F(2), F(3)]]
    assert least_squares(rows, [F(1), F(2), F(5)])[1] == 0


def test_long_numbers() -> None:
    rnd = random.Random(5)
    rows = [[F(rnd.getrandbits(400), rnd.getrandbits(300) + 1) for _ in range(4)] for _ in range(4)]
    right = [F(rnd.getrandbits(500), 7) for _ in range(4)]
    assert times(rows, solve(rows, right)) == right
    assert times(rows, least_squares(rows, right)) == right


PRIMES = [(1 << 61) - 1, (1 << 59) - 55, (1 << 31) - 1]


@pytest.mark.parametrize("prime", PRIMES)
def test_primes_that_divide_a_minor_do_not_mislead(prime: int) -> None:
    gram = [[F(prime), F(0)], [F(0), F(1)]]
    solution = solve_normal_equations(to_flint(gram), to_flint([[F(prime)], [F(2)]]))
    assert from_flint(solution) == ((F(1),), (F(2),))


def test_normal_equations_refuse_a_right_side_outside_the_column_space() -> None:
    with pytest.raises(SingularMatrixError):
        solve_normal_equations(to_flint([[F(1), F(1)], [F(1), F(1)]]), to_flint([[F(1)], [F(2)]]))
    with pytest.raises(SingularMatrixError):
        solve_normal_equations(fmpq_mat(1, 1), to_flint([[F(1)]]))


def test_degenerate_shapes() -> None:
    assert rank([]) == 0
    assert rank([[], []]) == 0
    assert solve([], []) == ()
    assert least_squares([], []) == ()
    assert least_squares([[], []], [F(1), F(2)]) == ()
    assert kernel([[F(0), F(0)]]) == ((F(1), F(0)), (F(0), F(1)))
    assert least_squares([[F(0)], [F(0)]], [F(1), F(2)]) == (F(0),)


def test_shape_errors_name_both_shapes() -> None:
    one, two = [F(1)], [F(1), F(2)]
    for call in (
        lambda: rank([two, one]),
        lambda: kernel([]),
        lambda: solve([two], one),
        lambda: solve([two, two], one),
        lambda: least_squares([two], two),
    ):
        with pytest.raises(ShapeError) as caught:
            call()
        assert "expected" in str(caught.value) and "got" in str(caught.value)


@given(st.lists(small, max_size=6))
def test_common_denominator(values: list[Fraction]) -> None:
    common = common_denominator(values)
    assert common >= 1
    assert all((value * common).denominator == 1 for value in values)
    assert all(any((value * (common // p)).denominator != 1 for value in values) for p in map(int, sympy.primefactors(common)))


@given(matrices())
def test_flint_round_trip(rows: list[list[Fraction]]) -> None:
    assert [list(row) for row in from_flint(to_flint(rows))] == rows
