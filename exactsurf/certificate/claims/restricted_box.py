"""The certificate *this box of values of free parameters holds exactly one critical point*, and what kind of point it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.claims.restricted_point import AboutValues, values_document, values_of
from exactsurf.certificate.encoding import architecture, counted
from exactsurf.certificate.problem_document import named_risk, number_document, units, vector_document
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.restriction import restricted_problem_of
from exactsurf.certificate.reading.values import matrix_of, vector_of
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import exact
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem

RESTRICTED_CRITICAL_POINT = "critical point in a restricted box"
RESTRICTED_MINIMUM_IN_A_BOX = "local minimum in a restricted box"
RESTRICTED_SPURIOUS_MINIMUM_IN_A_BOX = "spurious local minimum in a restricted box"
NO_RESTRICTED_MINIMUM_IN_A_BOX = "no local minimum in a restricted box"

_ENDINGS = {
    RESTRICTED_CRITICAL_POINT: "",
    RESTRICTED_MINIMUM_IN_A_BOX: ", and this is a strict local minimum",
    RESTRICTED_SPURIOUS_MINIMUM_IN_A_BOX: ", and this is a strict local minimum, and a spurious one",
    NO_RESTRICTED_MINIMUM_IN_A_BOX: ", and this is not a local minimum",
}
CLAIMS_ABOUT_A_RESTRICTED_BOX = tuple(_ENDINGS)


@dataclass(frozen=True)
class RestrictedCriticalPointInBox(AboutValues):
    """The claim that exactly one critical point lies within `radius` of `values` in every free parameter, and its kind.

    Attributes: `kind` of the claim; `held`, the indices of free parameters that do not vary, because `flows` of the network move
    them without an effect (numbers for each flow); `risk`, bounds on the box; `bits` and `inverse` for Krawczyk's operator;
    `direction` in which the Hessian is negative; `lower`, values and an upper bound of their risk. `embed` as in
    `problem_document`. Exactness: exact. Source: proofs/FORMAT.md, section 60.1; proofs/claims/restricted_box.md.
    """

    kind: str
    restricted: RestrictedProblem
    values: Vector
    radius: Fraction
    risk: tuple[Fraction, Fraction]
    bits: int
    inverse: Matrix
    held: tuple[int, ...] = ()
    flows: Matrix = ()
    direction: Vector | None = None
    lower: tuple[Vector, Fraction] | None = None
    embed: bool | None = field(default=None, compare=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        problem = self.problem
        where = f"Up to {counted(len(self.held), 'invariance')} of the network the" if self.held else "The"
        free = counted(self.restricted.restriction.dimension, "free parameter")
        return (
            f"{where} box of values of the {free} holds exactly one critical point of the restricted "
            f"{named_risk(problem, general=True)} of the {architecture(problem)} network of {units(problem)} on "
            f"{counted(len(problem.data), 'sample')}{_ENDINGS[self.kind]}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        evidence: dict[str, Any] = {
            "bits": self.bits,
            "inverse": [vector_document(row) for row in self.inverse],
            "flows": [vector_document(row) for row in self.flows],
            **descent_document(self.direction, self.lower),
        }
        claim = {
            "radius": number_document(self.radius),
            "held": list(self.held),
            "risk": vector_document(self.risk),
            "values": vector_document(self.values),
        }
        return self.stated(claim, evidence)

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> RestrictedCriticalPointInBox:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        low, high = vector_of(claim["risk"])
        return cls(
            claim["kind"],
            restricted_problem_of(document, problem),
            vector_of(claim["values"]),
            exact(claim["radius"]),
            (low, high),
            evidence["bits"],
            matrix_of(evidence["inverse"]),
            tuple(claim["held"]),
            matrix_of(evidence["flows"]),
            *descent_of(evidence),
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"RestrictedCriticalPointInBox({self.kind!r}, {self.restricted!r})"


def descent_document(direction: Vector | None, lower: tuple[Vector, Fraction] | None) -> dict[str, Any]:
    """The fields `direction` and `lower_point`, where there are any."""
    found: dict[str, Any] = {} if direction is None else {"direction": vector_document(direction)}
    return found if lower is None else {**found, "lower_point": values_document(*lower)}


def descent_of(evidence: dict[str, Any]) -> tuple[Vector | None, tuple[Vector, Fraction] | None]:
    """The fields `direction` and `lower_point` of evidence, where there are any."""
    direction = vector_of(evidence["direction"]) if "direction" in evidence else None
    return direction, values_of(evidence["lower_point"]) if "lower_point" in evidence else None
