"""What the evidence of every rule has in common, and the lower point that several of them carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, Protocol, Self

from exactsurf.certificate.problem_document import number_document, parameters_document
from exactsurf.certificate.reading.values import parameters_of
from exactsurf.exact.number import exact
from exactsurf.model.parameters import Parameters


class Evidence(Protocol):
    """The evidence of a rule: a frozen value that knows its document and is read back from it.

    Source: proofs/FORMAT.md, sections 4, 5 and 13. A rule's evidence stands in the module of the rule's name, and in the
    table `RULES` of this package.
    """

    rule: ClassVar[str]

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value, its rule first."""

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Self:
        """The evidence from its JSON value in an accepted certificate."""


@dataclass(frozen=True)
class LowerPoint:
    """A point and its exact risk, lower than that of the point in question."""

    parameters: Parameters
    risk: Fraction

    def document(self) -> dict[str, Any]:
        """The point as a JSON value."""
        return {"parameters": parameters_document(self.parameters), "risk": number_document(self.risk)}

    @staticmethod
    def read(document: Mapping[str, Any]) -> LowerPoint:
        """The point from its JSON value."""
        return LowerPoint(parameters_of(document["parameters"]), exact(document["risk"]))
