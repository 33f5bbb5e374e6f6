"""Pattern regions of networks of any depth: counted by hand, against one layer, by wall crossing, and by their symmetries."""

from __future__ import annotations

from itertools import permutations, product
from math import comb
from random import Random

import pytest

import exactsurf as es
from exactsurf.cells.activation_pattern import activation_pattern
from exactsurf.cells.patterns.impossibility import check_impossible
from exactsurf.cells.patterns.pattern_decision import SettledBy
from exactsurf.cells.patterns.pattern_regions import PatternRegions, pattern_regions
from exactsurf.cells.patterns.region_search import RegionSearch
from exactsurf.cells.patterns.wall_crossing import cross_walls
from exactsurf.cells.unit_cells import count_cells, enumerate_patterns
from tests.cells.cell_cases import integer_point
from tests.cells.patterns.deep_patterns import all_patterns, matches, problem, sampled_patterns

XOR = [[0, 0], [0, 1], [1, 0], [1, 1]]


def checked(found: PatternRegions) -> set[object]:
    """The patterns found, after checking witnesses, proofs, and that nothing is listed twice."""
    patterns = {region.pattern.pieces for region in found.regions}
    assert len(patterns) == len(found)
    assert all(activation_pattern(found.problem, region.witness) == region.pattern for region in found.regions)
    for family in found.impossible:
        assert family.settled_by is SettledBy.FARKAS and check_impossible(found.problem, family.pieces, family.proof)
    return patterns


def count_over_one_unit(samples: int, width: int) -> int:
    """The regions of 1-1-width-1 (ReLU, biases) on different points, by hand.

    The unit of layer 1 is on for the last or the first m points, in one way each for m = 0 and m = N, in two otherwise.
    Its values are m different ones and a zero shared by the others, in a known order (up to reversal for m = N, which
    carries thresholds to thresholds); each unit of layer 2 puts one threshold among them, in one of two directions.
    """
    ways = [1, *[2] * (samples - 1), 1]
    return sum(way * (2 * (m + (m < samples))) ** width for m, way in enumerate(ways))


