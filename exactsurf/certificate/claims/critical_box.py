"""The certificate *this box holds exactly one critical point*, and what kind of point it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import FORMAT, GENERAL_FORMAT, CertificateFile, counted
from exactsurf.certificate.problem_document import (
    named_risk,
    number_document,
    parameters_document,
    problem_document,
    units,
    vector_document,
)
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.values import matrix_of, parameters_of, vector_of
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.exact.number import exact
from exactsurf.model.common_outputs import common_outputs
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

CRITICAL_POINT = "critical point in a box"
LOCAL_MINIMUM_IN_A_BOX = "local minimum in a box"
SPURIOUS_LOCAL_MINIMUM_IN_A_BOX = "spurious local minimum in a box"
NO_LOCAL_MINIMUM_IN_A_BOX = "no local minimum in a box"

_ENDINGS = {
    CRITICAL_POINT: "",
    LOCAL_MINIMUM_IN_A_BOX: ", and this is a strict local minimum",
    SPURIOUS_LOCAL_MINIMUM_IN_A_BOX: ", and this is a strict local minimum, and a spurious one",
    NO_LOCAL_MINIMUM_IN_A_BOX: ", and this is not a local minimum",
}
CLAIMS_ABOUT_A_BOX = tuple(_ENDINGS)


@dataclass(frozen=True)
class CriticalPointInBox(CertificateFile):
    """The claim that exactly one critical point lies within `radius` of `parameters` in every coordinate, and its kind.

    Attributes: `kind` of the claim; `held`, per hidden unit (layer, unit, reader) of the weights that do not vary, where
    units can be rescaled (else empty); `risk`, bounds on the box; `bits` and `inverse` (an approximate inverse of the
    Hessian in the coordinates that vary) for Krawczyk's operator; `direction` in which the Hessian is negative;
    `lower_point`, with an upper bound of its risk. `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, sections 10 and 23; proofs/smooth.md.
    """

    kind: str
    problem: Problem
    parameters: Parameters
    radius: Fraction
    risk: tuple[Fraction, Fraction]
    bits: int
    inverse: Matrix
    held: tuple[tuple[int, int, int], ...] = ()
    direction: Parameters | None = None
    lower_point: LowerPoint | None = None
    embed: bool | None = field(default=None, compare=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        weights, bias = common_outputs(self.problem)
        free = ["the scale of its hidden units"] if self.held else []
        free += [f"one {'function' if weights else 'number'} added to all outputs"] if weights or bias else []
        where = f"Up to {' and '.join(free)} the" if free else "The"
        return (
            f"{where} box holds exactly one critical point of the {named_risk(self.problem, self._is_general)} of the "
            f"{'-'.join(map(str, self.problem.network.widths))} network of {units(self.problem)} on "
            f"{counted(len(self.problem.data), 'sample')}{_ENDINGS[self.kind]}."
        )

    @property
    def _is_general(self) -> bool:
        """Whether only format 2 has the risk: format 1 knows boxes of the squared one."""
        return not self.problem.is_least_squares

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        evidence: dict[str, Any] = {"bits": self.bits, "inverse": [vector_document(row) for row in self.inverse]}
        if self.direction is not None:
            evidence["direction"] = parameters_document(self.direction)
        if self.lower_point is not None:
            evidence["lower_point"] = self.lower_point.document()
        return {
            "format": GENERAL_FORMAT if self._is_general else FORMAT,
            "claim": {
                "kind": self.kind,
                "sentence": self.sentence,
                "radius": number_document(self.radius),
                "held": [list(entry) for entry in self.held],
                "risk": vector_document(self.risk),
            },
            "problem": problem_document(self.problem, embed=self.embed, general=self._is_general),
            "parameters": parameters_document(self.parameters),
            "evidence": evidence,
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> CriticalPointInBox:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        low, high = vector_of(claim["risk"])
        return cls(
            claim["kind"],
            problem,
            parameters_of(document["parameters"]),
            exact(claim["radius"]),
            (low, high),
            evidence["bits"],
            matrix_of(evidence["inverse"]),
            tuple((layer, unit, reader) for layer, unit, reader in claim["held"]),
            parameters_of(evidence["direction"]) if "direction" in evidence else None,
            LowerPoint.read(evidence["lower_point"]) if "lower_point" in evidence else None,
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"CriticalPointInBox({self.kind!r}, {self.problem!r})"
