"""The signed cells on which the risk goes below a level, found by cutting regions and dropping those that stay above."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from exactsurf.effort import Effort
from exactsurf.errors import InputError
from exactsurf.exact.cone_least_squares import ConeLeastSquares, Fit, Solution
from exactsurf.exact.number import near
from exactsurf.surface.recent_duals import RecentDuals
from exactsurf.surface.regions import Region, Regions, RegionTable, parted
from exactsurf.surface.signed_cells import Orbit
from exactsurf.surface.workload import Workload

_SLOPES = 1_500_000
"""Slopes that the remembered fits have together, at most."""

_LOOK_BACK = 256
"""Dual vectors with a bound of at least the level that are asked whether they bound further regions, too."""


@dataclass(frozen=True, slots=True)
class Cutting:
    """Regions that were cut: that of `unit` at `wall` (None: at the sign of v); `plus` and `minus`, the places of the parts."""

    unit: int
    wall: int | None
    plus: int
    minus: int


Watch: TypeAlias = Callable[[int, int], None]
"""Called with the number of orbits found and of regions looked at."""

SearchTreeNode: TypeAlias = Cutting | Orbit | None
"""Regions that were cut, one signed cell that goes below the level, or (None) regions that nowhere do."""

Waiting: TypeAlias = tuple[int, Regions, Solution | None]
"""Regions that were not looked at yet: their place in the tree, and a fit near theirs."""


class Part(NamedTuple):
    """Nodes below the first one, with places among themselves, the orbits found, and what is left to look at."""

    nodes: list[SearchTreeNode]
    minima: dict[Orbit, Fraction]
    waiting: list[Waiting]


class SublevelSearch:
    """All orbits of signed cells on which the risk takes values below `level`, and a tree of regions that shows it.

    Regions of all units are bounded by the minimum of the relaxed problem over them, and cut where its fit bends most, until the
    bound is at least the level or every unit is in one signed unit cell. `minima` are those over the orbits found, as values of
    fits; `nodes` the tree, root first.
    Exactness: exact. Raises: nothing, as long as it is not run. Source: proofs/claims/global_minimum.md, sections 4 to 7.
    """

    def __init__(self, work: Workload, level: Fraction) -> None:
        self.work, self.level = work, level
        self.table = RegionTable(work.minima)
        cones = work.minima.cones
        if isinstance(cones, ConeLeastSquares) and work.minima.columns:
            cones.propose()
            cones.remember(1 + _SLOPES // (1 + len(work.minima.columns)))
        self.minima: dict[Orbit, Fraction] = {}
        self.nodes: list[SearchTreeNode] = [None]
        self._away: dict[int, Waiting] = {}
        self._bounding = RecentDuals[bool](_LOOK_BACK)
        self._index = {members: c for c, members in enumerate(work.minima.table.members)}
        self._waiting: list[Waiting] = [(0, (Region(),) * work.orbits.units, None)]

    @property
    def is_complete(self) -> bool:
        """Whether no regions are left to look at."""
        return not self._waiting

    def run(
        self,
        effort: Effort,
        max_cells: int,
        watch: Watch | None = None,
        *,
        workers: int | None = None,
        dask: str | None = None,
    ) -> None:
        """Go on until no regions are left.

        Parameters: `effort`, its clock running; `max_cells`, the most orbits to find; `watch`, called now and then; `workers`,
        processes that work together (default: this one alone); `dask`, the address of a scheduler whose workers do so instead.
        Exactness: exact. The orbits, not the tree, are the same whoever works.
        Raises: `OutOfTime`, `InputError` beyond `max_cells`; the search may go on afterwards. `MissingExtraError` and
        `InputError` where there is no such scheduler. Source: see the class.
        """

        def watched() -> None:
            self._check(effort, max_cells)
            if watch is not None:
                watch(len(self.minima), len(self.nodes))

        if (workers or 1) > 1 or dask is not None:
            from exactsurf.surface.sublevel_workers import run_with_workers

            run_with_workers(self, watched, workers or 1, dask)
        while self._waiting:
            self._check(effort, max_cells)
            self._step()
            if watch is not None:
                watch(len(self.minima), len(self.nodes))

    def _check(self, effort: Effort, max_cells: int) -> None:
        if effort.is_over:
            effort.check(f"{len(self.minima)} signed cells below the level found in {len(self.nodes)} regions")
        if len(self.minima) > max_cells:
            raise InputError(
                f"more than {max_cells} orbits of signed cells go below the level {near(self.level)}",
                fix="raise max_cells (--max-cells), or take a lower level (below, --below)",
            )

    def _step(self) -> None:
        place, regions, start = self._waiting[-1]
        node, parts = self._looked_at(regions, start)
        self._waiting.pop()
        self.nodes[place] = node
        self._waiting += parts

    def next_open(self) -> Waiting | None:
        """Regions for another process to look at, None if none are left here.

        Exactness: exact. Raises: nothing. Source: none.
        """
        if not self._waiting:
            return None
        found = self._away[self._waiting[-1][0]] = self._waiting[-1]
        self._waiting.pop()
        return found

    def take_back(self, place: int, found: Part) -> None:
        """Take regions back that another process had, with what that made of them.

        Parameters: the `place` of the regions; `found`, of `part`. Exactness: exact. Raises: nothing. Source: none.
        """
        shift = len(self.nodes) - 1
        moved = [
            replace(node, plus=node.plus + shift, minus=node.minus + shift) if isinstance(node, Cutting) else node
            for node in found.nodes
        ]
        self.nodes += moved[1:]
        self.nodes[place] = moved[0]
        self.minima.update(found.minima)
        self._waiting += [(own + shift if own else place, regions, start) for own, regions, start in found.waiting]
        del self._away[place]

    def recall(self) -> None:
        """Take back all regions that other processes still have.

        Exactness: exact. Raises: nothing. Source: none.
        """
        self._waiting += self._away.values()
        self._away.clear()

    def part(self, regions: Regions, start: Solution | None, most: int) -> Part:
        """What at most so many looks make of regions of another search of the same work; this one has no other use.

        Exactness: exact. Raises: nothing. Source: see the class.
        """
        self.nodes, self.minima, self._waiting = [None], {}, [(0, regions, start)]
        for _ in range(most):
            if not self._waiting:
                break
            self._step()
        return Part(self.nodes, self.minima, self._waiting)

    @property
    def waiting(self) -> list[tuple[int, Regions]]:
        """The regions that were not looked at yet, with their places in the tree; the last ones come next."""
        return [(place, regions) for place, regions, _ in (*self._away.values(), *self._waiting)]

    def restore(
        self, nodes: Sequence[SearchTreeNode], waiting: Sequence[tuple[int, Regions]], minima: Mapping[Orbit, Fraction]
    ) -> None:
        """Go on from where another search of the same work and level was.

        Parameters: its `nodes`, `waiting` and `minima`. Exactness: as those. Raises: nothing. Source: none.
        """
        self.nodes, self.minima = list(nodes), dict(minima)
        self._waiting = [(place, regions, None) for place, regions in waiting]

    def leaves(self) -> Iterator[tuple[int, Regions, Orbit | None]]:
        """The leaves of the tree: their places, their regions, and their signed cell if it goes below the level."""
        walk: list[tuple[int, Regions]] = [(0, (Region(),) * self.work.orbits.units)]
        while walk:
            place, regions = walk.pop()
            node = self.nodes[place]
            if isinstance(node, Cutting):
                plus, minus = parted(regions, node.unit, node.wall)
                walk += [(node.minus, minus), (node.plus, plus)]
            else:
                yield place, regions, node

    def kind(self, region: Region) -> int:
        """The signed unit cell that a region is."""
        return 2 * self._index[self.table.members(region)] + (region.sign < 0)

    def _looked_at(self, regions: Regions, start: Solution | None) -> tuple[SearchTreeNode, list[Waiting]]:
        # One type for both tables: the starts that are handed over come from the same table.
        cones: Any = self.work.minima.cones
        mask = self.table.columns(regions)
        if self._bounding.bounding(mask):
            return None, []
        fit = cones.minimum(mask, start)
        if self.work.minima.risk(fit.value) >= self.level:
            self._bounding.add(fit.allowed, True)
            return None, []
        split = self._split(regions, fit)
        if split is None:
            orbit = tuple(sorted(map(self.kind, regions)))
            self.minima[orbit] = fit.value
            return orbit, []
        place = len(self.nodes)
        self.nodes += [None, None]
        plus, minus = parted(regions, *split)
        near_it = fit.solution if isinstance(fit, Fit) else None
        return Cutting(*split, place, place + 1), [(place + 1, minus, near_it), (place, plus, near_it)]

    def _split(self, regions: Regions, fit: Any) -> tuple[int, int | None] | None:
        """The unit and the wall (None: the sign of v) to cut at, None for a signed cell."""
        for j, region in enumerate(regions):
            if not region.sign:
                return j, None
        bends = self.table.bends(self.table.shares(regions, fit))
        # Without bends the fit is that of parameters, and the part of the region below the level has to be found.
        return bends[0][1:] if bends else self.table.cutting(regions)
