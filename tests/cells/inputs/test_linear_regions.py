"""Linear regions: published notions told apart, grids, arrangements, and the package relucent where it is installed."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from math import comb

import pytest

import exactsurf as es
from exactsurf.exact.linear_algebra import primitive
from exactsurf.exact.strict_system import MotzkinMultipliers, solve_strict_system
from tests.cells.inputs.functions_by_hand import outputs, pattern, random_parameters

# |x| + |y| − |x + y| + r(x − 5) − 2r(x − 6) + r(x − 7) + r(min(x, y) − 20)
SIX = es.Network([2, 10, 2, 1])
SIX_POINT = es.Parameters(
    W1=[[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, -1], [1, 0], [1, 0], [1, 0], [1, -1]],
    b1=[0, 0, 0, 0, 0, 0, -5, -6, -7, 0],
    W2=[[1, 1, 1, 1, -1, -1, 1, -2, 1, 0], [1, -1, 0, 0, 0, 0, 0, 0, 0, -1]],
    b2=[0, -20],
    W3=[[1, 1]],
    b3=[0],
)


def six(found: es.LinearRegions) -> tuple[int, ...]:
    low, high = found.convex_regions
    assert low <= high
    return (
        *(found.activation_regions, found.proper_activation_regions, high),
        *(found.open_connected_regions, found.closed_connected_regions, found.affine_regions),
    )


def test_all_six_numbers_differ() -> None:
    found = es.linear_regions(SIX, SIX_POINT)
    assert six(found) == (38, 22, 18, 17, 16, 13) and found.convex_regions == (18, 18)
    x = [Fraction(3), Fraction(-7, 2)]
    r = lambda z: max(Fraction(0), z)  # noqa: E731
    hat = r(x[0] - 5) - 2 * r(x[0] - 6) + r(x[0] - 7) + r(min(x) - 20)
    assert outputs(SIX, SIX_POINT, x) == [abs(x[0]) + abs(x[1]) - abs(sum(x)) + hat]


@pytest.mark.parametrize(("inputs", "units"), [(1, 4), (2, 5), (3, 4)])
def test_generic_shallow_networks(inputs: int, units: int) -> None:
    """Σ C(m, i) regions; the arrangement has as many pairs of neighbours as facets."""
    network = es.Network([inputs, units, 1])
    theta = random_parameters(network, random.Random(inputs), 99)
    found = es.linear_regions(network, theta)
    assert found.proper_activation_regions == sum(comb(units, i) for i in range(inputs + 1)) == found.activation_regions
    arrangement = es.Arrangement(theta["W1"], [-b for b in theta["b1"]])
    facets = sum(len(arrangement.facets(cell)) for cell in arrangement.cells())
    assert 2 * len(found.neighbours) == facets
    for i, region in enumerate(found.regions):
        polytope = found.polytope(i)
        for vertex in polytope.vertices:
            values = [sum(a * v for a, v in zip(row, (*vertex, 1), strict=True)) for row in region.inequalities]
            assert min(values) == 0 or not polytope.lineality


@pytest.mark.parametrize("seed", range(6))
def test_small_integers_against_brute_force(seed: int) -> None:
    """Half-open patterns and functions on a fine grid are never more, and with grid points on all walls as many."""
    source = random.Random(seed)
    network = es.Network(source.choice([[2, 3, 1], [2, 2, 2, 1], [1, 3, 2, 1]]))
    theta = random_parameters(network, source, 1)
    found = es.linear_regions(network, theta)
    numbers = six(found)
    assert list(numbers) == sorted(numbers, reverse=True)
    steps = [Fraction(k, 4) for k in range(-24, 25)]
    seen, proper = set(), set()
    for x in itertools.product(steps, repeat=network.widths[0]):
        values, signs = list(x), []
        for layer, (rows, bias) in enumerate(zip(theta.weights, theta.biases, strict=True), start=1):
            values = [sum(w * v for w, v in zip(row, values, strict=True)) + b for row, b in zip(rows, bias, strict=True)]
            if layer < network.layers:
                signs += [value > 0 for value in values]
                values = [max(value, Fraction(0)) for value in values]
        seen.add(tuple(signs))
        if pattern(network, theta, x) is not None:
            proper.add(tuple(signs))
    assert len(seen) == found.activation_regions
    assert len(proper) <= found.proper_activation_regions
    assert found.affine_regions == len({region.outputs for region in found.regions})


def across(found: es.LinearRegions) -> set[tuple[int, int]]:
    """Neighbours in another way: a point of every facet by a linear program, and the region just behind it."""
    pairs = set()
    for i, region in enumerate(found.regions):
        rows = sorted({tuple(map(Fraction, primitive(row)[0])) for row in region.inequalities})
        for row in rows:
            y = solve_strict_system(
                [*(other for other in rows if other != row), (*[Fraction(0)] * (len(row) - 1), Fraction(1))], [row]
            )
            if not isinstance(y, MotzkinMultipliers):
                behind = [v / y[-1] - a / 10**12 for v, a in zip(y, row[:-1], strict=False)]
                (j,) = (j for j, other in enumerate(found.regions) if other.contains(behind))
                pairs.add((min(i, j), max(i, j)))
    return pairs


@pytest.mark.parametrize("seed", range(4))
def test_neighbours_are_the_regions_behind_facets(seed: int) -> None:
    network = es.Network([2, 4, 2, 1])
    found = es.linear_regions(network, random_parameters(network, random.Random(seed), 9))
    assert across(found) == set(found.neighbours)


def test_regions_that_touch_at_a_point() -> None:
    """|x| + |y| − |x + y| is 0 on the first and third quadrant: two open regions, one closed one."""
    network = es.Network([2, 6, 1])
    rows = [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, -1]]
    theta = es.Parameters(W1=rows, b1=[0] * 6, W2=[[1, 1, 1, 1, -1, -1]], b2=[0])
    found = es.linear_regions(network, theta)
    assert six(found) == (13, 6, 6, 6, 5, 5)
    assert len(found.neighbours) == 6


def test_errors() -> None:
    with pytest.raises(es.InputError, match="linear_regions needs a piecewise linear activation"):
        es.linear_regions(es.Network([1, 1, 1], "tanh"), es.Parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0]))
    with pytest.raises(es.ShapeError):
        es.linear_regions(es.Network([1, 2, 1]), es.Parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0]))


def test_the_package_relucent_counts_as_many() -> None:
    relucent = pytest.importorskip("relucent")
    import numpy as np

    model = pytest.importorskip("relucent.model.model")
    for seed in range(3):
        network = es.Network([2, 4, 3, 1])
        theta = random_parameters(network, random.Random(seed), 9)
        layers = {}
        for k, (rows, bias) in enumerate(zip(theta.weights, theta.biases, strict=True)):
            layers[f"fc{k}"] = model.LinearLayer(weight=np.array(rows, dtype=float), bias=np.array(bias, dtype=float))
            if k < 2:
                layers[f"relu{k}"] = model.ReLULayer()
        other = relucent.Complex(model.ReLUNetwork(layers, input_shape=(2,)))
        other.bfs(start=np.array([[0.37, -0.83]]))
        found = es.linear_regions(network, theta)
        assert len(other) == found.proper_activation_regions
        # Its dual graph joins patterns that differ in one unit, which need not share a facet.
        assert other.dual_graph().number_of_edges() >= len(found.neighbours)
