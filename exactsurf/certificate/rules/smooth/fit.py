"""Rule ``fit`` of smooth activations: no function of the input fits better (proofs/smooth.md, section 6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Fit:
    """Rule `fit`: for every input the residuals add up to 0."""

    rule: ClassVar[str] = "fit"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"rule": self.rule}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Fit:
        """The evidence from its JSON value."""
        return cls()
