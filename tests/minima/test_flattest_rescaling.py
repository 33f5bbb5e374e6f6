"""The flattest rescaling against closed forms, brute force on grids of factors, and symmetries; what it refuses."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import exactsurf as es
from exactsurf.minima.local.rescaling import Rescaling
from tests.sweep import draws

F = Fraction
SWEEP = draws(12)


def fitted(widths: list[int], activation: Any, source: random.Random, samples: int = 6) -> tuple[es.Problem, es.Parameters]:
    """A network and data that it fits exactly, so that the point is a global minimum."""
    network = es.Network(widths, activation, biases=source.choice([True, False]))
    rows = [[F(source.randint(-40, 40), 7) for _ in range(widths[0])] for _ in range(samples)]

    def entry() -> Fraction:
        return F(source.choice([-1, 1]) * source.randint(1, 30), 11)

    named = {
        name: [entry() for _ in range(s[0])] if len(s) == 1 else [[entry() for _ in range(s[1])] for _ in range(s[0])]
        for name, s in network.shapes.items()
    }
    asked = es.Problem(network, es.Data.from_arrays(rows, [[0] * widths[-1]] * samples))
    theta = asked.parameters(**named)
    columns = [[F(n, column.denominator) for n in column.numerators] for column in asked.forward(theta).outputs]
    return es.Problem(network, es.Data.from_arrays(rows, [list(row) for row in zip(*columns, strict=True)])), theta


CASES = [
    ([1, 1, 1], es.relu),
    ([2, 2, 1], es.leaky_relu("1/2")),
    ([2, 1, 2], es.linear),
    ([1, 3, 1], es.leaky_relu("1/3")),
    ([1, 2, 2, 1], es.leaky_relu("1/2")),
    ([1, 1, 1, 1], es.linear),
]


@pytest.mark.parametrize("seed", range(SWEEP))
def test_no_rescaling_is_flatter_and_bounds_are_near(seed: int) -> None:
    source = random.Random(seed)
    problem, theta = fitted(*CASES[seed % len(CASES)], source)
    found = es.flattest_rescaling(problem, theta)
    assert es.verify(found.certificate.encoded).kind == "flattest rescaling"
    for point, of in ((found.with_least_trace, "trace"), (found.with_least_eigenvalue, "eigenvalue")):
        assert problem.risk(point) == 0 and problem.forward(point).outputs == problem.forward(theta).outputs
        there = es.sharpness(problem, point)
        low, high = found.trace if of == "trace" else found.eigenvalue
        value = there.trace if of == "trace" else there.certificate.bounds[0]
        assert low <= high and value <= high and (high - low) <= F(1, 10**6) * high
    table = np.array(es.sharpness(problem, theta).hessian, dtype=float)
    rescaling = Rescaling.of(problem.network)
    for _ in range(200):
        factors = [F(np.exp(source.uniform(-3, 3))) for _ in rescaling.into]
        s = np.array([float(value) for value in rescaling.scales(factors, len(table))])
        scaled = table / np.outer(s, s)
        assert np.trace(scaled) >= float(found.trace[0]) * (1 - 1e-9)
        assert np.linalg.eigvalsh(scaled)[-1] >= float(found.eigenvalue[0]) * (1 - 1e-9)


@pytest.mark.parametrize("seed", range(6))
def test_rescaled_points_have_the_same_least_values(seed: int) -> None:
    source = random.Random(100 + seed)
    problem, theta = fitted(*CASES[seed % 4], source)
    first = es.flattest_rescaling(problem, theta)
    rescaling = Rescaling.of(problem.network)
    moved = rescaling.rescaled(theta, [F(source.randint(1, 20), source.randint(1, 20)) for _ in rescaling.into])
    second = es.flattest_rescaling(problem, moved)
    assert first.least_trace == second.least_trace and first.least_trace is not None
    for one, other in ((first.trace, second.trace), (first.eigenvalue, second.eigenvalue)):
        assert max(one[0], other[0]) <= min(one[1], other[1])
    assert first.only_rescalings == second.only_rescalings


def test_one_unit_by_hand() -> None:
    """f = v w x at x = 1, 2: H = 5 (v, w)(v, w)ᵀ, of trace 5 (v² + w²), least at |v| = |w|: 10 |v w|."""
    problem = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1, 2], [3, 6]))
    found = es.flattest_rescaling(problem, problem.parameters(W1=[["1/7"]], W2=[[21]]))
    assert found.least_trace is not None and found.least_trace.value == 30 and found.only_rescalings
    assert found.least_eigenvalue is not None and found.least_eigenvalue.value == 30
    low, high = found.largest_step
    assert low <= F(2, 30) <= high


def test_least_values_of_one_unit_are_the_algebraic_numbers_between_the_bounds() -> None:
    """w ∈ ℝ², v: the least largest eigenvalue is a root of the discriminant; scipy-free check by a fine grid."""
    problem, theta = fitted([2, 1, 1], es.leaky_relu("1/2"), random.Random(8))
    found = es.flattest_rescaling(problem, theta)
    assert found.least_eigenvalue is not None and len(found.least_eigenvalue.polynomial) > 3
    near = found.least_eigenvalue.narrowed(F(1, 10**15))
    assert near.low <= found.eigenvalue[1] and found.eigenvalue[0] <= near.high
    table = np.array(es.sharpness(problem, theta).hessian, dtype=float)
    rescaling = Rescaling.of(problem.network)
    values = []
    for exponent in np.linspace(-4, 4, 8001):
        s = np.array([float(value) for value in rescaling.scales([F(float(np.exp(exponent)))], len(table))])
        values.append(np.linalg.eigvalsh(table / np.outer(s, s))[-1])
    assert min(values) == pytest.approx(float(near.low), rel=1e-5) and min(values) >= float(near.low) * (1 - 1e-9)


def test_a_unit_that_is_never_active_leaves_the_infimum_unattained() -> None:
    """v = 0: what comes in has mass 0, what goes out has not, and falls to 0 as the unit is made small."""
    problem = es.Problem(es.Network([1, 2, 1], biases=False), es.Data.from_arrays([1], [1]))
    theta = problem.parameters(W1=[[1], [5]], W2=[[1, 0]])
    found = es.flattest_rescaling(problem, theta)
    assert not found.is_attained and not found.only_rescalings and found.least_trace is not None
    assert found.least_trace.value == 2 and found.trace[0] <= 2 < found.trace[1] < 2 + F(1, 10**6)
    dead = es.Problem(es.Network([1, 1, 1], biases=[True, False]), es.Data.from_arrays([1], [0]))
    flat = es.flattest_rescaling(dead, dead.parameters(W1=[[0]], b1=[-1], W2=[[3]]))
    assert flat.eigenvalue == (0, 0) == flat.trace and flat.largest_step is None and flat.is_attained


def test_a_loss_by_pieces_and_two_outputs() -> None:
    problem, theta = fitted([2, 2, 2], es.leaky_relu("1/2"), random.Random(5))
    huber = es.Problem(problem.network, problem.data, es.huber(1))
    assert es.flattest_rescaling(huber, theta).least_trace == es.flattest_rescaling(problem, theta).least_trace


def test_refusals() -> None:
    chain = es.Problem(es.Network([1, 1, 1], es.linear, biases=False), es.Data.from_arrays([1], [2]))
    with pytest.raises(es.UnsupportedError, match="negative eigenvalue"):
        es.flattest_rescaling(chain, chain.parameters(W1=[[0]], W2=[[0]]))
    bent = es.Problem(es.Network([1, 1, 1], es.hard_tanh), chain.data)
    with pytest.raises(es.UnsupportedError, match=r"h\(cz\) = c h\(z\)"):
        es.flattest_rescaling(bent, bent.parameters(W1=[[1]], b1=[0], W2=[[2]], b2=[0]))
    flat = es.Problem(es.Network([1, 1], es.linear), chain.data)
    with pytest.raises(es.UnsupportedError, match="hidden units"):
        es.flattest_rescaling(flat, flat.parameters(W1=[[2]], b1=[0]))
    with pytest.raises(es.OutOfTime):
        es.flattest_rescaling(chain, chain.parameters(W1=[[1]], W2=[[2]]), effort=F(1, 10**9))
    decayed = es.Problem(chain.network, chain.data, weight_decay="1/10")
    with pytest.raises(es.ExactsurfError):
        es.flattest_rescaling(decayed, decayed.parameters(W1=[[1]], W2=[[2]]))
