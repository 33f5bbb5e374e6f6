"""The certificates about one ReLU filter on patches of normal inputs that is opposite to the filter of its teacher."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateDocument
from exactsurf.certificate.problem_document import vector_document
from exactsurf.certificate.reading.values import vector_of
from exactsurf.exact.linear_algebra import Vector

SPURIOUS_FILTER = "spurious local minimum of the risk of one filter"
NO_MINIMUM_FILTER = "no local minimum of the risk of one filter"
CLAIMS_ABOUT_A_FILTER = (SPURIOUS_FILTER, NO_MINIMUM_FILTER)


@dataclass(frozen=True)
class OneFilter(CertificateDocument):
    """The claim that the filter −w* with the best output weights is a spurious local minimum of the risk, or that it is none.

    Attributes: `kind`; `problem`, the output weights a* of the teacher, whose filter w* has length 1; `risk`, two bounds of the
    risk for a spurious local minimum, empty else; `bits` of the intervals.
    Exactness: exact. Source: proofs/FORMAT.md, section 26.1; proofs/claims/one_filter.md.
    """

    kind: str
    problem: Vector
    risk: Vector
    bits: int

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        what = "a spurious" if self.kind == SPURIOUS_FILTER else "no"
        where = "1 patch" if len(self.problem) == 1 else f"{len(self.problem)} patches"
        return (
            f"With the filter opposite to that of the teacher the best output weights of one ReLU filter on {where} of standard "
            f"normal inputs, two or more a patch, are {what} local minimum of the population risk."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        risk = {"risk": vector_document(self.risk)} if self.risk else {}
        return {
            "format": GENERAL_FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, **risk},
            "problem": {"inputs": "standard normal", "output_weights": vector_document(self.problem)},
            "evidence": {"bits": self.bits},
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Vector) -> OneFilter:
        """The certificate from its JSON value and its problem."""
        claim = document["claim"]
        return cls(claim["kind"], problem, vector_of(claim.get("risk", ())), document["evidence"]["bits"])

    def __repr__(self) -> str:
        return f"OneFilter({self.kind!r}, {len(self.problem)} patches)"
