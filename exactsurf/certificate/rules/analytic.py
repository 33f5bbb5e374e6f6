"""Evidence about a point where the loss is an expression (proofs/FORMAT.md, section 15), one class for each form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, TypeAlias

from exactsurf.certificate.problem_document import number_document, parameters_document, vector_document
from exactsurf.certificate.reading.values import parameters_of, vector_of
from exactsurf.certificate.rules import DESCENT_RULES, LOCAL_MINIMUM_RULES, Descent, LocalMinimum
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import exact
from exactsurf.model.parameters import Parameters


@dataclass(frozen=True)
class AtomRelation:
    """An identity between atoms of the derivatives, by their places: `atom` = `constant` + Σ factor·atom over `terms`."""

    atom: int
    constant: Fraction
    terms: tuple[tuple[int, Fraction], ...]

    def document(self) -> dict[str, Any]:
        """The relation as a JSON value."""
        terms = [[place, number_document(factor)] for place, factor in self.terms]
        return {"atom": self.atom, "constant": number_document(self.constant), "terms": terms}


def relations_document(relations: Sequence[AtomRelation]) -> dict[str, Any]:
    """The field `relations`, if there are any."""
    return {"relations": [relation.document() for relation in relations]} if relations else {}


def relations_of(document: Mapping[str, Any]) -> tuple[AtomRelation, ...]:
    """The relations from the JSON value of evidence."""
    return tuple(
        AtomRelation(entry["atom"], exact(entry["constant"]), tuple((place, exact(factor)) for place, factor in entry["terms"]))
        for entry in document.get("relations", ())
    )


@dataclass(frozen=True)
class AnalyticFit:
    """Rule `fit`: for every input the derivatives of its samples add up to 0, and the loss is convex."""

    relations: tuple[AtomRelation, ...] = ()

    rule: ClassVar[str] = "fit"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"rule": self.rule, **relations_document(self.relations)}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> AnalyticFit:
        """The evidence from its JSON value."""
        return cls(relations_of(document))


@dataclass(frozen=True)
class AnalyticDirection:
    """Rule `direction`: a direction along which the derivative of the risk is negative."""

    direction: Parameters

    rule: ClassVar[str] = "direction"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"rule": self.rule, "direction": parameters_document(self.direction)}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> AnalyticDirection:
        """The evidence from its JSON value."""
        return cls(parameters_of(document["direction"]))


@dataclass(frozen=True)
class AnalyticDeadUnit:
    """Rule `dead unit`: a unit that no output reads, and whose frozen risk changes when its weights move along `delta`."""

    unit: int
    output: int
    delta: Vector

    rule: ClassVar[str] = "dead unit"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"rule": self.rule, "unit": self.unit, "output": self.output, "delta": vector_document(self.delta)}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> AnalyticDeadUnit:
        """The evidence from its JSON value."""
        return cls(document["unit"], document["output"], tuple(vector_of(document["delta"])))


@dataclass(frozen=True)
class Squares:
    """Entries (k, m, q) of every sample: q times the square of what outputs k and m change by against each other, or k alone."""

    entries: tuple[tuple[tuple[int, int, Fraction], ...], ...]


def _second_of(document: Mapping[str, Any]) -> Vector | Squares | None:
    if "squares" in document:
        return Squares(tuple(tuple((k, m, exact(q)) for k, m, q in row) for row in document["squares"]))
    return tuple(vector_of(document["curvatures"])) if "curvatures" in document else None


@dataclass(frozen=True)
class Frozen:
    """Rules `frozen` (a minimum) and `frozen curve`: evidence for squared losses in whose hull the derivatives lie.

    Attributes: `lower`, numbers below the atoms, and `widths` of the simplex over them; `curvatures`, one a sample, 0 for those
    that are left out; `parts`, the evidence for every vertex; `relations` between atoms, of which the others are left. In the
    place of curvatures there may be `squares`, entries (k, m, q) of every sample, or None, where convexity is enough.
    """

    lower: Vector
    widths: Vector
    curvatures: Vector | Squares | None
    parts: tuple[LocalMinimum | Descent, ...]
    rule: str = "frozen"
    relations: tuple[AtomRelation, ...] = ()

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {
            "rule": self.rule,
            "lower": vector_document(self.lower),
            "widths": vector_document(self.widths),
            **self._second(),
            "parts": [part.document() for part in self.parts],
            **relations_document(self.relations),
        }

    def _second(self) -> dict[str, Any]:
        """The field that says what stands for second derivatives."""
        if self.curvatures is None:
            return {"linear": True}
        if isinstance(self.curvatures, Squares):
            rows = [[[k, m, number_document(q)] for k, m, q in row] for row in self.curvatures.entries]
            return {"squares": rows}
        return {"curvatures": vector_document(self.curvatures)}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Frozen:
        """The evidence from its JSON value."""
        rules = {**LOCAL_MINIMUM_RULES, **DESCENT_RULES}
        return cls(
            tuple(vector_of(document["lower"])),
            tuple(vector_of(document["widths"])),
            _second_of(document),
            tuple(rules[part["rule"]].read(part) for part in document["parts"]),
            document["rule"],
            relations_of(document),
        )


AnalyticEvidence: TypeAlias = AnalyticFit | AnalyticDirection | AnalyticDeadUnit | Frozen

ANALYTIC_RULES: dict[str, type[AnalyticEvidence]] = {
    "fit": AnalyticFit,
    "frozen": Frozen,
    "direction": AnalyticDirection,
    "dead unit": AnalyticDeadUnit,
    "frozen curve": Frozen,
}
"""The rules of proofs/FORMAT.md, section 15."""
