"""Rule ``paths``: products of slopes along paths through the network (proofs/rules/paths.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from exactsurf.certificate.rules.subgradient import subgradient_document, subgradient_of
from exactsurf.exact.linear_algebra import Matrix


@dataclass(frozen=True)
class Paths:
    """Rule `paths` (theory.md, theorem C).

    Attributes: `subgradient` (N × d_y), only where the loss is not differentiable; `merged`, whether samples with the same inputs
    count as one. Source: proofs/FORMAT.md, sections 4.1 and 52.
    """

    subgradient: Matrix | None = None
    merged: bool = False

    rule: ClassVar[str] = "paths"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"rule": self.rule, **({"merged": True} if self.merged else {}), **subgradient_document(self.subgradient)}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Paths:
        """The evidence from its JSON value."""
        return cls(subgradient_of(document), "merged" in document)
