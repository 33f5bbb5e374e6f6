"""Rule ``one-sided curve`` of `elu` and `selu`: the risk falls along a polynomial curve, also where a pre-activation is 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from exactsurf.certificate.problem_document import parameters_document
from exactsurf.certificate.reading.values import parameters_of
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.model.parameters import Parameters


@dataclass(frozen=True)
class OneSidedCurve:
    """Along θ + t c_1 + t² c_2 + … the risk falls to an `order` in t > 0 (proofs/smooth.md, section 10)."""

    rule: ClassVar[str] = "one-sided curve"

    curve: tuple[Parameters, ...]
    order: int
    lower_point: LowerPoint

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return {
            "rule": self.rule,
            "curve": [parameters_document(coefficient) for coefficient in self.curve],
            "order": self.order,
            "lower_point": self.lower_point.document(),
        }

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> OneSidedCurve:
        """The evidence from its JSON value."""
        curve = tuple(map(parameters_of, document["curve"]))
        return cls(curve, document["order"], LowerPoint.read(document["lower_point"]))
