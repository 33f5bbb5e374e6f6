"""Rule ``paths``: products of slopes along paths through the network (proofs/rules/paths.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from exactsurf.certificate.rules.subgradient import subgradient_document, subgradient_of
from exactsurf.exact.linear_algebra import Matrix


@dataclass(frozen=True)
class Paths:
    """Rule `paths` (theory.md, theorem C). `subgradient` (N × d_y) only where the loss is not differentiable."""

    subgradient: Matrix | None = None

    rule: ClassVar[str] = "paths"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"rule": self.rule, **subgradient_document(self.subgradient)}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Paths:
        """The evidence from its JSON value."""
        return cls(subgradient_of(document))
