"""The landscape of a risk with enclosed levels below a level, without the rest of the surface."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from exactsurf.effort import Effort
from exactsurf.errors import InputError
from exactsurf.exact.number import near
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.enclosed_sublevel_search import EnclosedSublevelSearch
from exactsurf.surface.levels.enclosed_valley import EnclosedValley, check_width, enclosed_valleys
from exactsurf.surface.levels.enclosure import Enclosure, Run, runs
from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.level_work import LevelWork, same_numbers
from exactsurf.surface.merge_tree import MergeTree, merge_tree
from exactsurf.surface.region_checkpoint import run_with_file
from exactsurf.surface.region_search import Watch
from exactsurf.surface.signed_cells import Orbit, passages
from exactsurf.surface.valley import lowest_of


@dataclass(frozen=True, eq=False)
class EnclosedSublevelLandscape:
    """The part of a landscape with enclosed levels where the risk is below a level.

    Attributes: `work`; `level`; `orbits`, all signed cells (modulo the order of the units) on which the risk may go below the
    level; `levels`, those that occur; `homes[k]`, the place of the least risk over orbit k among them; `runs` and `heights` as
    in `EnclosedLandscape`; `facets`, by their atoms the places of the levels of facets between these orbits; `merges`, the merge
    tree below the level (with a root for every component that is left), whose levels are the lower ends of runs; `valleys`,
    lowest first. A valley whose barrier is not below the level has the level as `barrier_at_least`.
    Exactness: what is left out is proved not to be below the level; the order of runs is proved, as in `EnclosedLandscape`.
    Source: proofs/enclosed_levels.md, section 8.
    """

    work: LevelWork
    level: Fraction
    orbits: tuple[Orbit, ...]
    levels: tuple[Level, ...]
    homes: tuple[int, ...]
    runs: tuple[Run, ...]
    heights: tuple[int, ...]
    facets: Mapping[int, int]
    merges: MergeTree
    valleys: tuple[EnclosedValley, ...]
    search: EnclosedSublevelSearch = field(repr=False)

    @property
    def problem(self) -> Problem:
        """The problem."""
        return self.work.problem

    def __eq__(self, other: object) -> bool:
        # `work` and `search` are made from the problem and the level; a search may cut in another order.
        return isinstance(other, EnclosedSublevelLandscape) and self._stated == other._stated

    def __hash__(self) -> int:
        return hash((self.problem, self.level, self.runs, self.merges))

    @property
    def _stated(self) -> tuple[object, ...]:
        given = self.problem, self.work.width, self.level, self.orbits, self.levels, self.homes, self.runs, self.heights
        return *given, self.facets, self.merges, self.valleys

    @property
    def global_minimum(self) -> EnclosedValley | None:
        """A valley than which nothing is proved to be lower, None if no risk is below the level."""
        return lowest_of(self.valleys) if self.valleys else None

    @property
    def ties(self) -> tuple[Enclosure, ...]:
        """Where levels meet that are not proved to be one: valleys less deep than the width of such a place may be missed."""
        return tuple(run.enclosure for run in self.runs if run.is_tie)

    @property
    def undecided(self) -> Enclosure | None:
        """Where levels lie of which it is not proved that they are below the level; None if there are none.

        They are the highest run: what is born or joins there may do so at the level or above.
        """
        last = self.runs[-1].enclosure if self.runs else None
        return last if last is not None and last.high >= self.level else None

    def home(self, orbit: Orbit) -> int:
        """The place among the levels of the least risk over an orbit; `InputError` if that is not below the level."""
        found = self._homes.get(orbit)
        if found is None:
            raise InputError(
                f"no risk in the signed cell of this point is known to be below {near(self.level)}",
                fix="take the parameters of a valley of the landscape",
            )
        return found

    @cached_property
    def _homes(self) -> dict[Orbit, int]:
        return dict(zip(self.orbits, self.homes, strict=True))

    def is_below(self, enclosure: Enclosure) -> bool | None:
        """Whether a level of this landscape is proved to be below the level; None where that is not decided."""
        return True if enclosure.high < self.level else None

    @cached_property
    def _enclosures(self) -> dict[Fraction, Enclosure]:
        return {run.enclosure.low: run.enclosure for run in self.runs}

    def enclosure(self, level: Fraction) -> Enclosure:
        """The enclosure of a level of the merge tree, which is its lower end."""
        return self._enclosures[level]

    def __repr__(self) -> str:
        return f"EnclosedSublevelLandscape({self.problem!r}: {len(self.valleys)} valleys below {near(self.level)})"


def enclosed_landscape_below(
    work: LevelWork,
    level: Fraction,
    *,
    max_cells: int,
    effort: Effort,
    watch: Watch | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    dask: str | None = None,
) -> EnclosedSublevelLandscape:
    """The landscape below a level.

    Parameters: the `work` of the problem; the others as of `landscape_below`. Exactness: enclosed, with proof.
    Raises: as `enclosed_landscape`. Source: proofs/enclosed_levels.md, section 8.
    """
    search = EnclosedSublevelSearch(work, level)
    run_with_file(search, checkpoint, effort, max_cells, watch, workers=workers, dask=dask)
    named = sorted(search.minima)
    homes = []
    for k, orbit in enumerate(named):
        effort.check(f"the levels of {k} of {len(named)} signed cells that go below the level are done")
        homes.append(work.home(orbit))
    found = list(_facets(work, named, homes, effort))
    used = sorted({*homes, *(own for *_, own in found)})
    own_levels = [work.levels.levels[place] for place in used]
    number_of, ends = same_numbers(own_levels)
    # Cones that share a level may show together that it is not below.
    low = {place: number for place, number in zip(used, number_of, strict=True) if ends[number][0] < level}
    kept = [k for k, home in enumerate(homes) if home in low]
    numbered = {k: place for place, k in enumerate(kept)}
    named, homes = [named[k] for k in kept], [homes[k] for k in kept]
    edges = [
        (numbered[first], numbered[second], mask, place, beyond, own)
        for first, second, mask, place, beyond, own in found
        if first in numbered and second in numbered and own in low
    ]
    facets = {mask: own for _, _, mask, _, _, own in edges}
    used = sorted({*homes, *facets.values()})
    numbers = sorted({low[place] for place in used})
    enclosures = [Enclosure(*ends[number]) for number in numbers]
    check_width(enclosures, work.width)
    ordered = runs(enclosures)
    run_of = {numbers[member]: k for k, run in enumerate(ordered) for member in run.members}
    moved = {place: k for k, place in enumerate(used)}
    levels = tuple(work.levels.levels[place] for place in used)
    heights = tuple(run_of[low[place]] for place in used)
    own_homes = tuple(moved[home] for home in homes)
    merges = merge_tree(
        work.orbits.units,
        named,
        [heights[home] for home in own_homes],
        ((first, second, place, beyond, heights[moved[own]]) for first, second, _, place, beyond, own in edges),
        [run.enclosure.low for run in ordered],
    )
    sharp = {k: Enclosure(*ends[low[place]]) for k, place in enumerate(used)}
    valleys = enclosed_valleys(work, named, levels, sharp, own_homes, ordered, merges, level)
    held = {mask: moved[own] for mask, own in facets.items()}
    return EnclosedSublevelLandscape(
        work, level, tuple(named), levels, own_homes, ordered, heights, held, merges, valleys, search
    )


def _facets(
    work: LevelWork, named: list[Orbit], homes: list[int], effort: Effort
) -> Iterator[tuple[int, int, int, int, int, int]]:
    """The facets between these orbits: both orbits, the atoms, the unit that crosses and to where, and the place of the level."""
    number = {orbit: k for k, orbit in enumerate(named)}
    for first, (orbit, home) in enumerate(zip(named, homes, strict=True)):
        effort.check(f"the facets of {first} of {len(named)} signed cells that go below the level are done")
        for place, crossing in passages(orbit, work.ways):
            second = number.get(tuple(sorted((*orbit[:place], *orbit[place + 1 :], crossing.beyond))))
            if second is not None:
                mask = work.facet(orbit, place, crossing)
                yield first, second, mask, place, crossing.beyond, work.levels.place(mask, home)
