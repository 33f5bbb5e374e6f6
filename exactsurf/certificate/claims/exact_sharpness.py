"""What the certificates share that state a least sharpness as an algebraic number."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.claims.algebraic_point import AlgebraicNumber
from exactsurf.certificate.encoding import CertificateFile
from exactsurf.certificate.problem_document import claim_at_point, number_document
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import parameters_of
from exactsurf.exact.number import brief, exact
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class ExactSharpness(CertificateFile):
    """The claim that among some parameters the least trace, or the least largest eigenvalue, of the Hessian is this number.

    `of` is ``"trace"`` or ``"largest eigenvalue"``; `value`. `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, sections 61 and 62.
    """

    problem: Problem
    parameters: Parameters
    risk: Fraction
    of: str
    value: AlgebraicNumber
    embed: bool | None = field(default=None, compare=False, kw_only=True)

    @property
    @abstractmethod
    def beginning(self) -> str:
        """The claim up to the number."""

    @abstractmethod
    def evidence(self) -> dict[str, Any]:
        """What proves the claim, as a JSON value."""

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        number = self.value.document()
        low, high = number["interval"]
        coefficients = ", ".join(number["polynomial"])
        return (
            f"{self.beginning} the root between {low} and {high} of the polynomial with the coefficients {coefficients}, the "
            "constant first."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        stated = {"risk": number_document(self.risk), "of": self.of, "value": self.value.document()}
        return claim_at_point(self, self.parameters, stated, self.evidence())

    @staticmethod
    def stated(document: dict[str, Any]) -> dict[str, Any]:
        """The values that all such claims state, by name, from a JSON value."""
        claim = document["claim"]
        return {
            "parameters": parameters_of(document["parameters"]),
            "risk": exact(claim["risk"]),
            "of": claim["of"],
            "value": AlgebraicNumber.read(claim["value"]),
            "embed": embeds_data(document),
        }

    def __repr__(self) -> str:
        low, high = brief(self.value.low), brief(self.value.high)
        return f"{type(self).__name__}({self.of} {low} to {high}, {self.problem!r})"
