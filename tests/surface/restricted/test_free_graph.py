"""The graph of cells: what is joined below a level is what the merge tree joins, and lowest ways have its levels."""

from __future__ import annotations

from itertools import pairwise

import pytest

import exactsurf as es
from exactsurf.exact.least_on_polyhedron import value_at
from exactsurf.surface.restricted.free_graph import FreeGraph
from tests.surface.restricted.problems import PLANES, plane


def graph_of(land: es.RestrictedLandscape) -> FreeGraph:
    return FreeGraph(land.affine_cells, land.risks, land.minimisers)


@pytest.mark.parametrize("name", PLANES)
def test_components_below_levels_are_those_of_the_merge_tree(name: str) -> None:
    land = es.landscape(plane(name, 2))
    graph, tree = graph_of(land), land.merges
    for node in tree.nodes:
        if node.children:
            for child in node.children:
                leaves = tree.leaves_under(child)
                cell = tree.nodes[leaves[0]].cells[0]
                found = graph.joined_below(cell, node.level)
                assert {k for leaf in leaves for k in tree.nodes[leaf].cells} <= found
                others = set(range(len(tree.nodes))) - set(leaves)
                assert not found & {k for other in others for k in tree.nodes[other].cells}


def test_a_way_crosses_facets_one_by_one() -> None:
    land = es.landscape(plane("hard tanh", 0))
    graph = graph_of(land)
    for valley in land.valleys[1:]:
        way = graph.lowest_way([valley.cells[0]], land.global_minimum.cells, valley.risk)
        assert way.level >= (valley.barrier or 0) and len(way.crossed) == len(way.cells) - 1
        for point, one, other in zip(way.crossed, way.cells, way.cells[1:], strict=False):
            assert {one, other} <= set(land.affine_cells.around(point))
        straight = graph.straightened([land.minimisers[way.cells[0]], *way.crossed, land.minimisers[way.cells[-1]]])
        assert straight[0] == land.minimisers[way.cells[0]] and straight[-1] == land.minimisers[way.cells[-1]]
        for one, other in pairwise(straight):
            assert all(value_at(form, one) * value_at(form, other) >= 0 for form in land.affine_cells.hyperplanes)
