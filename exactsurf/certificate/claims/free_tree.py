"""Nodes of trees over the free parameters of a restriction (FORMAT.md, section 45)."""

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
    """A leaf: r, a number for each sample and output, and a multiplier for each requirement on the way from the root."""

    vector: Matrix
    multipliers: Vector


FreeNode: TypeAlias = FreeSplit | FreeGiven | FreeLeaf


def free_node_document(node: FreeNode) -> dict[str, Any]:
    """A node as a JSON value."""
    if isinstance(node, FreeSplit):
        return {"split": list(node.pair), "plus": node.plus, "minus": node.minus}
    if isinstance(node, FreeGiven):
        place = {"given": list(node.pair), "side": to_text(Fraction(node.side))}
        return {**place, "multipliers": vector_document(node.multipliers), "next": node.next}
    return {"vector": matrix_document(node.vector), "multipliers": vector_document(node.multipliers)}


def free_node_of(entry: dict[str, Any]) -> FreeNode:
    """A node from its JSON value."""
    if "split" in entry:
        return FreeSplit(_pair(entry["split"]), entry["plus"], entry["minus"])
    if "given" in entry:
        return FreeGiven(_pair(entry["given"]), int(exact(entry["side"])), vector_of(entry["multipliers"]), entry["next"])
    return FreeLeaf(matrix_of(entry["vector"]), vector_of(entry["multipliers"]))


def _pair(entry: Sequence[int]) -> tuple[int, int, int, int]:
    layer, unit, sample, k = entry
    return layer, unit, sample, k
