"""Rule ``one-sided curvature`` of `elu`: the risk falls to second order, also where a pre-activation is 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.rules.smooth.descent import along_document, read_along
from exactsurf.model.parameters import Parameters


@dataclass(frozen=True)
class OneSidedCurvature:
    """The one-sided second derivative of the risk along the direction is negative (proofs/smooth.md, section 9)."""

    rule: ClassVar[str] = "one-sided curvature"

    direction: Parameters
    lower_point: LowerPoint

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        return along_document(self.rule, self.direction, self.lower_point)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> OneSidedCurvature:
        """The evidence from its JSON value."""
        return cls(*read_along(document))
