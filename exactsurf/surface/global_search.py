"""The least risk by branch and bound: regions of the units, bounded from below by dual vectors, the lowest bound first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from heapq import heappop, heappush
from typing import Any, TypeAlias

from exactsurf.arrangement.hyperplanes import ArrangementCell
from exactsurf.certificate.claims.global_minimum import GlobalMinimum
from exactsurf.effort import UNBOUNDED, AnyEffort, Effort, OutOfTime
from exactsurf.errors import InputError, InternalError, UnsupportedError
from exactsurf.exact.cone_least_squares import Fit
from exactsurf.exact.cone_linear import Deviation
from exactsurf.exact.number import near
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.cell_minima import CellMinima, Start, cell_minima, start_of
from exactsurf.surface.product_variables import attained_amounts, face_minimiser
from exactsurf.surface.recent_duals import RecentDuals
from exactsurf.surface.region_symmetries import RegionSymmetries
from exactsurf.surface.regions import Region, Regions, RegionTable
from exactsurf.surface.run.run import check_workers
from exactsurf.surface.search_tree import Cut, SearchNode, Subtree, WrittenTree, below_all, graft, search_text
from exactsurf.surface.unit_table import generator_table
from exactsurf.surface.workload import check_network

MAX_NODES = 20_000_000
"""Regions that are looked at unless told otherwise."""

_LOOKS, _PAUSE = 32, 4
"""Cuts of which each is an occasion to look at signed cells nearby for a lower risk; afterwards each fourth one is."""

_LOOK_BACK = 64
"""Dual vectors with a bound of at least the value of a signed cell that are asked whether they bound further regions, too."""

Watch: TypeAlias = Callable[[int, Fraction, Fraction], None]
"""Called with the number of dual vectors so far and the enclosure of the global minimum."""


class GlobalSearch:
    """A search for the global minimum that may be stopped at any time, with an enclosure that is proved.

    A search has a state: it is equal to itself only.
    Parameters: a problem with one hidden layer and one output; `effort`, for the list of what generates the cells of a unit
    (default: as long as it takes); `use_symmetries`: of regions that symmetries of the samples lead to each other one is
    searched, which saves work and changes no bound. `lower` ≤ the global minimum ≤ `upper`, at all times.
    Exactness: exact. Raises: `UnsupportedError`, `InputError` and `OutOfTime` as `certify_global_minimum`.
    Source: proofs/claims/global_minimum.md.

    >>> import exactsurf as es
    >>> search = es.GlobalSearch(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> search.lower, search.upper
    (Fraction(0, 1), Fraction(3, 4))
    >>> search.run()
    >>> search.lower, search.upper, es.certify_search(search).kind
    (Fraction(1, 3), Fraction(1, 3), 'global minimum')
    >>> repr(search).partition(": ")[2]
    'least risk ≈ 0.333333, 3 regions, none open)'
    """

    def __init__(self, problem: Problem, effort: AnyEffort = None, *, use_symmetries: bool = True) -> None:
        check_network(problem, "GlobalSearch")
        if problem.decay is not None or not problem.loss.is_piecewise_quadratic:
            what = "with weight decay" if problem.decay is not None else f"with the {problem.loss.title} loss"
            fix = "es.EnclosedSearch(problem) finds it between two numbers, with proof (es.certify_near_global_minimum)"
            raise UnsupportedError(f"the least risk {what} need not be a rational number", fix)
        with Effort.of(effort, UNBOUNDED).governs() as running:
            self._prepare(problem, running, use_symmetries)

    def _prepare(self, problem: Problem, effort: Effort, use_symmetries: bool) -> None:
        self.minima = cell_minima(problem, generator_table(problem, effort))
        self.table = RegionTable(self.minima)
        self.symmetries = RegionSymmetries(self.table, use_symmetries)
        self.minima.propose()
        self.nodes: list[SearchNode] = []
        self._queue: list[tuple[Fraction, int]] = []
        self._seen: set[Regions] = set()
        self.best: Regions = ()
        self._upper: Fraction | None = None
        self._away: set[int] = set()
        self._cuts = 0
        self._bounding = RecentDuals[tuple[Fraction, tuple[int, tuple[int, ...]]]](_LOOK_BACK)
        self._add((Region(),) * problem.network.widths[1], None)

    def __repr__(self) -> str:
        left = sum(value < self._value for value, _ in self._queue) + len(self._away)
        return search_text("GlobalSearch", self.minima.problem, (self.lower, self.upper), len(self.nodes), left)

    @property
    def lower(self) -> Fraction:
        """No parameters have a lower risk."""
        return self.minima.risk(self._least)

    @property
    def _least(self) -> Fraction:
        """The least value of an open node, also of those that other processes have, or of a signed cell."""
        away = [self.nodes[place].value for place in self._away]
        return min([self._value, *(value for value, _ in self._queue[:1]), *away])

    @property
    def upper(self) -> Fraction:
        """The lowest risk on a signed cell that was found (if it is not attained, parameters come as near as one likes)."""
        return self.minima.risk(self._value)

    @property
    def _value(self) -> Fraction:
        if self._upper is None:
            raise InternalError("no signed cell was looked at")
        return self._upper

    def run(
        self,
        effort: AnyEffort = None,
        max_nodes: int = MAX_NODES,
        watch: Watch | None = None,
        *,
        workers: int | None = None,
        dask: str | None = None,
    ) -> None:
        """Go on until `lower` is `upper`.

        Parameters: `effort`, seconds or an `Effort` (default: as long as it takes); `max_nodes`, the most nodes; `watch`, called
        now and then; `workers`, processes that work together (default: this one alone); `dask`, the address of a scheduler whose
        workers do so instead.
        Exactness: exact. The bounds, not the tree, are the same for every number of workers.
        Raises: `OutOfTime`, `InputError` beyond `max_nodes`; the search may go on afterwards. `MissingExtraError` and
        `InputError` where there is no such scheduler. Source: see the class.
        """
        running = Effort.of(effort, UNBOUNDED).started()
        check_workers(workers, dask)
        if (workers or 1) > 1 or dask is not None:
            from exactsurf.surface.global_workers import run_with_workers

            run_with_workers(self, running, max_nodes, watch, workers or 1, dask)
        with running.governs():
            while self._queue and self._queue[0][0] < self._value:
                self.check(running, max_nodes)
                try:
                    self._step()
                except OutOfTime:
                    running.check(self._known())
                    raise
                if watch is not None:
                    watch(len(self.nodes), self.lower, self.upper)

    def check(self, effort: Effort, max_nodes: int) -> None:
        """Raise `OutOfTime` or `InputError` where `run` does.

        Parameters: as of `run`, the clock running. Exactness: not needed. Raises: see above. Source: none.
        """
        if effort.is_over:
            effort.check(self._known())
        if len(self.nodes) > max_nodes:
            raise InputError(
                f"{self._known()} after {max_nodes} nodes of the search",
                fix="raise max_steps, or take fewer samples or units",
            )

    def _step(self) -> None:
        place = self._queue[0][1]
        self._expand(place)
        # Children come in before their node goes out, and are not before it: so an interruption leaves a lower bound.
        for child in self.nodes[place].children or ():
            if not self._is_twin(child):
                heappush(self._queue, (self.nodes[child].value, child))
        heappop(self._queue)

    def _is_twin(self, place: int) -> bool:
        """Whether a symmetry leads from a node met before to an open one, which then needs no search of its own."""
        node = self.nodes[place]
        if self.symmetries.order > 1 and node.value < self._value and all(region.sign for region in node.regions):
            node.twin = self.symmetries.met(node.regions, place)
        return node.twin is not None

    def next_open(self) -> tuple[int, SearchNode, Fraction] | None:
        """The open node of least value, for another process, and the value of the best signed cell; None if there is none.

        Exactness: exact. Raises: nothing. Source: none.
        """
        if not self._queue or self._queue[0][0] >= self._value:
            return None
        place = self._queue[0][1]
        # It is away before it leaves the queue: so an interruption leaves a lower bound.
        self._away.add(place)
        heappop(self._queue)
        return place, self.nodes[place], self._value

    def take_back(self, place: int, found: Subtree | None = None) -> None:
        """Take a node back that another process had, with what that made of it (None: nothing).

        Parameters: the `place` of the node; `found`, of `subtree`. Exactness: exact. Raises: nothing. Source: none.
        """
        nodes = [self.nodes[place]] if found is None else found.nodes
        if found is not None:
            shift = graft(self.nodes, place, nodes)
            for node in nodes:
                if node.twin is not None:
                    node.twin = (node.twin[0] + shift if node.twin[0] else place), node.twin[1]
            if found.best and found.value < self._value:
                self._upper, self.best = found.value, found.best
        for n, node in enumerate(nodes):
            own = place if n == 0 else len(self.nodes) - len(nodes) + n
            if node.children is None and node.twin is None and (n == 0 or not self._is_twin(own)):
                heappush(self._queue, (node.value, own))
        self._away.discard(place)

    def recall(self) -> None:
        """Take back all nodes that other processes still have.

        Exactness: exact. Raises: nothing. Source: none.
        """
        for place in list(self._away):
            self.take_back(place)

    def subtree(self, node: SearchNode, value: Fraction, most: int) -> Subtree:
        """What at most so many cuts make of a node of another search of the same problem; this one has no other use.

        Parameters: `node`; `value`, of the best signed cell that is known; `most`. Exactness: exact. Raises: nothing.
        Source: see the class.
        """
        self.symmetries.forget()
        self.nodes, self._queue = [node], [(node.value, 0)]
        self._upper, self.best = min(value, self._value), self.best if self._value < value else ()
        for _ in range(most):
            if not self._queue or self._queue[0][0] >= self._value:
                break
            self._step()
        return Subtree(self.nodes, self._value, self.best)

    def _known(self) -> str:
        between = f"between {near(self.lower)} and {near(self.upper)}"
        return f"{len(self.nodes)} dual vectors bound some of the signed cells: the global minimum lies {between}"

    def parameters(self, max_nodes: int) -> Parameters | None:
        """Parameters whose risk is `upper`, None if there are none; of a search that has ended.

        Parameters: `max_nodes`, the most regions to look at where the infimum is not attained on the best signed cell.
        Exactness: exact. Raises: `InputError` beyond `max_nodes`. Source: theory.md, section 4.
        """
        found = self._point(self.best)
        if found is not None or self.minima.table.homogeneous:
            return found
        return self._attained(max_nodes)

    def best_point(self) -> Parameters | None:
        """Parameters of least risk on the best signed cell that was found, None if it is not attained there."""
        return self._point(self.best)

    def proof(self, point: Parameters | None, embed: bool | None = None) -> GlobalMinimum:
        """What is proved by now: that `point` is a global minimum, or, without a point, that the risk is at least `lower`.

        Parameters: `point`, parameters with the risk `lower`; `embed` as in `problem_document`. Exactness: exact.
        Raises: nothing. Source: proofs/claims/global_minimum.md.
        """
        bound = self.lower
        written = WrittenTree(self.nodes, self.table, self.symmetries.identity, self._least)
        return GlobalMinimum(self.minima.problem, bound, (), written.duals, point, embed, written.tree)

    def _expand(self, place: int) -> None:
        node = self.nodes[place]
        if node.children is not None:
            return
        split = self._chosen_split(node)
        if split is None:
            return
        unit, wall = split
        cuts = (
            Cut(unit, wall, self.symmetries.identity),
            *(Cut(*own) for own in self.symmetries.further_cuts(node.regions, unit, wall)),
        )
        plus = (*node.regions[:unit], node.regions[unit].cut(wall, 1), *node.regions[unit + 1 :])
        first, second = self._new(plus, node.start), self._new(below_all(node.regions, cuts), node.start)
        self.nodes += [first, second]
        node.cuts, node.children, node.start = cuts, (len(self.nodes) - 2, len(self.nodes) - 1), None

    def _chosen_split(self, node: SearchNode) -> tuple[int, int | None] | None:
        for j, region in enumerate(node.regions):
            if not region.sign:
                return j, None
        fit = self._fit(node.regions, node.start)
        shares = self.table.shares(node.regions, fit)
        bends = self.table.bends(shares)
        self._cuts += 1
        if not bends or self._cuts < _LOOKS or self._cuts % _PAUSE == 0:
            for cells in self.table.cells_near(node.regions, shares):
                self._look_at(cells, start_of(fit))
        if node.value >= self._value:
            return None
        if not bends:
            raise InternalError("a fit without bends is that of a signed cell")
        return bends[0][1:]

    def _look_at(self, cells: Regions, start: Start | None = None) -> None:
        """Take the minimum over a signed cell as upper bound if it is lower."""
        key = tuple(sorted(cells))
        if key not in self._seen:
            value = self._fit(cells, start).value
            self._seen.add(key)
            if self._upper is None or value < self._upper:
                self._upper, self.best = value, key

    def _fit(self, regions: Regions, start: Start | None) -> Fit | Deviation:
        # One type for both tables: the starts that are handed over come from the same table.
        cones: Any = self.minima.cones
        mask = self.table.columns(regions)
        found: Fit | Deviation = cones.minimum(mask, start)
        return found

    def _new(self, regions: Regions, start: Start | None) -> SearchNode:
        mask = self.table.columns(regions)
        known = self._bounding.bounding(mask)
        if known is not None:
            return SearchNode(regions, *known, None)
        fit = self._fit(regions, start)
        derivative = self.minima.derivative(fit)
        if self._upper is not None and fit.value >= self._upper:
            self._bounding.add(fit.allowed, (fit.value, derivative))
        return SearchNode(regions, fit.value, derivative, start_of(fit))

    def _add(self, regions: Regions, start: Start | None) -> None:
        self.nodes.append(self._new(regions, start))
        heappush(self._queue, (self.nodes[-1].value, len(self.nodes) - 1))
        for cells in self.table.generic_cells(len(regions)):
            self._look_at(cells)

    def _point(self, cells: Regions) -> Parameters | None:
        members = [self.table.members(cell) for cell in cells]
        return face_minimiser(self._with_cells(cells), _orbit(cells), members, self.table.columns(cells))

    def _with_cells(self, cells: Regions) -> CellMinima:
        found = tuple(ArrangementCell((), self.table.witness(cell)) for cell in cells)
        table = replace(self.minima.table, cells=found, members=tuple(self.table.members(cell) for cell in cells))
        return replace(self.minima, table=table)

    def _attained(self, max_nodes: int) -> Parameters | None:
        waiting = [
            (node.regions, None)
            for node in self.nodes
            if node.value == self._value and node.children is None and node.twin is None
        ]
        steps = 0
        while waiting:
            regions, _ = waiting.pop()
            steps += 1
            if steps > max_nodes:
                raise InputError(
                    f"whether the infimum is attained was asked of {max_nodes} regions",
                    fix="raise max_steps, or take fewer samples or units",
                )
            fit = self._fit(regions, None)
            if fit.value > self._value:
                continue
            unsigned = next((j for j, region in enumerate(regions) if not region.sign), None)
            if unsigned is not None:
                split: tuple[int, int | None] | None = (unsigned, None)
            else:
                members = [self.table.members(region) for region in regions]
                signs = [region.sign for region in regions]
                if attained_amounts(self.minima, members, signs, self.minima.gradient(fit)) is None:
                    continue
                shares = self.table.shares(regions, fit)
                for cells in self.table.cells_near(regions, shares):
                    if self._fit(cells, None).value == self._value and (point := self._point(cells)) is not None:
                        return point
                bends = self.table.bends(shares)
                split = bends[0][1:] if bends else self.table.cutting(regions)
            if split is not None:
                j, wall = split
                for side in (1, -1):
                    waiting.append(((*regions[:j], regions[j].cut(wall, side), *regions[j + 1 :]), None))
        return None


def _orbit(cells: Regions) -> tuple[int, ...]:
    return tuple(2 * j + (cell.sign < 0) for j, cell in enumerate(cells))
