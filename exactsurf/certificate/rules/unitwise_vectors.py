"""Rule ``unitwise vectors``: the trees of `unitwise` for several outputs (proofs/rules/unitwise_vectors.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from exactsurf.certificate.problem_document import vector_document
from exactsurf.certificate.reading.values import vector_of
from exactsurf.certificate.rules.subgradient import subgradient_document, subgradient_of
from exactsurf.certificate.rules.unitwise import EmptyLeaf, Split, split_or_empty
from exactsurf.exact.linear_algebra import Matrix, Vector


@dataclass(frozen=True)
class VectorLeaf:
    """A leaf of rule `unitwise vectors`: multipliers (hyperplane, μ), μ with a number for every output."""

    multipliers: tuple[tuple[int, Vector], ...]

    def document(self) -> dict[str, Any]:
        """The leaf as a JSON value."""
        return {"multipliers": [[hyperplane, vector_document(values)] for hyperplane, values in self.multipliers]}


VectorNode: TypeAlias = Split | VectorLeaf | EmptyLeaf


@dataclass(frozen=True)
class UnitwiseVectors:
    """Rule `unitwise vectors` (theory.md, section 3): one tuple of nodes per unit of a network with several outputs.

    `subgradient` (N × d_y) only where the loss is not differentiable.
    """

    units: tuple[tuple[VectorNode, ...], ...]
    subgradient: Matrix | None = None

    rule: ClassVar[str] = "unitwise vectors"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        units = [{"nodes": [node.document() for node in nodes]} for nodes in self.units]
        return {"rule": self.rule, "units": units, **subgradient_document(self.subgradient)}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> UnitwiseVectors:
        """The evidence from its JSON value."""
        return cls(tuple(tuple(map(_node, unit["nodes"])) for unit in document["units"]), subgradient_of(document))


def _node(node: Mapping[str, Any]) -> VectorNode:
    return split_or_empty(node) or VectorLeaf(tuple((name, vector_of(values)) for name, values in node["multipliers"]))
