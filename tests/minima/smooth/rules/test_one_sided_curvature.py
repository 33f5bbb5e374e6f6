"""ELU with one slope at 0, at pre-activations that are exactly 0: second order decides where first order says nothing."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status

F = Fraction


def zero_point(seed: int) -> tuple[es.Problem, es.Parameters, bool]:
    """All weights 0 without biases, and whether Σ_i y_i x_i = 0, without which second order descends."""
    source = random.Random(seed)
    widths = source.choice([[1, 1, 1], [2, 1, 1], [1, 2, 1], [2, 2, 2]])
    rows = [[source.randint(-2, 2) for _ in range(widths[0])] for _ in range(4)]
    targets = [[source.randint(-2, 2) for _ in range(widths[-1])] for _ in range(4)]
    network = es.Network(widths, source.choice([es.elu(), es.selu(2, 1)]), biases=False)
    problem = es.Problem(network, es.Data.from_arrays(rows, targets))
    balanced = not any(
        sum(y[k] * x[p] for x, y in zip(rows, targets, strict=True)) for k in range(widths[-1]) for p in range(widths[0])
    )
    shapes = network.shapes
    return problem, problem.parameters(**{name: [[0] * s[1]] * s[0] for name, s in shapes.items()}), balanced


def bound(risk: Any, upper: bool) -> Fraction:
    return risk if isinstance(risk, Fraction) else risk.upper if upper else risk.lower


@pytest.mark.parametrize("seed", range(25))
def test_zero_initialisation_descends_unless_inputs_and_targets_are_uncorrelated(seed: int) -> None:
    problem, theta, balanced = zero_point(seed)
    verdict = es.decide(problem, theta)
    if balanced:
        assert verdict.status is not Status.PROVED or bound(problem.risk(theta), True) >= 0
        return
    assert verdict.status is Status.REFUTED
    assert es.verify(verdict.certificate.encoded).kind == "not a local minimum of a smooth risk"
    evidence = verdict.certificate.evidence
    assert evidence.rule == "one-sided curvature"
    for step in (F(1, 2**10), F(1, 2**18)):
        lower = [bound(problem.risk(theta.moved(evidence.direction, sign * step)), True) for sign in (1, -1)]
        assert min(lower) < bound(problem.risk(theta), False)


def test_permuted_units_and_samples_change_no_verdict() -> None:
    network = es.Network([1, 2, 1], es.elu(), biases=False)
    for x, y, rows in (([1, 0, -1], [1, 2, 1], [[0], [1]]), ([0, -1, 1], [2, 1, 1], [[1], [0]])):
        problem = es.Problem(network, es.Data.from_arrays(x, y))
        verdict = es.decide(problem, problem.parameters(W1=rows, W2=[[0, 0]]))
        assert verdict.status is Status.REFUTED


def test_a_loss_of_classes_and_weight_decay_are_followed() -> None:
    data = es.Data.from_arrays([2, 1, 0, -2], [0, 1, 1, 0])
    network = es.Network([1, 1, 2], es.elu(), biases=False)
    for options in ({"loss": "cross_entropy"}, {"loss": "cross_entropy", "weight_decay": "1/10"}):
        problem = es.Problem(network, data, **options)
        verdict = es.decide(problem, problem.parameters(W1=[[0]], W2=[[0], [0]]))
        assert verdict.status is Status.REFUTED and verdict.certificate.evidence.rule == "one-sided curvature"


def test_much_weight_decay_makes_a_minimum_that_is_not_refuted() -> None:
    """L = Σ ½(v h(w x) − y)² + 5(w² + v²) with Σ y x = 1: the second derivative is at least 10 − 1 along every unit vector."""
    problem = es.Problem(
        es.Network([1, 1, 1], es.elu(), biases=False), es.Data.from_arrays([2, 1, 0, -2], [0, 1, 1, 0]), weight_decay=10
    )
    assert es.decide(problem, problem.parameters(W1=[[0]], W2=[[0]])).status is not Status.REFUTED


def test_two_slopes_and_many_parameters_are_left_alone() -> None:
    data = es.Data.from_arrays([2, 1, 0, -2], [0, 1, 1, 0])
    for network in (es.Network([1, 1, 1], es.elu("1/2"), biases=False), es.Network([1, 40, 1], es.elu(), biases=False)):
        problem = es.Problem(network, data)
        shapes = network.shapes
        zero = problem.parameters(**{name: [[0] * s[1]] * s[0] for name, s in shapes.items()})
        assert "one-sided second derivative" not in es.decide(problem, zero).reason
