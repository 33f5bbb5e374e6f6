"""The certificates about a rational point of a smooth risk: a local or global minimum, or no local minimum."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import FORMAT, GENERAL_FORMAT, CertificateFile, counted
from exactsurf.certificate.problem_document import (
    named_risk,
    parameters_document,
    problem_document,
    units,
    vector_document,
)
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import parameters_of, vector_of
from exactsurf.certificate.rules.smooth import RULES, SmoothEvidence
from exactsurf.certificate.rules.smooth.one_sided_curvature import OneSidedCurvature
from exactsurf.certificate.rules.smooth.one_sided_curve import OneSidedCurve
from exactsurf.certificate.rules.smooth.one_sided_slope import OneSidedSlope
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

GLOBAL_MINIMUM_OF_SMOOTH_RISK = "global minimum of a smooth risk"
LOCAL_MINIMUM_OF_SMOOTH_RISK = "local minimum of a smooth risk"
NO_LOCAL_MINIMUM_OF_SMOOTH_RISK = "not a local minimum of a smooth risk"

_PHRASES = {
    GLOBAL_MINIMUM_OF_SMOOTH_RISK: "a global minimum",
    LOCAL_MINIMUM_OF_SMOOTH_RISK: "a local minimum",
    NO_LOCAL_MINIMUM_OF_SMOOTH_RISK: "not a local minimum",
}
CLAIMS_ABOUT_A_SMOOTH_POINT = tuple(_PHRASES)


@dataclass(frozen=True)
class SmoothPoint(CertificateFile):
    """A claim about `parameters` of a network with a smooth activation.

    Attributes: `kind` of the claim; `risk`, bounds on the risk of the point; `evidence`; `bits`, with which the verifier
    computes. `embed` as in `problem_document`. Exactness: exact. Source: proofs/FORMAT.md, section 13; proofs/smooth.md.
    """

    kind: str
    problem: Problem
    parameters: Parameters
    risk: tuple[Fraction, Fraction]
    evidence: SmoothEvidence
    bits: int
    embed: bool | None = field(default=None, compare=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            f"The given parameters are {_PHRASES[self.kind]} of the {named_risk(self.problem, self._is_general)} of the "
            f"{'-'.join(map(str, self.problem.network.widths))} network of {units(self.problem)} on "
            f"{counted(len(self.problem.data), 'sample')}."
        )

    @property
    def _is_general(self) -> bool:
        """Whether only format 2 has the rule, or the risk."""
        return isinstance(self.evidence, (OneSidedSlope, OneSidedCurvature, OneSidedCurve)) or not self.problem.is_least_squares

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        return {
            "format": GENERAL_FORMAT if self._is_general else FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, "risk": vector_document(self.risk)},
            "problem": problem_document(self.problem, embed=self.embed, general=self._is_general),
            "parameters": parameters_document(self.parameters),
            "evidence": {"bits": self.bits, **self.evidence.document()},
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> SmoothPoint:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        low, high = vector_of(claim["risk"])
        return cls(
            claim["kind"],
            problem,
            parameters_of(document["parameters"]),
            (low, high),
            RULES[evidence["rule"]].read(evidence),
            evidence["bits"],
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"SmoothPoint({self.kind!r}, {self.problem!r})"
