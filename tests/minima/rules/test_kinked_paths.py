"""Rule `kinked paths`: frozen units that can only add, against a search for lower points and under symmetries."""

from __future__ import annotations

import random
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.point import Certificate
from exactsurf.certificate.rules.kinked_paths import KinkedPaths
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.kinked_paths import RULE, prove_kinked_paths
from exactsurf.minima.rules.rule import Proved
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from tests import oracle

F = Fraction
TENT = es.piecewise_linear([-1, 0, 1], [0, 1, -1, 0], 1)


def plant(rnd: random.Random) -> tuple[es.Problem, Parameters]:
    """The last hidden layer reads weights 0, so that all of its units are at one breakpoint; targets near the predictions."""
    h = rnd.choice([es.relu, es.absolute_value, es.absolute_value, es.leaky_relu("1/3"), TENT, es.relu_like(1, -2)])
    widths = [rnd.randint(1, 2), *[rnd.randint(1, 2) for _ in range(rnd.randint(1, 3))], rnd.randint(1, 2)]
    biases = [rnd.random() < 0.3 for _ in widths[1:]]
    network = es.Network(widths, h, biases=biases)
    x = [[rnd.randint(-2, 2) for _ in range(widths[0])] for _ in range(rnd.randint(1, 3))]
    x = [row for row in x for _ in range(rnd.choice((1, 1, 2)))]
    loss = rnd.choice([es.squared, es.huber(1), es.absolute, es.absolute])
    blank = es.Problem(network, es.Data.from_arrays(x, [[0] * widths[-1]] * len(x)), loss)
    start = oracle.random_direction(blank, rnd, density=0.8)
    named = {f"W{n}": [list(row) for row in rows] for n, rows in enumerate(start.weights, start=1)}
    named |= {f"b{n}": list(values) for n, values in enumerate(start.biases, start=1) if values is not None}
    last = len(widths) - 2
    named[f"W{last}"] = [[0] * widths[last - 1]] * widths[last]
    if biases[last - 1]:
        named[f"b{last}"] = [0] * widths[last]
    theta = blank.parameters(**named)
    # Residuals along the output weights make kinks that add likely.
    weights = theta.weights[-1]
    side = 1 if h is not TENT else -1
    y = [
        [f - side * rnd.choice((0, 1, 1, 2)) * (row[0] > 0) + side * (row[0] < 0) for f, row in zip(values, weights, strict=True)]
        for values in oracle.predictions(blank, theta)
    ]
    return es.Problem(network, es.Data.from_arrays(x, y), loss), theta


def frozen(problem: es.Problem, theta: Parameters, r: list[list[Fraction]]) -> Fraction:
    pairs = zip(r, oracle.predictions(problem, theta), strict=True)
    return sum((a * b for row, f in pairs for a, b in zip(row, f, strict=True)), F(0))


def subgradient(problem: es.Problem, theta: Parameters, evidence: KinkedPaths) -> list[list[Fraction]]:
    if evidence.subgradient is not None:
        return [list(row) for row in evidence.subgradient]
    pairs = zip(oracle.predictions(problem, theta), problem.data.y, strict=True)
    return [[oracle.loss_slope(problem, a, b) for a, b in zip(f, y, strict=True)] for f, y in pairs]


