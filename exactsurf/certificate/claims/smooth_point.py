"""The certificates about a rational point of a smooth risk: a local or global minimum, or no local minimum."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, TypeAlias

from exactsurf.certificate.encoding import FORMAT, CertificateFile, counted
from exactsurf.certificate.evidence import LowerPoint
from exactsurf.certificate.problem_document import (
    number_document,
    parameters_document,
    smooth_problem_document,
    vector_document,
)
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.parameters import Parameters
from exactsurf.model.smooth_problem import SmoothProblem

GLOBAL_MINIMUM_OF_SMOOTH_RISK = "global minimum of a smooth risk"
LOCAL_MINIMUM_OF_SMOOTH_RISK = "local minimum of a smooth risk"
NO_LOCAL_MINIMUM_OF_SMOOTH_RISK = "not a local minimum of a smooth risk"

_PHRASES = {
    GLOBAL_MINIMUM_OF_SMOOTH_RISK: "a global minimum",
    LOCAL_MINIMUM_OF_SMOOTH_RISK: "a local minimum",
    NO_LOCAL_MINIMUM_OF_SMOOTH_RISK: "not a local minimum",
}


@dataclass(frozen=True)
class Fit:
    """Rule `fit`: for every input the residuals add up to 0."""


@dataclass(frozen=True)
class SmoothUnitwise:
    """Rule `unitwise`: theorem A; the verifier computes all of it."""


@dataclass(frozen=True)
class SmoothDescent:
    """Rule `slope` (`order` 1: the risk falls along the direction) or `curvature` (`order` 2: its second derivative is < 0)."""

    order: int
    direction: Parameters
    lower_point: LowerPoint


@dataclass(frozen=True)
class SmoothDeadUnit:
    """Rule `dead unit`: a unit of the last hidden layer that no output reads would help at the weights `weights`.

    Attributes: `unit`, `output` (from 0), `weights` of the unit, and behind them its bias if it has one; `lower_point`.
    """

    unit: int
    output: int
    weights: Vector
    lower_point: LowerPoint


SmoothEvidence: TypeAlias = Fit | SmoothUnitwise | SmoothDescent | SmoothDeadUnit


@dataclass(frozen=True)
class SmoothPoint(CertificateFile):
    """A claim about `parameters` of a network with a smooth activation.

    Attributes: `kind` of the claim; `risk`, bounds on the risk of the point; `evidence`; `bits`, with which the verifier
    computes. `embed` as in `problem_document`. Exactness: exact. Source: proofs/FORMAT.md, section 13; proofs/smooth.md.
    """

    kind: str
    problem: SmoothProblem
    parameters: Parameters
    risk: tuple[Fraction, Fraction]
    evidence: SmoothEvidence
    bits: int
    embed: bool | None = field(default=None, compare=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            f"The given parameters are {_PHRASES[self.kind]} of the squared risk of the "
            f"{'-'.join(map(str, self.problem.widths))} network of {self.problem.activation.name} units on "
            f"{counted(len(self.problem.data), 'sample')}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        return {
            "format": FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, "risk": vector_document(self.risk)},
            "problem": smooth_problem_document(self.problem, embed=self.embed),
            "parameters": parameters_document(self.parameters),
            "evidence": {"bits": self.bits, **_evidence_document(self.evidence)},
        }

    def __repr__(self) -> str:
        return f"SmoothPoint({self.kind!r}, {self.problem!r})"


def _evidence_document(evidence: SmoothEvidence) -> dict[str, Any]:
    if isinstance(evidence, Fit):
        return {"rule": "fit"}
    if isinstance(evidence, SmoothUnitwise):
        return {"rule": "unitwise"}
    lower = {
        "parameters": parameters_document(evidence.lower_point.parameters),
        "risk": number_document(evidence.lower_point.risk),
    }
    if isinstance(evidence, SmoothDescent):
        rule = "slope" if evidence.order == 1 else "curvature"
        return {"rule": rule, "direction": parameters_document(evidence.direction), "lower_point": lower}
    return {
        "rule": "dead unit",
        "unit": evidence.unit,
        "output": evidence.output,
        "weights": vector_document(evidence.weights),
        "lower_point": lower,
    }
