"""Du et al.: the closed form against quadrature and mpmath, the condition on a* against a numerical Hessian-free descent."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import InputError
from exactsurf.papers import du_2018
from exactsurf.papers.du_2018 import opposite_filter, population_risk
from exactsurf.theorems.outcome import Outcome

F = Fraction
THEOREM = du_2018.one_filter


def by_quadrature(a: list[int], goal: list[int], angle: mpmath.mpf) -> mpmath.mpf:
    """F for unit filters in the plane: products of independent patches factor into means, squares are angular integrals."""

    def student(t: mpmath.mpf) -> mpmath.mpf:
        return max(0, mpmath.cos(t))

    def teacher(t: mpmath.mpf) -> mpmath.mpf:
        return max(0, mpmath.cos(t - angle))

    kinks = sorted({k % (2 * mpmath.pi) for c in (0, angle) for k in (c + mpmath.pi / 2, c - mpmath.pi / 2)})
    parts = [0, *kinks, 2 * mpmath.pi]
    # E r = √(π/2) and E r² = 2 for the length r of a normal vector in the plane.
    means = [mpmath.sqrt(mpmath.pi / 2) * mpmath.quad(f, parts) / (2 * mpmath.pi) for f in (student, teacher)]
    total = mpmath.mpf(0)
    for j in range(len(a)):
        own = mpmath.quad(lambda t, j=j: (a[j] * student(t) - goal[j] * teacher(t)) ** 2, parts) * 2 / (2 * mpmath.pi)
        total += own
        for k in range(len(a)):
            if k != j:
                total += (a[j] * means[0] - goal[j] * means[1]) * (a[k] * means[0] - goal[k] * means[1])
    return total / 2


@pytest.mark.parametrize(("a", "goal", "cosine"), [([1, 2], [2, -1], "3/5"), ([1], [3], "-4/5"), ([1, 0, -2], [1, 1, 1], 0)])
def test_the_risk_against_quadrature(a: list[int], goal: list[int], cosine: object) -> None:
    found = population_risk(a, goal, cosine)
    expected = by_quadrature(a, goal, mpmath.acos(mpmath.mpf(str(float(F(str(cosine)))))))
    assert abs(float(found.midpoint) - float(expected)) < 1e-8
    assert found.radius < F(1, 10**30)


def test_the_published_condition() -> None:
    """(1·a*)² < (k + π − 1)/π |a*|², by mpmath, on all small integer teachers."""
    for k in (1, 2, 3):
        for code in range(5**k):
            goal = [code // 5**j % 5 - 2 for j in range(k)]
            if any(goal):
                bound = (k + mpmath.pi - 1) / mpmath.pi * sum(v * v for v in goal)
                # For one patch the two sides are equal, and the point is no local minimum.
                assert opposite_filter(goal).is_local_minimum == (k > 1 and sum(goal) ** 2 < bound)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-4, 4), min_size=1, max_size=4).filter(any))
def test_the_point_has_the_least_risk_near_it_if_and_only_if_it_is_said_to(goal: list[int]) -> None:
    found = opposite_filter(goal)
    weights = [w.midpoint for w in found.output_weights]
    assert found.risk.lower > 0
    here = population_risk(weights, goal, -1)
    assert abs(here.midpoint - found.risk.midpoint) < F(1, 10**30)
    # Best output weights for a filter turned a little: a descent exists exactly where a·a* ≥ 0.
    nearer = F(-(10**4 - 1), 10**4)
    moved = [w + step * v for w, v in zip(weights, goal, strict=True) for step in (F(1, 10**9),)]
    turned = min(population_risk(point, goal, nearer).upper for point in (weights, moved))
    assert (turned < here.lower) is not found.is_local_minimum


def test_the_best_output_weights_solve_their_equations() -> None:
    goal = [3, -1, 1]
    found = opposite_filter(goal)
    total = sum(w.midpoint for w in found.output_weights)
    for w, v in zip(found.output_weights, goal, strict=True):
        left = (mpmath.pi - 1) * float(w.midpoint) + float(total)
        assert abs(left - (sum(goal) - v)) < 1e-12


def test_hypotheses_on_a_point() -> None:
    data = es.Data.from_arrays([[1, 0, 2, 1], [0, 1, 1, -1]], [1, 0])
    problem = es.Problem(es.Network([4, 2, 1], biases=False), data)
    shared = problem.parameters(W1=[[1, 2, 0, 0], [0, 0, 1, 2]], W2=[[1, -1]])
    other = problem.parameters(W1=[[1, 2, 0, 0], [0, 0, 1, 3]], W2=[[1, -1]])
    assert THEOREM.check(problem, shared).status is Status.PROVED
    assert THEOREM.check(problem, other).failing == ("filter",)
    assert "W1[1, 3]" in THEOREM.check(problem, other).findings[-1].witness
    assert THEOREM.conclusion(problem, shared).status is Status.UNDECIDED
    assert THEOREM.construct(problem, [1, -1]).is_local_minimum
    with pytest.raises(InputError):
        THEOREM.construct(problem, [1])
    with pytest.raises(InputError):
        opposite_filter([0, 0])
    with pytest.raises(InputError):
        population_risk([1], [1], 2)


def test_the_condition_on_an_instance_has_a_certificate() -> None:
    theorem = du_2018.spurious_minimum
    problem = es.Problem(es.Network([4, 2, 1], biases=False), es.Data.from_arrays([[1, 0, 2, 1]], [1]))
    for goal, kind in (([1, -1], "spurious"), ([1, 1], "no local minimum")):
        teacher = problem.parameters(W1=[[1, 2, 0, 0], [0, 0, 1, 2]], W2=[goal])
        verdict = theorem.conclusion(problem, teacher)
        assert verdict.status is Status.PROVED and verdict.certificate.kind.startswith(kind)
        assert es.verify(verdict.certificate).sentence == verdict.certificate.sentence
        assert theorem.examine(problem, teacher).outcome is Outcome.CONFIRMED
    nothing = problem.parameters(W1=[[1, 2, 0, 0], [0, 0, 1, 2]], W2=[[0, 0]])
    assert theorem.check(problem, nothing).failing == ("teacher",)
    assert theorem.conclusion(problem, nothing).status is Status.UNDECIDED


def test_filters_of_one_entry_cannot_turn() -> None:
    """On the line the risk at the opposite filter is convex in a, and the filter can only jump: a local minimum always."""
    (example,) = du_2018.spurious_minimum.sharpness()
    report = du_2018.spurious_minimum.examine(example.problem, example.parameters)
    assert report.failing == ("entries",) and report.conclusion.status is Status.REFUTED
    weights = opposite_filter([1, 1]).output_weights
    here = population_risk([w.midpoint for w in weights], [1, 1], -1)
    for moves in ((1, 0), (0, 1), (1, 1), (1, -1)):
        near = [w.midpoint + F(m, 100) for w, m in zip(weights, moves, strict=True)]
        assert population_risk(near, [1, 1], -1).lower > here.upper
