"""Certificates about one point of a restricted risk whose loss is an expression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar, TypeAlias

from exactsurf.certificate.claims.restricted_point import (
    AboutValues,
    RestrictedTree,
    restricted_sentence,
    values_document,
    values_of,
)
from exactsurf.certificate.problem_document import number_document, vector_document
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.restriction import restricted_problem_of
from exactsurf.certificate.reading.values import vector_of
from exactsurf.certificate.rules.analytic import AnalyticFit, AtomRelation, Frozen, Squares, relations_document, relations_of
from exactsurf.certificate.rules.cone_tree import cone_nodes
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import exact
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem

RESTRICTED_ANALYTIC_GLOBAL_MINIMUM = "global minimum of a restricted analytic risk"
RESTRICTED_ANALYTIC_MINIMUM = "local minimum of a restricted analytic risk"
RESTRICTED_ANALYTIC_SPURIOUS_MINIMUM = "spurious local minimum of a restricted analytic risk"
NO_RESTRICTED_ANALYTIC_MINIMUM = "not a local minimum of a restricted analytic risk"

PHRASES = {
    RESTRICTED_ANALYTIC_GLOBAL_MINIMUM: "a global minimum",
    RESTRICTED_ANALYTIC_MINIMUM: "a local minimum",
    RESTRICTED_ANALYTIC_SPURIOUS_MINIMUM: "a spurious local minimum",
    NO_RESTRICTED_ANALYTIC_MINIMUM: "not a local minimum",
}
CLAIMS_ABOUT_A_RESTRICTED_ANALYTIC_POINT = tuple(PHRASES)


@dataclass(frozen=True)
class RestrictedDirection:
    """Rule `direction`: values of the free parameters along which the derivative of the risk is negative."""

    direction: Vector

    rule: ClassVar[str] = "direction"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"rule": self.rule, "direction": vector_document(self.direction)}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> RestrictedDirection:
        """The evidence from its JSON value."""
        return cls(vector_of(document["direction"]))


@dataclass(frozen=True)
class Corners:
    """The simplex of rule `frozen` over the derivatives: `lower`, `widths`, `squares` and `relations`, as of `Frozen`."""

    lower: Vector
    widths: Vector
    squares: Squares
    relations: tuple[AtomRelation, ...] = ()

    def document(self) -> dict[str, Any]:
        """The fields as a JSON value."""
        return {
            "lower": vector_document(self.lower),
            "widths": vector_document(self.widths),
            "squares": [[[k, m, number_document(q)] for k, m, q in row] for row in self.squares.entries],
            **relations_document(self.relations),
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Corners:
        """The fields from their JSON value."""
        squares = tuple(tuple((k, m, exact(q)) for k, m, q in row) for row in document["squares"])
        return cls(vector_of(document["lower"]), vector_of(document["widths"]), Squares(squares), relations_of(document))


@dataclass(frozen=True)
class RestrictedFrozen:
    """Rule `frozen`: at every corner a tree over the cells that the subspace meets at the point."""

    corners: Corners
    parts: tuple[RestrictedTree, ...]

    rule: ClassVar[str] = "frozen"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"rule": self.rule, **self.corners.document(), "parts": [part.document() for part in self.parts]}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> RestrictedFrozen:
        """The evidence from its JSON value."""
        return cls(Corners.read(document), tuple(RestrictedTree(cone_nodes(part["nodes"])) for part in document["parts"]))


@dataclass(frozen=True)
class RestrictedFrozenCurve:
    """Rule `frozen curve`: along a `curve` in the free parameters every corner falls; of each the order and the coefficient."""

    corners: Corners
    curve: tuple[Vector, ...]
    parts: tuple[tuple[int, Fraction], ...]

    rule: ClassVar[str] = "frozen curve"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        parts = [{"order": order, "coefficient": number_document(value)} for order, value in self.parts]
        return {
            "rule": self.rule,
            **self.corners.document(),
            "curve": [vector_document(step) for step in self.curve],
            "parts": parts,
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> RestrictedFrozenCurve:
        """The evidence from its JSON value."""
        parts = tuple((part["order"], exact(part["coefficient"])) for part in document["parts"])
        return cls(Corners.read(document), tuple(map(vector_of, document["curve"])), parts)


@dataclass(frozen=True)
class UnrestrictedFrozen:
    """Rule `unrestricted`: the point is a local minimum also without the restriction, by `evidence` of the rule `frozen`."""

    evidence: Frozen

    rule: ClassVar[str] = "unrestricted"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {**self.evidence.document(), "rule": self.rule}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> UnrestrictedFrozen:
        """The evidence from its JSON value."""
        return cls(Frozen.read({**document, "rule": "frozen"}))


RestrictedAnalyticEvidence: TypeAlias = (
    AnalyticFit | RestrictedDirection | RestrictedFrozen | RestrictedFrozenCurve | UnrestrictedFrozen
)
RESTRICTED_ANALYTIC_RULES: dict[str, type[RestrictedAnalyticEvidence]] = {
    "fit": AnalyticFit,
    "direction": RestrictedDirection,
    "frozen": RestrictedFrozen,
    "frozen curve": RestrictedFrozenCurve,
    "unrestricted": UnrestrictedFrozen,
}
"""The rules of proofs/FORMAT.md, section 59."""


@dataclass(frozen=True)
class RestrictedAnalyticPoint(AboutValues):
    """A claim about `values` of the free parameters of a restricted problem whose loss is an expression.

    Attributes: `kind` of the claim; `risk`, bounds on the risk of the point; `evidence`; `bits`, with which the verifier
    encloses; `lower`, values and an upper bound of their risk. `embed` as in `problem_document`. Exactness: exact.
    Source: proofs/FORMAT.md, section 59; proofs/claims/restricted_analytic_point.md.
    """

    kind: str
    restricted: RestrictedProblem
    values: Vector
    risk: tuple[Fraction, Fraction]
    evidence: RestrictedAnalyticEvidence
    bits: int
    lower: tuple[Vector, Fraction] | None = None
    embed: bool | None = field(default=None, compare=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        return restricted_sentence(self.restricted, PHRASES[self.kind])

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        lower = {} if self.lower is None else {"lower_point": values_document(*self.lower)}
        evidence = self.evidence.document()
        claim = {"risk": vector_document(self.risk), "values": vector_document(self.values)}
        return self.stated(claim, {"rule": evidence.pop("rule"), "bits": self.bits, **evidence, **lower})

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> RestrictedAnalyticPoint:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        low, high = vector_of(claim["risk"])
        return cls(
            claim["kind"],
            restricted_problem_of(document, problem),
            vector_of(claim["values"]),
            (low, high),
            RESTRICTED_ANALYTIC_RULES[evidence["rule"]].read(evidence),
            evidence["bits"],
            values_of(evidence["lower_point"]) if "lower_point" in evidence else None,
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"RestrictedAnalyticPoint({self.kind!r}, {self.restricted!r})"
