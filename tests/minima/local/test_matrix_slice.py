"""Best fits of low rank on the pieces of the units, against singular values that are known because they were planted."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import exactsurf as es
from exactsurf.certificate.rules.low_rank import LowRank
from exactsurf.minima.local.matrix_slice import matrix_slice
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules import low_rank
from exactsurf.minima.rules.rule import Proved
from exactsurf.model.point import Point

F = Fraction
TURNS = ([[F(3, 5), F(4, 5)], [F(-4, 5), F(3, 5)]], [[F(5, 13), F(-12, 13)], [F(12, 13), F(5, 13)]])


def planted(rnd: random.Random, h: es.Activation, kept: int, left: int, deep: bool) -> Point:
    """A fit of rank one: y = (kept l₁ r₁ᵀ + left l₂ r₂ᵀ) u on u_i = ±e_i, of which the second part is missing."""
    (l1, l2), (r1, r2) = rnd.sample(TURNS, 2)
    xs, ys = [], []
    for i in range(2):
        for side in rnd.choice(((1,), (-1,), (1, -1))):
            slope = h.slopes_at(side * r1[i])[0]
            # The input is divided by the slope that it will meet, so that all u have length one.
            u = [F(side * (k == i)) for k in range(2)]
            xs.append([value / abs(slope) for value in u])
            bent = [value * (1 if slope > 0 else -1) for value in u]
            dots = [sum(a * b for a, b in zip(r, bent, strict=True)) for r in (r1, r2)]
            ys.append([kept * a * dots[0] + left * b * dots[1] for a, b in zip(l1, l2, strict=True)])
    network = es.Network([2, 1, 1, 2] if deep else [2, 1, 2], h, biases=False)
    problem = es.Problem(network, es.Data.from_arrays(xs, ys))
    out = [[kept * a] for a in l1]
    # Behind the first unit all values of |z| are positive, those of leaky units have the sign of what they read.
    named: dict[str, Any] = {"W1": [r1], "W2": [[1]], "W3": out} if deep else {"W1": [r1], "W2": out}
    return Point(problem, problem.parameters(**named))


@pytest.mark.parametrize("deep", [False, True])
def test_the_larger_singular_value_must_be_kept(deep: bool) -> None:
    rnd, seen = random.Random(5), []
    for _ in range(60):
        kept, left = rnd.randint(1, 4), rnd.randint(1, 4)
        point = planted(rnd, es.absolute_value, kept, left, deep)
        weights = [1 if row[0] else 0 for row in point.problem.data.x]
        if 0 < sum(weights) != len(weights) / 2:
            continue  # the two directions are measured differently often
        answer = low_rank.ask(point, es.Effort())
        assert isinstance(answer, Proved) is (kept >= left), (kept, left)
        verdict = es.decide(point.problem, point.parameters)
        assert (verdict.status is es.Status.PROVED) is (kept >= left), (verdict.reason, kept, left)
        if verdict.certificate is not None:
            assert es.verify(verdict.certificate).kind == verdict.certificate.kind
        seen.append(isinstance(answer, Proved))
    assert any(seen) and not all(seen)


def test_leaky_units_on_both_sides() -> None:
    """Slopes 1/3 and 1 on different samples: the inputs are measured with them."""
    for seed in range(20):
        rnd = random.Random(seed)
        kept, left = rnd.randint(1, 4), rnd.randint(1, 4)
        point = planted(rnd, es.leaky_relu("1/3"), kept, left, deep=False)
        piece = matrix_slice(point)
        assert not isinstance(piece, NotProved)
        u, y = np.array(piece.inputs, float), np.array(point.problem.data.y, float)
        values = np.linalg.svd(u @ np.linalg.pinv(u) @ y, compute_uv=False)
        best = ((y**2).sum() - values[0] ** 2) / 2
        found = isinstance(low_rank.ask(point, es.Effort()), Proved)
        share = float(point.problem.shares[0] * point.problem.loss.scale)
        assert found == (abs(float(point.risk) - 2 * share * best) < 1e-9)


def test_biases_and_intercepts_of_units_on_pieces() -> None:
    """Hard tanh: a clipped unit is a constant that an output bias makes up for, and leaves no room for a matrix of rank two."""
    data = es.Data.from_arrays([[1, 0], [-1, 0], [0, 1], [0, -1]], [[3, 0], [-3, 0], [0, 2], [0, -2]])
    for biases, proved in (([True, True], True), ([True, False], False)):
        problem = es.Problem(es.Network([2, 2, 2], es.hard_tanh, biases=biases), data)
        named: dict[str, Any] = {"W1": [["1/2", 0], [0, 0]], "b1": [0, 2], "W2": [[6, 1], [0, 1]]}
        point = Point(problem, problem.parameters(**named, **({"b2": [-1, -1]} if biases[1] else {})))
        piece = matrix_slice(point)
        assert not isinstance(piece, NotProved) and piece.cuts[1][0] == 1
        answer = low_rank.ask(point, es.Effort())
        assert isinstance(answer, Proved) is proved
        verdict = es.decide(problem, point.parameters)
        assert (verdict.status is es.Status.PROVED) is proved, verdict.reason


def test_a_linear_network_with_a_hidden_bias_only() -> None:
    """No output bias: the hidden bias is one more input. y = 2x + 2 in one output, nothing in the other."""
    data = es.Data.from_arrays([1, -1, 0], [[4, 1], [0, -2], [2, 1]])
    problem = es.Problem(es.Network([1, 1, 2], es.linear, biases=[True, False]), data)
    theta = problem.parameters(W1=[[2]], b1=[2], W2=[[1], [0]])
    verdict = es.decide(problem, theta)
    assert verdict.status is es.Status.REFUTED  # the second output is correlated with x
    data = es.Data.from_arrays([1, -1, 0], [[4, 1], [0, 1], [2, -2]])
    problem = es.Problem(es.Network([1, 1, 2], es.linear, biases=[True, False]), data)
    answer = low_rank.ask(Point(problem, theta), es.Effort())
    assert isinstance(answer, Proved) and answer.evidence == LowRank(())


def test_samples_are_left_out_only_where_they_fit_no_slice() -> None:
    data = es.Data.from_arrays([[1, 0], [0, 1], [4, -3], [5, 0]], [[1, 0], [0, 1], [0, 0], [3, 0]])
    problem = es.Problem(es.Network([2, 1, 2], es.absolute_value, biases=False), data)
    piece = matrix_slice(Point(problem, problem.parameters(W1=[[3, 4]], W2=[["1/5"], [0]])))
    assert not isinstance(piece, NotProved)
    assert piece.left_out == (2,) and piece.kept == (0, 1, 3)
    other = problem.parameters(W1=[[3, 4]], W2=[["1/5"], ["1/7"]])
    moved = es.Problem(problem.network, es.Data.from_arrays([[1, 0], [0, 1], [4, -3]], [[1, 0], [0, 1], [0, 1]]))
    why = matrix_slice(Point(moved, other))
    assert isinstance(why, NotProved) and "breakpoint" in why.reason
