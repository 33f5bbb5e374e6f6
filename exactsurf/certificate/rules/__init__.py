"""The rules of evidence about a point, one module each, and the table of them by the names that certificates use."""

from __future__ import annotations

from typing import TypeAlias

from exactsurf.certificate.rules.convex_cells import ConvexCells
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.dead_unit import DeadUnit
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.certificate.rules.evidence import Evidence
from exactsurf.certificate.rules.kinked_paths import KinkedPaths
from exactsurf.certificate.rules.low_rank import LowRank
from exactsurf.certificate.rules.paths import Paths
from exactsurf.certificate.rules.positive_products import PositiveProducts
from exactsurf.certificate.rules.second_order import SecondOrder
from exactsurf.certificate.rules.unitwise import Unitwise
from exactsurf.certificate.rules.unitwise_decay import UnitwiseDecay
from exactsurf.certificate.rules.unitwise_vectors import UnitwiseVectors

LocalMinimum: TypeAlias = (
    Paths | Unitwise | UnitwiseVectors | SecondOrder | ConvexCells | PositiveProducts | LowRank | UnitwiseDecay | KinkedPaths
)
Descent: TypeAlias = DescentDirection | DeadUnit | DescentCurve

LOCAL_MINIMUM_RULES: dict[str, type[LocalMinimum]] = {
    kind.rule: kind
    for kind in (
        Paths,
        Unitwise,
        SecondOrder,
        ConvexCells,
        UnitwiseVectors,
        LowRank,
        PositiveProducts,
        UnitwiseDecay,
        KinkedPaths,
    )
}
"""The rules of proofs/FORMAT.md, sections 4, 16 and 63, in its order."""

DESCENT_RULES: dict[str, type[Descent]] = {kind.rule: kind for kind in (DescentDirection, DeadUnit, DescentCurve)}
"""The rules of proofs/FORMAT.md, section 5, in its order."""

RULES: dict[str, type[Evidence]] = {**LOCAL_MINIMUM_RULES, **DESCENT_RULES}
"""All rules of evidence about a point of a piecewise linear network."""
