"""One hidden layer, one output, absolute and hinge loss at kinks: every point is decided, and no answer is wrong."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.rules.cone_tree import CriticalCone
from exactsurf.certificate.rules.convex_cells import ConvexCells
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.verdict import Status
from exactsurf.effort import Effort
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.convex_cells import decide_signed_cells
from exactsurf.model.point import Point
from tests import oracle
from tests.minima.planted import ACTIVATIONS

F = Fraction


def kinked_point(rnd: random.Random) -> tuple[es.Problem, es.Parameters]:
    """Small integers, units that are off, at the origin or on walls, and many samples that are fitted or at their margin."""
    d, units, samples = rnd.choice((1, 1, 2, 2)), rnd.randint(1, 4), rnd.randint(3, 8)
    loss = rnd.choice([es.absolute, es.hinge])
    network = es.Network([d, units, 1], rnd.choice(ACTIVATIONS), biases=[rnd.random() < 0.7, rnd.random() < 0.7])
    x = [[F(rnd.randint(-2, 2)) for _ in range(d)] for _ in range(samples)]
    rows = [[F(rnd.randint(-2, 2) if rnd.random() < 0.9 else 0) for _ in range(d + 1)] for _ in range(units)]
    values = {
        "W1": [row[:d] for row in rows],
        "b1": [row[d] for row in rows],
        "W2": [[F(rnd.choice((-1, 0, 0, 1, 1, 2))) for _ in rows]],
        "b2": [F(rnd.randint(-1, 1))],
    }
    blank = es.Problem(network, es.Data.from_arrays(x, [1] * samples), loss)
    theta = blank.parameters(**{name: values[name] for name in network.shapes})
    fitted = [row[0] for row in oracle.predictions(blank, theta)]
    share = rnd.choice((0.5, 0.8, 0.9))
    if loss is es.hinge:
        y = [f if abs(f) == 1 else F(rnd.choice((-1, 1))) for f in fitted]
    else:
        y = [f if rnd.random() < share else f + rnd.choice((-1, 1)) for f in fitted]
    return es.Problem(network, es.Data.from_arrays(x, y), loss), theta


def test_every_point_is_decided() -> None:
    seen: Counter[str] = Counter()
    for seed in range(350):
        problem, theta = kinked_point(random.Random(f"kinks {seed}"))
        verdict = es.decide(problem, theta)
        assert verdict.status is not Status.UNDECIDED, seed
        assert verdict.certificate is not None
        here = oracle.risk(problem, theta)
        if verdict.status is Status.PROVED:
            assert not oracle.is_lower_nearby(problem, theta, [F(1, 1000), F(1, 10**6)], 12), seed
            evidence: object = verdict.certificate.local_minimum
            dead = not all(theta.weights[1][0])
            seen["proved at output weight 0"] += dead and isinstance(evidence, ConvexCells)
            if isinstance(evidence, ConvexCells):
                leaves = [node for node in evidence.nodes if isinstance(node, CriticalCone)]
                seen["strict"] += any(leaf.positive for leaf in leaves)
                seen["unsplit"] += any(leaf.unsplit for leaf in leaves)
        else:
            descent = verdict.certificate.descent
            assert descent is not None and oracle.risk(problem, descent.lower_point.parameters) < here
            if isinstance(descent, DescentCurve):
                seen["curve"] += 1
                assert falls_along(problem, theta, descent), seed
        seen[verdict.status] += 1
    assert seen["PROVED"] >= 100 and seen["REFUTED"] >= 150, seen
    assert min(seen[name] for name in ("proved at output weight 0", "strict", "unsplit")) >= 10 and seen["curve"] >= 3, seen


def falls_along(problem: es.Problem, theta: es.Parameters, descent: DescentCurve) -> bool:
    """Whether the points of the curve at two small t are lower, by `coefficient`·t^`order` and little more or less."""
    for t in (F(1, 10**9), F(1, 10**12)):
        point = theta
        for power, coefficient in enumerate(descent.curve, start=1):
            point = oracle.along(point, coefficient, t**power)
        change = (oracle.risk(problem, point) - oracle.risk(problem, theta)) / t**descent.order
        if not abs(change - descent.coefficient) <= abs(descent.coefficient) / 1000:
            return False
    return True


@pytest.mark.parametrize("seed", range(30))
def test_symmetries_do_not_change_the_answer(seed: int) -> None:
    """Units and samples in another order, inputs times 3, and a factor moved through each homogeneous unit."""
    rnd = random.Random(f"symmetry {seed}")
    problem, theta = kinked_point(rnd)
    network, (w1, w2), (b1, b2) = problem.network, theta.weights, theta.biases
    units = network.widths[1]
    order, samples = rnd.sample(range(units), units), rnd.sample(range(len(problem.data)), len(problem.data))
    scale = [F(rnd.randint(1, 4), 3) if network.activation.two_slopes else F(1) for _ in range(units)]
    values = {
        "W1": [[scale[j] * v / 3 for v in w1[j]] for j in order],
        "b1": [scale[j] * b1[j] for j in order] if b1 is not None else None,
        "W2": [[w2[0][j] / scale[j] for j in order]],
        "b2": b2,
    }
    x = [[3 * value for value in problem.data.x[i]] for i in samples]
    other = es.Problem(network, es.Data.from_arrays(x, [problem.data.y[i] for i in samples]), problem.loss)
    changed = other.parameters(**{name: values[name] for name in network.shapes})
    assert es.decide(other, changed).status is es.decide(problem, theta).status


def test_published_example_with_a_unit_that_is_off() -> None:
    """theory.md, 8.3: w may move a little only, so the point is no minimiser of its cell, but a local minimum."""
    data = es.Data.from_arrays([[1, 0], [2, 0], [1, 1]], [0, 0, 1])
    problem = es.Problem(es.Network([2, 1, 1], biases=False), data, es.absolute)
    assert es.decide(problem, problem.parameters(W1=[[1, 0]], W2=[[0]])).status is Status.PROVED
    # At (0, 1) the third sample pulls, and nothing holds: φ < 0 for all subgradients.
    assert es.decide(problem, problem.parameters(W1=[[0, 1]], W2=[[0]])).status is Status.REFUTED


def test_how_far_a_unit_that_is_off_may_turn() -> None:
    """w = (1, a), a ≥ 0: with v = ±ε the risk changes by ε (1 + 2 ∓ (1 + a)), so a ≤ 2 is a local minimum, and no more."""
    data = es.Data.from_arrays([[1, 0], [2, 0], [1, 1]], [0, 0, 1])
    problem = es.Problem(es.Network([2, 1, 1], biases=False), data, es.absolute)
    found = [es.decide(problem, problem.parameters(W1=[[1, a]], W2=[[0]])).status.name for a in (1, "19/10", 2, "21/10", 3)]
    assert found == ["PROVED", "PROVED", "REFUTED", "REFUTED", "REFUTED"]


def test_the_tree_is_bounded() -> None:
    problem, theta = kinked_point(random.Random("kinks 1"))
    for seed in range(1, 200):
        problem, theta = kinked_point(random.Random(f"kinks {seed}"))
        verdict = es.decide(problem, theta)
        evidence = verdict.certificate.local_minimum if verdict.certificate else None
        if isinstance(evidence, ConvexCells) and any(not isinstance(node, CriticalCone) for node in evidence.nodes[1:]):
            break
    found = decide_signed_cells(Point(problem, theta), effort=Effort(fan=1))
    assert isinstance(found, NotProved) and "more than 1" in found.reason
    assert es.decide(problem, theta, effort=Effort(fan=1)).status is Status.UNDECIDED
