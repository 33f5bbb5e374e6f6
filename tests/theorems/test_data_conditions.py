"""Hypotheses on the data, against SymPy and by hand; every witness is checked."""

from __future__ import annotations

from fractions import Fraction

import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.theorems import data_conditions as conditions

F = Fraction
values = st.integers(-2, 2)


@st.composite
def tables(draw: st.DrawFn) -> es.Problem:
    inputs, outputs, size = draw(st.integers(1, 3)), draw(st.integers(1, 2)), draw(st.integers(2, 4))
    x = [[draw(values) for _ in range(inputs)] for _ in range(size)]
    y = [[draw(values) for _ in range(outputs)] for _ in range(size)]
    return es.Problem(es.Network([inputs, 1, outputs], es.linear), es.Data.from_arrays(x, y))


def as_matrix(rows: object) -> sympy.Matrix:
    return sympy.Matrix([[sympy.Rational(v.numerator, v.denominator) for v in row] for row in rows]).T


@settings(max_examples=60, deadline=None)
@given(tables())
def test_ranks_and_eigenvalues_against_sympy(problem: es.Problem) -> None:
    x, y = as_matrix(problem.data.x), as_matrix(problem.data.y)
    for check, matrix in (
        (conditions.full_rank_inputs, x),
        (conditions.full_rank_targets, y),
    ):
        holds, _, witness = check(problem)
        assert holds == (matrix.rank() == matrix.rows)
        if not holds:
            vector = sympy.Matrix([list(witness[0])])
            assert any(vector) and (vector * matrix).is_zero_matrix
    assert conditions.full_rank_correlation(problem)[0] == ((x * y.T).rank() == y.rows)
    assert y * x.T == as_matrix(conditions.correlation(problem.data)).T
    holds, _, _ = conditions.distinct_eigenvalues(problem)
    if x.rank() < x.rows:
        assert holds is None
        return
    sigma = y * x.T * (x * x.T).inv() * x * y.T
    assert sigma == as_matrix(conditions.explained_covariance(problem.data)).T
    assert holds == (len(sigma.eigenvals()) == sigma.rows)
    nonzero = {value: m for value, m in sigma.eigenvals().items() if value != 0}
    expected = sum(nonzero.values()) >= min(x.rows, y.rows) and all(m == 1 for m in nonzero.values())
    assert conditions.distinct_singular_values(problem)[0] == expected


@settings(max_examples=60, deadline=None)
@given(tables())
def test_distinct_and_not_affine_by_hand(problem: es.Problem) -> None:
    rows = [tuple(row) for row in problem.data.x]
    holds, _, witness = conditions.distinct_inputs(problem)
    assert holds == (len(set(rows)) == len(rows))
    if not holds:
        first, second = witness
        assert first != second and rows[first] == rows[second]
    affine = sympy.Matrix([[1, *row] for row in rows])
    augmented = affine.row_join(sympy.Matrix([list(row) for row in problem.data.y]))
    assert conditions.not_affine(problem)[0] == (augmented.rank() > affine.rank())


def test_balanced_and_two_classes() -> None:
    def problem(labels: list[object]) -> es.Problem:
        return es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays(list(range(len(labels))), labels))

    assert conditions.balanced_classes(problem([1, -1, -1, 1]))[0] is True
    assert conditions.balanced_classes(problem([1, -1, 1]))[:2] == (False, "2 samples of class 1, 1 of class −1")
    assert conditions.balanced_classes(problem([1, -1, 2]))[0] is None
    assert conditions.separable(problem([1, -1, "1/2"]))[0] is None
    assert conditions.separable(problem([1, -1, 1]))[0] is False
    two = es.Problem(es.Network([1, 1, 2]), es.Data.from_arrays([0, 1], [[1, 1], [1, -1]]))
    assert conditions.two_classes(two)[:2] == (False, "there are 2 outputs")


def test_witnesses_in_words() -> None:
    data = es.Data.from_arrays([[1, 2], [2, 4], [3, 6]], [[1, 0], [0, 1], [0, 0]])
    problem = es.Problem(es.Network([2, 1, 2], es.linear), data)
    assert conditions.full_rank_inputs(problem)[1] == (
        "rank X = 1 < 2: the combination (-2, 1) of the inputs is 0 on every sample"
    )
    identity = es.Data.from_arrays([[1, 0], [0, 1]], [[3, 0], [0, 3]])
    repeated = es.Problem(es.Network([2, 1, 2], es.linear), identity)
    assert conditions.distinct_eigenvalues(repeated)[1] == "9 is a repeated eigenvalue of Σ"
