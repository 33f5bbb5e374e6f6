"""Connected sublevel sets of linear networks: ranks against least squares, and instances of every case."""

from __future__ import annotations

import random

import pytest
import sympy

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.papers import freeman_2017
from exactsurf.theorems.constructions.linear_sublevel_sets import linear_sublevel_sets
from tests.sweep import draws

SWEEP = draws(40)
"""Instances of a sweep; 1,000 and more were run before a release."""


def random_problem(source: random.Random, widths: list[int], output_bias: bool) -> es.Problem:
    size = source.randint(1, 4)
    x = [[source.randint(-2, 2) for _ in range(widths[0])] for _ in range(size)]
    y = [[source.randint(-2, 2) for _ in range(widths[-1])] for _ in range(size)]
    biases = [False] * (len(widths) - 2) + [output_bias]
    return es.Problem(es.Network(widths, es.linear, biases=biases), es.Data.from_arrays(x, y))


def test_one_unit_against_least_squares() -> None:
    """w₂w₁ = M ≠ 0 has two branches, which join at 0: the lowest sublevel set is connected if and only if M = 0 is as good."""
    source, seen = random.Random(7), set()
    for _ in range(SWEEP):
        problem = random_problem(source, [source.randint(1, 3), 1, 1], source.random() < 0.5)
        one = [1] * problem.network.biases[-1]
        rows, goal = sympy.Matrix([[*row, *one] for row in problem.data.x]), sympy.Matrix(problem.data.y)
        constant = sympy.Matrix([one or [0] for _ in problem.data.x])
        best, flat = (sum(v**2 for v in goal - table * table.pinv() * goal) for table in (rows, constant))
        found = linear_sublevel_sets(problem)
        assert found.status is (Status.PROVED if best == flat else Status.REFUTED), (problem.data.x, problem.data.y, found)
        seen.add(found.status)
    assert seen == {Status.PROVED, Status.REFUTED}


def test_where_the_hypotheses_hold_the_conclusion_is_proved() -> None:
    source = random.Random(8)
    for _ in range(SWEEP):
        ends = [source.randint(1, 3), source.randint(1, 3)]
        hidden = [min(ends) + source.randint(1, 2) for _ in range(source.randint(1, 3))]
        problem = random_problem(source, [ends[0], *hidden, ends[1]], source.random() < 0.5)
        report = freeman_2017.level_sets.examine(problem)
        assert report.status is Status.PROVED and report.conclusion.status is Status.PROVED, problem


@pytest.mark.parametrize(
    ("widths", "y", "status", "said"),
    [
        ([2, 2, 2], [[1, 0], [0, 1]], Status.REFUTED, "at least 2 components"),
        ([2, 2, 2], [[1, 0], [1, 0]], Status.PROVED, "rank 1 < 2"),
        ([2, 2, 2, 2], [[1, 0], [0, 1]], Status.REFUTED, "at least 4 components"),
        ([2, 2, 2, 2], [[1, 0], [1, 0]], Status.UNDECIDED, "2 hidden layers"),
        ([2, 3, 2, 2], [[1, 0], [0, 1]], Status.REFUTED, "at least 2 components"),
        ([2, 1, 2], [[1, 0], [0, 1]], Status.UNDECIDED, "narrower"),
        ([2, 3, 4, 2], [[1, 0], [0, 1]], Status.PROVED, "wider"),
    ],
    ids=str,
)
def test_two_inputs_and_outputs(widths: list[int], y: list[list[int]], status: Status, said: str) -> None:
    problem = es.Problem(es.Network(widths, es.linear, biases=False), es.Data.from_arrays([[1, 0], [0, 1]], y))
    found = linear_sublevel_sets(problem)
    assert found.status is status and said in found.reason


def test_a_bias_of_the_output_centres_the_samples() -> None:
    """x = 1, 2, y = 1, 1: the best line is constant, of rank 0, with a bias, and has slope 3/5 without."""
    data = es.Data.from_arrays([1, 2], [1, 1])
    with_bias = es.Problem(es.Network([1, 1, 1], es.linear, biases=[False, True]), data)
    assert linear_sublevel_sets(with_bias).status is Status.PROVED
    assert linear_sublevel_sets(es.Problem(es.Network([1, 1, 1], es.linear, biases=False), data)).status is Status.REFUTED
