"""Residual blocks as linear models on their features: the same predictions, NumPy's least squares, random local minima."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

import exactsurf as es
from exactsurf.exact.linear_algebra import least_squares
from exactsurf.papers.kawaguchi_2019 import no_bad_local_minima, with_fixed_features
from exactsurf.papers.shamir_2018 import best_linear_predictor, fixed_output_weight
from tests.sweep import draws

F = Fraction
SWEEP = draws(8)
DATA = es.Data.from_arrays([1, 2, 3], [1, 1, 2])


def random_block(source: random.Random) -> tuple[es.RestrictedProblem, es.Parameters]:
    """A block at its best linear fit on inputs and features: a critical point, and often a minimum."""
    width, hidden = source.choice([1, 1, 2]), source.choice([1, 2])
    restriction = es.residual(width, hidden, activation=source.choice(["relu", es.leaky_relu("1/2")]), head=[None] * width)
    inputs = [[source.randint(-3, 3) for _ in range(width)] for _ in range(4)]
    targets = [source.randint(-2, 2) for _ in inputs]
    problem = es.RestrictedProblem(restriction, es.Data.from_arrays(inputs, targets))
    values = {name: F(source.choice([-2, -1, 1, 2]), source.choice([1, 2, 3])) for name in restriction.names}
    model, _ = with_fixed_features(problem, problem.parameters(**values))
    row = least_squares(model.data.x, [F(y) for y in targets])
    head, mixed = row[:width], row[width:]
    if not any(head):
        return problem, problem.parameters(**values)
    k = next(k for k, value in enumerate(head) if value)
    for i in range(width):
        values[f"v_{i}"] = head[i]
        for j in range(hidden):
            values[f"V1_{i}_{j}"] = mixed[j] / head[k] if i == k else F(0)
    return problem, problem.parameters(**values)


def test_the_linear_model_has_the_same_predictions() -> None:
    source = random.Random(2)
    for _ in range(20):
        problem, _ = random_block(source)
        point = problem.restriction.at([F(source.randint(-4, 4), 3) for _ in problem.restriction.names])
        model, there = with_fixed_features(problem, point)
        assert model.predictions(there) == problem.unrestricted.predictions(point)
        assert model.risk(there) == problem.risk(point)


def test_random_blocks_at_their_best_fit() -> None:
    source, seen = random.Random(7), Counter[es.Outcome]()
    for _ in range(SWEEP):
        problem, point = random_block(source)
        report = no_bad_local_minima.examine(
            problem,
            point,
        )
        assert report.outcome is not es.Outcome.CONTRADICTED, (problem, point)
        seen[report.outcome] += 1
        if report.outcome is es.Outcome.CONFIRMED:
            es.verify(report.conclusion.certificate.encoded)
            model, _ = with_fixed_features(problem, point)
            x, y = (np.array([[float(v) for v in row] for row in rows]) for rows in (model.data.x, model.data.y))
            misfit = x @ np.linalg.lstsq(x, y, rcond=None)[0] - y
            assert float(problem.risk(point)) == pytest.approx(float((misfit**2).sum() / 2), abs=1e-9)
            assert problem.risk(point) <= best_linear_predictor(problem)[1]
    assert seen[es.Outcome.CONFIRMED] >= 1, seen


def test_a_dead_unit_and_points_of_no_interest() -> None:
    problem = es.RestrictedProblem(es.residual(1, 1, head=[None]), DATA)
    report = no_bad_local_minima.examine(problem, problem.parameters(W1_0_0=-1, V1_0_0=0, v_0="9/14"))
    assert report.outcome is es.Outcome.CONFIRMED and es.verify(report.conclusion.certificate.encoded).risk == F(3, 28)
    moved = problem.parameters(W1_0_0=1, V1_0_0=1, v_0=0)
    assert no_bad_local_minima.examine(problem, moved).outcome is es.Outcome.SAYS_NOTHING
    model, there = no_bad_local_minima.construct(problem, moved)
    assert model.network.widths == (2, 1) and there.weights[0] == ((0, 0),)


def test_other_architectures_and_losses() -> None:
    problem, point = fixed_output_weight()
    report = no_bad_local_minima.examine(problem, point)
    assert report.outcome is es.Outcome.FAILS_WITHOUT and report.failing == ("block",)
    for other in (es.residual(1, 1, blocks=2, head=[None]), es.diagonal(2, 3)):
        wrong = es.RestrictedProblem(other, es.Data.from_arrays([[1] * other.network.widths[0]], [1]))
        assert with_fixed_features(wrong, other.at([1] * other.dimension)).reason
    huber = es.RestrictedProblem(es.residual(1, 1, head=[None]), es.Data.from_arrays([1, 2], [1, 2]), es.huber(1))
    fit = huber.parameters(W1_0_0=-1, V1_0_0=0, v_0=1)
    assert no_bad_local_minima.examine(huber, fit).outcome is es.Outcome.CONFIRMED
    kinks = es.RestrictedProblem(es.residual(1, 1, head=[None]), DATA, "absolute")
    there = kinks.parameters(W1_0_0=-1, V1_0_0=0, v_0=1)
    assert no_bad_local_minima.does_not_apply(kinks, there) == "the loss is absolute"
    assert no_bad_local_minima.conclusion(kinks, there).status is es.Status.UNDECIDED
