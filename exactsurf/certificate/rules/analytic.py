"""Evidence about a point where the loss is an expression (proofs/FORMAT.md, section 15), one class for each form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from exactsurf.certificate.problem_document import parameters_document, vector_document
from exactsurf.certificate.reading.values import parameters_of, vector_of
from exactsurf.certificate.rules import DESCENT_RULES, LOCAL_MINIMUM_RULES, Descent, LocalMinimum
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.parameters import Parameters


@dataclass(frozen=True)
class AnalyticFit:
    """Rule `fit`: for every input the derivatives of its samples add up to 0, and the loss is convex."""

    rule: ClassVar[str] = "fit"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {"rule": self.rule}

    @classmethod
    def read(cls, _: Mapping[str, Any]) -> AnalyticFit:
        """The evidence from its JSON value."""
        return cls()


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
class Frozen:
    """Rules `frozen` (a minimum) and `frozen curve`: evidence for squared losses in whose hull the derivatives lie.

    Attributes: `lower`, numbers below the atoms, and `widths` of the simplex over them; `curvatures`, one a sample, 0 for those
    that are left out; `parts`, the evidence for every vertex.
    """

    lower: Vector
    widths: Vector
    curvatures: Vector
    parts: tuple[LocalMinimum | Descent, ...]
    rule: str = "frozen"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {
            "rule": self.rule,
            "lower": vector_document(self.lower),
            "widths": vector_document(self.widths),
            "curvatures": vector_document(self.curvatures),
            "parts": [part.document() for part in self.parts],
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Frozen:
        """The evidence from its JSON value."""
        rules = {**LOCAL_MINIMUM_RULES, **DESCENT_RULES}
        return cls(
            tuple(vector_of(document["lower"])),
            tuple(vector_of(document["widths"])),
            tuple(vector_of(document["curvatures"])),
            tuple(rules[part["rule"]].read(part) for part in document["parts"]),
            document["rule"],
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
