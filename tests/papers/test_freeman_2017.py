"""Levels at which sublevel sets are connected, against the merge tree."""

from __future__ import annotations

import random
from fractions import Fraction

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.papers import THEOREMS, freeman_2017
from exactsurf.theorems.constructions.risk_floor import has_small_landscape
from tests.papers.datasets import A

F = Fraction


def test_connection_levels() -> None:
    one = es.Problem(es.Network([1, 1, 1]), A)
    barriers = [valley.barrier for valley in es.landscape(one, workers=1).valleys if valley.barrier is not None]
    assert freeman_2017.connection_level(one) == F(11, 8) == max(barriers)
    two = es.Problem(es.Network([1, 2, 1]), A)
    level = freeman_2017.connection_level(two)
    # A second unit helps; and no valley is left, nor does a copy join another, above the level at which all are joined.
    valleys = es.landscape(two, workers=1).valleys
    heights = [h for valley in valleys for h in (valley.barrier, valley.merges_at) if h is not None]
    assert max(heights) <= level <= F(11, 8)
    assert freeman_2017.level_sets.conclusion(two).status is Status.REFUTED
    single = es.Problem(es.Network([1, 1, 1], es.linear, biases=False), es.Data.from_arrays([1, 2], [2, 3]))
    assert "2 components" in freeman_2017.level_sets.conclusion(single).reason
    wide = es.Problem(es.Network([1, 2, 1], es.linear, biases=False), es.Data.from_arrays([1, 2], [2, 3]))
    assert freeman_2017.level_sets.check(wide).status is Status.PROVED
    assert freeman_2017.level_sets.conclusion(wide).status is Status.PROVED


def test_the_landscape_is_asked_only_where_it_is_small() -> None:
    """The bound holds for the true number of orbits, and 150 samples of four inputs are beyond it."""
    for network in (es.Network([1, 1, 1]), es.Network([1, 2, 1]), es.Network([1, 2, 1], es.hard_tanh, biases=[True, False])):
        problem = es.Problem(network, A)
        count = es.landscape(problem, workers=1).orbits
        assert has_small_landscape(problem) and not has_small_landscape(problem, count - 1)
    source = random.Random(1)
    rows = [[source.randint(0, 99) for _ in range(4)] for _ in range(150)]
    table = es.Problem(es.Network([4, 1, 1], es.leaky_relu("1/10")), es.Data.from_arrays(rows, [i % 3 for i in range(150)]))
    assert not has_small_landscape(table)
    for key in ("yun_2019.theorem_1", "he_2020.infinitely_many", "freeman_2017.level_sets", "swirszcz_2016.dead_units"):
        assert THEOREMS[key].conclusion(table).status is Status.UNDECIDED
