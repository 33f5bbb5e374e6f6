"""The signed cells on which the risk goes below a level, found by cutting regions and dropping those that stay above."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from exactsurf.model.problem import Problem
from exactsurf.surface.cell_minima import Start, start_of
from exactsurf.surface.recent_duals import RecentDuals
from exactsurf.surface.region_search import Look, RegionSearch
from exactsurf.surface.regions import Regions, RegionTable
from exactsurf.surface.workload import Workload, workload

_LOOK_BACK = 256
"""Dual vectors with a bound of at least the level that are asked whether they bound further regions, too."""


class SublevelSearch(RegionSearch[Start]):
    """All orbits of signed cells on which the risk takes values below `level`, and a tree of regions that shows it.

    Regions of all units are bounded by the minimum of the relaxed problem over them, and cut where its fit bends most, until the
    bound is at least the level or every unit is in one signed unit cell. `minima` are those over the orbits found, as values of
    fits; `nodes` the tree, root first.
    Exactness: exact. Raises: nothing, as long as it is not run. Source: proofs/claims/global_minimum.md, sections 4 to 7.
    """

    def __init__(self, work: Workload, level: Fraction) -> None:
        super().__init__(work.problem, level)
        self.work = work
        self._table = RegionTable(work.minima)
        work.minima.propose()
        self._bounding = RecentDuals[bool](_LOOK_BACK)

    @property
    def again(self) -> Callable[[Problem, Fraction], SublevelSearch]:
        """What makes a search below a level in another process."""
        return search_below

    @property
    def numbered(self) -> Workload:
        """The work."""
        return self.work

    @property
    def table(self) -> RegionTable:
        """The regions of a unit."""
        return self._table

    def looked_at(self, regions: Regions, start: Start | None) -> Look[Start]:
        """What a look at regions gives; `start`, a fit near theirs."""
        # One type for both tables: the starts that are handed over come from the same table.
        cones: Any = self.work.minima.cones
        mask = self.table.columns(regions)
        if self._bounding.bounding(mask):
            return Look()
        fit = cones.minimum(mask, start)
        if self.work.minima.risk(fit.value) >= self.level:
            self._bounding.add(fit.allowed, True)
            return Look()
        split = self._split(regions, fit)
        if split is None:
            return Look(orbit=tuple(sorted(map(self.table.kind, regions))), value=fit.value)
        return Look(split, start_of(fit))

    def _split(self, regions: Regions, fit: Any) -> tuple[int, int | None] | None:
        """The unit and the wall (None: the sign of v) to cut at, None for a signed cell."""
        for j, region in enumerate(regions):
            if not region.sign:
                return j, None
        bends = self.table.bends(self.table.shares(regions, fit))
        # Without bends the fit is that of parameters, and the part of the region below the level has to be found.
        return bends[0][1:] if bends else self.table.cutting(regions)


def search_below(problem: Problem, level: Fraction) -> SublevelSearch:
    """The search below a level.

    Exactness: exact. Raises: as `workload`. Source: see `SublevelSearch`.
    """
    return SublevelSearch(workload(problem), level)
