"""Patterns of units on lines: decided as SciPy's non-negative least squares says, and certified."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from scipy.optimize import nnls

import exactsurf as es
from exactsurf.certificate.claims.population_on_lines import GLOBAL_ON_LINES, SPURIOUS_ON_LINES
from exactsurf.errors import InputError
from exactsurf.model.student_on_lines import StudentOnLines
from exactsurf.theorems.constructions.population_on_lines import RiskOnLines
from tests.sweep import draws

F = Fraction
SWEEP = draws(40)


def kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    long, other = np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1)
    t = np.arccos(np.clip(a @ b.T / np.outer(long, other), -1, 1))
    return np.outer(long, other) * (np.sin(t) + (np.pi - t) * np.cos(t)) / (2 * np.pi)


def minima_in_floats(problem: StudentOnLines) -> dict[tuple[float, ...], float]:
    """Sums and risks of local minima of a family with one unit on every line: least points of regions from which none leaves."""
    rays, goals = np.array(problem.rays, dtype=float), np.array(problem.teachers, dtype=float)
    table, reward, own = kernel(rays, rays), kernel(rays, goals).sum(axis=1), kernel(goals, goals).sum()
    found = {}
    for sides in product((0, 1), repeat=len(problem.lines)):
        chosen = [2 * j + side for j, side in enumerate(sides)]
        factor = np.linalg.cholesky(table[np.ix_(chosen, chosen)])
        sums = np.zeros(len(rays))
        sums[chosen] = nnls(factor.T, np.linalg.solve(factor, reward[chosen]))[0]
        slopes = table @ sums - reward
        still = [j for j, r in enumerate(chosen) if sums[r] < 1e-9]
        if all(min(slopes[2 * j], slopes[2 * j + 1]) > -1e-9 for j in still):
            found[tuple(np.round(sums, 6))] = (sums @ table @ sums) / 2 - reward @ sums + own / 2
    return found


def instances(source: random.Random):
    while True:
        d, k = source.choice([(1, 1), (2, 2), (2, 3), (3, 3)])
        lines = [[F(source.randint(-2, 2)) for _ in range(d)] for _ in range(k)]
        matched = [[source.choice([-2, -1, 1, 2]) * v for v in row] for row in lines]
        other = [[F(source.randint(-2, 2)) for _ in range(d)] for _ in range(source.randint(1, 3))]
        units = tuple(source.choice([1, 1, 2, 3]) for _ in lines)
        try:
            rows = source.choice([matched, other])
            yield StudentOnLines(tuple(map(tuple, lines)), units, tuple(map(tuple, rows)))
        except InputError:
            continue


def test_local_minima_against_scipy() -> None:
    compared = decided = 0
    for _, problem in zip(range(SWEEP), instances(random.Random(7)), strict=False):
        risk = RiskOnLines(problem)
        answers = [risk.decide(looking) for looking in risk.patterns()]
        decided += sum(one.kind is not None for one in answers)
        for one in answers:
            if one.kind is not None:
                assert es.verify(one.verdict.certificate).kind == one.kind
        if {*problem.units} != {1} or risk.open_regions() or not all(one.kind for one in answers):
            continue
        compared += 1
        expected = minima_in_floats(problem)
        least = min(expected.values())
        minima = {
            tuple(round(float(ball.midpoint), 6) + 0.0 for ball in one.sums): one
            for one in answers
            if one.kind in (SPURIOUS_ON_LINES, GLOBAL_ON_LINES)
        }
        assert {*minima} == {tuple(value + 0.0 for value in sums) for sums in expected}
        for sums, value in expected.items():
            one = minima[tuple(entry + 0.0 for entry in sums)]
            assert abs(float(one.risk.midpoint) - value) < 1e-6
            assert (one.kind == GLOBAL_ON_LINES) == (value < least + 1e-7)
    assert compared > SWEEP // 5 and decided > SWEEP


def test_the_axes_in_closed_form() -> None:
    """The opposite pattern of k axes: (k − 1)/(π + k − 1) for every unit."""
    for k in (2, 3, 5):
        axes = tuple(tuple(F(int(i == j)) for j in range(k)) for i in range(k))
        problem = StudentOnLines(axes, (1,) * k, tuple(tuple(-v for v in row) for row in axes))
        found = RiskOnLines(problem).decide(((1, 0),) * k)
        assert found.kind == SPURIOUS_ON_LINES
        for ball in found.sums[::2]:
            assert abs(float(ball.midpoint) - (k - 1) / (np.pi + k - 1)) < 1e-15


def test_lines_that_may_be_turned_round_do_not_hide_a_global_minimum() -> None:
    problem = StudentOnLines(((F(0), F(-2)),), (1,), ((F(-2), F(-2)), (F(1), F(0)), (F(2), F(2))))
    risk = RiskOnLines(problem)
    assert [risk.decide(looking).kind for looking in risk.patterns()] == [GLOBAL_ON_LINES] * 2


def test_twelve_lines() -> None:
    lines = tuple((F(1), F(k)) for k in range(12))
    risk = RiskOnLines(StudentOnLines(lines, (1,) * 12, (lines[0], lines[5])))
    assert risk.best[1].midpoint == 0
    with pytest.raises(InputError, match="regions"):
        RiskOnLines(StudentOnLines(lines, (2,) * 12, lines))
