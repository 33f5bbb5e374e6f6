"""The certificate of a sharpness that is known between bounds: smooth activations, every loss, weight decay."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import CertificateFile, counted
from exactsurf.certificate.problem_document import (
    claim_at_point,
    named_risk,
    units,
    vector_document,
)
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import parameters_of, vector_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import to_text
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

ENCLOSED_SHARPNESS = "enclosed sharpness"

_Pair = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class EnclosedSharpnessCertificate(CertificateFile):
    """The claim that the largest eigenvalue of the Hessian at `parameters` lies in `bounds`, and its trace in `trace`.

    `vector` proves the lower bound; `bits`, with which the verifier encloses numbers. `embed` as in `problem_document`.
    Exactness: exact bounds. Source: proofs/FORMAT.md, section 43; proofs/claims/enclosed_sharpness.md.
    """

    problem: Problem
    parameters: Parameters
    risk: _Pair
    bounds: _Pair
    trace: _Pair
    bits: int
    vector: Vector
    embed: bool | None = field(default=None, compare=False)

    kind = ENCLOSED_SHARPNESS

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        (a, b), (c, d) = (map(to_text, pair) for pair in (self.bounds, self.trace))
        network = "-".join(map(str, self.problem.network.widths))
        return (
            f"At the given parameters the largest eigenvalue of the Hessian of the {named_risk(self.problem, True)} of the "
            f"{network} network of {units(self.problem)} on {counted(len(self.problem.data), 'sample')} is at least {a} and at "
            f"most {b}, and the trace of the Hessian is at least {c} and at most {d}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        stated = {
            "risk": vector_document(self.risk),
            "bounds": vector_document(self.bounds),
            "trace": vector_document(self.trace),
        }
        return claim_at_point(self, self.parameters, stated, {"bits": self.bits, "vector": vector_document(self.vector)})

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> EnclosedSharpnessCertificate:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        (a, b), (c, d), (e, f) = (vector_of(claim[name]) for name in ("risk", "bounds", "trace"))
        return cls(
            problem,
            parameters_of(document["parameters"]),
            (a, b),
            (c, d),
            (e, f),
            evidence["bits"],
            vector_of(evidence["vector"]),
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"EnclosedSharpnessCertificate({self.problem!r})"
