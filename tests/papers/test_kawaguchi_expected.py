"""Corollary 3.2: the reduced risk against an expectation over all activity patterns, and the instance that contradicts it."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import pairwise, product

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError, InputError
from exactsurf.papers.kawaguchi_2016 import (
    ASSUMPTIONS,
    contradicted_instance,
    contradiction,
    corollary_3_2,
    reduced_problem,
)
from exactsurf.theorems.outcome import Outcome
from tests.sweep import draws

F = Fraction
SWEEP = draws(40)


def expected_outputs(problem: es.Problem, point: es.Parameters, rho: Fraction) -> list[list[Fraction]]:
    """E Ŷ by all subsets of active paths, each path active with probability ρ independently, sample by sample."""
    widths = problem.network.widths
    found = []
    for x in problem.data.x:
        row = [F(0)] * widths[-1]
        paths = list(product(*map(range, widths)))
        for active in product((0, 1), repeat=len(paths)):
            chance = F(1)
            for flag in active:
                chance *= rho if flag else 1 - rho
            for flag, path in zip(active, paths, strict=True):
                if flag:
                    term = x[path[0]]
                    for layer, (below, above) in enumerate(pairwise(path)):
                        term *= point.weights[layer][above][below]
                    row[path[-1]] += chance * term
        found.append(row)
    return found


def test_the_reduced_risk_is_that_of_the_expected_output() -> None:
    source = random.Random(4)
    for _ in range(8):
        widths = source.choice([[1, 2, 1], [2, 1, 2], [1, 2, 2, 1], [2, 2, 1]])
        data = es.Data.from_arrays(
            [[source.randint(-3, 3) for _ in range(widths[0])] for _ in range(2)],
            [[source.randint(-3, 3) for _ in range(widths[-1])] for _ in range(2)],
        )
        problem = es.Problem(es.Network(widths, biases=False), data)
        named = {
            f"W{k}": [[source.randint(-2, 2) for _ in range(below)] for _ in range(above)]
            for k, (below, above) in enumerate(pairwise(widths), 1)
        }
        rho = source.choice([F(1, 2), F(2, 3), F(1)])
        point = problem.parameters(**named)
        rows = expected_outputs(problem, point, rho)
        risk = (
            sum(((f - y) ** 2 for out, goal in zip(rows, data.y, strict=True) for f, y in zip(out, goal, strict=True)), F(0)) / 2
        )
        reduced = reduced_problem(problem, rho)
        assert reduced.risk(point) == risk
        scaled = reduced_problem(problem, rho, "1/2")
        assert [list(map(F, row)) for row in scaled.data.x] == [[v / 2 for v in row] for row in reduced.data.x]


def test_five_of_seven_assumptions_fall() -> None:
    assert [a.name for a in ASSUMPTIONS] == ["A1p", "A2p", "A3p", "A4p", "A5u", "A6u", "A7p"]
    assert [a.name for a in ASSUMPTIONS if a.kept is None] == ["A2p", "A3p", "A4p", "A6u", "A7p"]


def test_the_instance_that_contradicts_it_has_a_certificate() -> None:
    problem, point, lower = contradicted_instance()
    report = corollary_3_2.examine(problem, point)
    assert report.status is Status.PROVED and report.outcome is Outcome.CONFIRMED
    verdict = contradiction(problem, point, lower)
    assert verdict.status is Status.PROVED and verdict.risk == F(1, 6)
    assert es.verify(verdict.certificate).kind == "spurious local minimum"
    assert "global" in verdict.reason
    other = problem.parameters(W1=[[1, -2], [1, 1]], W2=[[1, 1]])
    assert contradiction(problem, other, lower).status is Status.UNDECIDED
    assert contradiction(problem, lower, point).status is Status.UNDECIDED
    assert contradiction(problem, point, point).status is Status.UNDECIDED


def test_where_the_assumptions_hold_the_conclusion_about_the_reduced_risk_is_never_refuted() -> None:
    """All weights and inputs positive: every path is active on every sample; at least squares fits, and elsewhere."""
    source, confirmed = random.Random(9), 0
    for _ in range(SWEEP):
        x = [[source.randint(1, 4), source.randint(1, 4)] for _ in range(3)]
        problem = es.Problem(
            es.Network([2, 2, 1], biases=False), es.Data.from_arrays(x, [source.randint(1, 9) for _ in range(3)])
        )
        rows = [[source.randint(1, 3) for _ in range(2)] for _ in range(2)]
        point = problem.parameters(W1=rows, W2=[[source.randint(1, 3), source.randint(1, 3)]])
        report = corollary_3_2.examine(problem, point)
        assert report.conclusion.status is not Status.REFUTED
        if report.status is Status.PROVED:
            confirmed += report.outcome in (Outcome.CONFIRMED, Outcome.SAYS_NOTHING)
        assert corollary_3_2.check(problem, problem.parameters(W1=[[1, 0], [0, -1]], W2=[[1, 1]])).status is Status.REFUTED
    assert confirmed > SWEEP // 2


def test_bad_arguments() -> None:
    problem, _, _ = contradicted_instance()
    for rho in (0, 2, "-1/2"):
        with pytest.raises(InputError):
            reduced_problem(problem, rho)
    with pytest.raises(InputError):
        reduced_problem(problem, 1, 0)
    with pytest.raises(HypothesisError):
        reduced_problem(es.Problem(es.Network([2, 2, 1]), problem.data), 1)
