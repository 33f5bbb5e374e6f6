"""The form of critical points of linear networks."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction
from itertools import pairwise

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.model.point import Point
from exactsurf.papers.baldi_1989 import critical_point, critical_values
from exactsurf.papers.zhou_2018 import (
    captured,
    critical_points,
    deep_critical_points,
    has_critical_form,
    relu_critical_points,
)
from tests.sweep import draws

F = Fraction
SWEEP = draws(60)


def test_the_form_of_critical_points() -> None:
    toy = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    equal = es.Data.from_arrays([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    problem = es.Problem(es.Network([2, 2, 2], es.linear, biases=False), toy)
    for members, value in critical_values(problem).items():
        verdict = critical_points.conclusion(problem, critical_point(problem, members))
        assert verdict.status is Status.PROVED and verdict.risk == value
    # Repeated eigenvalues are allowed: any line is an eigenspace, and takes one of the two.
    repeated = es.Problem(es.Network([2, 1, 2], es.linear, biases=False), equal)
    line = repeated.parameters(W1=[[F(3, 25), F(4, 25)]], W2=[[3], [4]])
    assert critical_points.check(repeated, line).status is Status.PROVED
    assert critical_points.conclusion(repeated, line).risk == F(1, 2)
    assert captured(problem, problem.parameters(W1=[[1, 0], [0, 1]], W2=[[1, 1], [0, 1]])) is None


def random_matrix(source: random.Random, rows: int, columns: int) -> list[list[int]]:
    return [[source.randint(-2, 2) for _ in range(columns)] for _ in range(rows)]


def vanishes(parameters: es.Parameters) -> bool:
    return not any(value for matrix in parameters.weights for row in matrix for value in row)


def test_the_form_is_necessary_and_sufficient_for_deep_networks() -> None:
    """Against backpropagation, at random points with many zeros, of which many are critical."""
    source, seen = random.Random(5), Counter()
    while min(seen[True], seen[False]) < SWEEP:
        widths = [source.randint(1, 2) for _ in range(source.randint(3, 5))]
        size = source.randint(1, 3)
        data = es.Data.from_arrays(random_matrix(source, size, widths[0]), random_matrix(source, size, widths[-1]))
        problem = es.Problem(es.Network(widths, es.linear, biases=False), data)
        weights = [random_matrix(source, above, below) for below, above in pairwise(widths)]
        for matrix in source.sample(weights, source.randint(0, 2)):
            matrix[:] = [[0] * len(row) for row in matrix]
        point = problem.parameters(**{f"W{k}": matrix for k, matrix in enumerate(weights, 1)})
        report = deep_critical_points.examine(problem, point)
        assert report.status is Status.PROVED and report.conclusion.status is Status.PROVED, (widths, weights, report)
        critical = vanishes(selected_gradient(Point(problem, point)))
        assert critical is report.conclusion.reason.startswith("critical and of the form")
        seen[critical] += 1


def test_a_layer_that_sees_more_of_the_targets_is_named() -> None:
    """The last layer could move the second output, which the first layer carries and the product does not."""
    data = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    problem = es.Problem(es.Network([2, 2, 2], es.linear, biases=False), data)
    point = problem.parameters(W1=[[2, 0], [0, 1]], W2=[[1, 0], [0, 0]])
    holds, why, layer = has_critical_form(point.weights, tuple(data.x), tuple(data.y))
    assert not holds and layer == (2,) and "(P_2 − P_1)" in why
    saddle = problem.parameters(W1=[[2, 0], [0, 0]], W2=[[1, 0], [0, 0]])
    verdict = deep_critical_points.conclusion(problem, saddle)
    assert verdict.status is Status.PROVED and verdict.risk == F(1, 2)


def test_one_relu_layer_where_all_active_units_see_the_same_samples() -> None:
    source, seen = random.Random(6), Counter()
    while min(seen[True], seen[False]) < SWEEP // 2:
        size, outputs = source.randint(1, 4), source.randint(1, 2)
        data = es.Data.from_arrays(
            [[v] for v in source.sample([-3, -2, -1, 1, 2, 3], size)], random_matrix(source, size, outputs)
        )
        problem = es.Problem(es.Network([1, 2, outputs], biases=False), data)
        first = [[source.choice([1, 1, 2, -1])], [source.choice([1, 1, 3])]]
        point = problem.parameters(W1=first, W2=random_matrix(source, outputs, 2))
        if source.random() < 0.5:
            # The best output for the one direction in which the units look, shared between them.
            active = [(x, y) for (x,), y in zip(data.x, data.y, strict=True) if x * first[0][0] > 0 and x * first[1][0] > 0]
            total = sum((x * x for x, _ in active), F(0))
            best = [sum((x * y[k] for x, y in active), F(0)) / total if active else F(0) for k in range(outputs)]
            point = problem.parameters(W1=first, W2=[[value / first[0][0] / 2, value / first[1][0] / 2] for value in best])
        report = relu_critical_points.examine(problem, point)
        if report.status is not Status.PROVED:
            assert report.conclusion.status is Status.UNDECIDED and "different samples" in report.conclusion.reason
            continue
        assert report.conclusion.status is Status.PROVED, (data.x, data.y, point)
        critical = vanishes(selected_gradient(Point(problem, point)))
        assert critical is report.conclusion.reason.startswith("critical and of the form")
        seen[critical] += 1


def test_units_that_are_off_and_units_at_their_kink() -> None:
    data = es.Data.from_arrays([1, 2], [1, 3])
    problem = es.Problem(es.Network([1, 2, 1], biases=False), data)
    off = problem.parameters(W1=[[-1], [-2]], W2=[[1, 1]])
    verdict = relu_critical_points.conclusion(problem, off)
    assert verdict.status is Status.PROVED and verdict.risk == 5
    kink = problem.parameters(W1=[[0], [1]], W2=[[1, 1]])
    assert relu_critical_points.check(problem, kink).failing == ("cone",)
    assert "kink" in relu_critical_points.conclusion(problem, kink).reason
