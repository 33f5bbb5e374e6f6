"""Regions of the units as masks of atoms, and where the point of a relaxed problem bends at a wall."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import lcm
from operator import mul

from exactsurf.exact.linear_algebra import Vector
from exactsurf.surface.levels.atoms import AtomTable
from exactsurf.surface.regions import Region, RegionGenerators, Regions

_ZERO = Fraction(0)
_DIRECTIONS = 2
"""Generic points that decide on which side of a wall a unit on it is put."""

Sides = tuple[list[int], list[int]]
"""For every wall what the points that a unit was given have above and below it, in a common unit of length."""


class AtomRegions:
    """The atoms of regions, and points over them as points of units.

    A region is a union of closed faces of the arrangement of a unit, so its atoms are those whose generators all lie in it.
    Parameters: `atoms`. Attributes: `cells`, the generators of regions. Exactness: exact; which unit is given a part, and where
    a region is cut, are choices.
    Source: proofs/claims/near_global_minimum.md, section 2.
    """

    def __init__(self, atoms: AtomTable) -> None:
        self.atoms = atoms
        table = atoms.table
        self.cells = RegionGenerators(table)
        self.walls = self.cells.walls
        lifted = [(*generator.weights, Fraction(generator.apex)) for generator in table.generators]
        forms = [wall.form for wall in self.walls]
        values = [_whole_values(forms, row)[0] for row in lifted]
        above, below = ([0] * len(self.walls) for _ in range(2))
        for g, atom in enumerate(atoms.atoms):
            for k in range(len(self.walls)):
                own = [values[generator][k] for generator in atom.generators]
                above[k] |= all(value >= 0 for value in own) * (3 << 2 * g)
                below[k] |= all(value <= 0 for value in own) * (3 << 2 * g)
        self._halves = above, below
        found = [[_whole_values(forms, (*row, self._apex(g))) for row in atom.basis] for g, atom in enumerate(atoms.atoms)]
        unit = lcm(*(own for rows in found for _, own in rows))
        self._values = [[[value * (unit // own) for value in row] for row, own in rows] for rows in found]
        every = atoms.every
        plus = sum(1 << 2 * g for g in range(len(atoms.atoms)))
        self._signs = {0: every, 1: plus, -1: every & ~plus}
        self._columns: dict[Region, int] = {}

    def _apex(self, g: int) -> Fraction:
        table = self.atoms.table
        return _ZERO if table.homogeneous else Fraction(table.generators[self.atoms.atoms[g].generators[0]].apex)

    def mask(self, region: Region) -> int:
        """The bits of the atoms of a region."""
        found = self._columns.get(region)
        if found is None:
            found = self._signs[region.sign]
            for half, chosen in zip(self._halves, region[1:], strict=True):
                for k in places(chosen):
                    found &= half[k]
            self._columns[region] = found
        return found

    def cone(self, regions: Sequence[Region]) -> int:
        """The bits of the atoms of a product of regions."""
        found = 0
        for region in set(regions):
            found |= self.mask(region)
        return found

    def shares(self, regions: Regions, amounts: Mapping[int, Vector]) -> list[Sides]:
        """Give every part of a point over these regions to a unit, to one that bends least by it."""
        masks = [self.mask(region) for region in regions]
        count = len(self.walls)
        shares: list[Sides] = [([0] * count, [0] * count) for _ in regions]
        parts = []
        unit = lcm(*(a.denominator for y in amounts.values() for a in y))
        for bit, y in amounts.items():
            whole = [int(a * unit) for a in y]
            values = [sum(map(mul, whole, column)) for column in zip(*self._values[bit >> 1], strict=True)]
            parts.append((max(map(abs, values), default=0), bit, values))
        for _, bit, values in sorted(parts, key=lambda part: (-part[0], part[1])):
            able = [j for j, mask in enumerate(masks) if mask >> bit & 1]
            j = min(able, key=lambda unit: _added(shares[unit], values))
            above, below = shares[j]
            above[:] = [a + v if v > 0 else a for a, v in zip(above, values, strict=True)]
            below[:] = [b - v if v < 0 else b for b, v in zip(below, values, strict=True)]
        return shares

    def widest_bend(self, shares: Sequence[Sides]) -> tuple[int, int] | None:
        """The unit and the wall where most lies on both sides; None where every unit keeps to one side of every wall."""
        best, found = 0, None
        for j, (above, below) in enumerate(shares):
            for k, (a, b) in enumerate(zip(above, below, strict=True)):
                if min(a, b) > best:
                    best, found = min(a, b), (j, k)
        return found

    def cells_near(self, regions: Regions, shares: Sequence[Sides]) -> tuple[Regions, ...]:
        """Signed cells in whose closure the larger parts of the units lie, one for every generic point that decides on walls."""
        found = []
        every = (1 << len(self.walls)) - 1
        for sides in self.generic:
            cells = []
            for region, (above, below) in zip(regions, shares, strict=True):
                up = sum(
                    1 << k for k, (a, b) in enumerate(zip(above, below, strict=True)) if a > b or (a == b and sides >> k & 1)
                )
                cells.append(Region(region.sign, up, every & ~up))
            found.append(tuple(cells))
        return tuple(dict.fromkeys(found))

    @cached_property
    def generic(self) -> tuple[int, ...]:
        """The walls above which some generic points lie, and their opposites."""
        source = random.Random(0)
        found: list[int] = []
        dimension = self.atoms.table.arrangement.dimension
        while len(found) < 2 * _DIRECTIONS:
            point = [source.randint(-1000, 1000) for _ in range(dimension)]
            for way in (1, -1):
                values = [sum(map(mul, wall.form, [*(way * value for value in point), 1])) for wall in self.walls]
                if all(values):
                    found.append(sum(1 << k for k, value in enumerate(values) if value > 0))
        return tuple(found)


def places(bits: int) -> list[int]:
    """The places of the bits that are set."""
    return [k for k, digit in enumerate(reversed(bin(bits)[2:])) if digit == "1"]


def _whole_values(forms: Sequence[Sequence[int]], vector: Sequence[Fraction]) -> tuple[list[int], int]:
    """What forms say of a vector, as whole numbers over a common denominator."""
    unit = lcm(*(value.denominator for value in vector))
    whole = [int(value * unit) for value in vector]
    return [sum(map(mul, form, whole)) for form in forms], unit


def _added(sides: Sides, values: Sequence[int]) -> int:
    """How much more bends at all walls if a unit is given a part with these values."""
    return sum([min(a + max(v, 0), b + max(-v, 0)) - min(a, b) for a, b, v in zip(*sides, values, strict=True) if v])
