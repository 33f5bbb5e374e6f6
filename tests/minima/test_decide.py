"""decide(): verdicts at planted points against exact sampling, and against Theorem A decided by rays."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.rules.dead_unit import DeadUnit
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.certificate.rules.unitwise import MultiplierLeaf, Split, Unitwise
from exactsurf.certificate.verdict import Status
from tests import oracle
from tests.minima.checked_decision import TINY, check
from tests.minima.planted import Planted, is_differentiable, plant
from tests.sweep import draws

F = Fraction


def is_on_walls(planted: Planted) -> bool:
    """Whether some unit with output weight sees some sample with residual exactly at a breakpoint."""
    problem, theta = planted.problem, planted.theta
    for x, (f,), (y,) in zip(problem.data.x, oracle.predictions(problem, theta), problem.data.y, strict=True):
        for z, v in zip(oracle.pre_activations(problem, theta, x)[0], theta.weights[1][0], strict=True):
            if v and f != y and z in problem.network.activation.breakpoints:
                return True
    return False


# Random points, planted so that true local minima, near misses and dead units are frequent.
@pytest.mark.slow
@pytest.mark.parametrize("block", range(draws(2)))
def test_planted_points_are_decided_and_right(block: int) -> None:
    rnd = random.Random(block)
    seen: Counter[str] = Counter()
    for _ in range(250):
        planted = plant(rnd)
        if not is_differentiable(planted):
            continue
        problem, theta = planted.problem, planted.theta
        verdict = check(problem, theta, TINY)
        assert verdict.status is not Status.UNDECIDED, "one hidden layer, one output, differentiable: always decided"
        assert (verdict.status is Status.PROVED) == oracle.is_local_minimum(problem, theta), (problem, theta)
        seen[str(verdict.status)] += 1
        assert verdict.certificate is not None
        evidence = verdict.certificate.local_minimum
        if isinstance(evidence, Unitwise):
            nodes = [node for unit in evidence.units for node in unit]
            seen["multipliers"] += any(isinstance(node, MultiplierLeaf) and node.multipliers for node in nodes)
            seen["proved on walls"] += is_on_walls(planted)
            seen["splits"] += any(isinstance(node, Split) for node in nodes)
            seen["dead"] += () in evidence.units
        seen["dead unit"] += isinstance(verdict.certificate.descent, DeadUnit)
        seen["direction"] += isinstance(verdict.certificate.descent, DescentDirection)
    # The test would say little if one of the answers, or one kind of evidence, were rare.
    assert seen["PROVED"] >= 80 and seen["REFUTED"] >= 80, seen
    assert seen["proved on walls"] >= 25 and seen["multipliers"] >= 8 and seen["dead"] >= 3, seen
    assert seen["direction"] >= 60 and seen["dead unit"] >= 8, seen


@pytest.mark.slow
@pytest.mark.parametrize("block", range(3))
def test_near_misses_by_a_hair(block: int) -> None:
    rnd = random.Random(1000 + block)
    seen: Counter[Status] = Counter()
    for _ in range(60):
        planted = plant(rnd, near_miss=True)
        verdict = check(planted.problem, planted.theta, [F(1, 10**70), F(1, 10**90)])
        assert (verdict.status is Status.PROVED) == oracle.is_local_minimum(planted.problem, planted.theta)
        seen[verdict.status] += 1
    assert seen[Status.PROVED] >= 5 and seen[Status.REFUTED] >= 20 and not seen[Status.UNDECIDED], seen


def in_cell_minimiser(rnd: random.Random) -> Planted | None:
    """Least squares over one cell in product variables; a point of the closed cell, if it lies there."""
    d, units, samples = rnd.choice((1, 2)), rnd.randint(1, 2), rnd.randint(4, 7)
    network = es.Network([d, units, 1], rnd.choice((es.relu, es.leaky_relu("1/4"), es.absolute_value)))
    x = [[F(rnd.randint(-3, 3)) for _ in range(d)] for _ in range(samples)]
    y = [F(rnd.randint(-3, 3)) for _ in range(samples)]
    problem = es.Problem(network, es.Data.from_arrays(x, y))
    start = [[rnd.randint(-2, 2) for _ in range(d + 1)] for _ in range(units)]
    h = network.activation
    columns: list[list[Fraction]] = []
    for w in start:
        z = [oracle._dot([F(v) for v in w], [*row, F(1)]) for row in x]
        if 0 in z:
            return None
        slopes = [oracle.slope_right(h, value) for value in z]
        columns += [[a * row[p] for a, row in zip(slopes, x, strict=True)] for p in range(d)] + [slopes]
    columns.append([F(1)] * samples)
    gram = [[oracle._dot(a, b) for b in columns] for a in columns]
    augmented = [[*row, oracle._dot(column, y)] for row, column in zip(gram, columns, strict=True)]
    reduced, pivots = oracle.echelon(augmented)
    solution = [F(0)] * len(columns)
    for row, pivot in zip(reduced, pivots, strict=True):
        solution[pivot] = row[-1]
    rows, v = [], []
    for j, w in enumerate(start):
        p = solution[j * (d + 1) : (j + 1) * (d + 1)]
        sign = 1 if oracle._dot(p, [*x[0], F(1)]) * oracle._dot([F(a) for a in w], [*x[0], F(1)]) >= 0 else -1
        rows.append([sign * value for value in p])
        v.append(sign)
    theta = problem.parameters(W1=[row[:d] for row in rows], b1=[row[d] for row in rows], W2=[v], b2=[solution[-1]])
    return Planted(problem, theta)


@pytest.mark.slow
def test_minimisers_of_cells() -> None:
    rnd = random.Random(7)
    seen: Counter[Status] = Counter()
    while sum(seen.values()) < 80:
        planted = in_cell_minimiser(rnd)
        if planted is None:
            continue
        verdict = check(planted.problem, planted.theta, TINY)
        assert (verdict.status is Status.PROVED) == oracle.is_local_minimum(planted.problem, planted.theta)
        seen[verdict.status] += 1
    assert seen[Status.PROVED] >= 20 and seen[Status.REFUTED] >= 20 and not seen[Status.UNDECIDED], seen


def test_swapped_arguments_and_what_is_no_certificate():
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    theta = problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    with pytest.raises(es.InputError, match=r"not a problem.*decide\(problem, parameters\)"):
        es.decide(theta, problem)  # type: ignore[call-overload]
    with pytest.raises(es.InputError, match="not a certificate"):
        es.verify(12)  # type: ignore[arg-type]
