"""A tree of a search as a certificate writes it: read back, verified, and cut off where nodes are bounded enough."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import exactsurf as es
from exactsurf.certificate.claims.region_nodes import JointLeaf, RegionChains, RegionSplit
from exactsurf.surface.bounds.bound_tree import written_regions


def searched() -> es.BoundSearch:
    data = es.Data.from_arrays([-1, 0, 1, -2], [[0, -2], [0, 2], [1, -2], [2, -2]])
    search = es.BoundSearch(es.Problem(es.Network([1, 2, 2]), data))
    with suppress(es.InputError):
        search.run(max_nodes=80, width="1/50")
    return search


def test_every_node_but_the_root_is_a_child_once_and_every_dual_vector_is_named() -> None:
    search = searched()
    written = written_regions(search.nodes, search.lower)
    children: list[int] = []
    for node in written.tree:
        if isinstance(node, RegionChains):
            children += node.children
        elif isinstance(node, RegionSplit):
            children += [node.plus, node.minus]
    assert sorted(children) == list(range(1, len(written.tree)))
    assert min(written.values) >= search.lower and len(written.values) == len(written.tree) - sum(
        isinstance(node, RegionChains | RegionSplit) for node in written.tree
    )
    kinds = {type(node) for node in written.tree}
    assert {RegionChains, JointLeaf} <= kinds
    named = {d for node in written.tree for d in (node.duals if isinstance(node, JointLeaf) else ())}
    assert named <= set(range(len(written.duals)))


def test_a_lower_bound_needs_no_more_nodes() -> None:
    search = searched()
    sizes = [len(written_regions(search.nodes, search.lower * share / 4).tree) for share in (4, 2, 0)]
    assert sizes == sorted(sizes, reverse=True) and sizes[-1] == 1


def test_it_is_read_back_as_it_was(tmp_path: Path) -> None:
    proof = es.certify_search(searched())
    proof.save(tmp_path / "bound.json")
    assert es.load(tmp_path / "bound.json") == proof
    assert es.verify(proof).sentence == proof.sentence
