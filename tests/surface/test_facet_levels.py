"""The tree from the minima of few facets is that of all facets, whatever the loss, the activation and the number of units."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.surface.facet_levels import facet_tree, level_key
from exactsurf.surface.merge_tree import MergeTree, merge_tree
from exactsurf.surface.signed_cells import passages
from exactsurf.surface.workload import Workload, workload

LOSSES = [
    es.squared,
    es.squared.mean,
    es.absolute,
    es.losses.huber(1),
    es.losses.quantile("1/3"),
    es.losses.epsilon_insensitive("1/2"),
]
ACTIVATIONS = [es.relu, es.leaky_relu("1/3"), es.activations.absolute_value, es.activations.hard_tanh]


def drawn(seed: int) -> es.Problem:
    rnd = random.Random(seed)
    units = rnd.choice([1, 2, 2, 3])
    samples = rnd.choice([[], [2, 3, 4], [2, 3], [2]][units])
    x = [rnd.randint(-2, 2) for _ in range(samples)]
    data = es.Data.from_arrays(x, [rnd.randint(-3, 3) for _ in range(samples)])
    return es.Problem(
        es.Network([1, units, 1], rnd.choice(ACTIVATIONS), biases=rnd.choice([True, False])), data, rnd.choice(LOSSES)
    )


def births_and_levels(work: Workload) -> tuple[list[int], list[Fraction]]:
    risks = [work.minima.risk(work.minima.over_orbit(orbit).value) for orbit in work.orbits.between(0, work.orbits.count)]
    levels = sorted(set(risks))
    return [levels.index(risk) for risk in risks], levels


def of_all_facets(work: Workload) -> MergeTree:
    """Every facet minimised from nothing, and the tree of all of them by the definition."""
    minima, orbits = work.minima, work.orbits
    named = list(orbits.between(0, orbits.count))
    births, levels = births_and_levels(work)
    edges = []
    for first, orbit in enumerate(named):
        for place, crossing in passages(orbit, work.ways):
            rest = orbit[:place] + orbit[place + 1 :]
            face = minima.cone(rest) | minima.mask(crossing.generators, 1 - 2 * (orbit[place] % 2))
            second = named.index(tuple(sorted((*rest, crossing.beyond))))
            edges.append((first, second, place, crossing.beyond, minima.risk(minima.cold_cones.minimum(face).value)))
    every = sorted({*levels, *(edge[4] for edge in edges)})
    place_of = {level: k for k, level in enumerate(every)}
    placed = ((*edge[:4], place_of[edge[4]]) for edge in edges)
    return merge_tree(orbits.units, named, [place_of[levels[birth]] for birth in births], placed, every)


@pytest.mark.parametrize("seed", range(40))
def test_the_tree_is_that_of_all_facets(seed: int):
    problem = drawn(seed)
    work = workload(problem)
    expected = of_all_facets(work)
    assert facet_tree(work, *births_and_levels(work)) == expected
    # A table that knows the minima over orbits already, and one that knows nothing.
    work.solve(0, work.orbits.count)
    assert facet_tree(work, *births_and_levels(work)) == expected
    assert facet_tree(workload(problem), *births_and_levels(work)) == expected


def test_progress_is_told():
    work = workload(drawn(1))
    births, levels = births_and_levels(work)
    seen: list[tuple[int, int]] = []
    facet_tree(work, births, levels, lambda done, total: seen.append((done, total)))
    assert seen[0] == (0, len(levels))


def test_keys_are_in_the_order_of_the_levels():
    levels = [
        Fraction(1, 3),
        Fraction(1, 3) + Fraction(1, 10**40),
        Fraction(1, 3) + Fraction(1, 10**30),
        Fraction(1, 2),
        Fraction(7),
    ]
    assert sorted(set(levels), key=level_key) == levels
