"""Regions of the weights of one unit: cut by some of the walls, with a sign of the output weight or without one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm
from operator import mul
from typing import NamedTuple, TypeAlias

from exactsurf.effort import look
from exactsurf.exact.cone_least_squares import Fit
from exactsurf.exact.cone_linear import Deviation
from exactsurf.surface.cell_minima import CellMinima
from exactsurf.surface.unit_table import UnitTable

_DIRECTIONS = 2
"""Generic points that decide on which side of a wall a unit on it is put."""


class Region(NamedTuple):
    """The weights with value ≥ 0 on the walls `above` and ≤ 0 on the walls `below` (as bits), and v of this sign (0: any)."""

    sign: int = 0
    above: int = 0
    below: int = 0

    def cut(self, wall: int | None, side: int) -> Region:
        """The part on one side (1 or −1) of a wall, or with this sign of v if `wall` is None."""
        if wall is None:
            return self._replace(sign=side)
        return self._replace(above=self.above | 1 << wall) if side > 0 else self._replace(below=self.below | 1 << wall)

    def is_below(self, wall: int | None) -> bool:
        """Whether it lies below a wall (None: whether v ≤ 0) by what is required."""
        return self.sign < 0 if wall is None else bool(self.below >> wall & 1)


Regions: TypeAlias = tuple[Region, ...]


class Shares(NamedTuple):
    """For every unit what the generators that it was given have on either side of every wall, in a common unit of length."""

    above: list[list[int]]
    below: list[list[int]]


class RegionGenerators:
    """The generators of regions as masks.

    The closed region of a unit is a union of closed cells and faces of cells, so the cone of its product variables is generated
    by the generators that lie in it. Parameters: a `table` that has all generators.
    Exactness: exact. Source: proofs/claims/global_minimum.md.
    """

    def __init__(self, table: UnitTable) -> None:
        self.walls = table.arrangement.walls
        self._generators: dict[tuple[int, int], int] = {}
        self._values: list[list[int]] = []
        self._scales: list[int] = []
        above, below = ([0] * len(self.walls) for _ in range(2))
        for g, generator in enumerate(table.generators):
            look("the sides of walls on which vertices and rays lie are found")
            scale = lcm(*(value.denominator for value in generator.weights))
            lifted = [int(value * scale) for value in generator.weights] + [generator.apex * scale]
            values = [sum(map(mul, wall.form, lifted)) for wall in self.walls]
            for k, value in enumerate(values):
                above[k] |= (value >= 0) << g
                below[k] |= (value <= 0) << g
            self._values.append(values)
            self._scales.append(scale)
        self._halves = above, below
        self._cells = {members: c for c, members in enumerate(table.members)}

    def generators(self, region: Region) -> int:
        """The generators (as bits) of the closed region."""
        key = region[1:]
        found = self._generators.get(key)
        if found is None:
            found = (1 << len(self._values)) - 1
            for half, chosen in zip(self._halves, key, strict=True):
                for k in _places(chosen):
                    found &= half[k]
            self._generators[key] = found
        return found

    def members(self, region: Region) -> tuple[int, ...]:
        """The generators of the closed region as a list."""
        return tuple(_places(self.generators(region)))

    def cutting(self, regions: Regions) -> tuple[int, int] | None:
        """A unit and a wall that cuts its region, None if all are closed cells."""
        for j, region in enumerate(regions):
            own = self.members(region)
            for k in range(len(self.walls)):
                values = [self._values[g][k] for g in own]
                if any(value > 0 for value in values) and any(value < 0 for value in values):
                    return j, k
        return None

    def kind(self, region: Region) -> int:
        """The signed unit cell that a region is."""
        return 2 * self._cells[self.members(region)] + (region.sign < 0)


class RegionTable(RegionGenerators):
    """The generators of regions, and points of the relaxed problem as points of units.

    Parameters: `minima` over a table that has all generators. Exactness: exact. Source: proofs/claims/global_minimum.md.
    """

    def __init__(self, minima: CellMinima) -> None:
        super().__init__(minima.table)
        self.minima = minima
        self._columns: dict[Region, int] = {}
        self._ratios: list[Fraction] = []
        owners: list[list[int]] = [[] for _ in minima.columns]
        for g, (scale, place) in enumerate(zip(self._scales, minima.places, strict=True)):
            self._ratios.append(Fraction(1, scale) / place[2] if place else Fraction(0))
            if place is not None:
                owners[place[0]].append(g)
        self._owners = owners
        count = len(self._scales)
        self._bits = [tuple(minima.mask((g,), sign) for g in range(count)) for sign in (0, 1, -1)]

    def columns(self, regions: Sequence[Region]) -> int:
        """The mask of the signed columns of a product of regions."""
        found = 0
        for region in set(regions):
            own = self._columns.get(region)
            if own is None:
                bits, own = self._bits[region.sign], 0
                for g in _places(self.generators(region)):
                    own |= bits[g]
                self._columns[region] = own
            found |= own
        return found

    def shares(self, regions: Regions, fit: Fit | Deviation) -> Shares:
        """Give every column of a fit over these regions, all with a sign, to a unit; to one that bends least by it."""
        masks = [self.generators(region) for region in regions]
        given = []
        for column, numerator in zip(fit.support, fit.numerators, strict=True):
            options = []
            for j, (region, mask) in enumerate(zip(regions, masks, strict=True)):
                for g in self._owners[column]:
                    place = self.minima.places[g]
                    if mask >> g & 1 and place is not None and place[1] * region.sign * numerator > 0:
                        options.append((j, g))
                        break
            given.append((abs(numerator), options))
        common = lcm(*(self._ratios[g].denominator for _, options in given for _, g in options))
        count = len(self.walls)
        shares = Shares([[0] * count for _ in regions], [[0] * count for _ in regions])
        lengths = []
        for amount, options in given:
            moves = []
            for j, g in options:
                ratio = self._ratios[g]
                factor = amount * ratio.numerator * (common // ratio.denominator)
                moves.append((j, [factor * value for value in self._values[g]]))
            lengths.append((max(sum(map(abs, values)) for _, values in moves), moves))
        for _, moves in sorted(lengths, key=lambda entry: -entry[0]):
            best = min(moves, key=lambda move: self._bend_added(shares, *move)) if len(moves) > 1 else moves[0]
            j, values = best
            shares.above[j][:] = [a + v if v > 0 else a for a, v in zip(shares.above[j], values, strict=True)]
            shares.below[j][:] = [b - v if v < 0 else b for b, v in zip(shares.below[j], values, strict=True)]
        return shares

    def bends(self, shares: Shares) -> list[tuple[int, int, int]]:
        """(bend, unit, wall) for every wall that runs between the generators that a unit was given, the largest bend first.

        The bend is what the relaxation gains at the wall: with none anywhere, the fit is that of parameters.
        """
        found = []
        for j, (above, below) in enumerate(zip(*shares, strict=True)):
            for k, (a, b) in enumerate(zip(above, below, strict=True)):
                if a and b:
                    found.append((self._weights[k] * min(a, b), j, k))
        return sorted(found, key=lambda bend: (-bend[0], *bend[1:]))

    def cells_near(self, regions: Regions, shares: Shares) -> tuple[Regions, ...]:
        """Signed cells in whose closure the points of the units lie, one for every generic point that decides on walls."""
        found = []
        for sides in self._generic:
            cells = []
            for region, above, below in zip(regions, *shares, strict=True):
                up = sum(
                    1 << k for k, (a, b) in enumerate(zip(above, below, strict=True)) if a > b or (a == b and sides >> k & 1)
                )
                cells.append(Region(region.sign, up, ~up & ((1 << len(self.walls)) - 1)))
            found.append(tuple(cells))
        return tuple(dict.fromkeys(found))

    def generic_cells(self, units: int) -> tuple[Regions, ...]:
        """Signed cells in which all units are in the cell of the same generic point."""
        every = (1 << len(self.walls)) - 1
        return tuple((Region(sign, sides, every & ~sides),) * units for sides in self._generic[:1] for sign in (1, -1))

    def witness(self, cell: Region) -> tuple[Fraction, ...]:
        """A point inside a cell."""
        table = self.minima.table
        chosen = [table.generators[g] for g in self.members(cell)]
        height = sum(generator.apex for generator in chosen) or 1
        total = [Fraction(0)] * table.arrangement.dimension
        for generator in chosen:
            total = [a + b for a, b in zip(total, generator.weights, strict=True)]
        return tuple(value / height for value in total)

    def _bend_added(self, shares: Shares, j: int, values: list[int]) -> int:
        above, below, weights = shares.above[j], shares.below[j], self._weights
        return sum(
            weights[k] * (min(above[k] + max(v, 0), below[k] + max(-v, 0)) - min(above[k], below[k]))
            for k, v in enumerate(values)
        )

    @cached_property
    def _weights(self) -> list[int]:
        """How strongly the activation bends at every wall, up to a common factor."""
        arrangement, activation = self.minima.table.arrangement, self.minima.problem.network.activation
        turns = [abs(b - a) for a, b in zip(activation.slopes, activation.slopes[1:], strict=False)]
        weights = []
        for wall in self.walls:
            place = next(p for p, value in enumerate(wall.form) if value)
            weights.append(
                sum(
                    (abs(arrangement.normals[row][place] / wall.form[place]) * turns[row % len(turns)] for row in wall.rows),
                    Fraction(0),
                )
            )
        common = lcm(*(weight.denominator for weight in weights))
        return [max(1, int(weight * common)) for weight in weights]

    @cached_property
    def _generic(self) -> tuple[int, ...]:
        """The walls above which some generic points lie, and their opposites."""
        source = random.Random(0)
        found: list[int] = []
        dimension = self.minima.table.arrangement.dimension
        while len(found) < 2 * _DIRECTIONS:
            point = [source.randint(-1000, 1000) for _ in range(dimension)]
            for way in (1, -1):
                values = [sum(map(mul, wall.form, [*(way * value for value in point), 1])) for wall in self.walls]
                if all(values):
                    found.append(sum(1 << k for k, value in enumerate(values) if value > 0))
        return tuple(found)


def parted(regions: Regions, unit: int, wall: int | None) -> tuple[Regions, Regions]:
    """The two parts of regions that are cut at a wall of one unit (None: at the sign of v), up to the order of the units.

    Units in the same region may be exchanged: if none of them is above the wall, all are below.
    Parameters: places. Exactness: exact. Raises: nothing. Source: proofs/claims/global_minimum.md, section 4.
    """
    region = regions[unit]
    plus = (*regions[:unit], region.cut(wall, 1), *regions[unit + 1 :])
    return plus, tuple(other.cut(wall, -1) if other == region else other for other in regions)


def _places(bits: int) -> list[int]:
    """The places of the bits that are set."""
    return [k for k, digit in enumerate(reversed(bin(bits)[2:])) if digit == "1"]
