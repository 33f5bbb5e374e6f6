"""Senses of stationarity where the loss is an expression: against numbers of many digits, and against decide."""

from __future__ import annotations

import random
from fractions import Fraction

import mpmath
import pytest

import exactsurf as es
from exactsurf.certificate.problem_document import parameters_document, problem_document
from exactsurf.certificate.verdict import Status
from exactsurf.exact.balls import Ball
from exactsurf.minima.senses.senses import CurvatureWitness, DescentWitness, KinkWitness, Stationarity
from tests.minima.analytic.planted import planted
from tests.verifier.analytic_examples import risk, vectors

PROVED, REFUTED, UNDECIDED = Status.PROVED, Status.REFUTED, Status.UNDECIDED
LOSSES = ("logistic", "exponential", "log_cosh", "power(4)", "poisson", "log(1 + exp(-y*f)) + f**2", "(f-y)**4 - (f-y)**2")


def statuses(answer: Stationarity) -> tuple[Status, ...]:
    return tuple(sense.status for sense in answer.senses)


def holds(value: Fraction | Ball, number: mpmath.mpf, slack: mpmath.mpf) -> bool:
    low, high = (value.lower, value.upper) if isinstance(value, Ball) else (value, value)
    real = lambda q: mpmath.mpf(q.numerator) / q.denominator  # noqa: E731
    return real(low) - slack <= number <= real(high) + slack


def along(problem: es.Problem, theta: es.Parameters, direction: es.Parameters) -> tuple[mpmath.mpf, mpmath.mpf]:
    """Coefficients of t and t² of the risk along a ray, by differences with many digits."""
    document, step = problem_document(problem.without_decay), Fraction(1, 10**20)

    def at(t: Fraction) -> mpmath.mpf:
        there = theta.moved(direction, t)
        penalty = problem.penalty(there)
        return risk(document, vectors(parameters_document(there))) + mpmath.mpf(penalty.numerator) / penalty.denominator

    size = mpmath.mpf(10) ** -20
    base, one, two = at(Fraction(0)), at(step), at(2 * step)
    return (4 * one - two - 3 * base) / (2 * size), (two - 2 * one + base) / (2 * size * size)


def check_witnesses(problem: es.Problem, theta: es.Parameters, answer: Stationarity) -> None:
    with mpmath.workdps(120):
        for sense in answer.senses:
            witness = sense.witness
            if isinstance(witness, DescentWitness):
                assert sense.status is REFUTED
                slope, _ = along(problem, theta, witness.direction)
                assert slope < -(mpmath.mpf(10) ** -9)
                assert holds(witness.derivative, slope, mpmath.mpf(10) ** -15)
            if isinstance(witness, CurvatureWitness):
                slope, bend = along(problem, theta, witness.direction)
                assert abs(slope) < mpmath.mpf(10) ** -15
                assert bend < 0
                assert holds(witness.coefficient, bend, mpmath.mpf(10) ** -8)
            if isinstance(witness, KinkWitness):
                first, second = witness.first, witness.second
                slopes = [along(problem, theta, d)[0] for d in (first, second, first.moved(second, Fraction(1)))]
                assert abs(slopes[0] + slopes[1] - slopes[2]) > mpmath.mpf(10) ** -9
                assert all(map(holds, witness.derivatives, slopes, [mpmath.mpf(10) ** -15] * 3))


def points(loss: str, outputs: int, count: int, seed: int):
    source = random.Random(seed)
    while count:
        found = planted(source, loss, outputs, source.randint(1, 2), source.randint(4, 8))
        if found is not None:
            count -= 1
            yield found


@pytest.mark.parametrize(("loss", "outputs"), [*((loss, 1) for loss in LOSSES), ("cross_entropy", 3)])
def test_planted_points(loss, outputs):
    for problem, theta in points(loss, outputs, 4, 11):
        answer = es.stationarity(problem, theta)
        check_witnesses(problem, theta, answer)
        assert UNDECIDED not in statuses(answer)[:4]
        verdict = es.decide(problem, theta)
        if verdict.status is PROVED:
            assert set(statuses(answer)[2:]) == {PROVED}
        if answer.directional.status is REFUTED:
            assert verdict.status is REFUTED
        # One sense follows from the other.
        assert (answer.gradient_zero.status, answer.directional.status) != (PROVED, REFUTED)
        assert (answer.directional.status, answer.clarke.status) != (PROVED, REFUTED)


@pytest.mark.parametrize("loss", LOSSES)
def test_random_points_with_and_without_weight_decay(loss):
    source = random.Random(5)
    for count in range(6):
        network = es.Network([1, 2, 1] if count % 2 else [1, 1, 2, 1], es.leaky_relu("1/2") if count % 3 else es.relu)
        x, y = [source.randint(-2, 2) for _ in range(4)], [source.choice([0, 1]) for _ in range(4)]
        decay = {"weight_decay": "1/3", "decay_biases": count > 2} if count % 2 else {}
        problem = es.Problem(network, es.Data.from_arrays(x, y), loss, **decay)
        theta = problem.parameters(
            **{
                name: [[source.randint(-1, 1) for _ in range(shape[1])] for _ in range(shape[0])]
                if len(shape) == 2
                else [source.randint(-1, 1) for _ in range(shape[0])]
                for name, shape in network.shapes.items()
            }
        )
        answer = es.stationarity(problem, theta)
        check_witnesses(problem, theta, answer)
        assert UNDECIDED not in statuses(answer)[:2]


def test_the_same_point_with_a_squared_loss_given_by_an_expression():
    """(f − y)² as an expression has the senses of the squared loss, where these do not need the loss to be curved."""
    source = random.Random(3)
    for _ in range(12):
        data = es.Data.from_arrays([source.randint(-2, 2) for _ in range(4)], [source.randint(-1, 1) for _ in range(4)])
        network = es.Network([1, 2, 1])
        one, other = es.Problem(network, data, es.losses.squared), es.Problem(network, data, "(f - y)**2/2")
        theta = one.parameters(
            W1=[[source.randint(-1, 1)] for _ in range(2)],
            b1=[source.randint(-1, 1) for _ in range(2)],
            W2=[[source.randint(-1, 1) for _ in range(2)]],
            b2=[source.randint(-1, 1)],
        )
        first, second = es.stationarity(one, theta), es.stationarity(other, theta)
        assert statuses(first)[:4] == statuses(second)[:4]


def test_a_loss_that_is_not_convex_is_asked_too():
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([1], [0]), "(f - y)**4 - (f - y)**2")
    answer = es.stationarity(problem, problem.parameters(W1=[[0]], b1=[0]))
    assert statuses(answer) == (PROVED, PROVED, PROVED, PROVED, REFUTED)
    check_witnesses(problem, problem.parameters(W1=[[0]], b1=[0]), answer)
