"""Senses of stationarity with weight decay: against differences of the penalised risk, and against decide."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.minima.senses.senses import CurvatureWitness, DescentWitness, KinkWitness
from exactsurf.model.parameter_vector import vector_of
from tests import oracle

PROVED, REFUTED = Status.PROVED, Status.REFUTED
F = Fraction
ACTIVATIONS = (es.relu, es.leaky_relu("1/3"), es.absolute_value)


def penalty(problem: es.Problem, theta: es.Parameters) -> Fraction:
    assert problem.decay is not None
    weights = [value for rows in theta.weights for row in rows for value in row]
    biases = [value for row in theta.biases if row is not None for value in row]
    return problem.decay.factor / 2 * sum(value * value for value in weights + (biases if problem.decay.biases else []))


def series(problem: es.Problem, theta: es.Parameters, direction: es.Parameters) -> list[Fraction]:
    """Coefficients of t⁰, t¹, t² of the penalised risk along a ray, by interpolation close to the point."""
    degree, reach = 2 * problem.network.layers, F(1, 10**40)
    nodes = [reach * k / degree for k in range(degree + 1)]
    there = [oracle.along(theta, direction, t) for t in nodes]
    return oracle.polynomial(nodes, [oracle.risk(problem, point) + penalty(problem, point) for point in there])[:3]


def random_point(source: random.Random) -> tuple[es.Problem, es.Parameters]:
    widths = source.choice([[1, 1, 1], [1, 2, 1], [2, 1, 1], [1, 1, 1, 1], [1, 2, 1, 1], [1, 1, 2]])
    network = es.Network(widths, source.choice(ACTIVATIONS), biases=source.random() < 0.6)
    x = [[source.randint(-2, 2) for _ in range(widths[0])] for _ in range(3)]
    y = [[source.randint(-2, 2) for _ in range(widths[-1])] for _ in x]
    loss = source.choice([es.losses.squared, es.losses.absolute, es.huber(1)])
    data = es.Data.from_arrays(x, y)
    problem = es.Problem(network, data, loss, weight_decay=source.choice(["1/2", 1, 3]), decay_biases=source.random() < 0.5)
    named = {}
    for name, shape in network.shapes.items():
        rows = [[source.choice([-1, 0, 0, 1]) for _ in range(shape[-1])] for _ in range(shape[0] if len(shape) == 2 else 1)]
        named[name] = rows if len(shape) == 2 else rows[0]
    return problem, problem.parameters(**named)


@pytest.mark.parametrize("seed", range(40))
def test_against_differences_of_the_risk(seed: int) -> None:
    source = random.Random(seed)
    problem, theta = random_point(source)
    if seed % 4 == 0:
        theta = theta.moved(theta, F(-1))
    answer = es.stationarity(problem, theta)
    for sense in answer.senses:
        if isinstance(sense.witness, DescentWitness):
            assert series(problem, theta, sense.witness.direction)[1] == sense.witness.derivative < 0
        if isinstance(sense.witness, CurvatureWitness):
            found = series(problem, theta, sense.witness.direction)
            assert found[1] == 0
            assert found[2] == sense.witness.coefficient < 0
        if isinstance(sense.witness, KinkWitness):
            first, second = sense.witness.first, sense.witness.second
            slopes = [series(problem, theta, d)[1] for d in (first, second, oracle.along(first, second, 1))]
            assert tuple(slopes) == sense.witness.derivatives
            assert slopes[0] + slopes[1] != slopes[2]
    directions = [oracle.random_direction(problem, source, density=source.choice((0.1, 0.3, 1.0))) for _ in range(12)]
    found = [series(problem, theta, d) for d in directions]
    if answer.directional.status is PROVED:
        assert all(slope >= 0 for _, slope, _ in found)
    if answer.second_order.status is PROVED:
        assert all(bend >= 0 for _, slope, bend in found if slope == 0)
    if answer.differentiable.status is PROVED:
        assert answer.gradient is not None
        for d, (_, slope, _) in zip(directions, found, strict=True):
            assert slope == sum((a * b for a, b in zip(vector_of(answer.gradient), vector_of(d), strict=True)), F(0))
    verdict = es.decide(problem, theta)
    if verdict.status is PROVED:
        assert REFUTED not in {answer.clarke.status, answer.directional.status, answer.second_order.status}
    if answer.directional.status is REFUTED:
        assert verdict.status is REFUTED


def test_the_published_minimum_and_its_saddle() -> None:
    """x = 1, y = 2, λ = 1: w = v = 1 is a minimum of risk 3/2; 0 is stationary, and falls to second order."""
    problem = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1], [2]), weight_decay=1)
    top = es.stationarity(problem, problem.parameters(W1=[[1]], W2=[[1]]))
    assert {sense.status for sense in top.senses} == {PROVED}
    assert top.risk == F(3, 2)
    zero = es.stationarity(problem, problem.parameters(W1=[[0]], W2=[[0]]))
    assert [sense.status for sense in zero.senses] == [PROVED, PROVED, PROVED, PROVED, REFUTED]
