"""Polynomials in the free parameters: against the risk, SymPy, and the numbers of critical points of the literature."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import pytest
import sympy

import exactsurf as es
from exactsurf.interop.polynomial_system import critical_system

UNIT = [[Fraction(int(i == j)) for j in range(4)] for i in range(4)]


def test_the_polynomial_is_the_risk_where_the_walls_say_so() -> None:
    source = random.Random(2)
    network = es.Network([2, 2, 1], "hard_tanh")
    restriction = es.restriction(network, W1=[["a", "b"], ["-b", "1/3"]], b1=["c", "a + 1"], W2=[["a", 1]], b2=[0])
    problem = es.RestrictedProblem(restriction, es.Data.from_arrays([[1, 2], [-1, 1], [0, 3]], [1, 0, 2]))
    cell = problem.cell(problem.parameters(a="1/7", b="1/5", c="1/11"))
    inside = 0
    for _ in range(200):
        theta = restriction.at([Fraction(source.randint(-30, 30), 60) for _ in range(3)])
        point = cell.coordinates(theta)
        if all(wall.polynomial.value(point) * wall.side > 0 for wall in cell.walls):
            inside += 1
            assert cell.risk.value(point) == problem.risk(theta)
            assert tuple(tuple(f.value(point) for f in row) for row in cell.outputs) == problem.unrestricted.predictions(theta)
    assert inside > 5 and cell.names == ("a", "b", "c") and not cell.is_risk_constant


def test_against_sympy() -> None:
    a, b = sympy.symbols("a b")
    shared = es.restriction(es.Network([1, 2, 1], "linear", biases=[True, False]), W1=[["a"], ["b"]], b1=["a", 0], W2=[["b", 2]])
    problem = es.RestrictedProblem(shared, es.Data.from_arrays([1, 3], [2, "1/2"]))
    expected = sum((b * (a * x + a) + 2 * b * x - y) ** 2 for x, y in ((1, 2), (3, sympy.Rational(1, 2)))) / 2
    found = problem.cell(problem.parameters(a=1, b=1)).risk.as_expr()
    assert sympy.expand(found - expected) == 0


def complex_solutions(cell: es.RestrictedCell, **fixed: int) -> int:
    """The dimension of the algebra of the critical equations, by SymPy's Gröbner basis."""
    system = critical_system(cell, fixed=fixed)
    names = sympy.symbols(system.variables)
    basis = sympy.groebner([equation.as_expr() for equation in system.equations], *names, order="grevlex")
    leading = [sympy.Poly(p, *names).monoms(order="grevlex")[0] for p in basis.exprs]
    assert basis.is_zero_dimensional
    bound = max(map(max, leading))
    return sum(
        all(any(e < f for e, f in zip(exponents, lead, strict=True)) for lead in leading)
        for exponents in product(range(bound + 1), repeat=len(names))
    )


def counted(restriction: es.Restriction, inputs: object, targets: object, **fixed: int) -> int:
    weights = fixed.pop("weights", None)
    problem = es.RestrictedProblem(restriction, es.Data.from_arrays(inputs, targets), sample_weight=weights)
    return complex_solutions(problem.cell(restriction.at([1] * restriction.dimension)), **fixed)


@pytest.mark.parametrize(("inputs", "degree"), [(UNIT, 2), ([[1, 2, 0, 1], [0, 1, 1, 3], [2, 0, 1, 1], [1, 1, 5, 0]], 6)])
def test_convolutions_without_overlap_have_the_degree_of_a_segre_variety(inputs: object, degree: int) -> None:
    """Kohn, Montúfar, Shahverdi and Trager 2024: the filters are 2 × 2 matrices of rank one, whose Euclidean distance degree is
    2 for the inner product of the entries and 6 for a generic one."""
    chain = es.convolution(4, [2, 2], strides=[2, 1], activation="linear")
    assert counted(chain, inputs, [3, 1, 4, -5], w1_0=1) == degree


@pytest.mark.parametrize(("weights", "degree"), [([1, "1/2", 1], 2), ([1, 1, 1], 4), ([1, 3, 2], 4)])
def test_products_of_two_linear_filters_meet_the_conic_of_squares(weights: object, degree: int) -> None:
    """Kohn, Merkh, Montúfar and Trager 2022: the target itself in two orders of its factors, and the critical points on squares
    of filters, of which there are 2 for Bombieri's inner product, for which the middle coefficient counts half, and 4 else."""
    chain = es.convolution(3, [2, 2], activation="linear")
    unit = [row[:3] for row in UNIT[:3]]
    assert counted(chain, unit, [3, 1, 4], w1_0=1, weights=weights) == 2 + degree  # type: ignore[arg-type]


def test_walls_at_the_point_are_named_and_a_side_may_be_chosen() -> None:
    problem = es.RestrictedProblem(
        es.restriction(es.Network([1, 1, 1], biases=False), W2=[["v"]]), es.Data.from_arrays([1, -1], [1, 1])
    )
    theta = problem.parameters(W1_0_0=0, v=1)
    with pytest.raises(es.InputError):
        problem.cell(theta)
    right = problem.cell(theta, side=problem.parameters(W1_0_0=1, v=1))
    assert right.risk.as_expr() == problem.cell(problem.parameters(W1_0_0=5, v=1)).risk.as_expr()
    with pytest.raises(es.InputError, match="do not obey"):
        es.RestrictedProblem(es.restriction(es.Network([1, 1, 1]), W2=[[1]]), es.Data.from_arrays([1], [1])).cell(
            es.Parameters(W1=[[1]], b1=[1], W2=[[2]], b2=[0])
        )
