"""Units on lines: local minima of the family where both directions are used are global, against brute force."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import InputError
from exactsurf.papers.feizi_2018 import best_on_the_lines, matched_sample, non_degenerate, units_on_lines
from exactsurf.theorems.outcome import Outcome
from tests.sweep import draws

F = Fraction
SWEEP = draws(60)


def instance(source: random.Random, units: list[list[int]]) -> tuple[es.Problem, es.Parameters]:
    x = [[source.randint(-2, 2), source.randint(-2, 2)] for _ in range(source.randint(1, 4))]
    problem = es.Problem(es.Network([2, len(units), 1], biases=False), es.Data.from_arrays(x, [source.randint(-3, 3) for _ in x]))
    return problem, problem.parameters(W1=units, W2=[[1] * len(units)])


def test_lines_lengths_and_directions() -> None:
    _, point = instance(random.Random(0), [[1, 2], [-2, -4], [0, 1]])
    found = units_on_lines(point)
    assert found.units == ((0, 1), (0, -2), (1, 1)) and found.one_sided == (1,)


def test_the_best_point_on_the_lines_is_not_beaten_by_a_grid() -> None:
    source = random.Random(1)
    for _ in range(SWEEP // 2):
        units = [[1, 0], [-1, 0], [1, 1]][: source.randint(2, 3)]
        problem, point = instance(source, units)
        best = best_on_the_lines(problem, point)
        least = problem.risk(best)
        for row, unit in zip(best.weights[0], units, strict=True):
            assert row[0] * unit[1] == row[1] * unit[0]
        for _ in range(40):
            lengths = [F(source.randint(-6, 6), 2) for _ in units]
            moved = [[t * v for v in unit] for t, unit in zip(lengths, units, strict=True)]
            assert problem.risk(problem.parameters(W1=moved, W2=[[1] * len(units)])) >= least


def test_where_both_directions_are_used_local_minima_are_global() -> None:
    """The best points have the hypotheses where none of their units is 0; other points are no local minima or as good."""
    source, seen = random.Random(2), Counter()
    tries = 0
    while seen[Outcome.CONFIRMED] < SWEEP // 4 and tries < 60 * SWEEP:
        tries += 1
        problem, start = instance(source, [[1, 0], [-1, 0], [1, 1], [-1, -1]])
        for point in (start, best_on_the_lines(problem, start)):
            report = non_degenerate.examine(problem, point)
            assert report.outcome is not Outcome.CONTRADICTED
            assert report.conclusion.status is not Status.REFUTED or report.failing
            seen[report.outcome] += 1
    assert seen[Outcome.CONFIRMED] >= SWEEP // 4 and seen[Outcome.SAYS_NOTHING]


def test_a_degenerate_local_minimum_is_not_global() -> None:
    (example,) = non_degenerate.sharpness()
    report = non_degenerate.examine(example.problem, example.parameters)
    assert report.failing == ("both directions",)
    assert report.conclusion.status is Status.REFUTED and report.conclusion.risk == F(8, 5)
    assert example.problem.risk(report.conclusion.lower_point) == 0
    problem, local, _ = matched_sample()
    assert problem.data == example.problem.data and local == example.parameters


def test_points_that_are_on_no_lines() -> None:
    problem, point = instance(random.Random(3), [[1, 0], [0, 0]])
    assert non_degenerate.check(problem, point).undecided
    assert non_degenerate.conclusion(problem, point).status is Status.UNDECIDED
    with pytest.raises(InputError, match="every line"):
        best_on_the_lines(problem, point)
    other = problem.parameters(W1=[[1, 0], [0, 1]], W2=[[1, 2]])
    assert "lines" in non_degenerate.check(problem, other).failing
