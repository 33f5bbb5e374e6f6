"""Nodes of searches for bounds travel between processes as they are, and children are cut out of their parents."""

from __future__ import annotations

import pickle

import exactsurf as es
from exactsurf.surface.bounds.bound_nodes import BoundNode, BoundPart


def test_nodes_are_handed_over_as_they_are() -> None:
    problem = es.Problem(es.Network([1, 1, 2]), es.Data.from_arrays([0, 1, 2], [[0, 1], [1, 0], [0, 0]]))
    search = es.BoundSearch(problem)
    search.run(max_nodes=20)
    nodes = search.nodes
    assert all(isinstance(node, BoundNode) for node in nodes)
    part = BoundPart(list(nodes), search.upper, search.point)
    assert pickle.loads(pickle.dumps(part)) == part
    for node in nodes:
        for child in node.children or ():
            assert nodes[child].value >= node.value and nodes[child].regions != node.regions
