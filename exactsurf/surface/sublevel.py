"""The landscape of a problem below a level: the part of the merge tree that lies under it, without the rest of the surface."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsurf.effort import Effort
from exactsurf.exact.number import near
from exactsurf.model.problem import Problem
from exactsurf.surface.merge_tree import Edge, MergeTree, merge_tree
from exactsurf.surface.region_checkpoint import run_with_file
from exactsurf.surface.region_search import Watch
from exactsurf.surface.signed_cells import Orbit, passages
from exactsurf.surface.sublevel_search import SublevelSearch
from exactsurf.surface.valley import Valley, find_valleys, lowest_of
from exactsurf.surface.workload import Workload, workload

if TYPE_CHECKING:
    from exactsurf.surface.rows import Row


@dataclass(frozen=True)
class SublevelLandscape:
    """The part of the landscape of a problem where the risk is below a level.

    Attributes: `problem`; `level`; `orbits`, all signed cells (modulo the order of the units) on which the risk takes values
    below the level, and `risks[k]`, the infimum over orbit k; `merges`, the merge tree of the sublevel sets below the level (with
    a root for every component that is left at the level); `valleys`, lowest first, those of risk below the level. A valley
    whose barrier is not below the level has the level as `barrier_at_least`.
    Exactness: exact. Source: theory.md, theorem B; proofs/claims/valleys_below.md.
    """

    problem: Problem
    level: Fraction
    orbits: tuple[Orbit, ...]
    risks: tuple[Fraction, ...]
    merges: MergeTree
    valleys: tuple[Valley, ...]
    work: Workload = field(compare=False, repr=False)
    search: SublevelSearch = field(compare=False, repr=False)

    @property
    def global_minimum(self) -> Valley | None:
        """A valley of the lowest risk (one that is attained, if any is), None if no risk is below the level."""
        return lowest_of(self.valleys) if self.valleys else None

    def to_rows(self) -> list[Row]:
        """The valleys as a plain table, one dict a row, as `valley_rows`, and ``barrier_at_least``."""
        from exactsurf.surface.rows import valley_rows

        rows = valley_rows(self)
        return [{**row, "barrier_at_least": valley.barrier_at_least} for row, valley in zip(rows, self.valleys, strict=True)]

    def __repr__(self) -> str:
        return f"SublevelLandscape({self.problem!r}: {len(self.valleys)} valleys below {near(self.level)})"


def landscape_below(
    problem: Problem,
    level: Fraction,
    *,
    max_cells: int,
    effort: Effort,
    watch: Watch | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    dask: str | None = None,
) -> SublevelLandscape:
    """The landscape below a level.

    Parameters: as `landscape`; the clock of `effort` runs; `watch` as in `SublevelSearch.run`; `checkpoint`, a
    file of the search alone. Exactness: exact. Raises: as `landscape`.
    Source: theory.md, theorem B; proofs/claims/valleys_below.md.
    """
    work = workload(problem)
    search = SublevelSearch(work, level)
    run_with_file(search, checkpoint, effort, max_cells, watch, workers=workers, dask=dask)
    named = sorted(search.minima)
    risks = [work.minima.risk(search.minima[orbit]) for orbit in named]
    edges = list(_low_facets(work, named, level, effort))
    levels = sorted({*risks, *(edge[-1] for edge in edges)})
    place_of = {value: place for place, value in enumerate(levels)}
    placed: Iterator[Edge] = ((*edge[:4], place_of[edge[4]]) for edge in edges)
    merges = merge_tree(work.orbits.units, named, [place_of[risk] for risk in risks], placed, levels)
    valleys = find_valleys(work.minima, named, merges, level)
    return SublevelLandscape(problem, level, tuple(named), tuple(risks), merges, valleys, work, search)


def _low_facets(
    work: Workload, named: list[Orbit], level: Fraction, effort: Effort
) -> Iterator[tuple[int, int, int, int, Fraction]]:
    """The facets between these orbits that go below the level, with the minima over them; others do not."""
    minima = work.minima
    # One type for both tables: the starts that are handed over come from the same table.
    cones: Any = minima.cones
    number = {orbit: k for k, orbit in enumerate(named)}
    for first, orbit in enumerate(named):
        effort.check(f"the facets of {first} of {len(named)} signed cells below the level are done")
        best = None
        for place, crossing in passages(orbit, work.ways):
            rest = (*orbit[:place], *orbit[place + 1 :])
            second = number.get(tuple(sorted((*rest, crossing.beyond))))
            if second is None:
                continue
            best = best or cones.minimum(minima.cone(orbit))
            others = minima.cone(rest)
            face = others | work.sides[orbit[place], crossing.beyond]
            fit = cones.minimum(face, cones.minimum(others)) if best.signed & ~face else best
            height = minima.risk(fit.value)
            if height < level:
                yield first, second, place, crossing.beyond, height
