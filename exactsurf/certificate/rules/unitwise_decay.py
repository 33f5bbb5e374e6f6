"""Rule ``unitwise decay``: with weight decay, for every hidden unit trees over its cones (proofs/rules/unitwise_decay.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, TypeAlias

from exactsurf.certificate.problem_document import number_document, vector_document
from exactsurf.certificate.reading.values import vector_of
from exactsurf.certificate.rules.subgradient import subgradient_document, subgradient_of
from exactsurf.certificate.rules.unitwise import EmptyLeaf, Node, Split, split_or_empty, unit_node
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import exact


@dataclass(frozen=True)
class BoundLeaf:
    """A leaf: multipliers (hyperplane, μ) show that ±F(δ) ≤ `slope`·δ on the leaf's cone, with |slope| ≤ λ."""

    slope: Vector
    multipliers: tuple[tuple[int, Fraction], ...]

    def document(self) -> dict[str, Any]:
        """The leaf as a JSON value."""
        pairs = [[hyperplane, number_document(value)] for hyperplane, value in self.multipliers]
        return {"bound": {"slope": vector_document(self.slope), "multipliers": pairs}}


BoundNode: TypeAlias = Split | EmptyLeaf | BoundLeaf


@dataclass(frozen=True)
class LiveUnit:
    """A unit with output weight ≠ 0: a tree as in rule `unitwise`, of its local form and the pull of the weight decay."""

    nodes: tuple[Node, ...]

    def document(self) -> dict[str, Any]:
        """The unit as a JSON value."""
        return {"nodes": [node.document() for node in self.nodes]}


@dataclass(frozen=True)
class IdleUnit:
    """A unit whose penalised weights are all 0: trees that bound its local form F from above and from below."""

    above: tuple[BoundNode, ...]
    below: tuple[BoundNode, ...]

    def document(self) -> dict[str, Any]:
        """The unit as a JSON value."""
        return {"above": [node.document() for node in self.above], "below": [node.document() for node in self.below]}


@dataclass(frozen=True)
class UnitwiseDecay:
    """Rule `unitwise decay`: the evidence of every unit; `subgradient` (N × 1) only where the loss is not differentiable."""

    units: tuple[LiveUnit | IdleUnit, ...]
    subgradient: Matrix | None = None

    rule: ClassVar[str] = "unitwise decay"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        units = [unit.document() for unit in self.units]
        return {"rule": self.rule, "units": units, **subgradient_document(self.subgradient)}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> UnitwiseDecay:
        """The evidence from its JSON value."""
        return cls(tuple(map(_unit, document["units"])), subgradient_of(document))


def _unit(unit: Mapping[str, Any]) -> LiveUnit | IdleUnit:
    if "nodes" in unit:
        return LiveUnit(tuple(map(unit_node, unit["nodes"])))
    return IdleUnit(_bound_nodes(unit["above"]), _bound_nodes(unit["below"]))


def _bound_nodes(nodes: Sequence[Mapping[str, Any]]) -> tuple[BoundNode, ...]:
    return tuple(split_or_empty(node) or _bound_leaf(node["bound"]) for node in nodes)


def _bound_leaf(bound: Mapping[str, Any]) -> BoundLeaf:
    return BoundLeaf(vector_of(bound["slope"]), tuple((name, exact(value)) for name, value in bound["multipliers"]))
