"""Bounds for several outputs and hidden layers against what other algorithms and brute force know."""

from __future__ import annotations

import random
from contextlib import suppress
from fractions import Fraction
from itertools import product

import pytest

import exactsurf as es
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.model.parameter_vector import parameters_of

LOSSES = ("squared", "absolute", "huber(1/2)", "quantile(1/3)")


def data(source: random.Random, samples: int, inputs: int, outputs: int) -> es.Data:
    rows = [[source.randint(-3, 3) for _ in range(inputs)] for _ in range(samples)]
    return es.Data.from_arrays(rows, [[source.randint(-2, 2) for _ in range(outputs)] for _ in range(samples)])


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ["relu", "absolute_value", "hard_tanh"])
def test_one_output_has_the_global_minimum_that_the_other_search_finds(loss: str, activation: str) -> None:
    source = random.Random(f"{loss} {activation}")
    for units in (1, 2):
        problem = es.Problem(es.Network([1, units, 1], activation), data(source, 4, 1, 1), loss)
        known = es.certify_global_minimum(problem).risk
        search = es.BoundSearch(problem)
        with_limit(search)
        assert search.lower <= known <= search.upper
        assert known - search.lower <= search.upper / 1000


def with_limit(search: es.BoundSearch, nodes: int = 600, width: str = "1/1000") -> None:
    with suppress(es.InputError):
        search.run(max_nodes=nodes, width=width)


@pytest.mark.parametrize("loss", [*LOSSES, "cross_entropy"])
def test_joined_output_weights_and_cones_alone_enclose_the_same_infimum(loss: str) -> None:
    source = random.Random(loss)
    joined = 0
    for widths in ([1, 2, 2], [2, 2, 2]):
        points = data(source, 4, widths[0], 2)
        if widths[0] == 1:
            points = es.Data.from_arrays([-1, 0, 1, -2], [[0, -2], [0, 2], [1, -2], [2, -2]])
        if loss == "cross_entropy":
            points = es.Data.from_arrays(points.x, [[i % 2, 1 - i % 2] for i in range(4)])
        problem = es.Problem(es.Network(widths, biases=widths[0] == 1), points, loss)
        seen: list[tuple[Fraction, Fraction]] = []
        search, other = es.BoundSearch(problem), es.BoundSearch(problem)
        other.joints = None
        with suppress(es.InputError):
            search.run(max_nodes=60, width="1/1000", watch=lambda _, low, high, seen=seen: seen.append((low, high)))
        with_limit(other, 60)
        assert search.lower <= other.upper and other.lower <= search.upper
        lows, highs = zip((search.lower, search.upper), *reversed(seen), strict=True)
        assert list(lows) == sorted(lows, reverse=True) and list(highs) == sorted(highs)
        assert es.verify(es.certify_search(search)).kind in {"lower bound", "global minimum", "enclosed least risk"}
        joined += sum(node.regions.is_joint for node in search.nodes)
    assert joined or loss != "squared"


@pytest.mark.parametrize("loss", LOSSES)
def test_an_output_twice_costs_twice_as_much(loss: str) -> None:
    source = random.Random(loss)
    x = [source.randint(-3, 3) for _ in range(5)]
    y = [source.randint(-2, 2) for _ in range(5)]
    one = es.certify_global_minimum(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays(x, y), loss)).risk
    search = es.BoundSearch(es.Problem(es.Network([1, 1, 2]), es.Data.from_arrays(x, [[v, v] for v in y]), loss))
    with_limit(search, 200, "1/50")
    assert search.lower <= 2 * one <= search.upper
    assert 2 * one - search.lower <= search.upper / 40


@pytest.mark.parametrize("widths", [[1, 1, 2], [1, 2, 2], [1, 1, 1, 1], [1, 2, 1, 2], [2, 1, 2, 1], [1, 1, 1, 1, 1]])
def test_no_parameters_are_below_the_bound(widths: list[int]) -> None:
    source = random.Random(str(widths))
    for biases in (True, False):
        network = es.Network(widths, biases=biases)
        problem = es.Problem(network, data(source, 4, widths[0], widths[-1]))
        search = es.BoundSearch(problem)
        with_limit(search, 60)
        proof = es.certify_search(search)
        assert proof.risk == search.lower <= search.upper == problem.risk(search.point)
        for _ in range(60):
            theta = parameters_of(network, tuple(Fraction(source.randint(-8, 8), 4) for _ in range(dimension(network))))
            assert problem.risk(theta) >= search.lower


def test_a_deep_network_has_its_global_minimum() -> None:
    problem = es.Problem(es.Network([1, 1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3, 4], [0, 2, 0, 2, 1]))
    proof = es.certify_global_minimum(problem)
    assert proof.risk == Fraction(11, 8)
    # What this network computes is a constant, a constant and a line with at most two kinks: no better fit on a grid.
    risks = []
    for a, b, c, d in product(range(-2, 3), repeat=4):
        hidden = [max(0, c * max(0, a * x + b) + d) for x in range(5)]
        risks.append(least_line(hidden, [0, 2, 0, 2, 1]))
    assert min(risks) >= proof.risk


