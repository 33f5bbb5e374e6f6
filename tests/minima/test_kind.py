"""What sort of minimum a point is: points with known answers, and random ones against exact sampling."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Kind
from exactsurf.effort import Effort
from exactsurf.minima.local.directional import directional_derivative
from exactsurf.model.point import Point
from tests import oracle
from tests.minima.class_hinge import plant_classes
from tests.minima.planted import plant

F = Fraction
XOR = es.Data.from_arrays([[1, 1], [-1, -1], [1, -1], [-1, 1]], [1, 1, -1, -1])
LEAKY = es.leaky_relu("1/2")


def kind_at(problem: es.Problem, **named: object) -> Kind:
    verdict = es.decide(problem, problem.parameters(**named))
    assert verdict.status == es.Status.PROVED and verdict.kind is not None
    return verdict.kind


def test_type_one_of_laurent_and_von_brecht() -> None:
    """papers.md, A1.3: the whole neighbourhood of this point has risk 1."""
    problem = es.Problem(es.Network([2, 2, 1], LEAKY), XOR, es.hinge.mean)
    named = {"W1": [["1/100", "2/100"], ["3/100", "-1/100"]], "b1": [5, 5], "W2": [["1/50", "-1/60"]], "b2": [0]}
    assert kind_at(problem, **named) == Kind(False, None, True, True, 9)
    assert kind_at(problem, **named).laurent_type == "I"


def test_type_two_of_laurent_and_von_brecht() -> None:
    """papers.md, A1.5 (c), weights 2, 2, 1 by repetition: two margins are 1, and the risk rises with the output bias."""
    x, y = [[-1, 1], [-1, 1], [1, 1], [1, 1], [0, -1]], [1, 1, 1, 1, -1]
    problem = es.Problem(es.Network([2, 1, 1], LEAKY), es.Data.from_arrays(x, y), es.hinge.mean)
    kind = kind_at(problem, W1=[[1, 0]], b1=[0], W2=[[0]], b2=[1])
    assert (kind.flat, kind.differentiable, kind.laurent_type, kind.strict) == (False, False, "II", False)


def test_classes_can_be_flat_and_sharp() -> None:
    corners = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    problem = es.Problem(es.Network([1, 1, 3]), es.Data.from_arrays([0, 1, 2], corners), es.hinge)
    flat = kind_at(problem, W1=[[1]], b1=[-9], W2=[[3], [4], [5]], b2=["1/2", 0, "-1/3"])
    assert (flat.flat, flat.laurent_type, flat.dimension) == (True, "I", 8)
    alike = es.Problem(
        es.Network([1, 1, 3], biases=False),
        es.Data.from_arrays([1] * 9, [[1, 0, 0]] * 5 + [[0, 1, 0]] * 3 + [[0, 0, 1]]),
        es.hinge,
    )
    sharp = kind_at(alike, W1=[[1]], W2=[[1], [0], [-1]])
    assert (sharp.flat, sharp.laurent_type, sharp.strict) == (False, "II", False)


def test_a_strict_minimum() -> None:
    """The line through two of three points, for the absolute loss; with the squared loss the least squares line."""
    sharp = es.Problem(es.Network([1, 1]), es.Data.from_arrays([-1, 1, 0], [0, 0, 3]), es.absolute)
    kind = kind_at(sharp, W1=[[0]], b1=[0])
    assert (kind.flat, kind.differentiable) == (False, False)
    round_one = es.Problem(es.Network([1, 1]), es.Data.from_arrays([-1, 1, 0], [0, 0, 3]))
    assert kind_at(round_one, W1=[[0]], b1=[1]).differentiable is True


def test_rescaling_is_all_that_moves() -> None:
    """FORMAT.md's `boundary`: a wall with a kink; the minima near the point are v w = 1."""
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 0, 1, 2], [1, -2, 3, 1]))
    assert kind_at(problem, W1=[[1]], b1=[0], W2=[[1]], b2=[0]) == Kind(False, True, False, False, 1)


def test_dead_units() -> None:
    without = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1, 2], [1, 2]))
    assert kind_at(without, W1=[[-1]], W2=[[1]]) == Kind(False, True, True, True, 2)
    biased = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1, 2], [1, 2]))
    kind = kind_at(biased, W1=[[-1]], b1=[-1], W2=[[1]], b2=["3/2"])
    assert (kind.strict, kind.flat, kind.differentiable) == (False, False, True)


@pytest.mark.parametrize("block", range(3))
def test_planted_minima_are_of_the_kind_that_is_told(block: int) -> None:
    seen: Counter[tuple[str, object]] = Counter()
    for seed in range(60 * block, 60 * block + 60):
        rnd = random.Random(seed)
        planted = plant(rnd)
        problem, theta = (planted.problem, planted.theta) if seed % 4 else plant_classes(rnd)
        verdict = es.decide(problem, theta, effort=Effort(fan=64))
        if verdict.status != es.Status.PROVED:
            continue
        kind = verdict.kind
        assert kind is not None
        for name in ("strict", "flat", "differentiable", "isolated_modulo_invariance"):
            seen[name, getattr(kind, name)] += 1
        here = oracle.risk(problem, theta)
        directions = [oracle.random_direction(problem, rnd, density=density) for density in (0.3, 0.7, 1, 1, 1)]
        changes = [oracle.risk(problem, oracle.along(theta, d, F(1, 10**9))) - here for d in directions]
        if kind.flat:
            assert not any(changes) and kind.strict is False
        if kind.flat is False:
            assert any(changes), seed
        if kind.strict:
            assert all(change > 0 for change, d in zip(changes, directions, strict=True) if any(map(any, d.weights[0])))
        if kind.differentiable:
            assert not any(directional_derivative(Point(problem, theta), d) for d in directions), seed
    assert seen["flat", False] and seen["differentiable", True] and seen["differentiable", False]


def test_differentiability_agrees_with_stationarity() -> None:
    """Two ways to decide it: the tangent cones one by one, and the form of the first layer."""
    compared: Counter[bool] = Counter()
    for seed in range(150):
        planted = plant(random.Random(seed))
        verdict = es.decide(planted.problem, planted.theta)
        if verdict.status != es.Status.PROVED or verdict.kind is None or verdict.kind.differentiable is None:
            continue
        senses = es.stationarity(planted.problem, planted.theta)
        if senses.differentiable.status != es.Status.UNDECIDED:
            compared[verdict.kind.differentiable] += 1
            assert (senses.differentiable.status == es.Status.PROVED) == verdict.kind.differentiable, seed
    assert min(compared[True], compared[False]) > 3
