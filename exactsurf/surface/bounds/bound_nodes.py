"""Nodes of searches for bounds: regions, the bound there with its proof, and how they are cut."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from exactsurf.certificate.claims.price_tree import PriceNode
from exactsurf.certificate.claims.region_nodes import LayerProof
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.parameters import Parameters
from exactsurf.surface.bounds.regions import NetworkRegions, Split


@dataclass(slots=True)
class BoundNode:
    """Regions, a lower bound of the risk there with the dual vector, and the lines or the trees of prices by unit that prove
    it, and how they are cut. Where output weights are joined, `corners` has a dual vector for each corner.
    """

    regions: NetworkRegions
    value: Fraction
    gradient: Vector
    lines: tuple[tuple[LayerProof, ...], ...]
    amounts: dict[Any, Fraction]
    split: Split | None = None
    children: tuple[int, ...] | None = None
    is_stuck: bool = False
    prices: tuple[PriceNode, ...] = ()
    corners: tuple[Vector, ...] = ()

    @property
    def duals(self) -> tuple[Vector, ...]:
        """The dual vectors."""
        return self.corners or (self.gradient,)


class BoundPart(NamedTuple):
    """Nodes below the first one, with places among themselves, and the best point that is known, with its risk."""

    nodes: list[BoundNode]
    upper: Fraction
    point: Parameters
