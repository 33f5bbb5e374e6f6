"""One-sided derivatives at walls and kinks, at any depth, against interpolation of exact values of the risk."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.errors import ShapeError
from exactsurf.minima.local.directional import descend, directional_derivative, selected_gradient
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from tests import oracle
from tests.minima.planted import ACTIVATIONS

F = Fraction
LOSSES = [es.squared, es.absolute, es.huber(1), es.hinge, es.squared.mean.scaled("2/3")]


def random_case(rnd: random.Random) -> tuple[es.Problem, Parameters]:
    """Small integers everywhere, so that many samples sit on walls and at kinks of the loss."""
    widths = [rnd.randint(1, 2), *[rnd.randint(1, 2) for _ in range(rnd.randint(0, 3))], rnd.randint(1, 2)]
    loss = rnd.choice(LOSSES)
    if loss.name == "hinge":
        widths[-1] = 1
    network = es.Network(widths, rnd.choice(ACTIVATIONS), biases=[rnd.random() < 0.7 for _ in widths[1:]])
    n = rnd.randint(1, 3)
    labels = (-1, 1) if loss.name == "hinge" else (-2, -1, 0, 1, 2)
    data = es.Data.from_arrays(
        [[rnd.randint(-2, 2) for _ in range(widths[0])] for _ in range(n)],
        [[rnd.choice(labels) for _ in range(widths[-1])] for _ in range(n)],
    )
    problem = es.Problem(network, data, loss)
    values = {
        name: [[rnd.randint(-1, 1) for _ in range(s[1])] for _ in range(s[0])]
        if len(s) == 2
        else [rnd.randint(-1, 1) for _ in range(s[0])]
        for name, s in network.shapes.items()
    }
    return problem, problem.parameters(**values)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
def test_directional_derivatives(block: int) -> None:
    rnd, kinks = random.Random(block), 0
    for _ in range(60):
        problem, theta = random_case(rnd)
        for density in (0.3, 1.0):
            direction = oracle.random_direction(problem, rnd, density)
            back = oracle.along(direction, direction, -2)
            ahead, behind = (directional_derivative(Point(problem, theta), way) for way in (direction, back))
            assert ahead == oracle.one_sided_derivative(problem, theta, direction)
            assert behind == oracle.one_sided_derivative(problem, theta, back)
            kinks += ahead != -behind
    assert kinks >= 15, "too few of the points sit at kinks for this test to say something"


def test_the_gradient_is_the_derivative_where_there_is_one() -> None:
    rnd, checked = random.Random(9), 0
    while checked < 60:
        problem, theta = random_case(rnd)
        theta = oracle.along(theta, oracle.random_direction(problem, rnd), F(1, 7))
        gradient = selected_gradient(Point(problem, theta))
        directions = [oracle.random_direction(problem, rnd) for _ in range(3)]
        slopes = [oracle.one_sided_derivative(problem, theta, way) for way in directions]
        backwards = [oracle.one_sided_derivative(problem, theta, oracle.along(way, way, -2)) for way in directions]
        if any(a != -b for a, b in zip(slopes, backwards, strict=True)):
            continue
        h = problem.network.activation
        layers = [oracle.pre_activations(problem, theta, x)[:-1] for x in problem.data.x]
        if any(z in h.breakpoints for sample in layers for layer in sample for z in layer):
            continue
        checked += 1
        for way, slope in zip(directions, slopes, strict=True):
            product = F(0)
            for (_, a), (_, b) in zip(gradient.items(), way.items(), strict=True):
                for p, q in zip(a, b, strict=True):
                    pairs = zip(p, q, strict=True) if isinstance(p, tuple) else [(p, q)]  # type: ignore[arg-type]
                    product += sum(u * v for u, v in pairs)
            assert product == slope


def test_parameters_of_another_network() -> None:
    data = es.Data.from_arrays([0, 1], [0, 1])
    one, two = (es.Problem(es.Network([1, m, 1]), data) for m in (1, 2))
    here = one.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    there = two.parameters(W1=[[1]] * 2, b1=[0] * 2, W2=[[1] * 2], b2=[0])
    with pytest.raises(ShapeError):
        directional_derivative(Point(one, there), there)
    with pytest.raises(ShapeError):
        directional_derivative(Point(one, here), there)


def test_long_directions_are_shortened_and_go_down_all_the_same() -> None:
    """Weights and targets of long fractions: the direction has short numbers, the derivative is the exact one along it."""
    rnd = random.Random(7)
    for _ in range(12):
        inputs, targets = ([[rnd.randint(-9, 9) for _ in range(width)] for _ in range(6)] for width in (3, 1))
        data = es.Data.from_arrays(inputs, targets)
        problem = es.Problem(es.Network([3, 2, 2, 1]), data)
        theta = parameters_of(problem.network, [Fraction(rnd.random()) for _ in range(17)])
        point = Point(problem, theta)
        gradient = selected_gradient(point)
        zero = gradient.moved(gradient, Fraction(-1))
        found = descend(point, zero.moved(gradient, Fraction(-1)))
        if not any(vector_of(gradient)):
            continue
        assert found is not None
        assert max(value.numerator.bit_length() for value in vector_of(found.direction)) <= 80
        assert found.derivative == directional_derivative(point, found.direction) < 0
        assert found.lower_point.risk == problem.risk(found.lower_point.parameters) < point.risk
        verdict = es.decide(problem, theta)
        assert verdict.certificate is not None and es.verify(verdict.certificate).kind == "not a local minimum"
