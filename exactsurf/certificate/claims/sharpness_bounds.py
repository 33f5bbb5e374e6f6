"""What the certificates of the least sharpness share: two intervals, and a part of the evidence for each."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import CertificateFile
from exactsurf.certificate.problem_document import claim_at_point, number_document, vector_document
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import parameters_of, vector_of
from exactsurf.exact.number import exact, to_text
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class SharpnessBounds(CertificateFile):
    """The claim that among some parameters the least trace of the Hessian and its least largest eigenvalue lie in two intervals.

    `embed` as in `problem_document`. Exactness: exact. Source: proofs/FORMAT.md, sections 42 and 48.
    """

    problem: Problem
    parameters: Parameters
    risk: Fraction
    trace: tuple[Fraction, Fraction]
    eigenvalue: tuple[Fraction, Fraction]
    embed: bool | None = field(default=None, compare=False, kw_only=True)

    @property
    @abstractmethod
    def beginning(self) -> str:
        """The claim up to the bounds on the trace."""

    @abstractmethod
    def evidence(self) -> dict[str, Any]:
        """The fields `trace` and `eigenvalue` of the evidence."""

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        (a, b), (c, d) = (map(to_text, bounds) for bounds in (self.trace, self.eigenvalue))
        return f"{self.beginning} at least {a} and at most {b}, and its least largest eigenvalue is at least {c} and at most {d}."

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        stated = {
            "risk": number_document(self.risk),
            "trace": vector_document(self.trace),
            "eigenvalue": vector_document(self.eigenvalue),
        }
        return claim_at_point(self, self.parameters, stated, self.evidence())

    @staticmethod
    def stated(document: dict[str, Any]) -> dict[str, Any]:
        """The values that all such claims state, by name, from a JSON value."""
        claim = document["claim"]
        (a, b), (c, d) = vector_of(claim["trace"]), vector_of(claim["eigenvalue"])
        return {
            "parameters": parameters_of(document["parameters"]),
            "risk": exact(claim["risk"]),
            "trace": (a, b),
            "eigenvalue": (c, d),
            "embed": embeds_data(document),
        }
