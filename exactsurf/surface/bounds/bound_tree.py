"""How a certificate writes the tree of a search for bounds."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from exactsurf.certificate.claims.price_tree import PriceNode
from exactsurf.certificate.claims.region_nodes import JointLeaf, RegionChains, RegionLeaf, RegionNode, RegionSplit
from exactsurf.exact.linear_algebra import Vector
from exactsurf.surface.bounds.bound_nodes import BoundNode


class WrittenRegions(NamedTuple):
    """The dual vectors, the trees of prices and the nodes of a tree, and the bounds of its leaves."""

    duals: tuple[Vector, ...]
    prices: tuple[PriceNode, ...]
    tree: tuple[RegionNode, ...]
    values: tuple[Fraction, ...]


def written_regions(nodes: Sequence[BoundNode], bound: Fraction) -> WrittenRegions:
    """The tree whose leaves are bounded by at least a value: a node that is bounded by it is a leaf, whatever lies below.

    Parameters: `nodes`, root first; `bound`. Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, sections 29, 41, 53.
    """
    duals: dict[Vector, int] = {}
    prices: dict[PriceNode, int] = {}
    values: list[Fraction] = []
    tree: list[RegionNode] = [RegionLeaf(0)]
    waiting = [(0, 0)]
    while waiting:
        place, own = waiting.pop()
        node = nodes[own]
        if node.value >= bound or node.children is None or node.split is None:
            named = tuple(duals.setdefault(dual, len(duals)) for dual in node.duals)
            priced = tuple(prices.setdefault(price, len(prices)) for price in node.prices)
            tree[place] = JointLeaf(named) if node.corners else RegionLeaf(named[0], node.lines, priced)
            values.append(node.value)
            continue
        children = tuple(range(len(tree), len(tree) + len(node.children)))
        kind, where = node.split
        tree[place] = RegionChains(children) if kind == "chains" else RegionSplit(kind, where, *children)
        waiting += zip(children, node.children, strict=True)
        tree += [RegionLeaf(0)] * len(children)
    return WrittenRegions(tuple(duals), tuple(prices), tuple(tree), tuple(values))
