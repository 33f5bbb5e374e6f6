"""The Hessian of a linear network against SymPy."""

from __future__ import annotations

import sympy

import exactsurf as es
from exactsurf.theorems.constructions.descent_lines import hessian

TOY = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])


def linear_problem(widths: list[int], data: es.Data = TOY) -> es.Problem:
    return es.Problem(es.Network(widths, es.linear, biases=False), data)


def test_the_hessian_against_sympy() -> None:
    """Two hidden layers, one output: SymPy differentiates the risk as an expression."""
    data = es.Data.from_arrays([[1, 2], [0, -1], [3, 1]], [1, -2, 0])
    problem = linear_problem([2, 1, 2, 1], data)
    entries = [1, -1, 2, 3, 1, -2]
    names = sympy.symbols("a:6")
    first, second, third = sympy.Matrix(1, 2, names[:2]), sympy.Matrix(2, 1, names[2:4]), sympy.Matrix(1, 2, names[4:])
    risk = sum(
        ((third * second * first * sympy.Matrix([int(v) for v in x]))[0] - int(y[0])) ** 2
        for x, y in zip(data.x, data.y, strict=True)
    ) / sympy.Integer(2)
    point = problem.parameters(W1=[entries[:2]], W2=[[2], [3]], W3=[entries[4:]])
    expected = sympy.hessian(risk, names).subs(dict(zip(names, entries, strict=True)))
    assert [[int(v) for v in row] for row in hessian(problem, point)] == expected.tolist()
