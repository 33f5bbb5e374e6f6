"""The conditions of a flattest rescaling: chains by their formula, and balance of what comes in and goes out, in long numbers."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.exact.linear_algebra import dot
from exactsurf.minima.algebraic.rescaling_conditions import rescaling_solution
from exactsurf.minima.floats.flattest_factors import flattest_factors_near
from exactsurf.minima.local.hessian import hessian_of_cell
from exactsurf.minima.local.rescaling import Rescaling

SMALL = Fraction(1, 1 << 200)


def solved(widths, by_trace, data, **named):
    problem = es.Problem(es.Network(widths, "linear", biases=False), data)
    theta = problem.parameters(**named)
    hessian, _ = hessian_of_cell(problem, theta, "test")
    rescaling, effort = Rescaling.of(problem.network), es.Effort.of(None).started()
    factors, vectors = flattest_factors_near(hessian, rescaling.exponents(len(hessian)), effort)
    return hessian, rescaling, rescaling_solution(hessian, rescaling, factors, None if by_trace else vectors, 300, effort)


@pytest.mark.parametrize("by_trace", [True, False])
def test_a_chain_by_its_formula(by_trace):
    """f = 2x at x = 1 with three weights: the value to the third power is 27·16; all weights become ±2^(1/3)."""
    _, _, found = solved([1, 1, 1, 1], by_trace, es.Data.from_arrays([1], [2]), W1=[[1]], W2=[["1/2"]], W3=[[4]])
    assert abs(found.value**3 - 432) < SMALL
    assert abs(found.squares[0] ** 3 - 4) < SMALL and all(
        abs(a * b - 1) < SMALL for a, b in zip(found.squares, found.inverses, strict=True)
    )


def test_vectors_of_the_largest_eigenvalue_are_balanced():
    data = es.Data.from_arrays([[1, 2], [2, 1]], [5, 4])
    hessian, rescaling, found = solved([2, 2, 1], False, data, W1=[[1, 1], [0, 1]], W2=[[1, 1]])
    assert found.vectors
    scales = rescaling.scales(found.squares, len(hessian))
    masses = [Fraction(0)] * len(hessian)
    for z, share in zip(found.vectors, found.shares, strict=True):
        for p, row in enumerate(hessian):
            assert abs(dot(row, z) - found.value * scales[p] * z[p]) < SMALL
            masses[p] += share * scales[p] * z[p] ** 2
    for comes, goes in zip(rescaling.into, rescaling.out_of, strict=True):
        assert abs(sum(masses[p] for p in comes) - sum(masses[p] for p in goes)) < SMALL
