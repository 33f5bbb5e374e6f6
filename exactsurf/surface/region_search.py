"""A tree of regions that is cut until every leaf stays above a level, or is a signed cell on which the risk goes below it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from exactsurf.effort import Effort, OutOfTime
from exactsurf.errors import InputError
from exactsurf.exact.number import near
from exactsurf.model.problem import Problem
from exactsurf.surface.regions import Region, Regions, parted
from exactsurf.surface.run.span_work import SpanWork
from exactsurf.surface.signed_cells import Orbit

S = TypeVar("S")
"""What makes the next look quicker: a solution over regions that hold these."""


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

Waiting: TypeAlias = tuple[int, Regions, S | None]
"""Regions that were not looked at yet: their place in the tree, and a start near theirs."""


@dataclass(frozen=True)
class Part(Generic[S]):
    """Nodes below the first one, with places among themselves, the orbits found, and what is left to look at."""

    nodes: list[SearchTreeNode]
    minima: dict[Orbit, Fraction]
    waiting: list[Waiting[S]]


@dataclass(frozen=True)
class Look(Generic[S]):
    """What a look at regions gives: a cut, and a start for both parts, or an orbit with its value; nothing if they stay above."""

    cut: tuple[int, int | None] | None = None
    start: S | None = None
    orbit: Orbit | None = None
    value: Fraction = Fraction(0)


class WallsAndKinds(Protocol):
    """Regions of one problem: the walls that cut them, and the signed unit cells that they are at last."""

    @property
    def walls(self) -> Sequence[Any]:
        """The walls."""

    def kind(self, region: Region) -> int:
        """The signed unit cell that a region is."""


class RegionSearch(ABC, Generic[S]):
    """All orbits of signed cells on which the risk may take values below `level`, and a tree of regions that shows it.

    `minima` are the orbits found, each with a value of the risk over it; `nodes` the tree, root first.
    Parameters: `problem`; `level`. Exactness: as `looked_at`. Raises: nothing, as long as it is not run.
    Source: proofs/claims/global_minimum.md, sections 4 to 7.
    """

    def __init__(self, problem: Problem, level: Fraction) -> None:
        self.problem, self.level = problem, level
        self.minima: dict[Orbit, Fraction] = {}
        self.nodes: list[SearchTreeNode] = [None]
        self._away: dict[int, Waiting[S]] = {}
        self._start = (Region(),) * problem.network.widths[1]
        self._waiting: list[Waiting[S]] = [(0, self._start, None)]

    @property
    @abstractmethod
    def again(self) -> Callable[[Problem, Fraction], RegionSearch[S]]:
        """What makes a search below a level in another process; known by its name."""

    @property
    @abstractmethod
    def numbered(self) -> SpanWork[Any]:
        """Work with the numbers that orbits have here."""

    @property
    @abstractmethod
    def table(self) -> WallsAndKinds:
        """The regions of a unit."""

    @abstractmethod
    def looked_at(self, regions: Regions, start: S | None) -> Look[S]:
        """What a look at regions gives; `start`, from that at regions that hold them."""

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

        try:
            if (workers or 1) > 1 or dask is not None:
                from exactsurf.surface.region_workers import run_with_workers

                run_with_workers(self, watched, workers or 1, dask)
            while self._waiting:
                self._check(effort, max_cells)
                self._step()
                if watch is not None:
                    watch(len(self.minima), len(self.nodes))
        except OutOfTime:
            self._check(effort, max_cells)
            raise

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
        look = self.looked_at(regions, start)
        self._waiting.pop()
        if look.cut is not None:
            first = len(self.nodes)
            self.nodes += [None, None]
            self.nodes[place] = Cutting(*look.cut, first, first + 1)
            plus, minus = parted(regions, *look.cut)
            self._waiting += [(first + 1, minus, look.start), (first, plus, look.start)]
            return
        self.nodes[place] = look.orbit
        if look.orbit is not None:
            self.minima[look.orbit] = look.value

    def next_open(self) -> Waiting[S] | None:
        """Regions for another process to look at, None if none are left here.

        Exactness: exact. Raises: nothing. Source: none.
        """
        if not self._waiting:
            return None
        found = self._away[self._waiting[-1][0]] = self._waiting[-1]
        self._waiting.pop()
        return found

    def take_back(self, place: int, found: Part[S]) -> None:
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

    def part(self, regions: Regions, start: S | None, most: int) -> Part[S]:
        """What at most so many looks make of regions of another search of the same problem; this one has no other use.

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
        """Go on from where another search of the same problem and level was.

        Parameters: its `nodes`, `waiting` and `minima`. Exactness: as those. Raises: nothing. Source: none.
        """
        self.nodes, self.minima = list(nodes), dict(minima)
        self._waiting = [(place, regions, None) for place, regions in waiting]

    def leaves(self) -> Iterator[tuple[int, Regions, Orbit | None]]:
        """The leaves of the tree: their places, their regions, and their signed cell if it goes below the level."""
        walk: list[tuple[int, Regions]] = [(0, self._start)]
        while walk:
            place, regions = walk.pop()
            node = self.nodes[place]
            if isinstance(node, Cutting):
                plus, minus = parted(regions, node.unit, node.wall)
                walk += [(node.minus, minus), (node.plus, plus)]
            else:
                yield place, regions, node
