"""The signed cells on which a risk with enclosed levels may go below a level, found by cutting regions and dropping others."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from exactsurf.model.problem import Problem
from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.level_work import LevelWork, level_work
from exactsurf.surface.levels.region_levels import RegionLevels
from exactsurf.surface.recent_duals import RecentDuals
from exactsurf.surface.region_search import Look, RegionSearch
from exactsurf.surface.regions import RegionGenerators, Regions

_LOOK_BACK = 256
"""Dual vectors with a bound of at least the level that are asked whether they bound further regions, too."""


class EnclosedSublevelSearch(RegionSearch[Level]):
    """As `SublevelSearch`, for risks whose levels are enclosed: all orbits but those that are proved to stay above the level.

    Floats propose the bounds of regions; where one of them does not say on which side of the level its regions are, FLINT's
    numbers do. `minima` are lower bounds over the orbits found.
    Exactness: enclosed, with proof. Raises: nothing, as long as it is not run.
    Source: proofs/enclosed_levels.md, section 8.
    """

    def __init__(self, work: LevelWork, level: Fraction) -> None:
        super().__init__(work.problem, level)
        self.levels = RegionLevels(work.problem, work=work)
        self._bounding = RecentDuals[bool](_LOOK_BACK)

    @property
    def again(self) -> Callable[[Problem, Fraction], EnclosedSublevelSearch]:
        """What makes a search below a level in another process."""
        return enclosed_search_below

    @property
    def numbered(self) -> LevelWork:
        """The work."""
        return self.levels.work

    @property
    def table(self) -> RegionGenerators:
        """The regions of a unit."""
        return self.levels.regions.cells

    def looked_at(self, regions: Regions, start: Level | None) -> Look[Level]:
        """What a look at regions gives; `start`, the level of regions that hold these."""
        mask = self.levels.regions.cone(regions)
        if self._bounding.bounding(mask):
            return Look()
        for j, region in enumerate(regions):
            if not region.sign:
                return Look((j, None), start)
        level = self.levels.level(regions, start)
        if level.low < self.level <= level.high:
            sharper = self.levels.work.levels.relaxed(mask, level)
            level = sharper if sharper.low > level.low else level
        if level.low >= self.level:
            setting = self.levels.work.levels.setting
            cheap = setting.too_cheap(setting.priced(level.gradient, setting.atoms.every))
            self._bounding.add(setting.without(cheap), True)
            return Look()
        bend = self.levels.regions.widest_bend(self.levels.shares(regions, level))
        # Without bends the level is that of parameters, and the part of the regions below the level has to be found.
        cut = bend or self.table.cutting(regions)
        if cut is None:
            return Look(orbit=tuple(sorted(map(self.table.kind, regions))), value=level.low)
        return Look(cut, level)


def enclosed_search_below(problem: Problem, level: Fraction) -> EnclosedSublevelSearch:
    """The search below a level.

    Exactness: enclosed, with proof. Raises: as `level_work`. Source: see `EnclosedSublevelSearch`.
    """
    return EnclosedSublevelSearch(level_work(problem), level)
