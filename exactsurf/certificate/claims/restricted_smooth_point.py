"""The certificates about rational values of the free parameters of a restricted problem with a smooth activation."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.claims.restricted_box import descent_document, descent_of
from exactsurf.certificate.claims.restricted_point import AboutValues, restricted_sentence
from exactsurf.certificate.problem_document import units, vector_document
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.restriction import restricted_problem_of
from exactsurf.certificate.reading.values import vector_of
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem

RESTRICTED_SMOOTH_GLOBAL_MINIMUM = "global minimum of a restricted smooth risk"
RESTRICTED_SMOOTH_MINIMUM = "local minimum of a restricted smooth risk"
NO_RESTRICTED_SMOOTH_MINIMUM = "not a local minimum of a restricted smooth risk"

_PHRASES = {
    RESTRICTED_SMOOTH_GLOBAL_MINIMUM: "a global minimum",
    RESTRICTED_SMOOTH_MINIMUM: "a local minimum",
    NO_RESTRICTED_SMOOTH_MINIMUM: "not a local minimum",
}
CLAIMS_ABOUT_A_RESTRICTED_SMOOTH_POINT = tuple(_PHRASES)


@dataclass(frozen=True)
class RestrictedSmoothPoint(AboutValues):
    """A claim about `values` of the free parameters where the activation is smooth.

    Attributes: `kind` of the claim; `risk`, bounds on the risk of the point; `rule`: ``fit``, ``unitwise``, ``slope`` or
    ``curvature``; `bits`, with which the verifier encloses; `direction` and `lower` (values and an upper bound of their risk) of
    the last two rules. `embed` as in `problem_document`. Exactness: exact.
    Source: proofs/FORMAT.md, section 60.2; proofs/claims/restricted_smooth_point.md.
    """

    kind: str
    restricted: RestrictedProblem
    values: Vector
    risk: tuple[Fraction, Fraction]
    rule: str
    bits: int
    direction: Vector | None = None
    lower: tuple[Vector, Fraction] | None = None
    embed: bool | None = field(default=None, compare=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return restricted_sentence(self.restricted, _PHRASES[self.kind], f" of {units(self.problem)}")

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        claim = {"risk": vector_document(self.risk), "values": vector_document(self.values)}
        return self.stated(claim, {"rule": self.rule, "bits": self.bits, **descent_document(self.direction, self.lower)})

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> RestrictedSmoothPoint:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        low, high = vector_of(claim["risk"])
        return cls(
            claim["kind"],
            restricted_problem_of(document, problem),
            vector_of(claim["values"]),
            (low, high),
            evidence["rule"],
            evidence["bits"],
            *descent_of(evidence),
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"RestrictedSmoothPoint({self.kind!r}, {self.restricted!r})"