@pytest.mark.parametrize(("samples", "width"), [(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (3, 2), (4, 2), (3, 3)])
def test_one_unit_below(samples: int, width: int):
    found = pattern_regions(problem([k * k for k in range(samples)], [1, width]))
    assert found.complete is True
    assert len(checked(found)) == count_over_one_unit(samples, width)


@pytest.mark.parametrize("activation", ["relu", "hard_tanh", "leaky_relu"])
@pytest.mark.parametrize("biases", [True, False])
def test_one_hidden_layer(activation: str, biases: bool):
    instance = problem([[1, 0], [0, 2], [1, 1]], [2], activation, biases)
    found = pattern_regions(instance)
    assert found.complete is True
    assert checked(found) == {pattern.pieces for pattern in enumerate_patterns(instance)}
    orbits = pattern_regions(instance, modulo_permutation=True)
    assert len(orbits) == count_cells(instance, modulo_permutation=True)


@pytest.mark.parametrize(
    "instance",
    [
        problem([0, 1, 3], [2, 1]),
        problem([0, 1], [2, 2]),
        problem([0, 2], [1, 1, 1]),
        problem([[0, 0], [1, 0], [1, 2]], [1, 1]),
        problem([0, 2], [1, 1], "hard_tanh"),
        problem([[1, 1], [-1, 2]], [2, 1], "absolute_value", biases=False),
    ],
    ids=repr,
)
def test_every_pattern_is_accounted_for(instance: es.Problem):
    """What is in no region is in an impossible family, or layer 1 cannot have it; sampling agrees."""
    found = pattern_regions(instance)
    assert found.complete is True and not found.undecided
    regions = checked(found)
    one_layer = es.Problem(
        es.Network([*instance.network.widths[:2], 1], instance.network.activation, biases=bool(instance.network.biases[0])),
        instance.data,
    )
    first = {pattern.pieces[0] for pattern in enumerate_patterns(one_layer)}
    for pattern in all_patterns(instance):
        families = [family for family in found.impossible if matches(family.pieces, pattern)]
        assert (pattern in regions) == (pattern[0] in first and not families)
    sampled = sampled_patterns(instance, 2000, 6)
    assert sampled <= regions and len(sampled) > len(regions) // 3


@pytest.mark.parametrize(
    "instance",
    [
        problem([0, 1, 3], [2, 1]),
        problem([0, 1, 2, 5], [1, 2]),
        pytest.param(problem([0, 1, 2], [2, 2]), marks=pytest.mark.slow),
        problem([0, 3], [1, 2, 1], "leaky_relu"),
        problem([1, 2], [2, 1], "hard_tanh", biases=False),
    ],
    ids=repr,
)
def test_wall_crossing_finds_the_same_regions(instance: es.Problem):
    """Regions are reached from each other through walls, where no proof of impossibility is in play."""
    found = pattern_regions(instance, modulo_permutation=True)
    crossed = RegionSearch(instance, 10**6, True, "none", 0, 1, 1)
    cross_walls(crossed)
    assert found.complete is True
    assert set(crossed.found) == {region.pattern.pieces for region in found.regions}


def test_xor_with_two_layers_of_two_units():
    """Complete although weights of the layers multiply; the first rows are those of the threshold functions."""
    instance = problem(XOR, [2, 1])
    found = pattern_regions(instance)
    regions = checked(found)
    assert found.complete is True
    assert len({pattern[0] for pattern in regions}) == 14**2
    # Two hidden units make XOR linearly separable: some unit of layer 2 is on exactly there.
    assert any(pattern[1] == ((0, 1, 1, 0),) for pattern in regions)
    assert sampled_patterns(instance, 500, 5) <= regions


def test_two_layers_of_two_units_in_the_plane():
    """Complete although weights of one layer multiply those of the other; no sampled pattern is missing."""
    instance = problem([[0, 0], [0, 1], [1, 0], [1, 1]], [2, 2], "leaky_relu:1/3", biases=False)
    found = pattern_regions(instance, modulo_permutation=True)
    assert found.complete is True
    regions = checked(found)
    home = es.leaky_relu("1/3").breakpoints.index(0)  # the sample 0 is silent: its piece is the one left of 0
    sampled = set()
    source = Random(5)
    for _ in range(300):
        there = activation_pattern(instance, integer_point(instance, source, 9))
        if there.is_interior:
            assert all(unit[0] == home for layer in there.pieces for unit in layer)
            sampled.add(tuple(tuple(sorted(layer)) for layer in there.pieces))
    assert len(sampled) > 50 and sampled <= regions


def test_modulo_permutation_lists_one_of_every_orbit():
    instance = problem([0, 1, 3], [2, 2])
    every, some = pattern_regions(instance), pattern_regions(instance, modulo_permutation=True)
    expanded = {
        pieces for region in some.regions for pieces in product(*(set(permutations(layer)) for layer in region.pattern.pieces))
    }
    assert checked(some) <= expanded == checked(every)


def test_scaling_and_reflecting_the_data_changes_no_pattern():
    patterns = checked(pattern_regions(problem([0, 1, 3], [2, 1])))
    assert patterns == checked(pattern_regions(problem([7, 5, 1], [2, 1])))
    assert patterns == checked(pattern_regions(problem(["-1/3", 0, "2/3"], [2, 1])))


def test_dead_layers_without_biases():
    """Where everything below is off, pre-activations are zero for all weights and count as those of 0."""
    instance = problem([1, -1], [1, 1], biases=False)
    # w > 0: (1, 0); w < 0: (0, 1); above, the sample that is on decides, and the other is silent.
    assert checked(pattern_regions(instance)) == {(((a, 1 - a),), ((b * a, b * (1 - a)),)) for a in (0, 1) for b in (0, 1)}


def test_limits_and_options():
    instance = problem([0, 1, 2], [1, 2])
    short = pattern_regions(instance, limit=100)
    assert len(short) == 100 and short.complete is False and "more than 100 regions exist" in short.why
    checked(short)
    witnesses = pattern_regions(instance, decide="none")
    assert witnesses.complete is None and not witnesses.impossible and "not decided" in witnesses.why
    assert checked(witnesses) <= checked(pattern_regions(instance))
    early = pattern_regions(instance, decisions=3)
    assert early.complete is None and "open" in early.why
    assert all("used up" in family.reason for family in early.undecided)


def test_many_cells_are_explored_by_crossing_walls():
    instance = problem([[k, k * k] for k in range(6)], [3, 2])
    assert comb(count_cells(problem([[k, k * k] for k in range(6)], [1])) + 2, 3) > 300
    found = pattern_regions(instance, limit=300, modulo_permutation=True)
    assert len(found) == 300 and found.complete is False
    checked(found)
    source = Random(1)
    points = (integer_point(instance, source, 9) for _ in range(50))
    start = next(point for point in points if activation_pattern(instance, point).is_interior)
    from_start = pattern_regions(instance, starts=[start], limit=20, modulo_permutation=True)
    # Units are sorted, so the region of the start is listed up to their order, and first.
    there = tuple(tuple(sorted(layer)) for layer in activation_pattern(instance, start).pieces)
    assert from_start.regions[0].pattern.pieces == there
    checked(from_start)


def test_z3_is_named_where_it_settles():
    pytest.importorskip("z3")
    found = pattern_regions(problem([0, 1, 2], [1, 2]), decide="z3", effort=1)
    assert found.complete is True
    assert "Z3's word" in found.why
    assert SettledBy.Z3 in {family.settled_by for family in found.impossible}
    assert len(found) == count_over_one_unit(3, 2)


def test_refusals():
    with pytest.raises(es.InputError, match="no hidden layer"):
        pattern_regions(problem([0, 1], []))
    with pytest.raises(es.InputError, match="linear"):
        pattern_regions(problem([0, 1], [1, 1], "linear"))
    instance = problem([0, 1], [1, 1])
    with pytest.raises(es.InputError, match="unknown way to decide"):
        pattern_regions(instance, decide="guess")
    with pytest.raises(es.InputError, match="limit must be an integer, at least 1"):
        pattern_regions(instance, limit=0)
    on_wall = instance.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[1], W3=[[1]], b3=[0])
    with pytest.raises(es.InputError, match="start lies on a wall: layer 1, unit 0, sample 0"):
        pattern_regions(instance, starts=[on_wall])
