"""What units of one hidden layer can add to the predictions, and what weight decay makes them pay for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple, TypeAlias

from exactsurf.certificate.claims.price_tree import PriceLeaf, PriceNode, PriceSplit
from exactsurf.exact.linear_algebra import Matrix, rank
from exactsurf.model.problem import Problem
from exactsurf.surface.bounds.curved_fits import PricedColumn
from exactsurf.surface.bounds.regions import NetworkRegions, OutputCone, Sides
from exactsurf.surface.bounds.unit_rays import Part, Ray, UnitRays

_PARTS = 16
"""Parts of the region of a unit at most."""


class _Cut(NamedTuple):
    """A part of a region that is cut, as in `PriceSplit`."""

    wall: tuple[int, int]
    plus: _Parts
    minus: _Parts


_Parts: TypeAlias = "_Cut | int"
"""The parts of the region of a unit: a cut, or the number of a block."""

Owners: TypeAlias = dict[PricedColumn, list[tuple[int, int, Ray]]]


class PricedRegions(NamedTuple):
    """The columns with the units, generators of cones and rays that they belong to, and the parts of the region of each unit."""

    owners: Owners
    parts: tuple[_Parts, ...]

    def prices(self, slopes: Sequence[Matrix], nothing: Matrix) -> tuple[PriceNode, ...]:
        """The trees of prices by unit, from those of the blocks; `nothing` where a block has no columns."""
        numbers = sorted({column.block for column in self.owners})
        missing = len(nothing[0]) - len(slopes[0][0]) if slopes else 0
        own = {
            block: tuple((*row, *(Fraction(0),) * missing) for row in matrix)
            for block, matrix in zip(numbers, slopes, strict=True)
        }
        return tuple(_tree(part, own, nothing) for part in self.parts)


class PricedColumns:
    """The columns of a problem with weight decay and one hidden layer whose samples span their space, on any regions.

    The region of a unit is cut into parts that hold no line, because opposite weights would cost nothing together.
    Attributes: `unit`, by what weights are multiplied so that all are integers; `nothing`, a matrix of prices that are 0.
    Parameters: a problem, and its `rays`. Exactness: exact. Raises: nothing. Source: proofs/claims/enclosed_least_risk.md.

    >>> import exactsurf as es
    >>> from exactsurf.surface.bounds.regions import all_parameters
    >>> problem = es.Problem(es.Network([1, 1, 2]), es.Data.from_arrays([0, 1], [[0, 0], [2, 1]]), weight_decay=1)
    >>> found = PricedColumns(problem, UnitRays(problem)).of(all_parameters(problem.network))
    >>> len({column.block for column in found.owners}), found.parts[0].wall
    (4, (0, 0))
    """

    def __init__(self, problem: Problem, rays: UnitRays) -> None:
        assert problem.decay is not None, "prices are those of weight decay"
        self.rays = rays
        self.width = len(problem.data.x[0]) + (problem.decay.biases and problem.network.biases[0])
        scaled = [
            [value / (length or 1) for value in weights[: self.width]]
            for weights, length in zip(rays.weights, rays.lengths, strict=True)
        ]
        self.nothing: Matrix = ((Fraction(0),) * (len(problem.data.x[0]) + problem.network.biases[0]),) * problem.network.widths[
            -1
        ]
        self.unit = lcm(*(value.denominator for row in scaled for value in row))
        self._weights = [tuple(int(value * self.unit) for value in row) for row in scaled]

    def of(self, regions: NetworkRegions) -> PricedRegions:
        """The columns of regions. Units of which the same is required share blocks: together they pay for the sum."""
        owners: Owners = {}
        seen: dict[tuple[Sides, OutputCone], tuple[_Parts, list[tuple[Sides, OutputCone, int]]]] = {}
        count, parts = 0, []
        for unit, own in enumerate(zip(regions.walls[0], regions.cones, strict=True)):
            if own not in seen:
                blocks: list[tuple[Sides, OutputCone, int]] = []
                seen[own] = self._cut(*own, 1, blocks, count), blocks
                count += len(blocks)
            tree, blocks = seen[own]
            parts.append(tree)
            for sides, cone, block in blocks:
                self._add(owners, unit, sides, cone, block)
        return PricedRegions(owners, tuple(parts))

    def _add(self, owners: Owners, unit: int, sides: Sides, cone: OutputCone, block: int) -> None:
        rays = self.rays
        for g in rays.inside(sides):
            ray = Ray(rays.predictions[g], ((Part("generator", (), g), 1 / (rays.lengths[g] or Fraction(1))),))
            for place, vector in enumerate(cone):
                if any(vector):
                    values = tuple(v * value for value in ray.values for v in vector)
                    column = PricedColumn(values, block, vector, self._weights[g])
                    owners.setdefault(column, []).append((unit, place, ray))

    def _cut(self, sides: Sides, cone: OutputCone, parts: int, blocks: list[tuple[Sides, OutputCone, int]], first: int) -> _Parts:
        """The parts of a region, of which there are so many beside it; the blocks are numbered from `first`."""
        wall = self._wall(sides) if parts < _PARTS else None
        if wall is not None:
            above, below = (self._cut(sides | {(*wall, side)}, cone, 2 * parts, blocks, first) for side in (1, -1))
            return _Cut(wall, above, below)
        blocks.append((sides, cone, first + len(blocks)))
        return first + len(blocks) - 1

    def _wall(self, sides: Sides) -> tuple[int, int] | None:
        """A wall that a region is to be cut at until the inputs of those required span: that with the most equal parts."""
        rays = self.rays
        rows = [rays.samples[i] for i, _, _ in sides]
        size, have = len(rays.samples[0]), rank(rows) if rows else 0
        if have == size:
            return None
        found: list[tuple[int, tuple[int, int]]] = []
        inside = rays.inside(sides)
        for i in rays.classes:
            if rank([*rows, rays.samples[i]]) > have:
                heights = [rays.heights[g][i] for g in inside]
                found.append((min(sum(z > 0 for z in heights), sum(z < 0 for z in heights)), (i, 0)))
        return max(found, key=lambda entry: entry[0])[1] if found else None


def holds_line(regions: NetworkRegions) -> bool:
    """Whether some unit may have output weights v and −v, which cost nothing together.

    Exactness: exact. Raises: nothing. Source: none needed.
    """
    opposite = (tuple(-value for value in v) in cone for cone in regions.cones for v in cone if any(v))
    return any(opposite)


def _tree(part: _Parts, slopes: Mapping[int, Matrix], nothing: Matrix) -> PriceNode:
    if isinstance(part, int):
        return PriceLeaf(slopes.get(part, nothing))
    return PriceSplit(part.wall, _tree(part.plus, slopes, nothing), _tree(part.minus, slopes, nothing))


__all__: Sequence[str] = ["PricedColumns", "PricedRegions", "holds_line"]