def test_what_is_proved_holds_and_the_frozen_risk_is_nowhere_lower() -> None:
    rnd, seen = random.Random(1), Counter[str]()
    for _ in range(250):
        problem, theta = plant(rnd)
        evidence = prove_kinked_paths(Point(problem, theta))
        if evidence is None:
            seen["open"] += 1
            continue
        certificate = confirmed(Certificate("local minimum", problem, theta, oracle.risk(problem, theta), local_minimum=evidence))
        assert certificate.document()["format"].endswith("/2")
        assert not oracle.is_lower_nearby(problem, theta, [F(1, 10**4), F(1, 10**12)], tries=10)
        r = subgradient(problem, theta, evidence)
        here = frozen(problem, theta, r)
        near = [oracle.along(theta, oracle.random_direction(problem, rnd), F(1, 10**15)) for _ in range(12)]
        assert all(frozen(problem, other, r) >= here for other in near)
        seen["rises"] += any(frozen(problem, other, r) > here for other in near)
        seen[f"slopes {bool(evidence.slopes)}"] += 1
        seen[f"multiples {bool(evidence.multiples)}"] += 1
        seen[f"subgradient {evidence.subgradient is not None}"] += 1
        seen[f"layers {problem.network.layers}"] += 1
        seen[f"outputs {problem.network.widths[-1]}"] += 1
    wanted = ("open", "rises", "slopes True", "multiples True", "subgradient True", "subgradient False", "layers 4", "outputs 2")
    assert all(seen[name] >= 5 for name in wanted), seen


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6))
def test_equivalent_questions_have_the_same_answer(seed: int) -> None:
    """Samples in another order, a weight for each in the place of copies, and units rescaled where h allows it."""
    rnd = random.Random(seed)
    problem, theta = plant(rnd)
    answer = prove_kinked_paths(Point(problem, theta)) is not None
    order = list(range(len(problem.data)))
    rnd.shuffle(order)
    data = es.Data.from_arrays([problem.data.x[i] for i in order], [problem.data.y[i] for i in order])
    assert (prove_kinked_paths(Point(es.Problem(problem.network, data, problem.loss), theta)) is not None) == answer
    doubled = es.Problem(problem.network, problem.data, problem.loss.scaled(2))
    assert (prove_kinked_paths(Point(doubled, theta)) is not None) == answer
    if problem.network.activation is not TENT:
        scaled = {f"W{n}": rows for n, rows in enumerate(theta.weights, start=1)}
        scaled |= {f"b{n}": values for n, values in enumerate(theta.biases, start=1) if values is not None}
        scaled["W1"] = [[2 * w for w in row] for row in theta.weights[0]]
        scaled["W2"] = [[w / 2 for w in row] for row in theta.weights[1]]
        if theta.biases[0] is not None:
            scaled["b1"] = [2 * b for b in theta.biases[0]]
        assert (prove_kinked_paths(Point(problem, problem.parameters(**scaled))) is not None) == answer


def test_the_example_of_theory() -> None:
    network = es.Network([3, 1, 2, 2, 2], es.absolute_value, biases=False)
    problem = es.Problem(network, es.Data.from_arrays([[-1, 0, -2], [2, 0, 2]], [[2, 0], [1, 2]]))
    theta = problem.parameters(W1=[[0, 1, -1]], W2=[[0], [0]], W3=[[0, 0], [2, 0]], W4=[[-1, -1], [0, -1]])
    answer = RULE.ask(Point(problem, theta), es.Effort())
    assert isinstance(answer, Proved) and len(answer.evidence.slopes) == 8
    assert es.decide(problem, theta).status is es.Status.PROVED
    # With one output weight turned, that unit can lower the risk.
    turned = problem.parameters(W1=[[0, 1, -1]], W2=[[0], [0]], W3=[[0, 0], [2, 0]], W4=[[-1, 1], [0, 1]])
    assert isinstance(RULE.ask(Point(problem, turned), es.Effort()), NotProved)
    assert es.decide(problem, turned).status is es.Status.REFUTED


@pytest.mark.parametrize("weight", [1, -1])
def test_an_even_homogeneous_network_on_a_line(weight: int) -> None:
    """All predictions are multiples of one number: what fits all of them best is a minimum, wherever the units are."""
    network = es.Network([1, 2, 1, 2, 1], es.absolute_value, biases=False)
    problem = es.Problem(network, es.Data.from_arrays([1, -1, 1, -1, -2], [0, 1, 0, 0, -1]), "absolute")
    theta = problem.parameters(W1=[["1/2"], [0]], W2=[[0, 1]], W3=[[-1], [1]], W4=[[weight, 0]])
    evidence = prove_kinked_paths(Point(problem, theta))
    assert evidence is not None and not evidence.slopes and len(evidence.multiples) == 4
    assert es.decide(problem, theta).status is es.Status.PROVED


def test_many_dead_units_need_no_tree() -> None:
    """32 boundary pairs would make 2^32 cones."""
    network = es.Network([1, 2, 8, 1], biases=[True, True, False])
    problem = es.Problem(network, es.Data.from_arrays([1, 2, 3, 4], [-1, -2, -1, -3]))
    theta = problem.parameters(W1=[[1]] * 2, b1=[1] * 2, W2=[[0] * 2] * 8, b2=[0] * 8, W3=[[1] * 8])
    verdict = es.decide(problem, theta)
    assert verdict.status is es.Status.PROVED and isinstance(verdict.certificate.local_minimum, KinkedPaths)
    assert len(verdict.certificate.local_minimum.slopes) == 32


def test_cross_entropy() -> None:
    network = es.Network([1, 2, 2, 2], biases=[True, True, False])
    problem = es.Problem(network, es.Data.from_arrays([1, 2, 3], [[1, 0]] * 3), "cross_entropy")
    theta = problem.parameters(W1=[[1], [1]], b1=[0, 0], W2=[[0, 0], [0, 0]], b2=[0, 0], W3=[[-1, -1], [1, 2]])
    verdict = es.decide(problem, theta)
    assert verdict.status is es.Status.PROVED
    assert '"kinked paths"' in verdict.certificate.encoded.decode()
