"""Rule ``low rank``: a best fit among all matrices of the largest rank (proofs/rules/low_rank.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class LowRank:
    """Rule `low rank`: the best fit of a deep linear network, or, with `left_out`, on the pieces that the units have.

    Attributes: `left_out`, the samples with residual 0 that play no part, or None where no unit has more than one piece. The
    verifier recomputes everything else. Source: proofs/FORMAT.md, sections 4.6 and 27.
    """

    left_out: tuple[int, ...] | None = None
    rule: ClassVar[str] = "low rank"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"rule": self.rule, **({} if self.left_out is None else {"left_out": list(self.left_out)})}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> LowRank:
        """The evidence from its JSON value."""
        return cls(tuple(document["left_out"]) if "left_out" in document else None)
