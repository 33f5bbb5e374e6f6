"""Rule ``unitwise``: for every hidden unit a tree over the cones of its hyperplanes (proofs/rules/unitwise.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, TypeAlias

from exactsurf.certificate.problem_document import number_document
from exactsurf.certificate.rules.subgradient import subgradient_document, subgradient_of
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.exact.number import exact


@dataclass(frozen=True)
class Split:
    """A node of the tree of a unit: split on the sign of a hyperplane, named by its smallest sample."""

    hyperplane: int
    plus: int
    minus: int

    def document(self) -> dict[str, Any]:
        """The node as a JSON value."""
        return {"split": self.hyperplane, "plus": self.plus, "minus": self.minus}


@dataclass(frozen=True)
class MultiplierLeaf:
    """A leaf: Farkas multipliers (hyperplane, μ) that show the local form to be ≥ 0 on the leaf's cone."""

    multipliers: tuple[tuple[int, Fraction], ...]

    def document(self) -> dict[str, Any]:
        """The leaf as a JSON value."""
        return {"multipliers": [[hyperplane, number_document(value)] for hyperplane, value in self.multipliers]}


@dataclass(frozen=True)
class EmptyLeaf:
    """A leaf whose cone has no interior, shown by multipliers (hyperplane, λ)."""

    multipliers: tuple[tuple[int, Fraction], ...]

    def document(self) -> dict[str, Any]:
        """The leaf as a JSON value."""
        return {"empty": [[hyperplane, number_document(value)] for hyperplane, value in self.multipliers]}


Node: TypeAlias = Split | MultiplierLeaf | EmptyLeaf


@dataclass(frozen=True)
class Unitwise:
    """Rule `unitwise` (theory.md, theorem A): one tuple of nodes per unit, empty for units with output weight 0.

    `subgradient` (N × 1) only where the loss is not differentiable.
    """

    units: tuple[tuple[Node, ...], ...]
    subgradient: Matrix | None = None

    rule: ClassVar[str] = "unitwise"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        units = [{"nodes": [node.document() for node in nodes]} for nodes in self.units]
        return {"rule": self.rule, "units": units, **subgradient_document(self.subgradient)}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Unitwise:
        """The evidence from its JSON value."""
        return cls(tuple(tuple(map(unit_node, unit["nodes"])) for unit in document["units"]), subgradient_of(document))


def split_or_empty(node: Mapping[str, Any]) -> Split | EmptyLeaf | None:
    """A node that is no leaf with multipliers, else None."""
    if "split" in node:
        return Split(node["split"], node["plus"], node["minus"])
    return EmptyLeaf(_multipliers(node["empty"])) if "empty" in node else None


def unit_node(node: Mapping[str, Any]) -> Node:
    """A node of the tree of a unit from its JSON value."""
    return split_or_empty(node) or MultiplierLeaf(_multipliers(node["multipliers"]))


def _multipliers(entries: list[Any]) -> tuple[tuple[int, Fraction], ...]:
    return tuple((hyperplane, exact(value)) for hyperplane, value in entries)
