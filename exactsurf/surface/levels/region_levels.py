"""Regions of all units with the least value over each, enclosed, and how a search cuts them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.atom_regions import AtomRegions, Sides
from exactsurf.surface.levels.floats.fineness import FINE
from exactsurf.surface.levels.level import ConeBound, Level
from exactsurf.surface.levels.level_point import face_point
from exactsurf.surface.levels.level_work import LevelWork, level_work
from exactsurf.surface.regions import Region, Regions, parted

_FAR = 1000
"""How much further away than its finite part a point at infinity is put."""


@dataclass(slots=True)
class EnclosedNode:
    """Regions, and the least value of the relaxed problem over them, with the dual vector that bounds it.

    `cut` are a unit and a wall (None: the sign of v), `children` the places of the two parts. A node `is_stuck` if it cannot be
    cut any further, although no signed cell is as low as its bound.
    """

    regions: Regions
    level: Level | ConeBound
    cut: tuple[int, int | None] | None = None
    children: tuple[int, int] | None = None
    is_stuck: bool = False

    @property
    def low(self) -> Fraction:
        """No parameters in these regions have a lower risk."""
        return self.level.low


class Expansion(NamedTuple):
    """What one look at a node gives: a cut with the two parts, if it is cut, signed cells, and else perhaps a sharper level."""

    cut: tuple[int, int | None] | None
    parts: tuple[EnclosedNode, ...]
    cells: tuple[tuple[Regions, Level], ...]
    sharper: Level | None = None


class RegionLevels:
    """Levels of regions of one problem; what it answers does not depend on what it was asked before.

    Parameters: a problem with enclosed levels; `fine`, as of `LevelTable.relaxed`; `effort` for the list of cells; `work`, if it
    is there already. Exactness: enclosed, with proof. Raises: as `level_work`.
    Source: proofs/claims/near_global_minimum.md.
    """

    def __init__(
        self, problem: Problem, fine: float | None = FINE, effort: Effort = UNBOUNDED, work: LevelWork | None = None
    ) -> None:
        self.work, self.fine = work or level_work(problem, effort=effort), fine
        self.regions = AtomRegions(self.work.atoms)

    def node(self, regions: Regions, near: Level | ConeBound | None) -> EnclosedNode:
        """The node of regions within those of the level `near`."""
        return EnclosedNode(regions, self.work.levels.bounded(self.regions.cone(regions), near, self.fine))

    def level(self, regions: Regions, near: Level | ConeBound | None) -> Level:
        """The least value over the cone of regions."""
        return self.work.levels.relaxed(self.regions.cone(regions), near, self.fine)

    def shares(self, regions: Regions, level: Level | ConeBound) -> list[Sides]:
        """What every unit carries of the point of the level of regions, all with a sign, on both sides of every wall."""
        return self.regions.shares(regions, _far_point(level))

    def generic(self, units: int) -> list[tuple[Regions, Level]]:
        """Signed cells in which all units are in the cell of one generic point, with either sign."""
        every = (1 << len(self.regions.walls)) - 1
        start = self.regions.generic[0]
        cells = [(Region(sign, start, every & ~start),) * units for sign in (1, -1)]
        return [(own, self.level(own, None)) for own in cells]

    def expansion(self, node: EnclosedNode, enough: Fraction, look: bool) -> Expansion:
        """Cut a node, unless a signed cell nearby shows that it is bounded well enough.

        Parameters: `enough`, a bound that is; `look`, whether signed cells nearby are looked at in any case. Exactness: proved.
        Raises: nothing. Source: proofs/claims/near_global_minimum.md, section 3.
        """
        unsigned = next((j for j, region in enumerate(node.regions) if not region.sign), None)
        cut: tuple[int, int | None] | None
        cells: tuple[tuple[Regions, Level], ...] = ()
        if unsigned is not None:
            cut = unsigned, None
        else:
            shares = self.shares(node.regions, node.level)
            cut = self.regions.widest_bend(shares)
            if look or cut is None:
                near = self.regions.cells_near(node.regions, shares)
                found = ((own, self.work.levels.lower(self.regions.cone(own), node.level, enough, self.fine)) for own in near)
                cells = tuple((own, level) for own, level in found if level is not None)
        if cut is None or node.low >= enough:
            stuck = cut is None and node.low < enough
            return Expansion(None, (), cells, self._sharper(node) if stuck else None)
        parts = tuple(self.node(own, node.level) for own in parted(node.regions, *cut))
        return Expansion(cut, parts, cells)

    def _sharper(self, node: EnclosedNode) -> Level | None:
        """The level of a node, as sharp as it gets, if floats have proposed the one it has."""
        found = self.work.levels.relaxed(self.regions.cone(node.regions), node.level)
        return found if found.low > node.low else None

    def point(self, cells: Regions, level: Level, goal: Fraction) -> Parameters | None:
        """Parameters in a signed cell with a risk of at most `goal`; None if none were found."""
        return face_point(self.work, [(self.regions.mask(cell), cell.sign) for cell in cells], level, goal)


def _far_point(level: Level | ConeBound) -> dict[int, Vector]:
    """The point of a level, far away where it is approached at infinity."""
    found = dict(level.amounts)
    if level.away.shares:
        largest = max((abs(value) for y in level.amounts.values() for value in y), default=Fraction(1))
        for bit, share in level.away.shares.items():
            (before,) = found.get(bit, (Fraction(0),))
            found[bit] = (before + _FAR * largest * share,)
    return found
