"""Training of restricted problems against all valleys: sublevel components against a flooded grid, and runs of descent."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

import exactsurf as es
from tests.minima.restricted.subspaces import whole_space

F = Fraction
FILTER = es.convolution(4, [2], strides=2, head=[1, 1])
INPUTS = [[1, -1, 1, 1], [-1, 0, 2, 0], [-2, 1, 2, -2], [-1, 2, 1, 0]]
PROBLEM = es.RestrictedProblem(FILTER, es.Data.from_arrays(INPUTS, [2, 2, 2, 1]))


def flooded(problem: es.RestrictedProblem, start: tuple[int, int], steps: int, size: int) -> set[tuple[int, int]]:
    """Points of a grid that are joined to one by neighbours of no higher risk than the start, some of them wrongly apart."""

    def risk(place: tuple[int, int]) -> Fraction:
        return problem.risk(problem.restriction.at([F(k, steps) for k in place]))  # type: ignore[return-value]

    level, seen, waiting = risk(start), {start}, [start]
    while waiting:
        a, b = waiting.pop()
        for near in ((a + p, b + q) for p, q in product((-1, 0, 1), repeat=2)):
            if near not in seen and max(map(abs, near)) <= size and risk(near) <= level:
                seen.add(near)
                waiting.append(near)
    return seen


@pytest.mark.parametrize("decay", [None, "1/4"])
def test_valleys_within_reach_against_a_flooded_grid(decay: str | None) -> None:
    problem = es.RestrictedProblem(FILTER, PROBLEM.unrestricted.data, weight_decay=decay)
    land, rnd = es.landscape(problem), random.Random(2)
    seen = set()
    for _ in range(10):
        start = (rnd.randint(-8, 8), rnd.randint(-8, 8))
        theta = FILTER.at([F(k, 4) for k in start])
        found = es.sublevel_component(land, theta)
        assert found.risk == problem.risk(theta) >= found.floor and set(found.copies) == {1}
        assert found.exit_level is None or found.exit_level > found.risk
        assert (found.exit_level is None) == (len(found.valleys) == len(land.valleys))
        grid = flooded(problem, start, 4, 10)
        # Whatever the grid reaches lies in the component.
        lowest = min(problem.risk(FILTER.at([F(k, 4) for k in place])) for place in grid)
        assert min(land.valleys[place].risk for place in found.valleys) <= lowest
        for place in rnd.sample(sorted(grid), min(12, len(grid))):
            near = es.sublevel_component(land, FILTER.at([F(k, 4) for k in place]))
            assert set(near.valleys) <= set(found.valleys)
        seen.add(found.valleys)
    assert len(seen) > 1


def test_bottoms_are_captured_by_their_valleys() -> None:
    land = es.landscape(PROBLEM)
    for place, valley in enumerate(land.valleys):
        found = es.sublevel_component(land, valley.parameters)
        assert found.valley == place and found.is_captured and found.exit_level == valley.merges_at
    run = es.follow_trajectory(land, [valley.parameters for valley in land.valleys[:2]])
    assert run.leaps == (0,) and run.valley == 1 and run.captured_at == 1


@pytest.mark.parametrize("loss", ["squared", "absolute"])
def test_runs_of_descent_end_in_valleys(loss: str) -> None:
    problem = es.RestrictedProblem(FILTER, PROBLEM.unrestricted.data, loss)
    land, runs = es.landscape(problem), es.gradient_descent(problem, range(12), steps=400)
    assert all(problem.restriction.holds(point) for run in runs for point in run)
    found = es.training_valleys(land, runs)
    assert sum(found.counts) + len(found.open_runs) == 12 and sum(found.counts) > 5
    assert sum(count > 0 for count in found.counts) > 1
    assert [row["runs"] for row in found.to_rows()] == list(found.counts)
    assert sum(bar.runs for bar in es.plots.plot_training_data(found)) == 12
    assert "Which valley training finds" in es.landscape_page(land, training=found)


def test_descent_is_that_of_the_free_parameters() -> None:
    """One step against exact derivatives of the restricted risk."""
    run = es.gradient_descent(PROBLEM, [3], steps=1, step_size="1/64", records=2)[0]
    before, after = map(PROBLEM.values, run)
    gradient = es.stationarity(PROBLEM, run[0]).gradient
    assert isinstance(gradient, tuple)
    expected = [float(u) - float(slope) / 64 for u, slope in zip(before, gradient, strict=True)]
    assert np.allclose([float(u) for u in after], expected, rtol=1e-12, atol=1e-12)


def test_a_restriction_that_restricts_nothing_has_the_same_components() -> None:
    network = es.Network([1, 1, 1], biases=[True, False])
    plain = es.Problem(network, es.Data.from_arrays([0, 1, 2], [0, 1, 0]))
    held = es.restriction(network, W1=[["a"]], b1=["b"], W2=[[1]])
    restricted = es.RestrictedProblem.of(held, plain)
    land = es.landscape(restricted)
    for a, b in product((-2, 0, 1), repeat=2):
        theta = restricted.parameters(a=a, b=b)
        assert es.sublevel_component(land, theta).risk == plain.risk(theta)
    free = es.RestrictedProblem.of(whole_space(es.Network([1, 1])), es.Problem(es.Network([1, 1]), plain.data))
    linear = es.landscape(free)
    assert es.sublevel_component(linear, free.parameters(u0=5, u1=-3)).valley == 0


def test_what_is_refused() -> None:
    scaled = es.RestrictedProblem(es.convolution(4, [2], strides=2, head=["c", "c"]), PROBLEM.unrestricted.data)
    land = es.landscape(scaled)
    with pytest.raises(es.UnsupportedError, match="scales"):
        es.sublevel_component(land, land.valleys[0].parameters)
    plain = es.landscape(PROBLEM)
    with pytest.raises(es.InputError, match="do not obey the restriction"):
        es.sublevel_component(plain, es.Parameters(W1=[[1, 1, 0, 0], [0, 0, 1, 2]], W2=[[1, 1]]))
    with pytest.raises(es.UnsupportedError, match="restricted"):
        es.certify_capture(plain, plain.valleys[0].parameters)  # type: ignore[call-overload]
