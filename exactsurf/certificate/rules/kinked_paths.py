"""Rule ``kinked paths``: paths through units at breakpoints, with chosen slopes there (proofs/rules/kinked_paths.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar, TypeAlias

from exactsurf.certificate.problem_document import number_document
from exactsurf.certificate.rules.boundary_pair import Pair, pair_of
from exactsurf.certificate.rules.subgradient import subgradient_document, subgradient_of
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.exact.number import exact

Multiple: TypeAlias = tuple[int, int, Fraction]
"""A sample i, a sample m and a factor c: f_i = c f_m at all parameters."""


@dataclass(frozen=True)
class KinkedPaths:
    """Rule `kinked paths` (theory.md, section 6).

    Attributes: `slopes`, the boundary pairs that count and the slopes that are chosen there; `multiples`, the samples that count
    as multiples of others; `subgradient` (N × d_y), only where the loss is not differentiable.
    Source: proofs/FORMAT.md, section 63.
    """

    slopes: tuple[tuple[Pair, Fraction], ...]
    multiples: tuple[Multiple, ...] = ()
    subgradient: Matrix | None = None

    rule: ClassVar[str] = "kinked paths"

    def document(self) -> dict[str, Any]:
        """The evidence as a JSON value."""
        multiples = [[i, m, number_document(c)] for i, m, c in self.multiples]
        slopes = [[list(pair), number_document(slope)] for pair, slope in self.slopes]
        return {"rule": self.rule, "multiples": multiples, "slopes": slopes, **subgradient_document(self.subgradient)}

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> KinkedPaths:
        """The evidence from its JSON value."""
        return cls(
            tuple((pair_of(pair), exact(slope)) for pair, slope in document["slopes"]),
            tuple((i, m, exact(c)) for i, m, c in document["multiples"]),
            subgradient_of(document),
        )
