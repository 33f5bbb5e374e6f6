"""Rules ``slope`` and ``curvature`` of smooth activations: the risk falls along a direction (proofs/smooth.md, section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from exactsurf.certificate.problem_document import parameters_document
from exactsurf.certificate.reading.values import parameters_of
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.model.parameters import Parameters

_RULES = {1: "slope", 2: "curvature"}


@dataclass(frozen=True)
class SmoothDescent:
    """Rule `slope` (`order` 1: the risk falls along the direction) or `curvature` (`order` 2: its second derivative is < 0)."""

    order: int
    direction: Parameters
    lower_point: LowerPoint

    @property
    def rule(self) -> str:
        """The rule's name."""
        return _RULES[self.order]

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return along_document(self.rule, self.direction, self.lower_point)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> SmoothDescent:
        """The evidence from its JSON value."""
        (order,) = (order for order, rule in _RULES.items() if rule == document["rule"])
        return cls(order, *read_along(document))


def along_document(rule: str, direction: Parameters, lower_point: LowerPoint) -> dict[str, Any]:
    """The evidence of a rule about a direction, as a JSON value."""
    return {"rule": rule, "direction": parameters_document(direction), "lower_point": lower_point.document()}


def read_along(document: Mapping[str, Any]) -> tuple[Parameters, LowerPoint]:
    """Direction and lower point of such evidence."""
    return parameters_of(document["direction"]), LowerPoint.read(document["lower_point"])
