"""The certificate of the spurious local minimum of Yun, Sra and Jadbabaie's three samples, for smooth activations."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import FORMAT, CertificateFile
from exactsurf.certificate.problem_document import (
    number_document,
    problem_document,
    units,
    vector_document,
)
from exactsurf.certificate.reading.values import vector_of
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import exact
from exactsurf.model.problem import Problem

ON_THREE_SAMPLES = "spurious local minimum on three samples"


@dataclass(frozen=True)
class ThreeSamples(CertificateFile):
    """The claim that W1 = [[v₁, v₁], [v₂, v₂]], W2 = [[u₁, u₂]], biases 0, is a spurious local minimum.

    Attributes: `v`; `u`, which is u₁, while u₂ is defined by u₁h(v₁) + u₂h(v₂) = 1/3; `lower_point` with an upper bound of
    its risk; `bits`, with which the verifier computes. Exactness: exact. Source: proofs/FORMAT.md, section 11.
    """

    problem: Problem
    v: Vector
    u: Fraction
    lower_point: LowerPoint
    bits: int

    kind = ON_THREE_SAMPLES

    @property
    def risk(self) -> Fraction:
        """The risk of the local minimum."""
        return self.problem.common_scale * Fraction(2, 3)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            f"The squared risk of the 2-2-1 network of {units(self.problem)} on the three samples has a "
            "spurious local minimum at which every prediction is 1/3."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        return {
            "format": FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, "risk": number_document(self.risk)},
            "problem": problem_document(self.problem),
            "evidence": {
                "bits": self.bits,
                "v": vector_document(self.v),
                "u": number_document(self.u),
                "lower_point": self.lower_point.document(),
            },
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> ThreeSamples:
        """The certificate from its JSON value and its problem."""
        evidence = document["evidence"]
        lower = LowerPoint.read(evidence["lower_point"])
        return cls(problem, vector_of(evidence["v"]), exact(evidence["u"]), lower, evidence["bits"])

    def __repr__(self) -> str:
        return f"ThreeSamples({self.problem!r})"
