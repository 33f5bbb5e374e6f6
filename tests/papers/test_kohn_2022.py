"""Linear convolutional networks: SymPy's resultants and critical points, brute force, and random planted points."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
import sympy

import exactsurf as es
from exactsurf.papers import kohn_2022
from exactsurf.papers.kohn_2022 import architecture, coprime_filters, end_to_end_filter, filters, squared_factor
from tests.sweep import draws

F = Fraction
SWEEP = draws(8)
UNIT = [[int(i == j) for j in range(3)] for i in range(3)]


def chain(kernels: list[int], outputs: int = 1) -> es.Restriction:
    return es.convolution(sum(kernels) - len(kernels) + outputs, kernels, activation="linear")


def planted(
    source: random.Random, kernels: list[int], outputs: int, samples: int = 7
) -> tuple[es.RestrictedProblem, es.Parameters]:
    """Targets such that the end-to-end filter of random filters fits best: what they differ by is orthogonal to all shifts."""
    restriction, samples = chain(kernels, outputs), 7
    point = restriction.at([source.choice([-2, -1, 1, 2, 3]) for _ in restriction.names])
    width = restriction.network.widths[0]
    inputs = [[source.randint(-3, 3) for _ in range(width)] for _ in range(samples)]
    product = end_to_end_filter([rows[0][:k] for rows, k in zip(point.weights, kernels, strict=True)])
    rows = [[x[p + k] for k in range(len(product))] for x in inputs for p in range(outputs)]
    kernel = sympy.Matrix(rows).T.nullspace()
    off = [F(0)] * len(rows)
    for vector in kernel:
        size = source.randint(-1, 1)
        off = [a + size * F(int(b.p), int(b.q)) for a, b in zip(off, vector, strict=True)]
    fits = [sum((a * b for a, b in zip(row, product, strict=True)), F(0)) + o for row, o in zip(rows, off, strict=True)]
    targets = [fits[i * outputs : (i + 1) * outputs] for i in range(samples)]
    return es.RestrictedProblem(restriction, es.Data.from_arrays(inputs, targets)), point


def test_common_roots_against_resultants() -> None:
    source, x = random.Random(1), sympy.Symbol("x")
    seen = set()
    for _ in range(60):
        first, second = ([source.randint(-2, 2) for _ in range(source.randint(2, 3))] for _ in range(2))
        restriction = chain([len(first), len(second)])
        data = es.Data.from_arrays([[0] * restriction.network.widths[0]], [0])
        finding = coprime_filters.check(es.RestrictedProblem(restriction, data), restriction.at([*first, *second])).findings[-1]
        p, q = (sum(c * x**k for k, c in enumerate(entries)) for entries in (first, second))
        at_infinity = first[-1] == 0 == second[-1]
        zero = not any(first) or not any(second)
        expected = zero or at_infinity or sympy.degree(sympy.gcd(p, q), x) > 0
        assert (finding.status is es.Status.REFUTED) == expected, (first, second)
        seen.add(expected)
    assert seen == {True, False}


@pytest.mark.parametrize("kernels", [[2, 2], [3, 2], [2, 2, 2]])
def test_planted_critical_points_are_confirmed(kernels: list[int]) -> None:
    source, confirmed = random.Random(len(kernels)), 0
    for number in range(SWEEP):
        problem, point = planted(source, kernels, 1 + number % 2)
        if coprime_filters.check(problem, point).failing:
            continue
        report = coprime_filters.examine(problem, point)
        assert report.outcome is not es.Outcome.CONTRADICTED
        if report.outcome is es.Outcome.CONFIRMED:
            confirmed += 1
            assert es.verify(report.conclusion.certificate.encoded).kind.endswith("of a restricted risk")
            for _ in range(20):
                other = problem.restriction.at([F(source.randint(-9, 9), 2) for _ in problem.restriction.names])
                assert problem.risk(other) >= problem.risk(point)
    assert confirmed * 4 > SWEEP


def test_the_rational_critical_points_of_two_linear_filters() -> None:
    """By SymPy's lexicographic basis: the two orders of the factors of the target, and no other rational point."""
    a, b, c = sympy.symbols("a b c")
    targets = [3, 4, 1]
    risk = sum((f - y) ** 2 for f, y in zip([b, a * b + c, a * c], targets, strict=True)) / 2
    basis = sympy.groebner([sympy.diff(risk, v) for v in (a, b, c)], b, c, a, order="lex")
    problem = es.RestrictedProblem(chain([2, 2]), es.Data.from_arrays(UNIT, targets))
    outcomes = []
    for root in sympy.Poly(basis.exprs[-1], a).ground_roots():
        (second,) = sympy.linsolve([expr.subs(a, root) for expr in basis.exprs[:-1] if expr.subs(a, root) != 0], [b, c])
        theta = problem.parameters(w1_0=1, w1_1=root, w2_0=second[0], w2_1=second[1])
        outcomes.append(coprime_filters.examine(problem, theta).outcome)
    assert outcomes == [es.Outcome.CONFIRMED] * 2


def test_a_root_twice_and_other_losses() -> None:
    problem, point = squared_factor()
    report = coprime_filters.examine(problem, point)
    assert report.failing == ("common roots",) and report.outcome is es.Outcome.FAILS_WITHOUT
    assert report.conclusion.certificate.kind == "spurious local minimum of a restricted risk"
    elsewhere = problem.parameters(w1_0=1, w1_1=0, w2_0=0, w2_1=1)
    assert coprime_filters.examine(problem, elsewhere).outcome is es.Outcome.SAYS_NOTHING
    huber = es.RestrictedProblem(chain([2, 2]), es.Data.from_arrays(UNIT, [3, 4, 1]), es.huber(1))
    fit = huber.parameters(w1_0=1, w1_1=1, w2_0=3, w2_1=1)
    assert coprime_filters.examine(huber, fit).outcome is es.Outcome.CONFIRMED
    kinks = es.RestrictedProblem(chain([2, 2]), es.Data.from_arrays(UNIT, [3, 4, 1]), "absolute")
    assert coprime_filters.does_not_apply(kinks, fit) == "the loss is absolute"


def test_which_restrictions_are_convolutions() -> None:
    for kernels, strides in (([2, 2], [2, 1]), ([3], [1]), ([2, 3, 1], [1, 2, 1])):
        width = 1
        for kernel, stride in reversed(list(zip(kernels, strides, strict=True))):
            width = (width - 1) * stride + kernel
        restriction = es.convolution(width + 0, kernels, strides=strides, activation="linear")
        found, steps = architecture(restriction)
        assert list(found) == kernels
        again = es.convolution(width, found, strides=steps, activation="linear")
        assert again == restriction
    other_basis = es.restriction(es.Network([3, 2, 1], "linear", biases=False), W1=[["a + b", "b", 0], [0, "a + b", "b"]])
    assert architecture(other_basis) == ((2, 2), (1, 1))
    for wrong in (
        es.restriction(es.Network([3, 2, 1], "linear")),
        es.restriction(es.Network([3, 2, 1], "linear", biases=False)),
        es.restriction(es.Network([3, 2, 1], "linear", biases=False), W1=[["a", "b", 1], [1, "a", "b"]]),
        es.convolution(3, [2], head=[1, 1], activation="linear"),
    ):
        assert architecture(wrong).reason
    assert coprime_filters.construct(squared_factor()[0]) == ((2, 2), (1, 1))
    assert kohn_2022.filters(es.RestrictedProblem(wrong, es.Data.from_arrays(UNIT, [1, 2, 3])), wrong.at([1, 1])).reason
    assert filters(*squared_factor()) == ((0, F(3, 4)), (0, 1))
