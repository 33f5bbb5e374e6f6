"""Bad saddles of deep linear networks: where they start, and the printed family that fails."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError
from exactsurf.papers import THEOREMS
from exactsurf.papers.kawaguchi_2016 import bad_saddle, convexity_witnesses
from tests import oracle

F = Fraction

TOY = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])


def linear_problem(widths: list[int], data: es.Data = TOY) -> es.Problem:
    return es.Problem(es.Network(widths, es.linear, biases=False), data)


def test_bad_saddles_start_at_two_hidden_layers() -> None:
    for widths in ([2, 2, 2, 2], [2, 1, 2, 2]):
        problem = linear_problem(widths)
        saddle = bad_saddle(problem)
        assert saddle.inertia[:2] == (0, 0) and saddle.verdict.status is Status.REFUTED
        assert oracle.risk(problem, saddle.verdict.lower_point) < F(5, 2) == oracle.risk(problem, saddle.parameters)
    with pytest.raises(HypothesisError, match=r"Corollary 2\.4"):
        bad_saddle(linear_problem([2, 2, 2]))


def test_the_printed_family_of_bad_saddles_fails_for_two_hidden_layers() -> None:
    """W1 = W2 = 0 with W3 = I: L = t⁴ − 3t² + 5/2 along W1 = W2 = tI, so the Hessian has a negative eigenvalue."""
    problem = linear_problem([2, 2, 2, 2])
    zero, one = [[0, 0], [0, 0]], [[1, 0], [0, 1]]
    for t in (F(1, 3), F(1, 100)):
        along = [[t, 0], [0, t]]
        assert oracle.risk(problem, problem.parameters(W1=along, W2=along, W3=one)) == t**4 - 3 * t**2 + F(5, 2)
        cube = problem.parameters(W1=along, W2=along, W3=along)
        assert oracle.risk(problem, cube) == F(5, 2) - 3 * t**3 + t**6
    verdict = THEOREMS["kawaguchi_2016.theorem_2_3"].conclusion(problem, problem.parameters(W1=zero, W2=zero, W3=one))
    assert verdict.status is Status.PROVED and verdict.reason.startswith("a saddle")


def test_two_segments_show_that_the_risk_is_neither_convex_nor_concave() -> None:
    """Any widths and depths; the ends and the middle are evaluated with the oracle."""
    source = random.Random(23)
    for _ in range(60):
        widths = [source.randint(1, 3) for _ in range(source.randint(3, 5))]
        size = source.randint(1, 4)
        x, y = ([[source.randint(-2, 2) for _ in range(width)] for _ in range(size)] for width in (widths[0], widths[-1]))
        problem = es.Problem(es.Network(widths, es.linear, biases=False), es.Data.from_arrays(x, y))
        if not any(sum(p[a] * q[b] for p, q in zip(x, y, strict=True)) for a in range(widths[0]) for b in range(widths[-1])):
            with pytest.raises(HypothesisError, match="X Yᵀ = 0"):
                convexity_witnesses(problem)
            continue
        for segment, sign in zip(convexity_witnesses(problem), (1, -1), strict=True):
            pairs = zip(segment.first.weights, segment.second.weights, strict=True)
            halves = [[[(p + q) / 2 for p, q in zip(*rows, strict=True)] for rows in zip(*pair, strict=True)] for pair in pairs]
            middle = problem.parameters(**{f"W{k}": half for k, half in enumerate(halves, start=1)})
            risks = [oracle.risk(problem, point) for point in (segment.first, middle, segment.second)]
            assert tuple(risks) == segment.risks
            assert sign * (2 * risks[1] - risks[0] - risks[2]) > 0
