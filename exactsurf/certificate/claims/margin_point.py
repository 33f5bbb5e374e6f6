"""The certificates of claims about points of the margin problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateDocument, counted
from exactsurf.certificate.problem_document import (
    matrix_document,
    network_document,
    number_document,
    parameters_document,
    vector_document,
)
from exactsurf.certificate.reading.values import matrix_of, parameters_of, vector_of
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import exact
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters

_PHRASES = {
    "kkt point of the margin problem": "a KKT point",
    "no kkt point of the margin problem": "no KKT point",
    "local optimum of the margin problem": "a local optimum",
    "no local optimum of the margin problem": "no local optimum",
}
CLAIMS_ABOUT_MARGINS = tuple(_PHRASES)
KKT, NO_KKT, LOCAL, NO_LOCAL = CLAIMS_ABOUT_MARGINS


@dataclass(frozen=True)
class MarginCertificate(CertificateDocument):
    """The claim that a point is, up to a factor, a KKT point or a local optimum of min ½|θ|², y_i f(x_i; θ) ≥ 1, or none.

    Attributes: `kind`; `problem`, the network; `inputs`, `labels`; `parameters`; `margin`, the least y_i f(x_i); `multipliers`
    by sample and `kinks` by sample and unit; `factor` of the second order; or a `direction`; or the `steps` of a curve.
    Exactness: exact. Source: proofs/FORMAT.md, section 36; proofs/claims/margin_point.md.
    """

    kind: str
    problem: Network
    inputs: Matrix
    labels: Vector
    parameters: Parameters
    margin: Fraction
    multipliers: tuple[tuple[int, Fraction], ...] = ()
    kinks: tuple[tuple[int, int, Fraction], ...] = ()
    factor: Fraction | None = None
    direction: Parameters | None = None
    steps: tuple[Parameters, ...] = ()

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        widths = "-".join(map(str, self.problem.widths))
        return (
            f"The given parameters of the {widths} network are, up to a factor, {_PHRASES[self.kind]} of the margin problem on "
            f"{counted(len(self.inputs), 'sample')}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        data = {"inputs": matrix_document(self.inputs), "labels": vector_document(self.labels)}
        return {
            "format": GENERAL_FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, "margin": number_document(self.margin)},
            "problem": {**network_document(self.problem), **data},
            "parameters": parameters_document(self.parameters),
            "evidence": self._evidence(),
        }

    def _evidence(self) -> dict[str, Any]:
        if self.steps:
            return {"steps": [parameters_document(step) for step in self.steps]}
        if self.direction is not None:
            return {"direction": parameters_document(self.direction)}
        return {
            "multipliers": [[i, number_document(value)] for i, value in self.multipliers],
            "kinks": [[i, j, number_document(value)] for i, j, value in self.kinks],
            **({} if self.factor is None else {"factor": number_document(self.factor)}),
        }

    @classmethod
    def read(cls, document: Mapping[str, Any], problem: Network) -> MarginCertificate:
        """The certificate from its JSON value and its network."""
        claim, evidence, stated = document["claim"], document["evidence"], document["problem"]
        return cls(
            claim["kind"],
            problem,
            matrix_of(stated["inputs"]),
            vector_of(stated["labels"]),
            parameters_of(document["parameters"]),
            exact(claim["margin"]),
            tuple((i, exact(value)) for i, value in evidence.get("multipliers", ())),
            tuple((i, j, exact(value)) for i, j, value in evidence.get("kinks", ())),
            exact(evidence["factor"]) if "factor" in evidence else None,
            parameters_of(evidence["direction"]) if "direction" in evidence else None,
            tuple(map(parameters_of, evidence.get("steps", ()))),
        )

    def __repr__(self) -> str:
        return f"MarginCertificate({self.kind!r}, {self.problem!r})"