def least_line(x: list[int], y: list[int]) -> Fraction:
    """½ Σ (v x + b − y)², least over v and b."""
    n, sx, sy = len(x), sum(x), sum(y)
    sxx, sxy = n * sum(v * v for v in x) - sx * sx, n * sum(v * w for v, w in zip(x, y, strict=True)) - sx * sy
    rest = Fraction(n * sum(v * v for v in y) - sy * sy, n)
    return (rest - (Fraction(sxy * sxy, n * sxx) if sxx else 0)) / 2


def test_xor_with_a_second_hidden_unit_that_reads_the_first() -> None:
    xor = es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
    proof = es.certify_global_minimum(es.Problem(es.Network([2, 1, 1, 1]), xor))
    assert (proof.kind, proof.risk) in {("global minimum", Fraction(1, 3)), ("lower bound", proof.risk)}
    assert Fraction(33, 100) <= proof.risk <= Fraction(1, 3)


def test_classes_by_leads() -> None:
    points = es.Data.from_arrays([0, 1, 2], [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    search = es.BoundSearch(es.Problem(es.Network([1, 1, 3]), points, "hinge"))
    with_limit(search, 60)
    assert 0 <= search.lower <= search.upper
    es.certify_search(search)


def test_equal_inputs_with_different_targets_cost_what_they_must() -> None:
    search = es.BoundSearch(es.Problem(es.Network([1, 3, 3, 1]), es.Data.from_arrays([1, 1, 0], [0, 2, 1])))
    assert search.lower == search.upper == 1
    assert es.certify_search(search).kind == "global minimum"


def test_stopped_at_any_time_it_encloses_what_it_finds_later() -> None:
    problem = es.Problem(es.Network([1, 2, 2]), es.Data.from_arrays([0, 1, 2, 3, 4], [[0, 1], [1, 0], [0, 0], [2, 1], [0, 2]]))
    search = es.BoundSearch(problem)
    seen = [(search.lower, search.upper)]
    try:
        search.run(max_nodes=80, width=0, watch=lambda _, low, high: seen.append((low, high)))
    except es.InputError as error:
        assert "raise max_nodes" in str(error)
    lows, highs = zip(*seen, strict=True)
    assert list(lows) == sorted(lows) and list(highs) == sorted(highs, reverse=True)
    assert es.certify_search(search).risk == lows[-1]
    with pytest.raises(es.OutOfTime):
        es.BoundSearch(problem).run(effort=es.Effort(Fraction(1, 1000)), width=0)


def test_refusals_name_what_is_known() -> None:
    points = es.Data.from_arrays([0, 1], [[0, 1], [1, 0]])
    with pytest.raises(es.UnsupportedError, match="conjugate is known"):
        es.BoundSearch(es.Problem(es.Network([1, 1, 2]), points, es.loss("log(1 + (f - y)**2)")))
    with pytest.raises(es.InputError, match="linear"):
        es.BoundSearch(es.Problem(es.Network([1, 1, 2], "linear"), points))
    with pytest.raises(es.UnsupportedError, match="formal"):
        es.certify_global_minimum(es.Problem(es.Network([1, 1, 2]), points), formal=True)
    with pytest.raises(es.InputError, match="from 0 to below 1"):
        es.certify_global_minimum(es.Problem(es.Network([1, 1, 2]), points), width=2)


@pytest.mark.parametrize("far", [Fraction(10**400), Fraction(1, 10**400)])
def test_numbers_beyond_doubles_give_bounds_or_are_refused(far: Fraction) -> None:
    problem = es.Problem(es.Network([1, 2, 1], es.absolute_value), es.Data.from_arrays([far, 0, 1], [1, 0, far]))
    search = es.BoundSearch(problem)
    with suppress(es.UnsupportedError):
        search.run(effort=20)
    assert 0 <= search.lower <= search.upper == problem.risk(search.point)
    es.verify(es.certify_search(search))


def test_a_search_tells_its_state_and_keeps_the_effort_of_its_construction() -> None:
    problem = es.Problem(es.Network([1, 2, 2]), es.Data.from_arrays([0, 1, 2, 3], [[0, 1], [1, 0], [0, 2], [1, 1]]))
    search = es.BoundSearch(problem)
    assert repr(search).startswith("BoundSearch(Problem(") and " 1 region, 1 open" in repr(search)
    search.run(width="1/5")
    assert f"{len(search.nodes)} regions, " in repr(search)
    assert search == search and search != es.BoundSearch(problem, start=search.point)
    with pytest.raises(es.OutOfTime):
        es.BoundSearch(problem, "1e-9")
