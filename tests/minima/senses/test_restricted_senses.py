"""Senses of stationarity of restricted risks: as where a restriction restricts nothing, and against sampled derivatives."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.exact.linear_algebra import Vector, dot
from exactsurf.minima.local.clarke import HullPoint, Separator, decide_hull
from exactsurf.minima.senses.senses import CurvatureWitness, DescentWitness, KinkWitness
from exactsurf.model.parameter_vector import vector_of
from tests import oracle
from tests.minima.analytic.planted import planted
from tests.minima.planted import plant
from tests.minima.restricted.subspaces import random_restriction, whole_space
from tests.minima.senses.test_stationarity import check_witnesses, second_coefficient, statuses

F = Fraction
PROVED, REFUTED, UNDECIDED = Status.PROVED, Status.REFUTED, Status.UNDECIDED
WORDS = ("a", "b", "a", "-b", "a + b", "c", "c - a", "0", "1", "-1")


def check(restricted: es.RestrictedProblem, theta: es.Parameters, answer: es.Stationarity, rnd: random.Random) -> None:
    """Witnesses, one-sided derivatives and limits of gradients within the subspace, against the slow oracle and cells."""
    problem, restriction = restricted.unrestricted, restricted.restriction
    check_witnesses(problem, theta, answer)
    for sense in answer.senses:
        witness = sense.witness
        if isinstance(witness, (DescentWitness, CurvatureWitness)):
            assert restriction.step(vector_of(witness.direction)) is not None
        if isinstance(witness, KinkWitness):
            assert None not in (restriction.step(vector_of(d)) for d in (witness.first, witness.second))
    steps = [tuple(F(rnd.randint(-9, 9)) for _ in restriction.names) for _ in range(24)]
    moves = list(map(restriction.direction, steps))
    slopes = [oracle.one_sided_derivative(problem, theta, move) for move in moves]
    if answer.directional.status is PROVED:
        assert min(slopes) >= 0
        assert answer.clarke.status is not REFUTED
    if answer.differentiable.status is PROVED:
        assert isinstance(answer.gradient, tuple)
        assert slopes == [dot(answer.gradient, step) for step in steps]
    if answer.second_order.status is PROVED:
        assert all(second_coefficient(problem, theta, d) >= 0 for d, slope in zip(moves, slopes, strict=True) if slope == 0)
    gradients = limits(restricted, theta, moves)
    hull = decide_hull(sorted(gradients)) if gradients else None
    if isinstance(hull, HullPoint):
        assert answer.clarke.status is not REFUTED
    if isinstance(answer.clarke.witness, DescentWitness):
        away = restriction.step(vector_of(answer.clarke.witness.direction))
        assert away is not None and all(dot(away, gradient) < 0 for gradient in gradients)
    if answer.clarke.status is PROVED and isinstance(answer.clarke.witness, HullPoint):
        witness = answer.clarke.witness
        assert sum(witness.weights) == 1 and min(witness.weights) > 0
        assert not any(dot(witness.weights, column) for column in zip(*witness.gradients, strict=True))
    if len(gradients) > 1:
        assert answer.differentiable.status is REFUTED


def limits(restricted: es.RestrictedProblem, theta: es.Parameters, moves: list[es.Parameters]) -> set[Vector]:
    """Gradients, by the free parameters, of the polynomials of the cells into which some directions point."""
    found = set()
    names, values = restricted.restriction.names, restricted.values(theta)
    for move in moves:
        try:
            risk = restricted.cell(theta, side=move).risk
        except es.ExactsurfError:
            continue
        found.add(tuple(risk.gradient_at(dict(zip(names, values, strict=True)))))
    return found


@pytest.mark.parametrize("seed", range(40))
def test_a_restriction_that_restricts_nothing(seed: int):
    point = plant(random.Random(seed), near_miss=seed % 3 == 0)
    free = es.RestrictedProblem.of(whole_space(point.problem.network), point.problem)
    expected, answer = es.stationarity(point.problem, point.theta), es.stationarity(free, point.theta)
    pairs = zip(statuses(expected)[:4], statuses(answer)[:4], strict=True)
    assert all(one is other or UNDECIDED in (one, other) for one, other in pairs)
    assert answer.directional.status is expected.directional.status is not UNDECIDED
    assert {expected.second_order.status, answer.second_order.status} != {PROVED, REFUTED}
    assert answer.gradient == (None if expected.gradient is None else vector_of(expected.gradient))
    assert answer.risk == expected.risk
    check(free, point.theta, answer, random.Random(seed))


@pytest.mark.parametrize("seed", range(60))
def test_random_subspaces_against_samples(seed: int):
    rnd = random.Random(seed)
    widths = rnd.choice([[1, 2, 1], [2, 2, 1], [1, 1, 1, 1], [1, 2, 1, 1], [2, 1, 2], [1, 2, 2, 1], [2, 1]])
    h = rnd.choice([es.relu, es.absolute_value, es.leaky_relu("1/3"), es.hard_tanh])
    network = es.Network(widths, h, biases=[rnd.random() < 0.6 for _ in widths[1:]])
    restriction = random_restriction(network, rnd, WORDS)
    if restriction is None:
        return
    x = [[rnd.randint(-2, 2) for _ in range(widths[0])] for _ in range(rnd.randint(2, 4))]
    y = [[rnd.randint(-1, 1) for _ in range(widths[-1])] for _ in x]
    decay = rnd.choice([None, None, "1/4"])
    loss = rnd.choice(["squared", "absolute", "huber(1)"])
    restricted = es.RestrictedProblem(restriction, es.Data.from_arrays(x, y), loss, weight_decay=decay)
    theta = restriction.at([rnd.randint(-1, 1) for _ in restriction.names])
    answer = es.stationarity(restricted, theta)
    firm = (answer.differentiable, answer.gradient_zero, answer.directional)
    assert UNDECIDED not in {sense.status for sense in firm}
    if decay is None:
        check(restricted, theta, answer, rnd)
    if restriction.degree <= 1:
        assert UNDECIDED not in statuses(answer)
        assert es.decide(restricted, theta).status is answer.directional.status


def test_first_order_of_shared_filters_is_always_decided():
    """One weight varies on each path: local minimum and directionally stationary are the same."""
    rnd = random.Random(5)
    seen = set()
    for _ in range(30):
        filter = es.convolution(4, [2], strides=2, head=[1, rnd.choice((1, -1))])
        x = [[rnd.randint(-2, 2) for _ in range(4)] for _ in range(4)]
        problem = es.RestrictedProblem(
            filter, es.Data.from_arrays(x, [rnd.randint(-1, 2) for _ in x]), rnd.choice(["squared", "absolute"])
        )
        theta = filter.at([rnd.randint(-1, 1), rnd.randint(-1, 1)])
        answer = es.stationarity(problem, theta)
        assert UNDECIDED not in statuses(answer)
        assert answer.second_order.status is answer.directional.status is es.decide(problem, theta).status
        check(problem, theta, answer, rnd)
        seen.add(statuses(answer))
    assert len(seen) > 2


def test_a_kink_that_the_subspace_does_not_cross_is_none():
    """The first unit is at its kink whatever u is; free, its weight would matter."""
    network = es.Network([1, 2, 1], biases=[True, False])
    held = es.restriction(network, W1=[[0], ["a"]], b1=[0, 1], W2=[[1, "b"]])
    problem = es.RestrictedProblem(held, es.Data.from_arrays([1, 2], [2, 3]))
    theta = problem.parameters(a=1, b=1)
    assert set(statuses(es.stationarity(problem, theta))) == {PROVED}
    assert es.stationarity(problem.unrestricted, problem.parameters(a=1, b="1/2")).differentiable.status is REFUTED
    assert es.stationarity(problem, problem.parameters(a=1, b="1/2")).differentiable.status is PROVED


def test_a_prediction_that_stays_at_the_kink_of_the_loss():
    """The first output is fitted and fixed, so the absolute loss has a kink there that no u crosses."""
    fixed = es.restriction(es.Network([1, 2], biases=False), W1=[[1], ["a"]])
    problem = es.RestrictedProblem(fixed, es.Data.from_arrays([1, 2], [[1, 0], [2, 0]]), "absolute")
    answer = es.stationarity(problem, problem.parameters(a=1))
    assert statuses(answer) == (PROVED, REFUTED, REFUTED, REFUTED, REFUTED) and answer.gradient == (3,)
    assert statuses(es.stationarity(problem, problem.parameters(a=0))) == (REFUTED, REFUTED, PROVED, PROVED, PROVED)


def test_the_clarke_sense_is_that_of_the_subspace():
    """½(1 − |a|)² for weights a and a of two units: the free risk has more limits of gradients."""
    twice = es.restriction(es.Network([1, 2, 1], "absolute_value", biases=False), W1=[["a"], ["a"]], W2=[["1/2", "1/2"]])
    problem = es.RestrictedProblem(twice, es.Data.from_arrays([1], [1]))
    answer = es.stationarity(problem, problem.parameters(a=0))
    assert statuses(answer) == (REFUTED, REFUTED, PROVED, REFUTED, REFUTED)
    assert isinstance(answer.clarke.witness, HullPoint)
    assert sorted(answer.clarke.witness.gradients) == [(F(-1),), (F(1),)]
    assert not isinstance(decide_hull(answer.clarke.witness.gradients), Separator)


@pytest.mark.parametrize(("loss", "outputs"), [("logistic", 1), ("log_cosh", 1), ("poisson", 1), ("cross_entropy", 3)])
def test_losses_by_expression_without_and_with_a_restriction(loss: str, outputs: int):
    source, count = random.Random(3), 0
    while count < 3:
        found = planted(source, loss, outputs, source.randint(1, 2), source.randint(3, 5))
        if found is None:
            continue
        count += 1
        problem, theta = found
        free = es.RestrictedProblem.of(whole_space(problem.network), problem)
        expected, answer = es.stationarity(problem, theta), es.stationarity(free, theta)
        pairs = list(zip(statuses(expected), statuses(answer), strict=True))
        assert all(one is other or UNDECIDED in (one, other) for one, other in pairs)
        assert all(one is other is not UNDECIDED for one, other in (pairs[0], pairs[1], pairs[3]))


def test_shared_weights_of_a_loss_by_expression():
    shared = es.restriction(es.Network([1, 1, 1], "absolute_value", biases=False), W1=[["a"]], W2=[["1"]])
    data = es.Data.from_arrays([1, -1], [1, -1])
    problem = es.RestrictedProblem(shared, data, "logistic")
    answer = es.stationarity(problem, problem.parameters(a=0))
    # log(1 + e^(−|a|)) + log(1 + e^|a|) has the derivative 0 on both sides of 0.
    assert set(statuses(answer)) == {PROVED} and answer.gradient == (0,)
    away = es.stationarity(problem, problem.parameters(a=1))
    assert away.gradient_zero.status is REFUTED and "respect to a" in away.gradient_zero.reason
    assert isinstance(away.gradient_zero.witness, DescentWitness)
    assert shared.step(vector_of(away.gradient_zero.witness.direction)) is not None


def test_points_that_are_refused():
    shared = es.restriction(es.Network([1, 1, 1], biases=False), W1=[["a"]], W2=[["a"]])
    for loss in ("squared", "logistic"):
        asked = es.RestrictedProblem(shared, es.Data.from_arrays([1], [1]), loss)
        with pytest.raises(es.InputError, match="do not obey the restriction"):
            es.stationarity(asked, es.Parameters(W1=[[1]], W2=[[2]]))
    tied = es.restriction(es.Network([1, 1, 1], "tanh", biases=False), W1=[["a"]], W2=[["a"]])
    smooth = es.RestrictedProblem(tied, es.Data.from_arrays([1], [1]))
    with pytest.raises(es.InputError, match="piecewise linear activation"):
        es.stationarity(smooth, smooth.parameters(a=1))


def test_too_many_cones_are_said():
    shared = es.convolution(6, [2], strides=2, head=[1, 1, 1])
    rnd = random.Random(1)
    x = [[rnd.randint(-3, 3) for _ in range(6)] for _ in range(6)]
    problem = es.RestrictedProblem(shared, es.Data.from_arrays(x, [1] * 6), "absolute")
    answer = es.stationarity(problem, shared.at([0, 0]), effort=es.Effort(fan=2))
    assert answer.differentiable.status is UNDECIDED and "--max-fan" in answer.differentiable.reason
