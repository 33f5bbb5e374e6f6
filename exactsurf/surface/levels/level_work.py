"""What an enclosed landscape is computed from: atoms, orbits and facets; the levels of a range of orbits, in any order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.atoms import AtomTable, atom_table
from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.level_batch import LevelBatch
from exactsurf.surface.levels.level_encoding import decoded_levels, encoded_levels
from exactsurf.surface.levels.level_table import LevelTable
from exactsurf.surface.signed_cells import Crossing, Orbit, Orbits, crossings, passages
from exactsurf.surface.unit_table import UnitTable, unit_table
from exactsurf.surface.workload import check_network

WIDTH = Fraction(1, 10**9)
"""The width of enclosures, as a part of the level, unless told otherwise."""


@dataclass(frozen=True)
class LevelWork:
    """What an enclosed landscape is computed from; one for each process, which keeps the levels that it has found.

    Exactness: enclosed, with proof. Source: proofs/enclosed_levels.md.
    """

    problem: Problem
    table: UnitTable
    atoms: AtomTable
    orbits: Orbits
    ways: tuple[tuple[Crossing, ...], ...]
    width: Fraction
    levels: LevelTable = field(compare=False)

    @property
    def again(self) -> Callable[[Problem], LevelWork]:
        """What makes the work of a problem, in another process."""
        return level_work

    def encoded(self, batch: LevelBatch) -> bytes:
        """The bytes of a batch."""
        return encoded_levels(batch)

    def decoded(self, content: bytes) -> LevelBatch:
        """The batch of bytes; `ValueError` for others."""
        return decoded_levels(content)

    def mask(self, kinds: Sequence[int]) -> int:
        """The atoms of signed unit cells, those of an orbit for example."""
        found = 0
        for kind in kinds:
            found |= self.atoms.kinds[kind]
        return found

    def facet(self, orbit: Orbit, place: int, crossing: Crossing) -> int:
        """The atoms of a facet of an orbit, over which the unit at a place crosses."""
        return self.mask((*orbit[:place], *orbit[place + 1 :])) | self._sides[orbit[place], crossing.beyond]

    def home(self, orbit: Orbit) -> int:
        """The place in `levels` of the least risk over an orbit, which is often that with one unit less."""
        near = self.levels.place(self.mask(orbit[:-1])) if len(orbit) > 1 else None
        return self.levels.place(self.mask(orbit), near)

    @cached_property
    def _sides(self) -> dict[tuple[int, int], int]:
        return {
            (kind, crossing.beyond): self.atoms.mask(crossing.generators, 1 - 2 * (kind % 2))
            for kind in range(self.orbits.kinds)
            for crossing in self.ways[kind]
        }

    def solve(self, begin: int, end: int) -> LevelBatch:
        """The batch of the orbits begin, …, end − 1."""
        found = self.levels
        homes, facets = [], []
        for orbit in self.orbits.between(begin, end):
            home = self.home(orbit)
            homes.append(home)
            facets += [found.place(self.facet(orbit, place, crossing), home) for place, crossing in passages(orbit, self.ways)]
        used = sorted({*homes, *facets})
        moved = {place: k for k, place in enumerate(used)}
        levels = tuple(found.levels[place] for place in used)
        return LevelBatch(begin, end, levels, tuple(moved[k] for k in homes), tuple(moved[k] for k in facets))


def level_work(
    problem: Problem, width: Fraction = WIDTH, arrangement: Arrangement | None = None, effort: Effort = UNBOUNDED
) -> LevelWork:
    """The work of a problem whose levels are enclosed.

    Parameters: a problem with one hidden layer and one output; `width`, the most that an enclosure may have, as a part of
    its level; `arrangement`, its `unit_arrangement`, where it is known; `effort`. Exactness: exact. Raises: as
    `check_network`, `atom_table` and `loss_terms`; `OutOfTime`. Source: theory.md, theorem B.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    >>> work = level_work(es.Problem(es.Network([1, 2, 1]), data, weight_decay=1), Fraction(1, 10**9))
    >>> work.orbits.count, len(work.atoms.atoms)
    (136, 6)
    """
    check_network(problem)
    table = unit_table(problem, arrangement)
    effort.check("the cells of a unit are listed")
    atoms = atom_table(problem, table, effort)
    orbits = Orbits(problem.network.widths[1], 2 * len(table.cells))
    return LevelWork(problem, table, atoms, orbits, crossings(table.neighbours), width, LevelTable(problem, atoms))


@dataclass
class LevelUnion:
    """Levels of several batches, each known once, with the sharper one of its ends.

    Exactness: levels with the same support are the same if both are more than that of their own cone only. Source: lemma 3 of
    proofs/enclosed_levels.md.
    """

    levels: list[Level] = field(default_factory=list)
    _place: dict[tuple[int, int | None], int] = field(default_factory=dict)

    def add(self, levels: Iterable[Level]) -> list[int]:
        """The places of some levels."""
        return [self._added(level) for level in levels]

    def _added(self, level: Level) -> int:
        place = self._place.setdefault(level.key, len(self.levels))
        if place == len(self.levels):
            self.levels.append(level)
        elif self.levels[place] != level:
            known = self.levels[place]
            sharper = level if level.low > known.low else known
            self.levels[place] = replace(
                known, low=sharper.low, gradient=sharper.gradient, bounded=sharper.bounded, high=min(known.high, level.high)
            )
        return place


def same_numbers(levels: Sequence[Level]) -> tuple[list[int], list[tuple[Fraction, Fraction]]]:
    """For every level the place of the number that it is, and the sharpest ends of each number.

    Two levels whose supports both lie within what both are proved to allow are the least risk over the union of these supports.
    Exactness: proved. Raises: nothing. Source: proofs/enclosed_levels.md, lemma 3.
    """
    places = sorted(range(len(levels)), key=lambda k: (levels[k].low, levels[k].high))
    number_of = [0] * len(levels)
    ends: list[tuple[Fraction, Fraction]] = []
    near: list[int] = []
    for k in places:
        level = levels[k]
        near = [other for other in near if levels[other].high >= level.low]
        same = next((other for other in near if _is_same(levels[other], level)), None)
        if same is None:
            number_of[k] = len(ends)
            ends.append((level.low, level.high))
        else:
            number_of[k] = number_of[same]
            low, high = ends[number_of[k]]
            ends[number_of[k]] = max(low, level.low), min(high, level.high)
        near.append(k)
    return number_of, ends


def _is_same(first: Level, second: Level) -> bool:
    if first.identity == second.identity:
        return True
    if first.alone is not None or second.alone is not None:
        return False
    return not (first.support | second.support) & ~(first.allowed & second.allowed)
