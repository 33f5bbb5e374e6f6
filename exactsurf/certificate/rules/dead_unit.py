"""Rule ``dead unit``: a unit without output weight is moved, and then its output weight matters (proofs/rules/dead_unit.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from exactsurf.certificate.problem_document import number_document, vector_document
from exactsurf.certificate.reading.values import vector_of
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import exact


@dataclass(frozen=True)
class DeadUnit:
    """Rule `dead unit`: moving a unit without output weight along `delta` makes its output weight matter."""

    unit: int
    output: int
    delta: Vector
    derivative: Fraction
    lower_point: LowerPoint

    rule: ClassVar[str] = "dead unit"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {
            "rule": self.rule,
            "unit": self.unit,
            "output": self.output,
            "delta": vector_document(self.delta),
            "derivative": number_document(self.derivative),
            "lower_point": self.lower_point.document(),
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> DeadUnit:
        """The evidence from its JSON value."""
        lower = LowerPoint.read(document["lower_point"])
        return cls(document["unit"], document["output"], vector_of(document["delta"]), exact(document["derivative"]), lower)
