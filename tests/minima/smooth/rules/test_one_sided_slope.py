"""ELU and SELU at pre-activations that are exactly 0: one-sided derivatives decide most points there."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status

F = Fraction


def instance(seed: int) -> tuple[es.Problem, es.Parameters]:
    """Small integers, so that many pre-activations are 0."""
    source = random.Random(seed)
    widths = source.choice([[1, 2, 1], [2, 2, 1], [1, 1, 1, 1], [1, 2, 2]])
    activation = source.choice([es.elu(), es.elu("1/2"), es.selu(2, 1)])
    rows = [[source.randint(-2, 2) for _ in range(widths[0])] for _ in range(4)]
    targets = [[source.randint(-2, 2) for _ in range(widths[-1])] for _ in range(4)]
    problem = es.Problem(es.Network(widths, activation), es.Data.from_arrays(rows, targets))
    entries = {
        name: [[source.randint(-1, 1) for _ in range(shape[1])] for _ in range(shape[0])]
        if len(shape) == 2
        else [source.randint(-1, 1) for _ in range(shape[0])]
        for name, shape in problem.network.shapes.items()
    }
    return problem, problem.parameters(**entries)


def high(risk: Fraction | es.Ball) -> Fraction:
    return risk if isinstance(risk, Fraction) else risk.upper


def low(risk: Fraction | es.Ball) -> Fraction:
    return risk if isinstance(risk, Fraction) else risk.lower


@pytest.mark.parametrize("seed", range(40))
def test_random_points_at_which_units_are_zero(seed: int) -> None:
    """Whoever says that the risk falls shows arbitrarily near lower points; the verifier agrees."""
    problem, theta = instance(seed)
    verdict = es.decide(problem, theta)
    assert verdict.status is not Status.UNDECIDED
    accepted = es.verify(verdict.certificate.encoded)
    if verdict.status is Status.PROVED:
        return
    assert accepted.kind == "not a local minimum of a smooth risk"
    evidence = verdict.certificate.evidence
    if evidence.rule == "one-sided slope":
        for step in (F(1, 2**12), F(1, 2**20)):
            assert high(problem.risk(theta.moved(evidence.direction, step))) < low(problem.risk(theta))


def test_a_permutation_of_units_and_of_samples_changes_no_verdict() -> None:
    data = es.Data.from_arrays([1, 0, -1], [1, 2, 0])
    turned = es.Data.from_arrays([-1, 1, 0], [0, 1, 2])
    network = es.Network([1, 2, 1], es.elu("1/3"))
    first = es.Problem(network, data)
    second = es.Problem(network, turned)
    theta = {"W1": [[1], [2]], "b1": [0, 0], "W2": [[1, -1]], "b2": [1]}
    other = {"W1": [[2], [1]], "b1": [0, 0], "W2": [[-1, 1]], "b2": [1]}
    answers = [es.decide(first, first.parameters(**theta)), es.decide(second, second.parameters(**other))]
    assert [answer.status for answer in answers] == [Status.REFUTED] * 2
    assert answers[0].certificate.evidence.rule == answers[1].certificate.evidence.rule == "one-sided slope"


def test_a_perfect_fit_at_the_corner_is_not_refuted() -> None:
    problem = es.Problem(es.Network([1, 1, 1], es.elu(2), biases=False), es.Data.from_arrays([1, -1], [0, 0]))
    assert es.decide(problem, problem.parameters(W1=[[0]], W2=[[1]])).status is Status.PROVED
