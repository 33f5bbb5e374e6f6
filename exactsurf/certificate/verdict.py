"""Verdicts: PROVED, REFUTED or UNDECIDED, with the reason and, where there is one, the certificate."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from exactsurf.certificate.document import Certificate
from exactsurf.model.parameters import Parameters


class Status(StrEnum):
    """The three answers. "We failed to prove it" (UNDECIDED) and "we proved the opposite" (REFUTED) are never one value."""

    PROVED = "PROVED"
    REFUTED = "REFUTED"
    UNDECIDED = "UNDECIDED"


@dataclass(frozen=True)
class Verdict:
    """The answer to a question about a point.

    Attributes: `status`; `reason` in words; `certificate`, accepted by the verifier, for PROVED and REFUTED;
    `lower_point`, parameters of strictly lower risk, where known; `risk` of the point; `assumptions` (normally empty).
    Exactness: exact. `bool(verdict)` raises, because three answers do not fit into two. Source: design.md, "Verdict".
    """

    status: Status
    reason: str
    certificate: Certificate | None = None
    lower_point: Parameters | None = None
    risk: Fraction | None = None
    assumptions: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        raise TypeError(f"a verdict has three values; ask verdict.status (here {self.status}) instead of its truth value")

    def __repr__(self) -> str:
        return f"Verdict({self.status}: {self.reason})"
