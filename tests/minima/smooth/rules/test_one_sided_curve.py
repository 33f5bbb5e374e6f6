"""ELU and SELU at pre-activations that are exactly 0: curves refute what one direction does not."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.minima.smooth.rules import one_sided_curve
from exactsurf.model.parameters import Parameters

F = Fraction


def zero_of(problem: es.Problem) -> es.Parameters:
    shapes = problem.network.shapes
    return problem.parameters(**{name: [[0] * s[1]] * s[0] if len(s) == 2 else [0] * s[0] for name, s in shapes.items()})


def bound(risk: Any, upper: bool) -> Fraction:
    return risk if isinstance(risk, Fraction) else risk.upper if upper else risk.lower


def check_curve(problem: es.Problem, theta: Parameters, verdict: es.Verdict, order: int) -> None:
    """Lower along the curve at steps that go to 0, by balls."""
    assert verdict.status is Status.REFUTED and verdict.certificate.evidence.rule == "one-sided curve"
    assert es.verify(verdict.certificate.encoded).kind == "not a local minimum of a smooth risk"
    evidence = verdict.certificate.evidence
    assert evidence.order == order
    for step in (F(1, 2**7), F(1, 2**12)):
        moved = theta
        for power, coefficient in enumerate(evidence.curve, start=1):
            moved = moved.moved(coefficient, step**power)
        assert bound(problem.risk(moved, bits=256), True) < bound(problem.risk(theta, bits=256), False)


@pytest.mark.parametrize("activation", [es.selu(), es.elu("1/2")], ids=str)
@pytest.mark.parametrize("widths", [[1, 1, 1], [1, 2, 2, 1]], ids=str)
@pytest.mark.parametrize("loss", ["squared", "absolute", "cross_entropy"])
def test_zero_initialisation_descends_to_the_order_of_the_layers(activation: Any, widths: list[int], loss: str) -> None:
    classes = loss == "cross_entropy"
    data = es.Data.from_arrays([1, -1, 2], [0, 1, 1] if classes else [1, 2, -1])
    network = es.Network([*widths[:-1], 2 if classes else 1], activation, biases=False)
    problem = es.Problem(network, data, loss)
    theta = zero_of(problem)
    check_curve(problem, theta, es.decide(problem, theta), network.layers)


def test_units_that_nothing_reads_may_be_below_0() -> None:
    """Their values are irrational, and count for nothing as long as their weights are 0."""
    problem = es.Problem(es.Network([1, 2, 2, 1], "selu", biases=False), es.Data.from_arrays([1, -2], [1, -1]))
    theta = problem.parameters(W1=[[-1], [-1]], W2=[[0, 0], [0, 0]], W3=[[0, 0]])
    check_curve(problem, theta, es.decide(problem, theta), 2)


def test_permuted_samples_and_units_change_no_verdict() -> None:
    network = es.Network([1, 2, 1], "selu", biases=False)
    for x, y, rows in (([1, 2, -1], [1, 0, 1], [[0], [1]]), ([2, -1, 1], [0, 1, 1], [[1], [0]])):
        problem = es.Problem(network, es.Data.from_arrays(x, y))
        assert es.decide(problem, problem.parameters(W1=rows, W2=[[0, 0]])).status is Status.REFUTED


def test_much_weight_decay_makes_a_minimum_that_is_not_refuted() -> None:
    """Σ ½(v h(w x) − y)² + 10(w² + v²): |h(z)| ≤ 2|z|, so that the risk near 0 is at least ½ Σ y² + (10 − 2)(w² + v²)."""
    problem = es.Problem(
        es.Network([1, 1, 1], es.selu(2, "1/2"), biases=False), es.Data.from_arrays([2, 1, 0, -2], [0, 1, 1, 0]), weight_decay=20
    )
    verdict = es.decide(problem, zero_of(problem))
    assert verdict.status is Status.UNDECIDED and "no curve is seen" in verdict.reason


def test_what_floats_propose_is_decided_by_series(monkeypatch: pytest.MonkeyPatch) -> None:
    """Random proposals at a minimum: none is taken."""
    problem = es.Problem(es.Network([1, 1, 1], es.elu("1/2"), biases=False), es.Data.from_arrays([1, -1], [-1, -1]))
    theta = problem.parameters(W1=[[0]], W2=[[1]])
    source = random.Random(0)
    curves = [[[F(source.randint(-2, 2)) for _ in range(2)] for _ in range(2)] for _ in range(40)]
    monkeypatch.setattr(one_sided_curve, "proposed_curves", lambda *_: iter(curves))
    assert es.decide(problem, theta).status is Status.UNDECIDED


def test_the_effort_ends_the_draws() -> None:
    problem = es.Problem(es.Network([2, 40, 40, 1], "selu", biases=False), es.Data.from_arrays([[1, 2], [2, 1]], [1, 1]))
    verdict = es.decide(problem, zero_of(problem), effort="0.001")
    assert verdict.status is Status.UNDECIDED and "out of time" in verdict.reason
