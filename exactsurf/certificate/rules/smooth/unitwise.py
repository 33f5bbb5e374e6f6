"""Rule ``unitwise`` of smooth activations: theorem A (proofs/smooth.md, section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class SmoothUnitwise:
    """Rule `unitwise`: theorem A; the verifier computes all of it."""

    rule: ClassVar[str] = "unitwise"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"rule": self.rule}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> SmoothUnitwise:
        """The evidence from its JSON value."""
        return cls()
