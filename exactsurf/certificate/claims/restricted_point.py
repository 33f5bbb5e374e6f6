"""Certificates of claims about one point of a restricted risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateFile, architecture, counted
from exactsurf.certificate.problem_document import (
    named_risk,
    number_document,
    parameters_document,
    problem_document,
    vector_document,
)
from exactsurf.certificate.reading.problem import embeds_data
from exactsurf.certificate.reading.restriction import restricted_problem_of
from exactsurf.certificate.reading.values import vector_of
from exactsurf.certificate.rules import LOCAL_MINIMUM_RULES, LocalMinimum
from exactsurf.certificate.rules.cone_tree import ConeNode, cone_nodes
from exactsurf.certificate.rules.second_order import SecondOrder
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import exact
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.restriction import Restriction

RESTRICTED_MINIMUM = "local minimum of a restricted risk"
RESTRICTED_SPURIOUS_MINIMUM = "spurious local minimum of a restricted risk"
NOT_A_RESTRICTED_MINIMUM = "not a local minimum of a restricted risk"
CLAIMS_ABOUT_A_RESTRICTED_POINT = (RESTRICTED_MINIMUM, RESTRICTED_SPURIOUS_MINIMUM, NOT_A_RESTRICTED_MINIMUM)


@dataclass(frozen=True)
class RestrictedTree:
    """Evidence for a local minimum: a tree over the cells that the subspace meets at the point, node 0 its root."""

    nodes: tuple[ConeNode, ...]

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"nodes": SecondOrder(self.nodes).document()["nodes"]}


@dataclass(frozen=True)
class UnrestrictedMinimum:
    """Evidence for a local minimum: it is one of the risk without the restriction, by some rule."""

    evidence: LocalMinimum

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"unrestricted": self.evidence.document()}


@dataclass(frozen=True)
class RestrictedCurve:
    """Along u + t c_1 + t² c_2 + … the restricted risk changes by `coefficient`·t^`order` + …, coefficient < 0."""

    curve: tuple[Vector, ...]
    order: int
    coefficient: Fraction
    lower: tuple[Vector, Fraction]

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {
            "curve": [vector_document(step) for step in self.curve],
            "order": self.order,
            "coefficient": number_document(self.coefficient),
            "lower_point": values_document(*self.lower),
        }


class AboutRestricted(CertificateFile):
    """A claim about a restricted problem."""

    restricted: RestrictedProblem

    @property
    def problem(self) -> Problem:  # type: ignore[override]
        """The problem in which all parameters are free."""
        return self.restricted.unrestricted

    def stated(self, claim: Mapping[str, Any], evidence: Mapping[str, Any]) -> dict[str, Any]:
        """The certificate as a JSON value: what the claim says beside its kind and its sentence, and the evidence."""
        return {
            "format": GENERAL_FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, **claim},
            "problem": restricted_document(self.restricted, self.embed),
            "evidence": dict(evidence),
        }


class AboutValues(AboutRestricted):
    """A claim about values of the free parameters of a restricted problem."""

    values: Vector

    @property
    def parameters(self) -> Parameters:
        """The parameters of the network at the values."""
        return self.restricted.restriction.at(self.values)


@dataclass(frozen=True)
class RestrictedPoint(AboutValues):
    """A claim about the values of the free parameters of a restricted problem, with the evidence that the verifier checks.

    Attributes: `kind`, `values` and their `risk`; `local_minimum` and `lower_points` (values and risk), or `descent`; `embed` as
    in `problem_document`. Exactness: exact. Source: proofs/FORMAT.md, section 44; proofs/claims/restricted_point.md.
    """

    kind: str
    restricted: RestrictedProblem
    values: Vector
    risk: Fraction
    local_minimum: RestrictedTree | UnrestrictedMinimum | None = None
    descent: RestrictedCurve | None = None
    lower_points: tuple[tuple[Vector, Fraction], ...] = ()
    embed: bool | None = field(default=None, compare=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        phrase = {RESTRICTED_MINIMUM: "a local minimum", RESTRICTED_SPURIOUS_MINIMUM: "a spurious local minimum"}
        return restricted_sentence(self.restricted, phrase.get(self.kind, "not a local minimum"))

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        evidence: dict[str, Any] = {}
        if self.local_minimum is not None:
            evidence["local_minimum"] = self.local_minimum.document()
        if self.lower_points:
            evidence["lower_points"] = [values_document(*point) for point in self.lower_points]
        if self.descent is not None:
            evidence["descent"] = self.descent.document()
        return self.stated({"risk": number_document(self.risk), "values": vector_document(self.values)}, evidence)

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> RestrictedPoint:
        """The certificate from its JSON value and its problem."""
        claim, evidence = document["claim"], document["evidence"]
        minimum, descent = evidence.get("local_minimum"), evidence.get("descent")
        return cls(
            claim["kind"],
            restricted_problem_of(document, problem),
            vector_of(claim["values"]),
            exact(claim["risk"]),
            None if minimum is None else _minimum_of(minimum),
            None if descent is None else _curve_of(descent),
            tuple(map(values_of, evidence.get("lower_points", ()))),
            embed=embeds_data(document),
        )

    def __repr__(self) -> str:
        return f"RestrictedPoint({self.kind!r}, {self.restricted!r})"


def restricted_sentence(restricted: RestrictedProblem, phrase: str, units: str = "") -> str:
    """A claim in one sentence: the values are … of the restricted risk of the network …."""
    problem = restricted.unrestricted
    return (
        f"The given values of the {counted(restricted.restriction.dimension, 'free parameter')} are {phrase} of the restricted "
        f"{named_risk(problem, general=True)} of the {architecture(problem)} network{units} on "
        f"{counted(len(problem.data), 'sample')}."
    )


def restricted_document(restricted: RestrictedProblem, embed: bool | None = None) -> dict[str, Any]:
    """The problem with its restriction (proofs/FORMAT.md, section 44)."""
    plain = problem_document(restricted.unrestricted, embed=embed, general=True)
    return {**plain, "restriction": restriction_document(restricted.restriction)}


def restriction_document(restriction: Restriction) -> dict[str, Any]:
    """A restriction as a JSON value."""
    basis = [parameters_document(direction) for direction in restriction.basis]
    return {"offset": parameters_document(restriction.offset), "basis": basis}


def values_document(values: Vector, risk: Fraction) -> dict[str, Any]:
    """Values of the free parameters with a risk, as a JSON value."""
    return {"values": vector_document(values), "risk": number_document(risk)}


def values_of(document: Mapping[str, Any]) -> tuple[Vector, Fraction]:
    """Values of the free parameters and a risk from their JSON value."""
    return vector_of(document["values"]), exact(document["risk"])


def _minimum_of(document: Mapping[str, Any]) -> RestrictedTree | UnrestrictedMinimum:
    if "nodes" in document:
        return RestrictedTree(cone_nodes(document["nodes"]))
    whole = document["unrestricted"]
    return UnrestrictedMinimum(LOCAL_MINIMUM_RULES[whole["rule"]].read(whole))


def _curve_of(document: Mapping[str, Any]) -> RestrictedCurve:
    curve: Sequence[Any] = document["curve"]
    lower = values_of(document["lower_point"])
    return RestrictedCurve(tuple(map(vector_of, curve)), document["order"], exact(document["coefficient"]), lower)
