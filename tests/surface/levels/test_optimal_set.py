"""All optimal networks with weight decay: against landscapes, known sets, and random points of the set."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import pytest

import exactsurf as es
from exactsurf.surface.levels.optimal_set import OptimalSet, optimal_set

F = Fraction


def triangle(units: int, y=("3/2", "3/2"), activation=es.relu, factor=1) -> es.Problem:
    """Inputs at which three directions gain the same."""
    data = es.Data.from_arrays([[1, 1, 1], [-1, -1, -1]], list(y))
    network = es.Network([3, units, 1], activation, biases=[True, False])
    return es.Problem(network, data, weight_decay=factor, decay_biases=True)


def line(units: int, x, y, activation=es.relu, loss=es.squared, factor=1) -> es.Problem:
    data = es.Data.from_arrays(x, y, weights=[k + 1 for k in range(len(x))])
    return es.Problem(es.Network([1, units, 1], activation, biases=False), data, loss, weight_decay=factor)


LINES = [
    ([1, -1], [2, 2]),
    ([1, -1, 2], [2, -3, 5]),
    ([1, 2, 3], [1, 3, 2]),
    ([-1, 2], [5, 0]),
]


@pytest.mark.parametrize("case", LINES)
@pytest.mark.parametrize("activation", [es.relu, es.leaky_relu("1/2")])
@pytest.mark.parametrize("loss", [es.squared, es.squared.mean])
def test_components_are_the_global_valleys_of_the_landscape(case, activation, loss):
    for units in (1, 2, 3):
        problem = line(units, *case, activation=activation, loss=loss)
        found, land = optimal_set(problem), es.enclosed_landscape(problem)
        best = land.global_minimum.risk
        if units < found.least_width:
            assert best.low > found.risk
            continue
        assert best == es.Enclosure(found.risk, found.risk)
        assert found.components(units) == sum(v.multiplicity for v in land.valleys if v.risk == best)


@pytest.mark.parametrize("y", [("3/2", "3/2"), (2, 2), (-5, -5)])
@pytest.mark.parametrize("units", [1, 2, 3])
def test_the_staircase_in_the_landscape(units: int, y):
    # One optimum; a continuum and two isolated optima; one connected set.
    land = es.enclosed_landscape(triangle(units, y))
    best = [valley for valley in land.valleys if valley.is_global]
    assert sorted(valley.multiplicity for valley in best) == {1: [1], 2: [1, 2], 3: [1]}[units]
    found = optimal_set(triangle(units, y))
    assert (found.least_width, found.greatest_width) == (1, 2)
    assert [found.components(m) for m in (1, 2, 3, 4)] == [1, 3, 1, 1]
    assert [found.isolated(m) for m in (1, 2, 3, 4)] == [1, 2, 0, 0]
    assert [found.is_finite(m) for m in (1, 2, 3, 4)] == [True, False, False, False]
    assert all(valley.risk.low <= found.risk <= valley.risk.high for valley in best)


def risks_of(found: OptimalSet, seed: int):
    """Risks of networks in the optimal set: squares of rational lengths, shared by units as one likes."""
    rnd, problem = random.Random(seed), found.problem
    for vertex, _ in product(found.vertices, range(3)):
        shares = [(k, amount * part) for k, amount in vertex for part in (lambda t: (t, 1 - t))(F(rnd.randint(0, 9), 9))]
        rows, outputs = [], []
        for k, amount in shares:
            height = F(round(float(amount) ** 0.5 * 2**60), 2**60)
            rows.append([amount / height * w for w in found.units[k].weights] if height else [0] * len(found.units[k].weights))
            outputs.append(found.units[k].sign * height)
        network = es.Network([problem.network.widths[0], len(rows), 1], problem.network.activation, biases=problem.network.biases)
        wide = es.Problem(
            network, problem.data, problem.loss, weight_decay=problem.decay.factor, decay_biases=problem.decay.biases
        )
        hidden = problem.network.biases[0]
        named = {"W1": [row[:-1] for row in rows], "b1": [row[-1] for row in rows]} if hidden else {"W1": rows}
        yield wide.risk(wide.parameters(**named, W2=[outputs]))


@pytest.mark.parametrize("problem", [triangle(2), *(line(2, x, y, es.leaky_relu("1/2")) for x, y in LINES)])
def test_points_of_the_set_have_the_least_risk(problem: es.Problem):
    found = optimal_set(problem)
    assert all(0 <= risk - found.risk < F(1, 10**15) for risk in risks_of(found, 1))
    width = max(found.least_width, problem.network.widths[1])
    if width == problem.network.widths[1]:
        assert 0 <= problem.risk(found.network(width)) - found.risk < F(1, 10**15)
    for unit in found.units:
        assert sum(w * w for w in unit.weights) == 1
        assert -sum(r * f for r, f in zip(found.gradient, unit.prediction, strict=True)) == problem.decay.factor


def test_where_no_unit_is_worth_its_price():
    found = optimal_set(line(2, [1, 2], [1, 1], factor=100))
    assert found.vertices == ((),) and found.risk == F(3, 2)
    assert (found.components(2), found.isolated(2), found.is_finite(2)) == (1, 1, True)
    assert not any(map(any, found.network(2).weights[0]))
    assert repr(found) == "OptimalSet(0 directions, 1 vertex, m* = 0, M* = 0)"


def test_what_is_refused():
    with pytest.raises(es.UnsupportedError, match="weight_decay"):
        optimal_set(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1], [1]), weight_decay=1))
    with pytest.raises(es.UnsupportedError, match="strictly convex"):
        optimal_set(line(1, [1], [2], loss=es.huber(1)))
    irrational = es.Data.from_arrays([[0], [1], [2]], [0, 1, 0])
    with pytest.raises(es.UnsupportedError, match="short fractions"):
        optimal_set(es.Problem(es.Network([1, 1, 1], biases=[True, False]), irrational, weight_decay="1/10", decay_biases=True))
    with pytest.raises(es.UnsupportedError, match="take fewer units"):
        optimal_set(line(1, [1, -1], [2, 2])).components(70)
