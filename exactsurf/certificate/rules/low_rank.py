"""Rule ``low rank``: the best fit of a deep linear network (proofs/rules/low_rank.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class LowRank:
    """Rule `low rank`: the best fit of a deep linear network; the verifier recomputes everything."""

    rule: ClassVar[str] = "low rank"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"rule": self.rule}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> LowRank:
        """The evidence from its JSON value."""
        return cls()
