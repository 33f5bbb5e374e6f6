"""The certificate *this box of networks that are affine on the data holds a spurious local minimum*."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import (
    number_document,
    parameters_document,
    problem_document,
    vector_document,
)
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import matrix_of, parameters_of, vector_of
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import exact
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

LIFTED_BOX = "spurious local minimum in a lifted box"


@dataclass(frozen=True)
class LiftedBox(CertificateFile):
    """The claim that near `parameters`, at a network that is affine on the data, lies a spurious local minimum.

    Attributes: `radius` of the box of affine models around that of `parameters`; `units` of layer 1 that carry the outputs;
    `risk`, two bounds that hold on the box; `bits` and `inverse`, of the Hessian in the free coordinates, for Krawczyk's
    operator; `held`, columns of the inputs (the constant is the last) with their combinations of the others; `lower_point`,
    whose risk is an upper bound. `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, section 17; proofs/claims/lifted_box.md.
    """

    problem: Problem
    parameters: Parameters
    radius: Fraction
    units: tuple[int, ...]
    risk: tuple[Fraction, Fraction]
    bits: int
    inverse: Matrix
    held: tuple[tuple[int, Vector], ...]
    lower_point: LowerPoint
    embed: bool | None = field(default=None, compare=False)

    kind = LIFTED_BOX

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return (
            f"The box of networks around the given parameters holds a spurious local minimum of the risk of the "
            f"{architecture(self.problem)} network on {counted(len(self.problem.data), 'sample')}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        return {
            "format": GENERAL_FORMAT,
            "claim": {
                "kind": self.kind,
                "sentence": self.sentence,
                "radius": number_document(self.radius),
                "units": list(self.units),
                "risk": vector_document(self.risk),
            },
            "problem": problem_document(self.problem, embed=self.embed),
            "parameters": parameters_document(self.parameters),
            "evidence": {
                "bits": self.bits,
                "held": [{"column": column, "combination": vector_document(values)} for column, values in self.held],
                "inverse": [vector_document(row) for row in self.inverse],
                "lower_point": self.lower_point.document(),
            },
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> LiftedBox:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        low, high = vector_of(claim["risk"])
        return cls(
            problem,
            parameters_of(document["parameters"]),
            exact(claim["radius"]),
            tuple(claim["units"]),
            (low, high),
            evidence["bits"],
            matrix_of(evidence["inverse"]),
            tuple((item["column"], vector_of(item["combination"])) for item in evidence["held"]),
            LowerPoint.read(evidence["lower_point"]),
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"LiftedBox({self.problem!r})"
