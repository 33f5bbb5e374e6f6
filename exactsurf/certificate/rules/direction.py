"""Rule ``direction``: a direction of descent (proofs/rules/direction.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from exactsurf.certificate.problem_document import number_document, parameters_document
from exactsurf.certificate.reading.values import parameters_of
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.exact.number import exact
from exactsurf.model.parameters import Parameters


@dataclass(frozen=True)
class DescentDirection:
    """Rule `direction`: a direction along which the one-sided derivative of the risk is negative."""

    direction: Parameters
    derivative: Fraction
    lower_point: LowerPoint

    rule: ClassVar[str] = "direction"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {
            "rule": self.rule,
            "direction": parameters_document(self.direction),
            "derivative": number_document(self.derivative),
            "lower_point": self.lower_point.document(),
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> DescentDirection:
        """The evidence from its JSON value."""
        lower = LowerPoint.read(document["lower_point"])
        return cls(parameters_of(document["direction"]), exact(document["derivative"]), lower)
