"""Rule ``second order``: a second-order condition on every cell at the point (proofs/rules/second_order.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from exactsurf.certificate.problem_document import number_document
from exactsurf.certificate.rules.cone_tree import ConeNode, CriticalCone, cone_nodes


@dataclass(frozen=True)
class SecondOrder:
    """Rule `second order` (theory.md, section 6): a tree over the cells at the point, node 0 its root."""

    nodes: tuple[ConeNode, ...]

    rule: ClassVar[str] = "second order"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"rule": self.rule, "nodes": [_node_document(node) for node in self.nodes]}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> SecondOrder:
        """The evidence from its JSON value."""
        return cls(cone_nodes(document["nodes"]))


def _node_document(node: ConeNode) -> dict[str, Any]:
    if not isinstance(node, CriticalCone):
        return node.document()
    return {**node.document(), "products": [[list(p), list(q), number_document(value)] for p, q, value in node.products]}
