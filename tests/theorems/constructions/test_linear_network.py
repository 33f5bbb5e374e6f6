"""Products of weight matrices: gradient and global minima against SymPy."""

from __future__ import annotations

import random
from fractions import Fraction

import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.theorems.constructions.linear_network import is_critical, is_global_minimum, product, product_gradient
from tests import oracle

F = Fraction

TOY = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])


def linear_problem(widths: list[int], data: es.Data = TOY) -> es.Problem:
    return es.Problem(es.Network(widths, es.linear, biases=False), data)


def test_the_gradient_against_sympy() -> None:
    source = random.Random(2)
    widths = [2, 3, 2]
    data = es.Data.from_arrays(
        [[source.randint(-3, 3) for _ in range(2)] for _ in range(4)],
        [[source.randint(-3, 3) for _ in range(2)] for _ in range(4)],
    )
    problem = linear_problem(widths, data)
    w1 = [[source.randint(-2, 2) for _ in range(2)] for _ in range(3)]
    w2 = [[source.randint(-2, 2) for _ in range(3)] for _ in range(2)]
    point = problem.parameters(W1=w1, W2=w2)
    x, y = (sympy.Matrix(len(t), len(t[0]), lambda i, j, t=t: int(t[i][j])).T for t in (data.x, data.y))
    expected = (sympy.Matrix(w2) * sympy.Matrix(w1) * x - y) * x.T
    assert [list(map(int, row)) for row in product_gradient(problem, point)] == expected.tolist()
    assert [list(map(int, row)) for row in product(point)] == (sympy.Matrix(w2) * sympy.Matrix(w1)).tolist()
    assert is_critical(problem, point)[0] == (
        (sympy.Matrix(w2).T * expected).is_zero_matrix and (expected * sympy.Matrix(w1).T).is_zero_matrix
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=4, max_size=4), st.integers(1, 2))
def test_global_minima_of_rank_one_against_sympy(entries: list[int], k: int) -> None:
    """The best matrix of rank 1 has the risk ½(tr YYᵀ − λ_max); SymPy computes λ_max."""
    data = es.Data.from_arrays([[1, 0], [0, 1]], [entries[:2], entries[2:]])
    problem = linear_problem([2, 1, 2], data)
    y = sympy.Matrix(2, 2, entries).T
    largest = max((y * y.T).eigenvals(), key=lambda value: sympy.N(value, 40))
    target = (sum(v * v for v in entries) - largest) / 2
    w2, w1 = [[1], [k]], [[entries[0] + k * entries[1], entries[2] + k * entries[3]]]
    point = problem.parameters(W1=[[F(v, 1 + k * k) for v in w1[0]]], W2=w2)
    risk = oracle.risk(problem, point)
    best = sympy.simplify(sympy.Rational(risk.numerator, risk.denominator) - target) == 0
    assert is_global_minimum(problem, point)[0] == best
