"""Blocks of data sets come in order of size, each once, and are made only when they are reached."""

from __future__ import annotations

from fractions import Fraction
from itertools import islice, product
from math import prod
from random import Random

import pytest

import exactsurf as es
from exactsurf.errors import InputError
from exactsurf.search.instance_blocks import InstanceBlocks
from exactsurf.search.small_data import entries

NETWORKS = [es.Network([1, 1, 1]), es.Network([2, 1, 1], biases=False), es.Network([1, 2, 2])]
SETTINGS = [(network, es.squared) for network in NETWORKS]


@pytest.mark.parametrize("values", [entries(3), entries(0), entries(["1/2", -2, 1, "-1"])])
@pytest.mark.parametrize("samples", [range(1, 5), (2, 5, 7)])
def test_each_block_once_and_smallest_first(values, samples):
    found = [
        (b.network, b.small.samples, b.level) for b in InstanceBlocks(SETTINGS, samples, values)._in_order(only_listable=False)
    ]
    levels = sorted({abs(value) for value in values})
    assert len(found) == len(set(found)) == len(SETTINGS) * len(samples) * len(levels)
    assert set(found) == set(product(NETWORKS, samples, levels))

    def size(network: es.Network, count: int, level: Fraction) -> int:
        columns = network.widths[0] + network.widths[-1]
        return count * columns * (2 + levels.index(level)) + 2 * sum(map(prod, network.shapes.values()))

    sizes = [size(*one) for one in found]
    assert sizes == sorted(sizes)


def test_values_of_a_block_reach_its_level():
    for block in InstanceBlocks(SETTINGS, range(1, 3), entries([0, "1/2", -1, 3]))._in_order(only_listable=False):
        assert max(map(abs, block.small.x_values)) == block.level


def test_huge_families_begin_at_once():
    blocks = InstanceBlocks(SETTINGS, range(1, 10**6), entries(10_000))
    assert [block.small.samples for block in islice(blocks._in_order(only_listable=False), 3)] == [1, 1, 1]
    drawn = list(islice(blocks.drawn(Random(0)), 100))
    assert all(block.level != 0 for block in drawn) and len({block.small.samples for block in drawn}) > 3
    assert not blocks.all_listable
    found = es.find_counterexample(es.CLAIMS["no_bad_saddles"], entries=1000, samples=20_000, limit=20).found
    assert found is not None and found.verdict.status == "REFUTED"


@pytest.mark.parametrize("family", [{"samples": 10**30}, {"entries": 10**30}, {"samples": 0}, {"entries": -1}])
def test_families_beyond_all_bounds_are_refused(family):
    with pytest.raises(InputError):
        es.find_counterexample(es.CLAIMS["no_bad_saddles"], **family)
