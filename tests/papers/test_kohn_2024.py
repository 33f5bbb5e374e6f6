"""Linear convolutional networks with strides: products and ranks by SymPy, planted critical points, data that are not generic."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest
import sympy

import exactsurf as es
from exactsurf.papers.kohn_2022 import filters, squared_factor
from exactsurf.papers.kohn_2024 import (
    derivative_of_the_product,
    dimension_of_the_filters,
    product_filter,
    regular_critical_points,
)
from tests.sweep import draws

F = Fraction
SWEEP = draws(6)


def chain(kernels: list[int], strides: list[int]) -> es.Restriction:
    width = 1
    for kernel, stride in reversed(list(zip(kernels, strides, strict=True))):
        width = (width - 1) * stride + kernel
    return es.convolution(width, kernels, strides=strides, activation="linear")


def planted(source: random.Random, kernels: list[int], strides: list[int]) -> tuple[es.RestrictedProblem, es.Parameters]:
    """Random filters, and residuals on unit inputs that are across all derivatives of their product: a critical point."""
    restriction = chain(kernels, strides)
    point = restriction.at([source.choice([-2, -1, 1, 2, 3]) for _ in restriction.names])
    own = [rows[0][:kernel] for rows, kernel in zip(point.weights, kernels, strict=True)]
    product, size = product_filter(own, strides), restriction.network.widths[0]
    residual = [F(0)] * size
    for vector in sympy.Matrix(derivative_of_the_product(own, strides)).nullspace():
        amount = source.randint(-1, 1)
        residual = [a + amount * F(int(b.p), int(b.q)) for a, b in zip(residual, vector, strict=True)]
    unit = [[int(i == k) for k in range(size)] for i in range(size)]
    targets = [f - r for f, r in zip(product, residual, strict=True)]
    return es.RestrictedProblem(restriction, es.Data.from_arrays(unit, targets)), point


def coefficients(expression: sympy.Expr, x: sympy.Symbol, size: int) -> list[int]:
    polynomial = sympy.Poly(sympy.expand(expression), x)
    return [int(polynomial.coeff_monomial(x**k)) for k in range(size)]


def test_products_and_derivatives_by_sympy() -> None:
    source, x = random.Random(1), sympy.Symbol("x")
    for _ in range(20):
        count = source.randint(1, 3)
        own = [[sympy.Symbol(f"w{layer}_{k}") for k in range(source.randint(1, 3))] for layer in range(count)]
        strides, step, whole = [source.randint(1, 3) for _ in own], 1, sympy.Integer(1)
        for entries, stride in zip(own, strides, strict=True):
            whole *= sum(c * x ** (k * step) for k, c in enumerate(entries))
            step *= stride
        names = [name for entries in own for name in entries]
        values = {name: source.randint(-3, 3) for name in names}
        numbers = [tuple(F(values[name]) for name in entries) for entries in own]
        size = len(product_filter(numbers, strides))
        assert list(product_filter(numbers, strides)) == coefficients(whole.subs(values), x, size)
        expected = [coefficients(sympy.diff(whole, name).subs(values), x, size) for name in names]
        assert [list(row) for row in derivative_of_the_product(numbers, strides)] == expected


@pytest.mark.parametrize(("kernels", "strides"), [([2, 2], [2, 1]), ([2, 2, 2], [2, 3, 1]), ([3, 2], [3, 1]), ([1, 3], [2, 2])])
def test_filters_that_are_not_longer_than_their_strides(kernels: list[int], strides: list[int]) -> None:
    source, seen = random.Random(len(kernels)), Counter[es.Outcome]()
    for _ in range(SWEEP):
        problem, point = planted(source, kernels, strides)
        report = regular_critical_points.examine(problem, point)
        assert report.outcome is not es.Outcome.CONTRADICTED and "critical" not in report.failing
        seen[report.outcome] += 1
        found = filters(problem, point)
        assert sympy.Matrix(derivative_of_the_product(found, strides)).rank() == dimension_of_the_filters(kernels)
        if report.conclusion.certificate is not None:
            es.verify(report.conclusion.certificate.encoded)
    assert seen[es.Outcome.CONFIRMED] == SWEEP


def test_longer_filters_are_regular_but_where_the_data_are_special() -> None:
    source = random.Random(4)
    for _ in range(SWEEP):
        problem, point = planted(source, [3, 2], [2, 1])
        report = regular_critical_points.examine(problem, point)
        assert report.undecided == ("data",)
        first, second = filters(problem, point)
        x = sympy.Symbol("x")
        spread = sum(c * x ** (2 * k) for k, c in enumerate(second))
        shared = sympy.rem(sum(c * x**k for k, c in enumerate(first)), spread, x) == 0
        assert (report.conclusion.status is es.Status.REFUTED) == shared
    unit = [[int(i == k) for k in range(5)] for i in range(5)]
    special = es.RestrictedProblem(chain([3, 2], [2, 1]), es.Data.from_arrays(unit, [0, 0, 3, 0, 0]))
    theta = special.parameters(w1_0=1, w1_1=0, w1_2=1, w2_0=1, w2_1=1)
    report = regular_critical_points.examine(special, theta)
    assert report.conclusion.status is es.Status.REFUTED and "rank 3, of at most 4" in report.conclusion.reason


def test_stride_one_and_other_points() -> None:
    problem, point = squared_factor()
    report = regular_critical_points.examine(problem, point)
    assert report.failing == ("strides",) and report.outcome is es.Outcome.FAILS_WITHOUT
    own = es.RestrictedProblem(chain([2, 2], [2, 1]), es.Data.from_arrays([[1, 0, 0, 0], [0, 1, 0, 0]], [1, 2]))
    zero = own.restriction.at([0, 0, 0, 0])
    assert regular_critical_points.examine(own, zero).outcome is es.Outcome.SAYS_NOTHING
    assert regular_critical_points.examine(own, own.restriction.at([1, 1, 1, 1])).outcome is es.Outcome.SAYS_NOTHING
    assert regular_critical_points.construct(own) == ((2, 2), (2, 1))
    assert regular_critical_points.does_not_apply(es.RestrictedProblem(es.diagonal(2), es.Data.from_arrays([[1, 1]], [1])), zero)
