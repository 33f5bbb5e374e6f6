"""Polynomial systems for msolve and HomotopyContinuation.jl, read back and solved by SymPy."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.interop.polynomial_system import critical_system, to_homotopy_continuation, to_msolve

sympy = pytest.importorskip("sympy")

PROBLEM = es.Problem(es.Network([1, 2, 1], es.leaky_relu("1/7")), es.Data.from_arrays(["1/3", 1, "-5/2"], ["1/2", 0, 3]))
THETA = PROBLEM.parameters(W1=[[1], [-2]], b1=["1/2", "1/3"], W2=[[1, -1]], b2=[0])


def read_msolve(text: str):
    """Variables and equations of an msolve file, by its manual."""
    names, characteristic, *lines = text.splitlines()
    assert characteristic == "0"
    assert all(line.endswith(",") for line in lines[:-1]) and not lines[-1].endswith(",")
    symbols = {name: sympy.Symbol(name) for name in names.split(",")}
    return symbols, [sympy.sympify(line.rstrip(",").replace("^", "**"), locals=symbols) for line in lines]


def assert_positive_multiples(found, expected, symbols):
    """Every expected polynomial is a positive rational multiple of one that was found, and the other way round."""

    def normal(p):
        polynomial = sympy.Poly(p, *symbols.values(), domain="QQ")
        return polynomial.quo_ground(abs(polynomial.LC()))

    assert {normal(p) for p in found} == {normal(p) for p in expected if sympy.expand(p) != 0}


def test_msolve_has_the_gradient_with_integer_coefficients():
    cell = PROBLEM.cell(THETA)
    symbols, equations = read_msolve(to_msolve(cell))
    assert tuple(symbols) == cell.names
    risk = cell.risk.as_expr()
    assert_positive_multiples(equations, [sympy.diff(risk, symbol) for symbol in symbols.values()], symbols)
    assert all(c.is_Integer for p in equations for c in sympy.Poly(p, *symbols.values()).coeffs())
    assert "/" not in to_msolve(cell)


def test_fixed_variables_are_put_into_all_equations():
    cell = PROBLEM.cell(THETA)
    fixed = {"W2_0_0": 1, "W2_0_1": "-1/2"}
    symbols, equations = read_msolve(to_msolve(cell, fixed=fixed))
    assert not set(fixed) & set(symbols)
    everything = {name: sympy.Symbol(name) for name in cell.names}
    risk, values = cell.risk.as_expr(), {everything[k]: sympy.Rational(str(v)) for k, v in fixed.items()}
    expected = [sympy.diff(risk, symbol).subs(values) for symbol in everything.values()]
    assert_positive_multiples(equations, expected, symbols)


def test_julia_has_the_same_equations_and_the_walls():
    cell = PROBLEM.cell(THETA)
    script = to_homotopy_continuation(cell, fixed={"W2_0_0": 1, "W2_0_1": -1})
    symbols, equations = read_msolve(to_msolve(cell, fixed={"W2_0_0": 1, "W2_0_1": -1}))
    assert re.search(r"^@var (.*)$", script, re.M)[1].split() == list(symbols)

    def listed(name):
        (body,) = re.findall(rf"^{name} = Expression\[\n(.*?)^\]", script, re.M | re.S)
        return [sympy.sympify(line.strip().rstrip(",").replace("^", "**"), locals=symbols) for line in body.splitlines()]

    assert listed("equations") == equations
    point = {symbols[name]: sympy.Rational(str(v)) for name, v in cell.coordinates(THETA).items() if name in symbols}
    walls = listed("walls")
    assert len(walls) == len(cell.walls) and all(wall.subs(point) > 0 for wall in walls)


def test_the_solution_on_the_active_cell_is_least_squares():
    """Where the one unit is on for all samples, the network is affine, and its critical point is the affine fit."""
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 4], [1, 0, 2, 5]))
    cell = problem.cell(problem.parameters(W1=[[1]], b1=[1], W2=[[1]], b2=[0]))
    symbols, equations = read_msolve(to_msolve(cell, fixed={"W2_0_0": 1, "b1_0": 1}))
    basis = sympy.groebner(equations, *symbols.values())
    (solution,) = sympy.solve(list(basis.exprs), list(symbols.values()), dict=True)
    x, y = sympy.Matrix([[1, 0], [1, 1], [1, 2], [1, 4]]), sympy.Matrix([1, 0, 2, 5])
    intercept, slope = (x.T * x).LUsolve(x.T * y)
    assert solution == {symbols["W1_0_0"]: slope, symbols["b2_0"]: intercept - 1}


@pytest.mark.skipif(shutil.which("msolve") is None, reason="needs msolve")
def test_msolve_itself_finds_the_one_critical_point_of_a_cell(tmp_path: Path):
    problem = es.Problem(es.Network([1, 2, 1], biases=[True, False]), es.Data.from_arrays([-2, -1, 1, 2, 3], [0, 1, 3, 1, 2]))
    cell = problem.cell(problem.parameters(W1=[[1], [-1]], b1=["1/2", "1/2"], W2=[[1, 1]]))
    (tmp_path / "in.ms").write_text(to_msolve(cell, fixed={"W2_0_0": 1, "W2_0_1": 1}))
    subprocess.run(["msolve", "-f", tmp_path / "in.ms", "-o", tmp_path / "out"], check=True, timeout=60)
    # [0, [1, [boxes]]]: for every real solution an interval around every variable, with ends such as 3, -1 / 2 and 5 / 2^3.
    text = re.sub(r" / (\d+)(?:\^(\d+))?", lambda m: f" / {int(m[1]) ** int(m[2] or 1)}", (tmp_path / "out").read_text())
    quoted = re.sub(r"-?\d+(?: / \d+)?", lambda m: f'"{m[0].replace(" ", "")}"', text.strip(" :\n"))
    _, (_, (box,)) = ast.literal_eval(quoted)
    low, high = ([Fraction(end[side]) for end in box] for side in (0, 1))
    assert low == high
    solution = dict(zip(critical_system(cell, fixed={"W2_0_0": 1, "W2_0_1": 1}).variables, low, strict=True))
    point = {**solution, "W2_0_0": 1, "W2_0_1": 1}
    assert set(cell.risk.gradient_at(point)) == {0}


def test_solutions_are_critical_points_and_local_minima_are_solutions():
    problem = es.Problem(es.Network([1, 1, 1], biases=[True, False]), es.Data.from_arrays([-1, 1, 2], [0, 1, 3]))
    cell = problem.cell(problem.parameters(W1=[[1]], b1=["-1/2"], W2=[[1]]))
    system = critical_system(cell, fixed={"W2_0_0": 1})
    minimum = problem.parameters(W1=[[2]], b1=[-1], W2=[[1]])
    assert problem.risk(minimum) == 0
    values = {name: value for name, value in cell.coordinates(minimum).items() if name in system.variables}
    assert all(equation(values) == 0 for equation in system.equations)
    symbols, equations = read_msolve(to_msolve(cell, fixed={"W2_0_0": 1}))
    assert sympy.solve(equations, list(symbols.values()), dict=True) == [{symbols["W1_0_0"]: 2, symbols["b1_0"]: -1}]


def test_what_has_no_system():
    relu = es.Problem(es.Network([1, 1, 1], biases=[True, False]), es.Data.from_arrays([0, 1], [0, 1]))
    constant = relu.cell(relu.parameters(W1=[[-1]], b1=[-1], W2=[[1]]))
    with pytest.raises(es.UnsupportedError, match="constant on this cell"):
        to_msolve(constant)
    cell = PROBLEM.cell(THETA)
    with pytest.raises(es.InputError, match="W2_0_9"):
        to_msolve(cell, fixed={"W2_0_9": 1})
    with pytest.raises(es.InputError, match="all variables"):
        critical_system(cell, fixed=dict.fromkeys(cell.names, 1))
