"""Residual networks of one block: random points and descended ones never contradict the theorem."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

import exactsurf as es
from exactsurf.papers.shamir_2018 import best_linear_predictor, fixed_output_weight, no_worse_than_linear, units_of_the_block
from tests.sweep import draws

F = Fraction
SWEEP = draws(10)


def test_random_points() -> None:
    source, seen = random.Random(3), Counter[es.Outcome]()
    for number in range(SWEEP):
        width = 1 + number % 2
        restriction = es.residual(width, 1, activation=source.choice(["relu", es.leaky_relu("1/2")]), head=[None] * width)
        inputs = [[source.randint(-2, 2) for _ in range(width)] for _ in range(3)]
        problem = es.RestrictedProblem(restriction, es.Data.from_arrays(inputs, [source.randint(-2, 2) for _ in range(3)]))
        point = restriction.at([source.choice([0, 0, 1, -1]) for _ in restriction.names])
        report = no_worse_than_linear.examine(problem, point)
        assert report.outcome is not es.Outcome.CONTRADICTED, (problem, point)
        seen[report.outcome] += 1
    assert seen


def test_a_dead_unit_above_the_best_line_is_a_local_minimum_or_the_line_is_beaten() -> None:
    """x = 1, 2, 3, y = 1, 1, 2: the unit is dead, w fits best; and the best linear predictor by NumPy."""
    problem = es.RestrictedProblem(es.residual(1, 1, head=[None]), es.Data.from_arrays([1, 2, 3], [1, 1, 2]))
    (row,), least = best_linear_predictor(problem)
    assert float(row) == pytest.approx(
        np.linalg.lstsq(np.array([[1.0], [2.0], [3.0]]), np.array([1.0, 1.0, 2.0]), rcond=None)[0][0]
    )
    point = problem.parameters(W1_0_0=-1, V1_0_0=0, v_0=row)
    report = no_worse_than_linear.examine(problem, point)
    assert problem.risk(point) == least and report.outcome is es.Outcome.CONFIRMED
    assert es.verify(report.conclusion.certificate.encoded).risk == least
    assert no_worse_than_linear.examine(problem, problem.parameters(W1_0_0=1, V1_0_0=1, v_0=0)).outcome is es.Outcome.SAYS_NOTHING


def test_other_architectures_and_losses() -> None:
    problem, point = fixed_output_weight()
    assert no_worse_than_linear.examine(problem, point).outcome is es.Outcome.FAILS_WITHOUT
    for other in (es.residual(1, 1, blocks=2, head=[None]), es.residual(2, 1, head=[1, None]), es.diagonal(2, 3)):
        assert units_of_the_block(other).reason
    assert units_of_the_block(es.residual(1, 2, activation=es.leaky_relu("1/2"), head=[None])) == 2
    huber = es.RestrictedProblem(es.residual(1, 1, head=[None]), es.Data.from_arrays([1, 2], [1, 2]), es.huber(1))
    fit = huber.parameters(W1_0_0=-1, V1_0_0=0, v_0=1)
    assert no_worse_than_linear.check(huber, fit).status is es.Status.PROVED
    assert no_worse_than_linear.conclusion(huber, fit).status is es.Status.UNDECIDED
    with pytest.raises(es.HypothesisError):
        best_linear_predictor(huber)
