"""Rescaling: predictions stay, flows are balanced below masses, factors balance them."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.effort import Effort
from exactsurf.minima.local.rescaling import Rescaling, fourth_root

F = Fraction
NETWORKS = [es.Network([2, 3, 1]), es.Network([1, 2, 2, 2], biases=False), es.Network([2, 1, 3, 1], biases=[False, True, True])]


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_rescaling_changes_no_prediction(network: es.Network) -> None:
    source = random.Random(1)
    rows = [[source.randint(-4, 4) for _ in range(network.widths[0])] for _ in range(5)]
    problem = es.Problem(network, es.Data.from_arrays(rows, [[0] * network.widths[-1]] * 5))
    named = {
        name: [source.randint(-3, 3) for _ in range(s[0])]
        if len(s) == 1
        else [[source.randint(-3, 3) for _ in range(s[1])] for _ in range(s[0])]
        for name, s in network.shapes.items()
    }
    theta = problem.parameters(**named)
    rescaling = Rescaling.of(network)
    factors = [F(source.randint(1, 9), source.randint(1, 9)) for _ in rescaling.into]
    moved = rescaling.rescaled(theta, factors)
    assert moved != theta and problem.forward(moved).outputs == problem.forward(theta).outputs
    assert [c for row in rescaling.by_layer(factors) for c in row] == factors


@pytest.mark.parametrize("network", NETWORKS, ids=repr)
def test_flows_are_balanced_and_near_balanced_masses(network: es.Network) -> None:
    source, rescaling = random.Random(2), Rescaling.of(network)
    size = sum(s[0] * (s[1] if len(s) > 1 else 1) for s in network.shapes.values())
    masses = [F(source.randint(1, 50)) for _ in range(size)]
    factors, is_attained = rescaling.balancing_factors(masses, Effort.of(60).started())
    assert is_attained
    scaled = [m / s**2 for m, s in zip(masses, rescaling.scales(factors, size), strict=True)]
    for given in (masses, scaled):
        flow = rescaling.flow_below(given)
        assert all(0 <= f <= m for f, m in zip(flow, given, strict=True))
        for comes, goes in zip(rescaling.into, rescaling.out_of, strict=True):
            assert sum(flow[p] for p in comes) == sum(flow[p] for p in goes)
        # A flow bounds the sum of the masses at all factors.
        assert sum(flow) <= sum(scaled) <= sum(masses)
    assert sum(scaled) - sum(rescaling.flow_below(scaled)) < F(1, 10**9)


def test_fourth_roots() -> None:
    for value in (F(2), F(1, 3), F(10**40), F(1, 10**40), F(7, 5)):
        assert abs(fourth_root(value) ** 4 / value - 1) < F(1, 1 << 50)
    assert fourth_root(F(81, 10**8)) == F(3, 100)
