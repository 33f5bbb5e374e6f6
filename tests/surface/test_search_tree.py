"""The part below several cuts, and the tree of a certificate: its leaves cover all regions, whoever counts."""

from __future__ import annotations

import itertools

import exactsurf as es
from exactsurf.certificate.claims.global_minimum import SignSplit
from exactsurf.surface.regions import Region
from exactsurf.surface.search_tree import Cut, WrittenTree, below_all


def test_alike_units_are_all_below() -> None:
    search = es.GlobalSearch(es.Problem(es.Network([1, 3, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0])))
    identity = search.symmetries.identity
    regions = (Region(1), Region(-1), Region(1))
    found = below_all(regions, [Cut(0, 0, identity), Cut(0, 2, identity), Cut(1, 1, identity)])
    assert found == (Region(1, 0, 0b101), Region(-1, 0, 0b010), Region(1, 0, 0b101))


def test_a_written_tree_is_a_binary_tree_with_all_its_dual_vectors_named() -> None:
    rows = [list(row) for row in itertools.product([0, 1], repeat=3)]
    problem = es.Problem(es.Network([3, 2, 1]), es.Data.from_arrays(rows, [sum(row) % 2 for row in rows]))
    search = es.GlobalSearch(problem)
    search.run()
    written = WrittenTree(search.nodes, search.table, search.symmetries.identity, search.table.minima.value(search.lower))
    splits = [node for node in written.tree if isinstance(node, SignSplit)]
    children = sorted(child for node in splits for child in (node.plus, node.minus))
    assert children == list(range(1, len(written.tree)))
    leaves = [node for node in written.tree if not isinstance(node, SignSplit)]
    assert set(leaves) == set(range(len(written.duals))) and len(leaves) == len(splits) + 1
    # What symmetries lead to is written out: the tree is larger than that of the search.
    assert len(written.tree) > len(search.nodes)
