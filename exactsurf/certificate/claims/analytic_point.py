"""The certificates about a rational point where the loss is an expression: a minimum, local, spurious or global, or none."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import named_risk, parameters_document, problem_document, vector_document
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import parameters_of, vector_of
from exactsurf.certificate.rules.analytic import ANALYTIC_RULES, AnalyticEvidence
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

GLOBAL_MINIMUM_OF_ANALYTIC_RISK = "global minimum of an analytic risk"
LOCAL_MINIMUM_OF_ANALYTIC_RISK = "local minimum of an analytic risk"
SPURIOUS_LOCAL_MINIMUM_OF_ANALYTIC_RISK = "spurious local minimum of an analytic risk"
NO_LOCAL_MINIMUM_OF_ANALYTIC_RISK = "not a local minimum of an analytic risk"

PHRASES = {
    GLOBAL_MINIMUM_OF_ANALYTIC_RISK: "a global minimum",
    LOCAL_MINIMUM_OF_ANALYTIC_RISK: "a local minimum",
    SPURIOUS_LOCAL_MINIMUM_OF_ANALYTIC_RISK: "a spurious local minimum",
    NO_LOCAL_MINIMUM_OF_ANALYTIC_RISK: "not a local minimum",
}
CLAIMS_ABOUT_AN_ANALYTIC_POINT = tuple(PHRASES)


@dataclass(frozen=True)
class AnalyticPoint(CertificateFile):
    """A claim about `parameters` of a piecewise linear network where the loss is an expression.

    Attributes: `kind` of the claim; `risk`, bounds on the risk of the point; `evidence`; `bits`, with which the verifier
    encloses; `lower_point`, whose risk is an upper bound. `embed` as in `problem_document`. Exactness: exact.
    Source: proofs/FORMAT.md, section 15; proofs/claims/analytic_point.md.
    """

    kind: str
    problem: Problem
    parameters: Parameters
    risk: tuple[Fraction, Fraction]
    evidence: AnalyticEvidence
    bits: int
    lower_point: LowerPoint | None = None
    embed: bool | None = field(default=None, compare=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            f"The given parameters are {PHRASES[self.kind]} of the {named_risk(self.problem)} of the "
            f"{architecture(self.problem)} network on {counted(len(self.problem.data), 'sample')}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        lower = {} if self.lower_point is None else {"lower_point": self.lower_point.document()}
        evidence = self.evidence.document()
        return {
            "format": GENERAL_FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, "risk": vector_document(self.risk)},
            "problem": problem_document(self.problem, embed=self.embed),
            "parameters": parameters_document(self.parameters),
            "evidence": {"rule": evidence.pop("rule"), "bits": self.bits, **evidence, **lower},
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> AnalyticPoint:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        low, high = vector_of(claim["risk"])
        lower = evidence.get("lower_point")
        return cls(
            claim["kind"],
            problem,
            parameters_of(document["parameters"]),
            (low, high),
            ANALYTIC_RULES[evidence["rule"]].read(evidence),
            evidence["bits"],
            None if lower is None else LowerPoint.read(lower),
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"AnalyticPoint({self.kind!r}, {self.problem!r})"
