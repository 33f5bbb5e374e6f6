"""The graph of signed cells of a landscape with enclosed levels, the order of the units kept."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate

from exactsurf.errors import InputError
from exactsurf.model.parameters import Parameters
from exactsurf.surface.facet_graph import Face, SignedCell, cell_of
from exactsurf.surface.levels.enclosed_landscape import AnyEnclosedLandscape
from exactsurf.surface.levels.enclosed_sublevel import EnclosedSublevelLandscape
from exactsurf.surface.levels.enclosure import Enclosure
from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.level_point import UnitCone, face_point
from exactsurf.surface.signed_cells import passages
from exactsurf.surface.unit_table import UnitTable


@dataclass(frozen=True)
class LevelGraph:
    """The signed cells of a landscape with enclosed levels and their facets; a level is the lower end of its run.

    Of a landscape below a level the facets that do not go below it have that level.

    Exactness: the order of levels is proved. Source: proofs/enclosed_levels.md.
    """

    land: AnyEnclosedLandscape

    @cached_property
    def _starts(self) -> array[int]:
        """For every orbit the place of its first facet among those of the landscape."""
        work = self.land.work
        ahead = [sum(crossing.beyond > kind for crossing in ways) for kind, ways in enumerate(work.ways)]
        counts = (sum(ahead[kind] for kind in set(orbit)) for orbit in work.orbits.between(0, work.orbits.count))
        return array("Q", accumulate(counts, initial=0))

    @cached_property
    def _seen(self) -> dict[int, int | None]:
        """By mask the level of every facet that was asked for, as its place in the landscape; None if that has it not."""
        return {}

    @property
    def highest(self) -> Fraction | None:
        """The level above which the landscape has none; None for a whole one."""
        runs = self.land.runs
        return runs[-1].enclosure.low if isinstance(self.land, EnclosedSublevelLandscape) and runs else None

    @property
    def table(self) -> UnitTable:
        """The cells of one hidden unit."""
        return self.land.work.table

    def cell_of(self, point: Parameters) -> SignedCell:
        """A closed signed cell that contains a point."""
        return cell_of(self.table, point)

    def home(self, cell: SignedCell) -> int:
        """The place among the levels of the least risk over a signed cell."""
        return self.land.home(tuple(sorted(cell)))

    def height(self, cell: SignedCell) -> int:
        """The place among the runs of the least risk over a signed cell."""
        return self.land.heights[self.home(cell)]

    def mask(self, cell: SignedCell) -> int:
        """The atoms of a signed cell."""
        return self.land.work.mask(cell)

    def facets(self, cell: SignedCell) -> Iterator[tuple[SignedCell, int, tuple[int, ...]]]:
        """The signed cells beside a signed cell, with the unit that crosses and its generators on the facet."""
        for place, kind in enumerate(cell):
            for crossing in self.land.work.ways[kind]:
                yield (*cell[:place], crossing.beyond, *cell[place + 1 :]), place, crossing.generators

    def facet(self, cell: SignedCell, place: int, generators: tuple[int, ...]) -> Face:
        """The facet on which one unit has these generators only."""
        work = self.land.work
        chosen = [work.table.members[kind // 2] for kind in cell]
        chosen[place] = generators
        face = Face(tuple(chosen), 0)
        mask = 0
        for cone, _ in self.cones(cell, face):
            mask |= cone
        if mask not in self._seen:
            # Several cells may lie beyond one facet, e.g. beyond output weight 0: its level is the same from all of them.
            beyond = next(way.beyond for way in work.ways[cell[place]] if way.generators == generators)
            self._seen[mask] = self._level_between(cell, place, beyond, mask)
        return Face(face.generators, mask)

    def level(self, face: Face) -> Fraction:
        """The lower end of the run of the level of a facet."""
        place, land = self._seen[face.mask], self.land
        if place is None:
            assert isinstance(land, EnclosedSublevelLandscape)
            return land.level
        return land.runs[land.heights[place]].enclosure.low

    def own_level(self, face: Face) -> Level:
        """The level of a facet itself, which the landscape has."""
        place = self._seen[face.mask]
        assert place is not None
        return self.land.levels[place]

    def goal(self, level: Enclosure) -> Fraction:
        """How high a point near a level may be."""
        return max(level.low + self.land.work.width * (level.low if level.low > 0 else 1), level.high)

    def point(self, cones: Sequence[UnitCone], level: Level, goal: Fraction) -> Parameters:
        """Parameters of risk at most `goal`, where every unit has what it may have; `InputError` if none were found."""
        found = face_point(self.land.work, cones, level, goal)
        if found is None:
            raise InputError("no parameters so near to a level were found", fix="name a larger width (--width)")
        return found

    def minimiser(self, cell: SignedCell, face: Face) -> Parameters:
        """Parameters on a face of a signed cell, near the level of the face."""
        return self.point(self.cones(cell, face), self.own_level(face), self.goal(self.land.enclosure(self.level(face))))

    def cones(self, cell: SignedCell, face: Face) -> list[UnitCone]:
        """What every unit may have on a face of a signed cell."""
        atoms = self.land.work.atoms
        signs = [1 - 2 * (kind % 2) for kind in cell]
        return [(atoms.mask(own, sign), sign) for own, sign in zip(face.generators, signs, strict=True)]

    def _level_between(self, cell: SignedCell, place: int, beyond: int, mask: int) -> int | None:
        """The level of the facet over which a unit of a signed cell goes beyond, as its place in the landscape."""
        if isinstance(self.land, EnclosedSublevelLandscape):
            return self.land.facets.get(mask)
        work = self.land.work
        low, high = sorted((cell[place], beyond))
        orbit = tuple(sorted((*cell[:place], low, *cell[place + 1 :])))
        # Facets are listed at the earlier one of their two orbits.
        first = self._starts[work.orbits.rank(orbit)]
        for k, (unit, crossing) in enumerate(passages(orbit, work.ways)):
            if orbit[unit] == low and crossing.beyond == high:
                return self.land.facets[first + k]
        raise KeyError(cell, place, beyond)
