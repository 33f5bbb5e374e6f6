"""The two sides of a barrier as regions of a tree, and why the risk is high where they meet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias

from exactsurf.certificate.claims.barrier_tree import BarrierNode, BarrierTree, SideLeaf
from exactsurf.certificate.claims.global_minimum import SignSplit
from exactsurf.certificate.claims.unit_forms import ON_WALL, FormLeaf, Wall
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import InternalError
from exactsurf.surface.cell_minima import CellMinima
from exactsurf.surface.dual_cover import DualCover
from exactsurf.surface.facet_graph import SignedCell
from exactsurf.surface.unit_forms import FormProver


@dataclass(frozen=True)
class _Region:
    """What is required of a unit: the sign of v (0: none, 2: both), and sides of walls (1, −1, or 2 for both)."""

    sign: int
    sides: frozenset[tuple[Wall, int]]

    def cut(self, wall: Wall | None, side: int) -> _Region:
        return _Region(side, self.sides) if wall is None else _Region(self.sign, self.sides | {(wall, side)})

    def meet(self, other: _Region) -> _Region:
        sides = dict(self.sides)
        for wall, side in other.sides:
            sides[wall] = side if sides.get(wall, side) == side else ON_WALL
        sign = other.sign if self.sign in (0, other.sign) else ON_WALL if other.sign else self.sign
        return _Region(sign, frozenset(sides.items()))


_Regions: TypeAlias = tuple[_Region, ...]


def barrier_regions(
    minima: CellMinima, reached: Collection[SignedCell], level: Fraction, effort: Effort = UNBOUNDED
) -> BarrierTree:
    """The evidence that no path leaves the signed cells `reached` below `level`: evidence that Coq's checker knows.

    Parameters: `reached`, all signed cells that can be reached from one of them below the level. Exactness: exact.
    Raises: `InputError` beyond the steps of proofs, `OutOfTime`.
    Source: proofs/FORMAT.md, section 9.1; proofs/claims/barrier.md, section 3.
    """
    builder = _Builder(minima, reached, level, effort)
    while not builder.is_complete():
        effort.check(f"{len(builder.split_more)} regions of a barrier are split further")
    return builder.tree()


class _Builder:
    def __init__(self, minima: CellMinima, reached: Collection[SignedCell], level: Fraction, effort: Effort) -> None:
        self.minima, self.reached, self.level = minima, reached, level
        self.cover = DualCover(minima, minima.masks, level)
        self.prover = FormProver(minima.problem, minima.table, self.cover.vectors, effort)
        self.cells = [self.prover.sides_at(cell.witness) for cell in minima.table.cells]
        self.split_more: set[_Regions] = set()
        self.nodes: list[BarrierNode | _Regions] = []
        self.firsts: list[_Regions] = []
        self.lasts: list[_Regions] = []
        self.known: dict[int, bool] = {}

    def is_complete(self) -> bool:
        """Build the tree; whether a dual vector was found wherever two sides meet. If not, a region is split next time."""
        self._grow()
        for a in self.firsts:
            for b in self.lasts:
                if not self._is_high(self._mask(tuple(own.meet(other) for own, other in zip(a, b, strict=True)))):
                    larger = max((a, b), key=lambda regions: len(self._signed_cells(regions)))
                    if len(self._signed_cells(larger)) < 2:
                        raise InternalError("the risk is at the level or above where two sides of a barrier meet")
                    self.split_more.add(larger)
                    return False
        return True

    def tree(self) -> BarrierTree:
        """The evidence."""
        nodes: list[BarrierNode] = []
        for node in self.nodes:
            nodes.append(self._leaf(node) if isinstance(node, tuple) else node)
        meetings = [
            self._leaf(tuple(own.meet(other) for own, other in zip(a, b, strict=True))) for a in self.firsts for b in self.lasts
        ]
        return BarrierTree(tuple(self.cover.vectors), tuple(self.prover.forms), tuple(nodes), tuple(meetings))

    def _grow(self) -> None:
        start = _Region(0, frozenset())
        regions_of: list[_Regions] = [(start,) * self.minima.problem.network.widths[1]]
        self.nodes, self.firsts, self.lasts = [], [], []
        for regions in regions_of:  # which grows
            cells = self._signed_cells(regions)
            inside = sum(cell in self.reached for cell in cells)
            pure = inside in (0, len(cells))
            if pure and not inside and self._is_high(self._mask(regions)):
                self.nodes.append(regions)
            elif pure and regions not in self.split_more:
                self.nodes.append(SideLeaf(not inside))
                (self.firsts if inside else self.lasts).append(regions)
            else:
                unit, wall = self._split(regions, cells)
                self.nodes.append(SignSplit(unit, wall, len(regions_of), len(regions_of) + 1))
                for side in (1, -1):
                    regions_of.append((*regions[:unit], regions[unit].cut(wall, side), *regions[unit + 1 :]))

    def _kinds(self, region: _Region) -> list[int]:
        """The signed unit cells of a region."""
        signs = [sign for sign in (1, -1) if region.sign in (0, sign)]
        return [
            2 * c + (sign < 0)
            for c, sides in enumerate(self.cells)
            if all(sides[wall] == side for wall, side in region.sides)
            for sign in signs
        ]

    def _signed_cells(self, regions: _Regions) -> list[SignedCell]:
        return list(product(*map(self._kinds, regions)))

    def _split(self, regions: _Regions, cells: list[SignedCell]) -> tuple[int, Wall | None]:
        """A unit and a wall (None: the sign) whose sides mix reached cells and others least."""
        found: list[tuple[int, int, int, Wall | None]] = []
        for unit, region in enumerate(regions):
            for wall in (None, *self.prover.walls):
                halves = [[cell for cell in cells if self._side(cell[unit], wall) == side] for side in (1, -1)]
                if all(halves) and (wall is not None or not region.sign):
                    inside = [sum(cell in self.reached for cell in half) for half in halves]
                    mixed = sum(min(n, len(half) - n) for n, half in zip(inside, halves, strict=True))
                    found.append((mixed, abs(len(halves[0]) - len(halves[1])), unit, wall))
        _, _, unit, wall = min(found, key=lambda entry: entry[:2])
        return unit, wall

    def _side(self, kind: int, wall: Wall | None) -> int:
        return 1 - 2 * (kind % 2) if wall is None else self.cells[kind // 2][wall]

    def _mask(self, regions: _Regions) -> int:
        """The signed columns that the regions open; a unit that is off opens none."""
        found = 0
        for region in regions:
            if region.sign != ON_WALL:
                inside = self.prover.inside(dict(region.sides))
                generators = [g for g in range(len(self.minima.table.generators)) if inside >> g & 1]
                found |= self.minima.mask(generators, region.sign)
        return found

    def _is_high(self, mask: int) -> bool:
        """Whether a dual vector bounds the risk on these columns; it is found once."""
        if mask not in self.known:
            cones: Any = self.minima.cones
            high = self.cover.covers(mask) or self.minima.risk(cones.minimum(mask).value) >= self.level
            if high and not self.cover.covers(mask):
                self.cover.add(mask)
            self.known[mask] = high
        return self.known[mask]

    def _leaf(self, regions: _Regions) -> FormLeaf:
        mask = self._mask(regions)
        dual = next(k for k, own in enumerate(self.cover.masks) if not mask & ~own)
        return FormLeaf(dual, tuple(self._forms(dual, region) for region in regions))

    def _forms(self, dual: int, region: _Region) -> tuple[int, ...]:
        sides: Mapping[Wall, int] = dict(region.sides)
        return tuple(self.prover.form(dual, sign, sides) for sign in (1, -1) if region.sign in (0, sign))
