"""Diagonal linear networks: all critical points of small ones by SymPy, random critical points, and shared weights."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest
import sympy

import exactsurf as es
from exactsurf.exact.linear_algebra import least_squares
from exactsurf.papers.pesme_2023 import critical_values, depth_of, predictor, saddles, shared_weights
from tests.sweep import draws

F = Fraction
SWEEP = draws(12)


def planted(source: random.Random, loss: str = "squared") -> tuple[es.RestrictedProblem, es.Parameters]:
    """A critical point: the least row on a random set of coordinates, split over the layers; all weights 0 elsewhere."""
    size, depth = source.randint(1, 3), source.randint(2, 3)
    inputs = [[source.randint(-3, 3) for _ in range(size)] for _ in range(3)]
    targets = [source.randint(-3, 3) for _ in inputs]
    places = [j for j in range(size) if source.random() < 0.6]
    row = [F(0)] * size
    if places:
        columns = [[F(x[j]) for j in places] for x in inputs]
        for j, value in zip(places, least_squares(columns, list(map(F, targets))), strict=True):
            row[j] = value
    values = {}
    for j in range(size):
        parts = [F(source.choice([-2, -1, 1, 2])) for _ in range(depth - 1)]
        product = F(1)
        for part in parts:
            product *= part
        own = [*parts, row[j] / product] if row[j] else [F(0)] * depth
        values.update({f"w{layer}_{j}": value for layer, value in enumerate(own, start=1)})
    problem = es.RestrictedProblem(es.diagonal(size, depth), es.Data.from_arrays(inputs, targets), loss)
    return problem, problem.parameters(**values)


def test_planted_critical_points() -> None:
    source, seen = random.Random(5), Counter[es.Outcome]()
    for _ in range(SWEEP):
        problem, point = planted(source)
        report = saddles.examine(problem, point)
        assert "critical" not in report.failing and report.outcome is not es.Outcome.CONTRADICTED, (problem, point)
        seen[report.outcome] += 1
        if report.conclusion.certificate is not None:
            es.verify(report.conclusion.certificate.encoded)
        if depth_of(problem.restriction) == 2:
            assert problem.risk(point) in critical_values(problem)
    assert seen[es.Outcome.CONFIRMED] * 2 > SWEEP, seen


def test_every_critical_value_of_two_inputs_by_sympy() -> None:
    """x = (1, 1), (0, 1), (2, −1), y = 3, 1, 1: the equations are solved, and their real solutions have exactly these risks."""
    inputs, targets = [[1, 1], [0, 1], [2, -1]], [3, 1, 1]
    problem = es.RestrictedProblem(es.diagonal(2), es.Data.from_arrays(inputs, targets))
    a, b, c, d = names = sympy.symbols("a b c d", real=True)
    risk = sum((a * c * x + b * d * z - y) ** 2 for (x, z), y in zip(inputs, targets, strict=True)) / 2
    found = set()
    # Scales apart: of a product that is not 0 the second factor is 1, and where it is 0 both are, or the gradient in β is.
    for one, two in ((0, 0), (0, 1), (1, 0), (1, 1)):
        place = {c: one, d: two, **({} if one else {a: 0}), **({} if two else {b: 0})}
        slopes = [sympy.diff(risk, name).subs(place) for name in names]
        equations, unknown = [slope for slope in slopes if slope != 0], [v for v in (a, b) if v not in place]
        for solution in sympy.solve(equations, unknown, dict=True) or [{}]:
            if all(slope.subs(solution) == 0 for slope in slopes):
                found.add(sympy.nsimplify(risk.subs(place).subs(solution)))
    assert {sympy.Rational(v.numerator, v.denominator) for v in critical_values(problem)} == found


def test_a_saddle_and_a_minimum_by_descent() -> None:
    problem = es.RestrictedProblem(es.diagonal(2), es.Data.from_arrays([[1, 0], [0, 1]], [1, 2]))
    for values, risk, kind in (
        ([0, 0, 0, 0], "5/2", "not a local minimum of a restricted risk"),
        ([1, 0, 1, 0], 2, "not a local minimum of a restricted risk"),
        ([1, 1, 1, 2], 0, "local minimum of a restricted risk"),
    ):
        point = problem.restriction.at(values)
        report = saddles.examine(problem, point)
        assert problem.risk(point) == F(risk) and report.outcome is es.Outcome.CONFIRMED
        assert es.verify(report.conclusion.certificate.encoded).kind.endswith(kind)
    assert predictor(problem.restriction.at([1, 2, 3, 4])) == (3, 8)


def test_other_points_networks_and_losses() -> None:
    problem, point = shared_weights()
    report = saddles.examine(problem, point)
    assert report.failing == ("diagonal",) and report.outcome is es.Outcome.FAILS_WITHOUT
    own = es.RestrictedProblem(es.diagonal(1), problem.unrestricted.data)
    assert saddles.examine(own, own.parameters(w1_0=1, w2_0=1)).outcome is es.Outcome.SAYS_NOTHING
    assert saddles.examine(own, own.parameters(w1_0=0, w2_0=0)).outcome is es.Outcome.CONFIRMED
    huber = es.RestrictedProblem(es.diagonal(1), es.Data.from_arrays([1, 2], [4, 8]), es.huber(1))
    assert saddles.examine(huber, huber.parameters(w1_0=2, w2_0=2)).outcome is es.Outcome.CONFIRMED
    assert saddles.examine(huber, huber.parameters(w1_0=0, w2_0=0)).outcome is es.Outcome.CONFIRMED
    for other in (es.residual(1, 1), es.convolution(2, [2], activation="linear"), es.diagonal(2, 2, shared=True)):
        assert depth_of(other).reason
    with pytest.raises(es.HypothesisError):
        critical_values(es.RestrictedProblem(es.diagonal(1, 3), es.Data.from_arrays([1], [1])))
    assert critical_values(own) == (F(1, 2), 0) == saddles.construct(own)
