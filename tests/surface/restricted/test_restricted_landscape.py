"""Landscapes of restricted problems against flooded grids, decisions, and landscapes without a restriction."""

from __future__ import annotations

import pickle
import random
from fractions import Fraction

import numpy as np
import pytest

import exactsurf as es
from tests.surface.restricted.flooding import basins, float_risks
from tests.surface.restricted.problems import LESSON, PLANES, plane


def flooded(problem: es.RestrictedProblem, size: float, steps: int) -> list[tuple[float, float]]:
    """Birth and barrier of the basins of a grid of two parameters, the deepest ones, by floats and Kruskal's method."""
    axis = np.linspace(-size, size, steps)
    a, b = np.meshgrid(axis, axis, indexing="ij")
    return basins(float_risks(problem, np.stack([a.ravel(), b.ravel()])).reshape(steps, steps))


@pytest.mark.parametrize("name", PLANES)
@pytest.mark.parametrize("seed", range(3))
def test_valleys_are_the_basins_of_a_flooded_grid(name: str, seed: int) -> None:
    problem = plane(name, seed)
    land = es.landscape(problem)
    size = max((abs(v) for valley in land.valleys for v in problem.values(valley.parameters)), default=Fraction(1))
    found = sorted(flooded(problem, float(size) + 2, 301))
    deep = sorted(
        (float(v.risk), float("inf") if v.barrier is None else float(v.barrier)) for v in land.valleys if not v.is_global
    )
    lowest = float(land.global_minimum.risk)
    assert lowest <= found[0][0] + 1e-9 and found[0][0] - lowest < 0.2
    for risk, barrier in deep:
        if barrier - risk > 0.25:
            assert any(abs(low - risk) < 0.2 and abs(high - barrier) < 0.2 for low, high in found), (risk, barrier, found)
    for low, high in found:
        if high - low > 0.25 and low - lowest > 0.25 and np.isfinite(high):
            assert any(abs(low - risk) < 0.2 and abs(high - barrier) < 0.2 for risk, barrier in deep), (low, high, deep)


@pytest.mark.parametrize("name", PLANES)
@pytest.mark.parametrize("seed", range(3))
def test_every_local_minimum_is_decided_as_one(name: str, seed: int) -> None:
    problem = plane(name, seed)
    land = es.landscape(problem)
    assert land.local_minima[0].risk == land.global_minimum.risk == min(land.risks)
    for found in land.local_minima:
        assert problem.risk(found.parameters) == found.risk
        assert es.decide(problem, found.parameters).status is es.Status.PROVED
        assert all(land.valleys[place].risk <= found.risk for place in found.valleys) and found.valleys
    assert {v for m in land.local_minima if m.is_valley for v in m.valleys} == set(range(len(land.valleys)))


@pytest.mark.parametrize("name", PLANES)
def test_a_point_is_decided_a_minimum_only_if_it_is_in_the_list(name: str) -> None:
    """Minimisers of cells and random points, which are no local minima, are refuted; those that are one have a listed risk."""
    problem = plane(name, 1)
    land = es.landscape(problem)
    risks = {found.risk for found in land.local_minima}
    for values in {*land.minimisers, *((Fraction(a, 2), Fraction(b, 3)) for a in range(-4, 5, 2) for b in range(-6, 7, 3))}:
        parameters = problem.restriction.at(values)
        verdict = es.decide(problem, parameters)
        assert verdict.status is not es.Status.UNDECIDED
        if verdict.status is es.Status.PROVED:
            assert problem.risk(parameters) in risks


@pytest.mark.parametrize("loss", ["hinge", "squared_hinge", "quantile(1/3)", "squared.mean", "epsilon_insensitive(1/2)"])
@pytest.mark.parametrize("weights", [None, [1, 2, "1/2", 3]])
def test_losses_and_weights_of_samples(loss: str, weights: list[object] | None) -> None:
    source = random.Random(loss)
    rows = [[source.randint(-2, 2) for _ in range(4)] for _ in range(4)]
    data = es.Data.from_arrays(rows, [source.choice([-1, 1]) for _ in range(4)])
    problem = es.RestrictedProblem(PLANES["opposite head"], data, loss, sample_weight=weights)
    land = es.landscape(problem)
    assert es.certify_global_minimum(problem).risk == land.global_minimum.risk
    for found in land.local_minima:
        assert es.decide(problem, found.parameters).status is es.Status.PROVED


def test_the_lesson_has_four_spurious_valleys() -> None:
    land = es.landscape(LESSON)
    assert [str(valley.risk) for valley in land.valleys] == ["0", "7/6", "65/28", "317/106", "69/22"]
    assert all(found.is_strict and found.is_valley for found in land.local_minima) and land.cells == land.facets == 10
    assert pickle.loads(pickle.dumps(land)) == land and repr(land).startswith("RestrictedLandscape(")
    assert land.to_rows()[1]["barrier"] == Fraction(29, 10) and len(land.local_minimum_rows()) == 5
    assert land.tree.number_of_nodes() == len(land.merges.nodes)


def test_a_convex_problem_has_one_cell_and_the_fit() -> None:
    """A linear network with one free layer is a least squares problem."""
    filters = es.convolution(3, [2], activation="linear", head=[1, 1])
    problem = es.RestrictedProblem(filters, es.Data.from_arrays([[1, 0, 1], [0, 1, 2], [1, 1, 1]], [1, 2, 0]))
    land = es.landscape(problem)
    design = np.array([[1, 1], [1, 3], [2, 2]], dtype=float)
    fit, *_ = np.linalg.lstsq(design, np.array([1.0, 2.0, 0.0]), rcond=None)
    assert land.cells == 1 and land.facets == 0
    assert np.allclose(fit, [float(v) for v in problem.values(land.global_minimum.parameters)])


def test_a_fixed_output_weight_of_one_unit_is_no_restriction_of_the_minimum() -> None:
    """With v = 1 and v = −1 together one homogeneous unit reaches what it reaches with a free output weight."""
    data = es.Data.from_arrays([-2, 0, 1, 3], [1, 0, 2, -1])
    free = es.landscape(es.Problem(es.Network([1, 1, 1]), data)).global_minimum.risk
    signed = [es.landscape(es.RestrictedProblem(es.restriction(es.Network([1, 1, 1]), W2=[[v]]), data)) for v in (1, -1)]
    assert min(land.global_minimum.risk for land in signed) == free


def test_what_is_not_known_is_refused_in_words() -> None:
    data = es.Data.from_arrays([1, 2], [1, 2])
    with pytest.raises(es.UnsupportedError, match="2 weights vary"):
        es.landscape(es.RestrictedProblem(es.diagonal(1, shared=True), data))
    with pytest.raises(es.UnsupportedError, match="piecewise linear activations"):
        es.landscape(es.RestrictedProblem(es.restriction(es.Network([1, 1, 1], "tanh"), W2=[[1]]), data))
    with pytest.raises(es.UnsupportedError, match="know no below"):
        es.landscape(LESSON, below=1)
    with pytest.raises(es.InputError, match="10 cells, more than 9"):
        es.landscape(LESSON, max_cells=9)
    with pytest.raises(es.OutOfTime):
        es.landscape(plane("tied", 0), effort="1/1000000")
