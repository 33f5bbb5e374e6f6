"""Porcupine networks on normal inputs: arguments, and the row on teachers that all units look away from."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

import exactsurf as es
from exactsurf.certificate.claims.population_on_lines import GLOBAL_ON_LINES, NO_MINIMUM_ON_LINES, SPURIOUS_ON_LINES
from exactsurf.certificate.verdict import Status
from exactsurf.errors import InputError
from exactsurf.papers.feizi_2018 import opposite_pattern, porcupine_minima, porcupine_population
from exactsurf.theorems.outcome import Outcome

F = Fraction
PROBLEM = es.Problem(es.Network([2, 2, 1], biases=False), es.Data.from_arrays([[1, 0]], [1]))


def test_several_units_on_a_line() -> None:
    """Where one of two units of a line turns round, there is no local minimum; where both stay, a spurious one."""
    lines, teachers = [[1, 0], [0, 1]], [[-1, 0], [0, -1]]
    assert porcupine_population(lines, teachers, [[1, 1], 1]).kind == SPURIOUS_ON_LINES
    assert porcupine_population(lines, teachers, [[1, -1], 1]).kind == NO_MINIMUM_ON_LINES
    assert porcupine_population(lines, teachers, [[1, 0], 1]).kind == NO_MINIMUM_ON_LINES
    assert porcupine_population(lines, teachers, [[-1, -1], -1]).kind == GLOBAL_ON_LINES


def test_a_teacher_on_other_lines() -> None:
    found = porcupine_minima([[1, 0], [0, 1], [1, 1]], [[1, -1]])
    assert found.is_complete and not found.spurious
    (one,) = found.global_minima
    # E relu(e_1·x) relu((1, −1)·x) and that with −e_2 are equal, by symmetry.
    assert one.looking == ((1, 0), (0, 1), (0, 0)) and abs(one.sums[0].midpoint - one.sums[3].midpoint) < F(1, 10**30)


def test_a_matched_network_of_three_lines_has_three_spurious_minima() -> None:
    found = porcupine_minima([[2, 2], [0, -2], [-2, 1]], [[-2, -2], [0, -4], [2, -1]])
    assert found.is_complete and len(found.spurious) == 3 and len(found.global_minima) == 1
    assert found.global_minima[0].risk.midpoint == 0
    for one in found.spurious:
        assert es.verify(one.verdict.certificate).kind == SPURIOUS_ON_LINES and one.risk.lower > F(1, 4)


@pytest.mark.parametrize(
    ("lines", "teachers", "looking"),
    [
        ([[1, 0]], [[0, 1]], [2]),
        ([[1, 0]], [[0, 1]], [[]]),
        ([[1, 0]], [[0, 1]], [True]),
        ([[1, 0]], [[0, 1]], ["1"]),
        ([[1, 0]], [[0, 1]], 1),
        ([[1, 0]], [[0, 1]], [1, 1]),
        ([[1, 0], [2, 0]], [[0, 1]], [1, 1]),
        ([[0, 0]], [[0, 1]], [1]),
        ([[1, 0]], [[1]], [1]),
    ],
)
def test_bad_arguments(lines, teachers, looking) -> None:
    with pytest.raises(InputError):
        porcupine_population(lines, teachers, looking)


def test_opposite_teachers_against_numpy() -> None:
    source, seen = random.Random(2), set()
    for _ in range(25):
        k = source.choice([2, 3])
        rows = [[source.randint(-3, 3) for _ in range(2)] for _ in range(k)]
        if any(a[0] * b[1] == a[1] * b[0] for i, a in enumerate(rows) for b in rows[:i]) or [0, 0] in rows:
            continue
        problem = es.Problem(es.Network([2, k, 1], biases=False), es.Data.from_arrays([[1, 0]], [1]))
        report = opposite_pattern.examine(problem, problem.parameters(W1=rows, W2=[[1] * k]))
        assert report.outcome is Outcome.CONFIRMED
        v = np.array(rows, dtype=float)
        long = np.linalg.norm(v, axis=1)
        t = np.arccos(np.clip(v @ v.T / np.outer(long, long), -1, 1))
        table = np.outer(long, long) * (np.sin(t) + (np.pi - t) * np.cos(t)) / (2 * np.pi)
        reward = (np.outer(long, long) * (np.sin(t) - t * np.cos(t)) / (2 * np.pi)).sum(axis=1)
        expected = bool(min(np.linalg.solve(table, reward)) > 0)
        assert (report.conclusion.certificate.kind == SPURIOUS_ON_LINES) is expected
        seen.add(expected)
    assert seen == {True, False}


def test_teachers_that_are_none() -> None:
    twice = PROBLEM.parameters(W1=[[1, 1], [2, 2]], W2=[[1, 1]])
    assert opposite_pattern.check(PROBLEM, twice).failing == ("lines",)
    assert opposite_pattern.conclusion(PROBLEM, twice).status is Status.UNDECIDED
    with pytest.raises(InputError, match="one unit on every line"):
        opposite_pattern.construct(PROBLEM, [[1, 1], [2, 2]])
    assert opposite_pattern.construct(PROBLEM, [[-1, 0], [0, -1]]).kind == SPURIOUS_ON_LINES
