"""Layers that stay at 0 on a sample: against parameters nearby."""

from __future__ import annotations

import random
from fractions import Fraction

import exactsurf as es
from exactsurf.minima.local.still_layers import still_samples
from exactsurf.minima.local.tangent_fan import TangentFan
from exactsurf.model.point import Point
from tests import oracle

F = Fraction


def test_still_layers_do_not_move_and_other_layers_at_0_do_or_hang_on_a_wall() -> None:
    rnd = random.Random(8)
    still = 0
    for _ in range(150):
        widths = rnd.choice(([1, 1, 1, 1], [1, 2, 1, 1], [2, 1, 2, 1], [1, 1, 2, 1, 1]))
        h = rnd.choice((es.relu, es.leaky_relu("1/3"), es.hard_tanh, es.piecewise_linear([-1, 0], [0, 0, 1], 0)))
        network = es.Network(widths, h, biases=[rnd.random() < 0.2 for _ in widths[1:]])
        x = [[F(rnd.randint(-2, 2)) for _ in range(widths[0])] for _ in range(4)] + [[F(0)] * widths[0]]
        problem = es.Problem(network, es.Data.from_arrays(x, [0] * 5))
        named = {
            name: [[rnd.choice((-1, 0, 1)) for _ in range(shape[1])] for _ in range(shape[0])]
            if len(shape) == 2
            else [rnd.choice((-1, 0, 1)) for _ in range(shape[0])]
            for name, shape in network.shapes.items()
        }
        theta = problem.parameters(**named)
        near = [oracle.along(theta, oracle.random_direction(problem, rnd, density=1), F(1, 10**9)) for _ in range(3)]
        found = still_samples(Point(problem, theta))
        for layer, samples in enumerate(found):
            for i in samples:
                still += layer > 0
                assert not any(any(oracle.pre_activations(problem, point, x[i])[layer]) for point in (theta, *near))
        assert all(i not in found[layer - 1] for layer, _, i in TangentFan(Point(problem, theta)).pairs)
    assert still > 20


def test_a_minimum_with_a_sample_at_the_origin_and_no_biases() -> None:
    """The sample x = 0 is predicted as 0 whatever the weights are; its target 1 plays no part in the decision."""
    network = es.Network([1, 1, 1, 1], biases=False)
    for y, status in (([2, 1], es.Status.PROVED), ([3, 1], es.Status.REFUTED)):
        problem = es.Problem(network, es.Data.from_arrays([1, 0], y))
        verdict = es.decide(problem, problem.parameters(W1=[[1]], W2=[[2]], W3=[[1]]))
        assert verdict.status is status
