"""Rule ``dead unit`` of smooth activations: a unit that no output reads would help elsewhere (proofs/smooth.md, section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from exactsurf.certificate.problem_document import vector_document
from exactsurf.certificate.reading.values import vector_of
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.exact.linear_algebra import Vector


@dataclass(frozen=True)
class SmoothDeadUnit:
    """Rule `dead unit`: a unit of the last hidden layer that no output reads would help at the weights `weights`.

    Attributes: `unit`, `output` (from 0), `weights` of the unit, and behind them its bias if it has one; `lower_point`.
    """

    unit: int
    output: int
    weights: Vector
    lower_point: LowerPoint

    rule: ClassVar[str] = "dead unit"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {
            "rule": self.rule,
            "unit": self.unit,
            "output": self.output,
            "weights": vector_document(self.weights),
            "lower_point": self.lower_point.document(),
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> SmoothDeadUnit:
        """The evidence from its JSON value."""
        lower = LowerPoint.read(document["lower_point"])
        return cls(document["unit"], document["output"], vector_of(document["weights"]), lower)
