"""Nodes of trees over the free parameters of a restriction (FORMAT.md, sections 45 and 57)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from exactsurf.certificate.problem_document import matrix_document, vector_document
from exactsurf.certificate.reading.values import matrix_of, vector_of
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import exact, to_text


@dataclass(frozen=True)
class FreeSplit:
    """A node that is split where a pre-activation meets a breakpoint.

    `pair` is (layer from 1, unit, sample, breakpoint); `plus` and `minus` are the places of the children.
    """

    pair: tuple[int, int, int, int]
    plus: int
    minus: int


@dataclass(frozen=True)
class FreeGiven:
    """A node at which a further requirement follows from those on the way from the root, with a multiplier for each of these.

    `pair` as in `FreeSplit`; `side` is 1 where the pre-activation is not below the breakpoint, −1 where it is not above it;
    `next`, the place of the node with the requirement.
    """

    pair: tuple[int, int, int, int]
    side: int
    multipliers: Vector
    next: int


@dataclass(frozen=True)
class FreeLeaf:
    """A leaf: r, a number for each sample and output, and a multiplier for each requirement on the way from the root.

    `values`: with weight decay, the values at which it is bounded from below by its tangent.
    """

    vector: Matrix
    multipliers: Vector
    values: Vector | None = None


@dataclass(frozen=True)
class FreeSide:
    """A leaf on a side (0 or 1) of a level, with the bound of the risk there that a spurious valley needs."""

    side: int
    bound: FreeLeaf | None = None


@dataclass(frozen=True)
class FreeLowest:
    """A leaf with the number of a point in its region, and the bound that shows that no point there is lower."""

    point: int
    bound: FreeLeaf


FreeNode: TypeAlias = FreeSplit | FreeGiven | FreeLeaf
SidedNode: TypeAlias = FreeNode | FreeSide
PlacedNode: TypeAlias = FreeSplit | FreeGiven | FreeLowest
AnyNode: TypeAlias = FreeNode | FreeSide | FreeLowest


def free_node_document(node: AnyNode) -> dict[str, Any]:
    """A node as a JSON value."""
    if isinstance(node, FreeSide):
        return {"side": node.side, **({} if node.bound is None else free_node_document(node.bound))}
    if isinstance(node, FreeLowest):
        return {"point": node.point, **free_node_document(node.bound)}
    if isinstance(node, FreeSplit):
        return {"split": list(node.pair), "plus": node.plus, "minus": node.minus}
    if isinstance(node, FreeGiven):
        place = {"given": list(node.pair), "side": to_text(Fraction(node.side))}
        return {**place, "multipliers": vector_document(node.multipliers), "next": node.next}
    values = {} if node.values is None else {"values": vector_document(node.values)}
    return {"vector": matrix_document(node.vector), "multipliers": vector_document(node.multipliers), **values}


def free_node_of(entry: dict[str, Any]) -> FreeNode:
    """A node from its JSON value."""
    if "split" in entry:
        return FreeSplit(_pair(entry["split"]), entry["plus"], entry["minus"])
    if "given" in entry:
        return FreeGiven(_pair(entry["given"]), int(exact(entry["side"])), vector_of(entry["multipliers"]), entry["next"])
    return _leaf(entry)


def sided_node_of(entry: dict[str, Any]) -> SidedNode:
    """A node of a tree with two sides from its JSON value."""
    if "side" in entry and "given" not in entry:
        return FreeSide(entry["side"], _leaf(entry) if "vector" in entry else None)
    return free_node_of(entry)


def placed_node_of(entry: dict[str, Any]) -> PlacedNode:
    """A node of a tree whose leaves have points from its JSON value."""
    if "point" in entry:
        return FreeLowest(entry["point"], _leaf(entry))
    found = free_node_of(entry)
    assert not isinstance(found, FreeLeaf)
    return found


def _leaf(entry: dict[str, Any]) -> FreeLeaf:
    values = vector_of(entry["values"]) if "values" in entry else None
    return FreeLeaf(matrix_of(entry["vector"]), vector_of(entry["multipliers"]), values)


@dataclass(frozen=True)
class ScaledTrees:
    """Scales, each with its filter, and a tree for each choice of their signs.

    Exactness: exact. Source: proofs/FORMAT.md, section 56; proofs/scaled_surface.md.
    """

    scales: tuple[tuple[int, tuple[int, ...]], ...]
    trees: tuple[tuple[FreeNode, ...], ...]


def scaled_trees_document(trees: ScaledTrees) -> dict[str, Any]:
    """The evidence as a JSON value."""
    scales = [[factor, list(filter)] for factor, filter in trees.scales]
    return {"scales": scales, "trees": [list(map(free_node_document, nodes)) for nodes in trees.trees]}


def scaled_trees_of(evidence: dict[str, Any]) -> ScaledTrees:
    """The evidence from its JSON value."""
    scales = tuple((factor, tuple(filter)) for factor, filter in evidence["scales"])
    return ScaledTrees(scales, tuple(tuple(map(free_node_of, nodes)) for nodes in evidence["trees"]))


def _pair(entry: Sequence[int]) -> tuple[int, int, int, int]:
    layer, unit, sample, k = entry
    return layer, unit, sample, k
