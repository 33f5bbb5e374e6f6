"""The least risk between two numbers by branch and bound, where levels are enclosed: weight decay, losses by expression."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from heapq import heappop, heappush
from typing import TypeAlias

from exactsurf.effort import UNBOUNDED, AnyEffort, Effort, OutOfTime
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import Exact, exact, near, to_text, whole_number
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.floats.fineness import fineness
from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.level_work import WIDTH
from exactsurf.surface.levels.region_levels import Expansion, RegionLevels
from exactsurf.surface.regions import Region, Regions
from exactsurf.surface.run.run import check_workers
from exactsurf.surface.scales import check_scales
from exactsurf.surface.search_tree import search_text
from exactsurf.surface.workload import check_network

MAX_NODES = 1_000_000
"""Regions that are looked at unless told otherwise."""

_BATCH = 16
"""Nodes that are looked at before what they gave is used: so the tree is the same for every number of workers."""

_LOOKS, _PAUSE = 32, 4
"""Nodes of which each is an occasion to look at signed cells nearby for a lower risk; afterwards each fourth one is."""

_SHARP = Fraction(1, 10**10)
"""Enclosures so narrow are out of the reach of floats."""

_LOOSER = 1000
"""How much further from the infimum parameters may be than asked for, step by step, where nearer ones are too long."""

Watch: TypeAlias = Callable[[int, Fraction, Fraction], None]
"""Called with the number of dual vectors so far and the enclosure of the global minimum."""


class EnclosedSearch:
    """A search for the least risk that may be stopped at any time: `lower` ≤ the infimum of the risk ≤ `upper`, with proof.

    As `GlobalSearch`, for risks whose least value need not be rational: with weight decay, and for `logistic`, `exponential`,
    `log_cosh`, `poisson` and `power` loss. It needs no list of signed cells, whose number may be far out of reach.
    A search has a state: it is equal to itself only.
    Parameters: a problem that `enclosed_landscape` takes; `effort`, seconds or an `Effort` (default: as long as it takes).
    Exactness: enclosed, with proof. Raises: `UnsupportedError` and `InputError` as `enclosed_landscape`, `UnsupportedError`
    if there is weight decay and the inputs do not span their space or numbers are beyond 2^±256, `OutOfTime`.
    Source: proofs/claims/near_global_minimum.md; FORMAT.md, section 39.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    >>> search = es.EnclosedSearch(es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/10"))
    >>> search.run()
    >>> round(float(search.lower), 6), search.upper - search.lower < search.upper / 10**9
    (0.493333, True)
    >>> es.certify_search(search).kind
    'near global minimum'
    >>> repr(search).partition(": ")[2]
    'least risk from ≈ 0.493333 to ≈ 0.493333, 5 regions, none open)'
    """

    def __init__(self, problem: Problem, effort: AnyEffort = None) -> None:
        running = Effort.of(effort, UNBOUNDED).started()
        check_network(problem, "EnclosedSearch")
        if problem.decay is None and problem.loss.is_piecewise_quadratic:
            raise UnsupportedError("without weight decay the least risk of these losses is rational", "es.GlobalSearch finds it")
        check_scales(problem)
        self.problem = problem
        with running.governs():
            self.levels = RegionLevels(problem, effort=running)
            if problem.decay is not None and self.levels.work.table.lineality:
                raise UnsupportedError("the inputs do not span their space", "leave out inputs that depend on others")
            running.check("the cells of a unit are listed")
            self.nodes = [self.levels.node((Region(),) * problem.network.widths[1], None)]
            self._queue = [(self.nodes[0].low, 0)]
            self._stuck: list[Fraction] = []
            self._batch: list[int] = []
            self._waiting: list[int] = []
            self._found: dict[int, Expansion] = {}
            self.width = WIDTH
            generic = self.levels.generic(problem.network.widths[1])
            self.best, self._best_level = min(generic, key=lambda found: found[1].high)

    def __repr__(self) -> str:
        enough = self.enough
        left = sum(value < enough for value, _ in self._queue) + len(self._batch)
        return search_text("EnclosedSearch", self.problem, (self.lower, self.upper), len(self.nodes), left)

    @property
    def lower(self) -> Fraction:
        """No parameters have a lower risk."""
        known = [*self._stuck, *(value for value, _ in self._queue[:1]), *(self.nodes[place].low for place in self._batch)]
        return min([self.upper, *known])

    @property
    def upper(self) -> Fraction:
        """The lowest risk on a signed cell that was found (if it is not attained, parameters come as near as one likes)."""
        return self._best_level.high

    def run(
        self,
        effort: AnyEffort = None,
        max_nodes: int = MAX_NODES,
        width: Exact = WIDTH,
        watch: Watch | None = None,
        *,
        workers: int | None = None,
        dask: str | None = None,
    ) -> None:
        """Go on until `upper` − `lower` is at most `width` times `upper`, or no region can be cut any further.

        Parameters: `effort`, seconds or an `Effort` (default: none); `max_nodes`, the most regions; `width`, above
        0, below 1; `watch`, called now and then; `workers`, processes that work together (default: this one alone); `dask`, the
        address of a scheduler whose workers do so instead. (A risk that is nearly 0 is enclosed to `width` squared.)
        Exactness: enclosed, with proof. The bounds and the tree are the same for every number of workers.
        Raises: `OutOfTime`, `InputError` beyond `max_nodes`; the search may go on afterwards. `MissingExtraError` and
        `InputError` where there is no such scheduler. Source: see the class.
        """
        running, wanted = Effort.of(effort, UNBOUNDED).started(), exact(width, "width")
        if not 0 < wanted < 1:
            raise InputError("the width is a number above 0 and below 1", text=to_text(wanted))
        check_workers(workers, dask)
        whole_number(max_nodes, "max_nodes", 0)
        self.width = wanted
        self.levels.fine = None if wanted < _SHARP else fineness(wanted)
        told = 0

        def watched() -> None:
            nonlocal told
            running.check(self._known())
            if len(self.nodes) > max_nodes:
                what = f"{self._known()} after {max_nodes} nodes of the search"
                raise InputError(what, fix="raise max_nodes, or take fewer samples or units")
            if watch is not None and told < len(self.nodes):
                watch(len(self.nodes), self.lower, self.upper)
            told = len(self.nodes)

        try:
            with running.governs():
                if (workers or 1) > 1 or dask is not None:
                    from exactsurf.surface.levels.enclosed_workers import run_with_workers

                    run_with_workers(self, watched, workers or 1, dask)
                watched()
                while (place := self.next_place()) is not None:
                    try:
                        self.take_back(place, self.levels.expansion(self.nodes[place], self.enough, self.looks(place)))
                    finally:
                        self.recall()
                    watched()
        except OutOfTime as over:
            raise OutOfTime(over.fields["seconds"], self._known()) from None

    @property
    def enough(self) -> Fraction:
        """A bound from which on regions are not cut any further."""
        return self.upper - self.width * max(abs(self.upper), self.width)

    def looks(self, place: int) -> bool:
        """Whether the look at a node is an occasion to look at signed cells nearby, too."""
        return place < _LOOKS or place % _PAUSE == 0

    def next_place(self) -> int | None:
        """A node to look at; None if there is none, or none before others are back.

        Exactness: exact. Raises: nothing. Source: none.
        """
        if not self._batch:
            enough = self.enough
            while self._queue and len(self._batch) < _BATCH and self._queue[0][0] < enough:
                # It is in the batch before it leaves the queue: so an interruption leaves a lower bound.
                self._batch.append(self._queue[0][1])
                heappop(self._queue)
            self._waiting = self._batch[::-1]
        return self._waiting.pop() if self._waiting else None

    def take_back(self, place: int, found: Expansion) -> None:
        """What the look at a node has given; it is used when all nodes of the batch are back, in their order.

        Parameters: the `place` of the node; `found`, of `RegionLevels.expansion`. Exactness: exact. Raises: nothing.
        Source: none.
        """
        self._found[place] = found
        if len(self._found) < len(self._batch):
            return
        for own in self._batch:
            for cells, level in self._found[own].cells:
                self._offer(cells, level)
        for own in self._batch:
            self._use(own, self._found[own])
        self._batch, self._found = [], {}

    def recall(self) -> None:
        """Take back all nodes that nobody has finished.

        Exactness: exact. Raises: nothing. Source: none.
        """
        self._waiting = [place for place in reversed(self._batch) if place not in self._found]

    def _use(self, place: int, found: Expansion) -> None:
        node = self.nodes[place]
        if found.cut is not None:
            first = len(self.nodes)
            self.nodes += found.parts
            node.cut, node.children = found.cut, (first, first + 1)
            for child in node.children:
                heappush(self._queue, (self.nodes[child].low, child))
            return
        if found.sharper is not None:
            node.level = found.sharper
        if node.low < self.enough:
            node.is_stuck = True
            self._stuck.append(node.low)
        else:
            heappush(self._queue, (node.low, place))

    def _offer(self, cells: Regions, level: Level) -> None:
        if level.high < self.upper:
            self.best, self._best_level = cells, level

    def _known(self) -> str:
        between = f"between {near(self.lower)} and {near(self.upper)}"
        return f"{len(self.nodes)} dual vectors bound some of the signed cells: the least risk lies {between}"

    def best_point(self) -> Parameters | None:
        """Parameters with a risk as near to `upper` as the width of the last run, or a little further; None if none are found."""
        own = self.width
        while own < 1:
            found = self.levels.point(self.best, self._best_level, self.upper + own * max(abs(self.upper), own))
            if found is not None:
                return found
            own *= _LOOSER
        return None
