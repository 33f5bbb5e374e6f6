"""Regions of input space against brute force over grids, counts of arrangements, and symmetries."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction
from math import comb

import pytest

import exactsurf as es
from exactsurf.cells.inputs.input_tree import input_tree
from tests.cells.inputs.functions_by_hand import outputs, pattern, random_parameters


@pytest.mark.parametrize(("inputs", "units"), [(1, 5), (2, 4), (2, 6), (3, 4)])
def test_generic_shallow_networks_have_as_many_regions_as_arrangements(inputs: int, units: int) -> None:
    source = random.Random(inputs * units)
    network = es.Network([inputs, units, 1])
    theta = random_parameters(network, source, 99)
    found = input_tree([(network, theta)]).regions
    assert len(found) == sum(comb(units, i) for i in range(inputs + 1))
    arrangement = es.Arrangement(theta["W1"], [-b for b in theta["b1"]])
    assert len(found) == arrangement.count_cells()
    assert {tuple(2 * piece - 1 for piece in region.pieces[0][0]) for region in found} == {c.signs for c in arrangement.cells()}


@pytest.mark.parametrize("h", [es.relu, es.hard_tanh, es.leaky_relu("-1/2")], ids=repr)
def test_regions_are_those_of_a_grid_and_no_more(h: es.Activation) -> None:
    """Every pattern of a fine grid is a region; every region has its witness, whose pattern and outputs are its own."""
    source = random.Random(7)
    network = es.Network([2, 2, 2, 1], h)
    for _ in range(8):
        theta = random_parameters(network, source, 3)
        regions = [region for region in input_tree([(network, theta)]).regions if region.is_ordinary]
        named = {tuple(piece for layer in region.pieces[0] for piece in layer): region for region in regions}
        assert len(named) == len(regions)
        for signs, region in named.items():
            assert region.contains(region.witness) and pattern(network, theta, region.witness) == signs
        for x in itertools.product([Fraction(k, 3) for k in range(-15, 16)], repeat=2):
            seen = pattern(network, theta, x)
            if seen is not None:
                region = named[seen]
                assert region.contains(x)
                values = [sum(a * v for a, v in zip(row, (*x, 1), strict=True)) for row in region.outputs[0]]
                assert values == outputs(network, theta, x)


def test_a_unit_that_is_constant_at_its_kink_leaves_no_ordinary_region() -> None:
    theta = es.Parameters(W1=[[0], [1]], b1=[0, 1], W2=[[2, 1]], b2=[1])
    found = input_tree([(es.Network([1, 2, 1]), theta)]).regions
    assert [region.is_ordinary for region in found] == [False, False]


def test_a_network_without_hidden_layer_has_one_region_and_two_networks_are_cut_together() -> None:
    line = es.Network([2, 1])
    theta = es.Parameters(W1=[[1, 2]], b1=[3])
    (region,) = input_tree([(line, theta)]).regions
    assert region.outputs == (((1, 2, 3),),) and region.inequalities == ()
    one = es.Network([1, 1, 1])
    first, second = (es.Parameters(W1=[[1]], b1=[b], W2=[[1]], b2=[0]) for b in (0, -1))
    assert len(input_tree([(one, first), (one, second)]).regions) == 3


def test_time_is_bounded() -> None:
    network = es.Network([6, 12, 12, 1])
    with pytest.raises(es.OutOfTime, match="regions of input space"):
        input_tree([(network, random_parameters(network, random.Random(1)))], es.Effort(seconds=0.2).started())
