"""Rule ``convex cells``: in product variables the problem of each cell at the point is convex (proofs/rules/convex_cells.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from exactsurf.certificate.rules.cone_tree import ConeNode, CriticalCone, cone_nodes, numbers_document


@dataclass(frozen=True)
class ConvexCells:
    """Rule `convex cells` (theory.md, section 3): a tree over the cells at the point, as for `second order`."""

    nodes: tuple[ConeNode, ...]

    rule: ClassVar[str] = "convex cells"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"rule": self.rule, "nodes": [_node_document(node) for node in self.nodes]}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> ConvexCells:
        """The evidence from its JSON value."""
        return cls(cone_nodes(document["nodes"]))


def _node_document(node: ConeNode) -> dict[str, Any]:
    if not isinstance(node, CriticalCone):
        return node.document()
    unsplit = {"unsplit": numbers_document(node.unsplit)} if node.unsplit else {}
    return {**node.document(), "positive": list(node.positive), **unsplit}
