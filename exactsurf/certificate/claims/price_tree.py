"""What bounds a unit with weight decay on the parts of its region: matrices at the leaves of a tree (FORMAT.md, section 41)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from exactsurf.certificate.problem_document import vector_document
from exactsurf.certificate.reading.values import matrix_of
from exactsurf.exact.linear_algebra import Matrix


@dataclass(frozen=True)
class PriceSplit:
    """A part that is cut at a wall (sample, breakpoint)."""

    wall: tuple[int, int]
    plus: PriceNode
    minus: PriceNode


@dataclass(frozen=True)
class PriceLeaf:
    """A part on which one matrix, with a row for each output and an entry for each input (and bias), bounds the unit."""

    slope: Matrix


PriceNode: TypeAlias = "PriceSplit | PriceLeaf"


def price_document(node: PriceNode) -> dict[str, Any]:
    """A node as a JSON value."""
    if isinstance(node, PriceLeaf):
        return {"slope": [vector_document(row) for row in node.slope]}
    return {"wall": list(node.wall), "plus": price_document(node.plus), "minus": price_document(node.minus)}


def price_of(entry: dict[str, Any]) -> PriceNode:
    """A node from its JSON value."""
    if "slope" in entry:
        return PriceLeaf(matrix_of(entry["slope"]))
    first, second = entry["wall"]
    return PriceSplit((first, second), price_of(entry["plus"]), price_of(entry["minus"]))


__all__ = ["PriceLeaf", "PriceNode", "PriceSplit", "price_document", "price_of"]
