"""Losses with kinks and several outputs: subgradients are chosen so that the unitwise criterion applies."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import exactsurf as es
from exactsurf.certificate.rules.unitwise_vectors import UnitwiseVectors
from exactsurf.effort import Effort
from exactsurf.minima.local.subgradient_choice import propose_subgradients
from exactsurf.model.point import Point
from tests import oracle
from tests.minima.class_hinge import plant_classes
from tests.soundness.float_network import lower_point_nearby
from tests.sweep import draws

F = Fraction


def plant(rnd: random.Random) -> tuple[es.Problem, es.Parameters]:
    """Small integers, and targets that many predictions meet exactly, for the absolute loss of two outputs."""
    widths = rnd.choice(([1, 1, 2], [1, 2, 2], [2, 1, 2]))
    network = es.Network(widths, rnd.choice((es.relu, es.leaky_relu("1/3"))), biases=[rnd.random() < 0.7 for _ in widths[1:]])
    samples = rnd.randint(2, 5)
    x = [[F(rnd.randint(-2, 2)) for _ in range(widths[0])] for _ in range(samples)]
    named = {
        name: [[F(rnd.choice((-1, 0, 1, 1, 2))) for _ in range(shape[1])] for _ in range(shape[0])]
        if len(shape) == 2
        else [F(rnd.choice((-1, 0, 0, 1))) for _ in range(shape[0])]
        for name, shape in network.shapes.items()
    }
    blank = es.Problem(network, es.Data.from_arrays(x, [[0, 0]] * samples), "absolute")
    theta = blank.parameters(**named)
    y = [[f + rnd.choice((-1, 0, 0, 0, 1)) for f in row] for row in oracle.predictions(blank, theta)]
    return es.Problem(network, es.Data.from_arrays(x, y), "absolute"), theta


def test_what_the_choice_proves_is_a_minimum() -> None:
    found: Counter[str] = Counter()
    for seed in range(count := draws(90)):
        problem, theta = plant(random.Random(seed)) if seed % 3 else plant_classes(random.Random(seed), ([1, 1, 2], [1, 1, 3]))
        verdict = es.decide(problem, theta, effort=Effort(fan=64))
        found[str(verdict.status)] += 1
        if verdict.certificate is None or not isinstance(verdict.certificate.local_minimum, UnitwiseVectors):
            continue
        if verdict.certificate.local_minimum.subgradient is not None:
            found["chosen"] += 1
            if found["chosen"] % 3 == 0:
                assert lower_point_nearby(problem, theta, 0.01, seed) is None, seed
    assert 36 * found["chosen"] >= count
    assert 12 * found["UNDECIDED"] < count


def test_proposals_are_subgradients_with_vanishing_sums() -> None:
    proposed = 0
    for seed in range(120):
        problem, theta = plant(random.Random(seed))
        forward = problem.forward(theta)
        for r in propose_subgradients(Point(problem, theta), effort=Effort(fan=16)):
            proposed += 1
            for k, column in enumerate(r):
                for i, f in enumerate(oracle.predictions(problem, theta)):
                    gap = f[k] - problem.data.y[i][k]
                    assert -1 <= column[i] <= 1 and (gap == 0 or column[i] == (1 if gap > 0 else -1))
                if problem.network.biases[1]:
                    assert column.sum() == 0
                for unit in forward.activations[0]:
                    assert unit.dot(column) == 0
    assert proposed > 20
