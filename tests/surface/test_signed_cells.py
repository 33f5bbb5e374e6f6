"""Orbits, their numbers and facets, against lists."""

from __future__ import annotations

from itertools import combinations_with_replacement, product

import pytest

import exactsurf as es
from exactsurf.surface.signed_cells import Orbits, facets
from exactsurf.surface.unit_table import unit_table
from exactsurf.surface.workload import workload


@pytest.mark.parametrize(("units", "kinds"), [(1, 5), (2, 4), (3, 4), (4, 3), (5, 1)])
def test_numbers(units, kinds):
    orbits = Orbits(units, kinds)
    every = list(combinations_with_replacement(range(kinds), units))
    assert orbits.count == len(every) and orbits.full_count == len(list(product(range(kinds), repeat=units)))
    assert [orbits[k] for k in range(orbits.count)] == every
    assert [orbits.rank(orbit) for orbit in every] == list(range(len(every)))
    for begin, end in product(range(orbits.count + 1), repeat=2):
        if begin <= end:
            assert list(orbits.between(begin, end)) == every[begin:end]
    with pytest.raises(IndexError):
        orbits[orbits.count]


@pytest.mark.parametrize("units", [1, 2, 3])
def test_facets_are_the_edges_of_the_full_space_modulo_permutation(units):
    work = workload(es.Problem(es.Network([1, units, 1]), es.Data.from_arrays([0, 1], [0, 1])))
    kinds = work.orbits.kinds
    near = {k: {crossing.beyond for crossing in work.ways[k]} for k in range(kinds)}
    assert all(k in near[other] for k in near for other in near[k])
    full = {
        (tuple(sorted(cell)), tuple(sorted((*cell[:j], other, *cell[j + 1 :]))))
        for cell in product(range(kinds), repeat=units)
        for j in range(units)
        for other in near[cell[j]]
    }
    found = [(orbit, f.beyond) for orbit in work.orbits.between(0, work.orbits.count) for f in facets(orbit, work.ways)]
    assert len(found) == len(set(found)) == work.facets
    assert {frozenset(pair) for pair in found} == {frozenset(pair) for pair in full}


def conform(face: tuple[int, ...], cell: tuple[int, ...]) -> bool:
    return all(a in (0, b) for a, b in zip(face, cell, strict=True))


@pytest.mark.parametrize("activation", [es.relu, es.hard_tanh, es.piecewise_linear([-1, 0, 2], [0, 2, -1, 3], 1)], ids=repr)
@pytest.mark.parametrize("inputs", [[[0], [1], [3]], [[0, 0], [0, 1], [1, 0], [1, 1]], [[1], [1], [2]]])
@pytest.mark.parametrize("bias", [True, False])
def test_unit_tables(activation, inputs, bias):
    network = es.Network([len(inputs[0]), 1, 1], activation, biases=[bias, True])
    problem = es.Problem(network, es.Data.from_arrays(inputs, [0] * len(inputs)))
    table = unit_table(problem)
    assert len(table.cells) == table.arrangement.count_cells()
    # Euler's relation: the cells of all dimensions of an arrangement of R^d count to (−1)^d, here without a factor R^l.
    lineality = len(table.lineality)
    lines = lineality if table.homogeneous else lineality + 1
    assert sum((-1) ** (face.dimension - lines) for face in table.faces) == (-1) ** (table.arrangement.dimension - lineality)
    for face in table.faces:
        around = [c for c, cell in enumerate(table.cells) if conform(face.signs, cell.signs)]
        assert list(face.cells) == around
    facet_counts = [len(table.arrangement.facets(cell)) for cell in table.cells]
    assert [len(beside) for beside in table.neighbours] == facet_counts
