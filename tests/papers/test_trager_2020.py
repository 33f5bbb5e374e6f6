"""Pure and spurious critical points, fibres, and the rank of the differential against SymPy."""

from __future__ import annotations

import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.papers.baldi_1989 import critical_point
from exactsurf.papers.trager_2020 import differential_rank, fibre_components, is_pure

TOY = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])


def linear_problem(widths: list[int], data: es.Data = TOY) -> es.Problem:
    return es.Problem(es.Network(widths, es.linear, biases=False), data)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-2, 2), min_size=12, max_size=12))
def test_the_rank_of_the_differential_against_sympy(entries: list[int]) -> None:
    names = sympy.symbols("a:12")
    first, second, third = (sympy.Matrix(2, 2, names[4 * k : 4 * k + 4]) for k in range(3))
    jacobian = sympy.Matrix(list(third * second * first)).jacobian(names)
    problem = linear_problem([2, 2, 2, 2])
    w1, w2, w3 = ([entries[4 * k : 4 * k + 2], entries[4 * k + 2 : 4 * k + 4]] for k in range(3))
    point = problem.parameters(W1=w1, W2=w2, W3=w3)
    assert differential_rank(point) == jacobian.subs(dict(zip(names, entries, strict=True))).rank()


def test_pure_and_spurious_points_and_fibres() -> None:
    narrow, square = linear_problem([2, 1, 2]), linear_problem([2, 2, 2, 2])
    assert is_pure(narrow, critical_point(narrow, (1,)))[0]  # a saddle of the determinantal variety
    assert is_pure(narrow, critical_point(narrow, ()))[0] is False
    assert is_pure(square, critical_point(square, (0, 1)))[0]
    assert is_pure(square, critical_point(square, (0,)))[0] is False
    # w2 w1 = c is a hyperbola with two branches, w2 w1 = 0 a cross; a wider layer or a lower rank connects.
    assert [fibre_components((1, 1, 1), rank) for rank in (1, 0)] == [2, 1]
    assert fibre_components((2, 2, 3, 2), 2) == 2 and fibre_components((2, 3, 2), 2) == 1
