"""The signed cells on which a risk with enclosed levels may go below a level, found by cutting regions and dropping others."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeAlias

from exactsurf.model.problem import Problem
from exactsurf.surface.levels.level import ConeBound, Level
from exactsurf.surface.levels.level_symmetries import images
from exactsurf.surface.levels.level_work import LevelWork, level_work
from exactsurf.surface.levels.region_levels import RegionLevels
from exactsurf.surface.recent_duals import RecentDuals
from exactsurf.surface.region_search import Look, RegionSearch
from exactsurf.surface.regions import RegionGenerators, Regions

_LOOK_BACK = 256
"""Dual vectors with a bound of at least the level that are asked whether they bound further regions, too."""

_KEPT, _IMAGES = 20_000, 16
"""Regions whose bounds are kept, at most, and how many of those that symmetries lead to one another."""

Bound: TypeAlias = Level | ConeBound
"""What bounds the risk over regions, with a point near the least one."""


class EnclosedSublevelSearch(RegionSearch[Bound]):
    """As `SublevelSearch`, for risks whose levels are enclosed: all orbits but those that are proved to stay above the level.

    Floats propose the bounds of regions; where one of them does not say on which side of the level its regions are, FLINT's
    numbers do. What bounds regions bounds those that symmetries of the data, or another order of the units, lead them to.
    `minima` are lower bounds over the orbits found.
    Exactness: enclosed, with proof. Raises: nothing, as long as it is not run.
    Source: proofs/enclosed_levels.md, section 8; proofs/data_symmetries.md.
    """

    def __init__(self, work: LevelWork, level: Fraction) -> None:
        super().__init__(work.problem, level)
        self.levels = RegionLevels(work.problem, work=work)
        self._bounding = RecentDuals[bool](_LOOK_BACK)
        self._known: dict[int, Bound] = {}

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

    def looked_at(self, regions: Regions, start: Bound | None) -> Look[Bound]:
        """What a look at regions gives; `start`, what bounds regions that hold these."""
        for j, region in enumerate(regions):
            if not region.sign:
                return Look((j, None), start)
        mask = self.levels.regions.cone(regions)
        if self._bounding.bounding(mask):
            return Look()
        bound = self._known.get(mask) or self._found(mask, start)
        if bound.low >= self.level:
            return Look()
        bend = self.levels.regions.widest_bend(self.levels.shares(regions, bound))
        # Without bends the bound is near the risk of parameters, and the part of the regions below the level has to be found.
        cut = bend or self.table.cutting(regions)
        if cut is None:
            return Look(orbit=tuple(sorted(map(self.table.kind, regions))), value=bound.low)
        return Look(cut, bound)

    def _found(self, mask: int, start: Bound | None) -> Bound:
        """What bounds the risk over a cone; it is kept for all images of the cone, which may be asked for, too."""
        table = self.levels.work.levels
        setting = table.setting
        bound = table.bounded(mask, start)
        if bound.low < self.level <= (bound.high if isinstance(bound, Level) else setting.risk_above(bound.amounts, bound.bias)):
            sharper = table.relaxed(mask, bound)
            bound = sharper if sharper.low > bound.low else bound
        if len(self._known) > _KEPT:
            self._known.clear()
        for image, own in images(mask, bound, table.symmetries, _IMAGES):
            if bound.low < self.level:
                self._known[image] = own
            else:
                self._bounding.add(setting.holding(own.gradient), True)
        return bound


def enclosed_search_below(problem: Problem, level: Fraction) -> EnclosedSublevelSearch:
    """The search below a level.

    Exactness: enclosed, with proof. Raises: as `level_work`. Source: see `EnclosedSublevelSearch`.
    """
    return EnclosedSublevelSearch(level_work(problem), level)
