"""Trees of a level: sides of leaves, bounds, and walls, at levels between and at the barriers."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.free_tree import FreeLeaf, FreeSide
from exactsurf.certificate.claims.restricted_paths import RestrictedBarrier
from exactsurf.errors import InternalError
from exactsurf.surface.restricted.sided_search import SidedSearch
from tests.surface.restricted.problems import PLANES, plane
from tests.surface.restricted.test_free_graph import graph_of


@pytest.mark.parametrize("name", PLANES)
def test_a_lower_level_has_a_tree_too_and_a_higher_one_is_rejected(name: str) -> None:
    """Below the barrier the two ends are as far apart; the verifier rejects the path there, not the tree."""
    for seed in range(3):
        land = es.landscape(plane(name, seed))
        graph = graph_of(land)
        for valley in land.valleys[1:2]:
            if valley.barrier is None:
                continue
            path = es.lowest_path(land, valley.parameters, land.global_minimum.parameters)
            side = frozenset(graph.joined_below(valley.cells[0], path.level))
            tree = SidedSearch(graph, side, path.level).tree()
            assert {node.side for node in tree.nodes if isinstance(node, FreeSide)} == {0, 1}
            assert tree.walls and any(isinstance(node, FreeLeaf) for wall in (*tree.walls, tree.nodes) for node in wall)
            assert confirmed(RestrictedBarrier(land.problem, path.level, path.points, tree)).level == path.level
            higher = RestrictedBarrier(land.problem, path.level + Fraction(1, 100), path.points, tree)
            with pytest.raises(InternalError, match="rejects"):
                confirmed(higher)
