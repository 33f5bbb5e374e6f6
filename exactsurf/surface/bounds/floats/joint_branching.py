"""Where joined regions are cut next, and weights of units that their relaxed problem proposes. Floats, for speed only."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsurf.surface.bounds.joint_fits import JointColumn
from exactsurf.surface.bounds.regions import NetworkRegions, Split
from exactsurf.surface.bounds.unit_rays import UnitRays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

_BEND = 10.0
"""How much more than the square of an edge a bend counts, relative to all that the units predict."""

_FLAT = 1e-7
"""Relative bends that are none."""

_SHORT = 1e-6
"""Edges that are not cut any more."""


def propose_split(rays: UnitRays, regions: NetworkRegions, amounts: Mapping[JointColumn, Fraction]) -> Split | None:
    """The wall where the relaxed problem bends most, or the longest edge; None where there is nothing left to cut.

    Parameters: the `amounts` of the columns of the relaxed problem. Exactness: none, a proposal. Raises: `OverflowError` beyond
    doubles. Source: proofs/claims/global_minimum.md, section 15.
    """
    bend, wall = _widest_bend(rays, regions, amounts)
    length, edge = _longest_edge(regions)
    if wall is not None and bend > _FLAT and (_BEND * bend > length * length or length < _SHORT):
        return wall
    return edge if length >= _SHORT else None


def first_weights(rays: UnitRays, regions: NetworkRegions, amounts: Mapping[JointColumn, Fraction]) -> list[tuple[Fraction, ...]]:
    """Weights of the units near those of the relaxed problem, as short binary fractions.

    Exactness: none, a proposal. Raises: as `propose_split`. Source: none.
    """
    import numpy as np

    size = len(rays.weights[0])
    sums = np.zeros((len(regions.cones), size + 1))
    for column, amount in amounts.items():
        g = column.generator
        row = np.array([float(value) for value in (*rays.weights[g], rays.apexes[g])])
        sums[column.unit] += float(amount) / float(rays.lengths[g]) * _scale(regions, column) * row
    found = []
    for row in sums:
        height = abs(float(row[-1])) if any(rays.breakpoints) else 0.0
        scale = height or float(abs(row[:-1]).max()) or 1.0
        found.append(tuple(Fraction(round(float(value) / scale * (1 << 24)), 1 << 24) for value in row[:-1]))
    return found


def _widest_bend(rays: UnitRays, regions: NetworkRegions, amounts: Mapping[JointColumn, Fraction]) -> tuple[float, Split | None]:
    """The wall on both sides of which a unit has most, and how much relative to all that the units have."""
    sides: dict[tuple[int, int, int], list[float]] = {}
    total = 0.0
    for column, amount in amounts.items():
        g = column.generator
        length = float(amount) / float(rays.lengths[g]) * _scale(regions, column)
        for i in rays.classes:
            for k, t in enumerate(rays.breakpoints):
                value = float((rays.heights[g][i] - rays.apexes[g] * t) * abs(rays.turns[k]))
                if value:
                    sides.setdefault((column.unit, i, k), [0.0, 0.0])[value < 0] += length * abs(value)
                    total += length * abs(value)
    walls = regions.walls[0]
    found = [
        (min(both), name)
        for name, both in sides.items()
        if rays.has_wall[name[1]] and not any((*name[1:], side) in walls[name[0]] for side in (1, -1))
    ]
    if not found or not total:
        return 0.0, None
    bend, name = max(found, key=lambda entry: (entry[0], [-place for place in entry[1]]))
    return bend * len(rays.classes) / total, Split("wall", (1, *name))


def _longest_edge(regions: NetworkRegions) -> tuple[float, Split]:
    import numpy as np

    corners = np.array([[[float(value) for value in v] for v in cone] for cone in regions.cones])
    corners = corners / max(1e-300, float(np.sqrt((corners * corners).sum(axis=2)).max()))
    count = corners.shape[1]
    lengths = [(float(np.sqrt(((corners[:, s] - corners[:, t]) ** 2).sum())), (-s, -t)) for t in range(count) for s in range(t)]
    length, (s, t) = max(lengths, default=(0.0, (0, 0)))
    return length, Split("edge", (-s, -t))


def _scale(regions: NetworkRegions, column: JointColumn) -> float:
    """How long the output weights of the unit of a column are."""
    cone = regions.cones[column.unit]
    return max(float(max(map(abs, cone[corner]))) for corner in column.corners)


__all__ = ["first_weights", "propose_split"]
