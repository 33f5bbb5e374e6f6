"""Points below which there is only a thin cone, where several units stay close to their kinks together."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

import exactsurf as es
from exactsurf import effort as effort_module
from exactsurf.certificate.verdict import Status
from exactsurf.effort import Effort, OutOfTime
from exactsurf.minima.floats import scaled_curves
from exactsurf.minima.floats.scaled_curves import find_scaled_curve
from exactsurf.minima.rules.curve import scaled
from exactsurf.minima.rules.rule import Refuted
from exactsurf.model.point import Point
from tests.minima.checked_decision import check_descent

TWO_OUTPUTS: dict[str, Any] = {
    "x": [[0, 0, 0], [1, -2, 2], [-2, 1, 0], [2, 1, -2], [2, -1, -1]],
    "y": [[0, -2], [-1, 2], [0, -1], [-1, 2], [2, 2]],
    "W": {"W1": [[-1, 1, -1], [0, 0, 0]], "W2": [[0, 0], [0, 0]], "W3": [[-1, 0], [-1, -1]]},
}


def two_outputs() -> tuple[es.Problem, es.Parameters]:
    """3-2-2-2 with |z|: the second unit w and the unit above it (p, q) must move as t w, (−t², t), w on one ray of R³."""
    network = es.Network([3, 2, 2, 2], "absolute_value", biases=False)
    problem = es.Problem(network, es.Data.from_arrays(TWO_OUTPUTS["x"], TWO_OUTPUTS["y"]))
    return problem, problem.parameters(**TWO_OUTPUTS["W"])


def test_a_cone_found_by_hand_is_found() -> None:
    problem, theta = two_outputs()
    by_hand = [15, 3, 13]
    for scale in (Fraction(1, 10), Fraction(1, 1000)):
        named = {"W1": [[-1, 1, -1], [scale * v / 7 for v in by_hand]], "W2": [[-scale * scale, scale], [0, 0]]}
        assert problem.risk(problem.parameters(**named, W3=TWO_OUTPUTS["W"]["W3"])) < problem.risk(theta)
    verdict = es.decide(problem, theta, effort=600)
    assert verdict.status is Status.REFUTED and "to order 2" in verdict.reason
    assert es.verify(verdict.certificate.encoded).kind == "not a local minimum"
    check_descent(problem, theta, verdict)


def planted(seed: int) -> tuple[es.Problem, es.Parameters, list[Fraction]]:
    """2-2-1-1 with |z|: units u and 0, then (0, 0), then 1; and the ray on which the second unit must move.

    x₀ = α₁x₁ + α₂x₂, y₀ = 1, y_i = −(|α_i| + 1). With w in place of the unit 0 and (p, q) above, the risk changes to first order
    by Σ_i −y_i |p|u·x_i| + q|w·x_i||. For p = 0 or q = 0 that is positive; for w·x_i = sgn(α_i)|u·x_i|, p = −q only x₀ is left.
    """
    source = random.Random(seed)
    while True:
        x = [[source.randint(-3, 3) for _ in range(2)] for _ in range(2)]
        alpha, u = ([source.choice([-2, -1, 1, 2]) for _ in range(2)] for _ in range(2))
        det = x[0][0] * x[1][1] - x[0][1] * x[1][0]
        at = [abs(u[0] * row[0] + u[1] * row[1]) for row in x]
        x0 = [alpha[0] * x[0][k] + alpha[1] * x[1][k] for k in range(2)]
        here, aligned = abs(u[0] * x0[0] + u[1] * x0[1]), sum(abs(a) * v for a, v in zip(alpha, at, strict=True))
        if det and all(at) and 0 < here < aligned:
            break
    goal = [at[i] if alpha[i] > 0 else -at[i] for i in range(2)]
    ray = [Fraction(goal[0] * x[1][1] - goal[1] * x[0][1], det), Fraction(goal[1] * x[0][0] - goal[0] * x[1][0], det)]
    data = es.Data.from_arrays([x0, *x], [1, *(-(abs(a) + 1) for a in alpha)])
    problem = es.Problem(es.Network([2, 2, 1, 1], "absolute_value", biases=False), data)
    return problem, problem.parameters(W1=[u, [0, 0]], W2=[[0, 0]], W3=[[1]]), ray


@pytest.mark.parametrize("seed", range(12))
def test_planted_cones_are_found(seed: int) -> None:
    problem, theta, ray = planted(seed)
    for scale in (Fraction(1, 50), Fraction(1, 5000)):
        lower = problem.parameters(W1=[theta.weights[0][0], [scale * v for v in ray]], W2=[[-scale * scale, scale]], W3=[[1]])
        assert problem.risk(lower) < problem.risk(theta), "the instance is planted wrongly"
    answer = scaled(Point(problem, theta), Effort())
    assert isinstance(answer, Refuted)
    verdict = es.decide(problem, theta, effort=600)
    assert verdict.status is Status.REFUTED
    check_descent(problem, theta, verdict)


def test_no_curve_is_found_at_a_strict_minimum() -> None:
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 0, 1, 2], [1, -2, 3, 1]))
    theta = problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    assert find_scaled_curve(Point(problem, theta), Effort(), 2) is None


def test_numbers_beyond_doubles_are_left_to_other_rules() -> None:
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([10**400], [1]))
    assert find_scaled_curve(Point(problem, problem.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=[1])), Effort(), 1) is None


def test_of_large_networks_fewer_curves_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[int, int]] = []
    real = scaled_curves._drawn

    def count(source: Any, shape: tuple[int, int]) -> Any:
        drawn.append(shape)
        return real(source, (1, shape[1]))

    monkeypatch.setattr(scaled_curves, "_drawn", count)
    wide = es.Problem(es.Network([80, 40, 1], biases=False), es.Data.from_arrays([[k % 3 - 1 for k in range(80)]], [1]))
    find_scaled_curve(Point(wide, wide.parameters(W1=[[0] * 80] * 40, W2=[[0] * 40])), Effort(), 1)
    assert len(drawn) == 1 and drawn[0][1] == 3240 and 1 <= drawn[0][0] <= 400_000 // 3240


def test_the_clock_is_asked_at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = [0]

    def tick() -> int:
        looks[0] += 1
        return looks[0] * 10**7

    monkeypatch.setattr(effort_module, "monotonic_ns", tick)
    problem, theta = two_outputs()
    with pytest.raises(OutOfTime):
        find_scaled_curve(Point(problem, theta), Effort(seconds=1).started(), 8)
    assert looks[0] < 110
