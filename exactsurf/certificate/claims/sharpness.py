"""The certificate of a sharpness: bounds on the largest eigenvalue of the Hessian at a point, and its trace."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import (
    claim_at_point,
    number_document,
    vector_document,
)
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import parameters_of, vector_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import exact, to_text
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

SHARPNESS = "sharpness"


@dataclass(frozen=True)
class SharpnessCertificate(CertificateFile):
    """The claim that the largest eigenvalue of the Hessian at `parameters` lies in `bounds`, and that its trace is `trace`.

    `vector` proves the lower bound. `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, section 33.2; proofs/claims/sharpness.md.
    """

    problem: Problem
    parameters: Parameters
    risk: Fraction
    bounds: tuple[Fraction, Fraction]
    trace: Fraction
    vector: Vector
    embed: bool | None = field(default=None, compare=False)

    kind = SHARPNESS

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        low, high = (to_text(value) for value in self.bounds)
        where = f"of the {architecture(self.problem)} network on {counted(len(self.problem.data), 'sample')}"
        return (
            f"At the given parameters the largest eigenvalue of the Hessian of the risk {where} is at least {low} and at most "
            f"{high}, and the trace of the Hessian is {to_text(self.trace)}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        stated = {
            "risk": number_document(self.risk),
            "bounds": vector_document(self.bounds),
            "trace": number_document(self.trace),
        }
        return claim_at_point(self, self.parameters, stated, {"vector": vector_document(self.vector)})

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> SharpnessCertificate:
        """The certificate from its JSON value and its problem."""
        claim = document["claim"]
        low, high = vector_of(claim["bounds"])
        return cls(
            problem,
            parameters_of(document["parameters"]),
            exact(claim["risk"]),
            (low, high),
            exact(claim["trace"]),
            vector_of(document["evidence"]["vector"]),
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"SharpnessCertificate({self.problem!r})"
