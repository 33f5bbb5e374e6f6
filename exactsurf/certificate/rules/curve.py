"""Rule ``curve``: a polynomial curve of descent (proofs/rules/curve.md)."""

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
class DescentCurve:
    """Rule `curve`: along θ + t c_1 + t² c_2 + … the risk changes by `coefficient`·t^`order` + …, coefficient < 0."""

    curve: tuple[Parameters, ...]
    order: int
    coefficient: Fraction
    lower_point: LowerPoint

    rule: ClassVar[str] = "curve"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {
            "rule": self.rule,
            "curve": [parameters_document(direction) for direction in self.curve],
            "order": self.order,
            "coefficient": number_document(self.coefficient),
            "lower_point": self.lower_point.document(),
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> DescentCurve:
        """The evidence from its JSON value."""
        lower = LowerPoint.read(document["lower_point"])
        curve = tuple(map(parameters_of, document["curve"]))
        return cls(curve, document["order"], exact(document["coefficient"]), lower)
