"""Linear residual networks: planted global minima, norms against NumPy, and layers that are not invertible."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np

import exactsurf as es
from exactsurf.papers.hardt_2017 import blocks_of, near_identity
from tests.sweep import draws

F = Fraction
SWEEP = draws(12)


def planted(source: random.Random, size: int, blocks: int, loss: str = "squared") -> tuple[es.RestrictedProblem, es.Parameters]:
    """Targets of the product and what is orthogonal to the inputs: the product is the best linear map."""
    restriction = es.residual(size, size, blocks=blocks, activation="linear")
    point = restriction.at([F(source.randint(-4, 4), source.choice([4, 8])) for _ in restriction.names])
    inputs = [[source.randint(-2, 2) for _ in range(size)] for _ in range(size + 1)]
    doubled = [*inputs, *inputs]
    plain = es.RestrictedProblem(restriction, es.Data.from_arrays(doubled, [[0] * size] * len(doubled)))
    fits = plain.unrestricted.predictions(point)
    off = [source.randint(-2, 2) for _ in range(size)]
    targets = [[f + (o if i < len(inputs) else -o) for f, o in zip(row, off, strict=True)] for i, row in enumerate(fits)]
    return es.RestrictedProblem(restriction, es.Data.from_arrays(doubled, targets), loss), point


def test_planted_global_minima() -> None:
    source, confirmed = random.Random(1), 0
    for number in range(SWEEP):
        problem, point = planted(source, 1 + number % 2, 2 + number % 2)
        report = near_identity.examine(problem, point)
        assert report.outcome is not es.Outcome.CONTRADICTED and "critical" not in report.failing
        norms = [np.linalg.norm(np.array(rows, dtype=float) - np.eye(len(rows)), 2) for rows in point.weights]
        if abs(max(norms) - 1) > 1e-9:
            assert ("near identity" in report.failing) == (max(norms) > 1)
        if report.outcome is es.Outcome.CONFIRMED:
            confirmed += 1
            es.verify(report.conclusion.certificate.encoded)
            for _ in range(20):
                other = problem.restriction.at([F(source.randint(-9, 9), 4) for _ in problem.restriction.names])
                assert problem.risk(other) >= problem.risk(point)
    assert confirmed * 3 > SWEEP


def test_layers_that_are_not_invertible_and_points_that_are_not_critical() -> None:
    problem = es.RestrictedProblem(es.residual(2, 2, blocks=2, activation="linear"), es.Data.from_arrays([[1, 0]], [[1, 1]]))
    names = problem.restriction.names
    moved = problem.restriction.at([F(1, 4)] * len(names))
    assert near_identity.examine(problem, moved).outcome is es.Outcome.SAYS_NOTHING
    minus = problem.parameters(**{name: -int(name[-3] == name[-1]) for name in names})
    report = near_identity.examine(problem, minus)
    assert report.failing == ("near identity",) and report.outcome is es.Outcome.FAILS_WITHOUT
    assert es.verify(report.conclusion.certificate.encoded).kind == "not a local minimum of a restricted risk"


def test_which_restrictions_are_blocks() -> None:
    assert blocks_of(es.residual(1, 5, blocks=2, activation="linear")) == 2
    free = es.restriction(es.Network([2, 2, 2], "linear", biases=False))
    assert blocks_of(free) == 2
    for other in (es.residual(2, 1), es.residual(2, 2, activation="linear", head=[1, 1]), es.diagonal(2)):
        assert blocks_of(other).reason
