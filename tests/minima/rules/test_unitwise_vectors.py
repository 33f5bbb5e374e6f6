"""The unitwise criterion for several outputs: against all generators of all cones, against sampling, and with one output."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.point import LOCAL_MINIMUM, Certificate
from exactsurf.certificate.rules.unitwise_vectors import UnitwiseVectors
from exactsurf.certificate.verdict import Status
from exactsurf.effort import Effort
from exactsurf.minima.rules.unitwise_vectors import prove_unitwise_vectors
from exactsurf.model.point import Point
from tests import oracle
from tests.minima import planted_deep
from tests.minima.planted import plant

F = Fraction
SHAPES = ([1, 2, 2], [2, 2, 2], [2, 2, 3], [1, 3, 2], [2, 3, 2])


def proved(problem: es.Problem, theta: es.Parameters, max_cones: int = 4096) -> UnitwiseVectors | None:
    forward = problem.forward(theta)
    r = [low for low, _ in problem.subdifferentials(forward.outputs)]
    return prove_unitwise_vectors(Point(problem, theta), r, effort=Effort(fan=max_cones))


def generators_agree(problem: es.Problem, theta: es.Parameters) -> bool:
    """On every generator ρ of every cone of the boundary samples of a unit: v·Dρ > 0 or Dρ = 0 (theory.md, section 3)."""
    h, samples = problem.network.activation, range(len(problem.data))
    x = [(*row, *((F(1),) if problem.network.biases[0] else ())) for row in problem.data.x]
    r = [
        [oracle.loss_slope(problem, f, y) for f, y in zip(*rows, strict=True)]
        for rows in zip(oracle.predictions(problem, theta), problem.data.y, strict=True)
    ]
    outputs = range(problem.network.widths[-1])
    z = [oracle.pre_activations(problem, theta, row)[0] for row in problem.data.x]
    if problem.network.biases[1] and any(sum(r[i][k] for i in samples) for k in outputs):
        return False
    for j in range(problem.network.widths[1]):
        if any(sum(r[i][k] * oracle.activate(h, z[i][j]) for i in samples) for k in outputs):
            return False
        left, right = ([side(h, z[i][j]) for i in samples] for side in (oracle.slope_left, oracle.slope_right))
        walls = [i for i in samples if left[i] != right[i] and any(x[i])]
        units = [tuple(F(int(p == q)) for q in range(len(x[0]))) for p in range(len(x[0]))]
        cones = [({}, units)]
        if walls:
            arrangement = Arrangement([x[i] for i in walls])
            cones = []
            for cell in arrangement.cells():
                found = arrangement.generators(cell)
                cones.append((dict(zip(walls, cell.signs, strict=True)), [*found.lineality, *found.rays]))
            lines = {tuple(line) for line in found.lineality}
        else:
            lines = set(units)
        v = [row[j] for row in theta.weights[1]]
        for signs, generators in cones:
            slope = [right[i] if signs.get(i, 1) > 0 else left[i] for i in samples]
            for ray in generators:
                move = [sum(a * b for a, b in zip(x[i], ray, strict=True)) * slope[i] for i in samples]
                image = [sum(r[i][k] * move[i] for i in samples) for k in outputs]
                falls = sum(a * b for a, b in zip(v, image, strict=True)) <= 0
                if any(image) and (falls or tuple(ray) in lines):
                    return False
    return True


@pytest.mark.parametrize("seed", range(4))
def test_the_proof_is_found_exactly_if_the_generators_agree(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planted_deep, "SHAPES", SHAPES)
    rnd = random.Random(f"generators {seed}")
    seen: Counter[bool] = Counter()
    while sum(seen.values()) < 12:
        point = planted_deep.plant_deep(rnd, rnd.choice((0, 1, 2, 3)), rnd.choice((F(1, 50), F(1, 2), F(3))))
        if point is None:
            continue
        problem, theta = point
        evidence, expected = proved(problem, theta), generators_agree(problem, theta)
        assert (evidence is not None) == expected
        seen[expected] += 1
        if evidence is not None:
            risk = oracle.risk(problem, theta)
            confirmed(Certificate(LOCAL_MINIMUM, problem, theta, risk, local_minimum=evidence))
            assert es.decide(problem, theta).status is Status.PROVED
            assert not oracle.is_lower_nearby(problem, theta, [F(1, 100), F(1, 10**6)], tries=20, seed=seed)
    assert seen[True] and seen[False]


@pytest.mark.parametrize("seed", range(6))
def test_with_one_output_it_is_the_unitwise_criterion(seed: int) -> None:
    rnd = random.Random(f"one output {seed}")
    seen: Counter[bool] = Counter()
    for _ in range(40):
        planted = plant(rnd)
        problem, theta = planted.problem, planted.theta
        if any(low.fractions() != high.fractions() for low, high in problem.subdifferentials(problem.forward(theta).outputs)):
            continue
        evidence = proved(problem, theta)
        assert (evidence is not None) == (es.decide(problem, theta).status is Status.PROVED)
        seen[evidence is not None] += 1
    assert seen[True] > 2 and seen[False] > 2


def test_the_number_of_cones_is_bounded() -> None:
    """Two units at the origin, three samples in two dimensions: six cones each."""
    data = es.Data.from_arrays([[1, 0], [0, 1], [1, 1], [0, 0]], [[-2, -4], [-2, -4], [2, 4], [2, 4]])
    problem = es.Problem(es.Network([2, 2, 2], es.absolute_value, biases=[False, True]), data)
    theta = problem.parameters(W1=[[0, 0], [0, 0]], W2=[[1, 2], [1, 0]], b2=[0, 0])
    assert proved(problem, theta, 6) is not None and proved(problem, theta, 5) is None
