"""enclosed_landscape(problem): loss surfaces whose levels are not rational, every level between two rational numbers."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias, overload

from exactsurf import display
from exactsurf.cells.unit_cells import unit_arrangement
from exactsurf.effort import UNBOUNDED, AnyEffort, Effort, keeps_effort, look
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import Exact, exact, to_text
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.enclosed_sublevel import EnclosedSublevelLandscape, enclosed_landscape_below
from exactsurf.surface.levels.enclosed_valley import EnclosedValley, check_width, enclosed_valleys
from exactsurf.surface.levels.enclosure import Enclosure, Run, runs
from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.level_batch import LevelBatch
from exactsurf.surface.levels.level_work import WIDTH, LevelUnion, LevelWork, level_work, same_numbers
from exactsurf.surface.merge_tree import Edge, MergeTree, merge_tree
from exactsurf.surface.run.run import Progress, batches, check_workers
from exactsurf.surface.signed_cells import Orbit, passages
from exactsurf.surface.surface import MAX_CELLS
from exactsurf.surface.valley import lowest_of
from exactsurf.surface.workload import check_least_size, check_network, less_to_list

if TYPE_CHECKING:
    import networkx
    from matplotlib.axes import Axes

_ZERO = Fraction(0)


@dataclass(frozen=True, eq=False)
class EnclosedLandscape:
    """The landscape of a problem with enclosed levels.

    Attributes: `work`; `levels`, all that occur; `homes[k]`, the place of the least risk over orbit k among them; `runs`, the
    levels in order, those together that are not told apart; `heights[k]`, the place of level k among them; `facets`, the places
    of the least risks over the facets of all orbits, in the order of `passages`; `merges`, the merge tree, whose levels are the
    lower ends of runs;
    `valleys`, lowest first.
    Exactness: the order of runs is proved; within a run nothing is said of the order (`ties`).
    Source: proofs/enclosed_levels.md.
    """

    work: LevelWork
    levels: tuple[Level, ...]
    homes: tuple[int, ...]
    runs: tuple[Run, ...]
    heights: tuple[int, ...]
    facets: array[int]
    merges: MergeTree
    valleys: tuple[EnclosedValley, ...]

    @property
    def problem(self) -> Problem:
        """The problem."""
        return self.work.problem

    def __eq__(self, other: object) -> bool:
        # `work` is made from the problem and the width, and keeps tables of what it has computed.
        return isinstance(other, EnclosedLandscape) and self._stated == other._stated

    def __hash__(self) -> int:
        return hash((self.problem, self.runs, self.merges))

    @property
    def _stated(self) -> tuple[object, ...]:
        given = self.problem, self.work.width, self.levels, self.homes, self.runs, self.heights
        return *given, self.facets, self.merges, self.valleys

    @property
    def global_minimum(self) -> EnclosedValley:
        """A valley than which nothing is proved to be lower, one that is attained if there is one."""
        return lowest_of(self.valleys)

    @property
    def ties(self) -> tuple[Enclosure, ...]:
        """Where levels meet that are not proved to be one: valleys less deep than the width of such a place may be missed."""
        return tuple(run.enclosure for run in self.runs if run.is_tie)

    @property
    def cells(self) -> int:
        """The number of signed cells of parameter space."""
        return self.work.orbits.full_count

    @property
    def orbits(self) -> int:
        """The number of signed cells modulo the order of the units."""
        return self.work.orbits.count

    def home(self, orbit: Orbit) -> int:
        """The place among the levels of the least risk over an orbit."""
        return self.homes[self.work.orbits.rank(orbit)]

    @cached_property
    def _enclosures(self) -> dict[Fraction, Enclosure]:
        return {run.enclosure.low: run.enclosure for run in self.runs}

    def enclosure(self, level: Fraction) -> Enclosure:
        """The enclosure of a level of the merge tree, which is its lower end."""
        return self._enclosures[level]

    @cached_property
    def tree(self) -> networkx.DiGraph[int]:
        """The merge tree as a graph with edges from every node to its parent; see `Landscape.tree`."""
        import networkx

        graph: networkx.DiGraph[int] = networkx.DiGraph()
        valley_of = {valley.node: place for place, valley in enumerate(self.valleys)}
        for k, node in enumerate(self.merges.nodes):
            graph.add_node(k, level=self.enclosure(node.level), copies=node.copies)
            if k in valley_of:
                graph.nodes[k]["valley"] = valley_of[k]
            graph.add_edges_from((child, k) for child in node.children)
        return graph

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the disconnectivity graph; see `exactsurf.show.plots.tree_plot.plot_tree`."""
        return display.tree_plot(self, ax)

    def __repr__(self) -> str:
        best = self.global_minimum.risk
        return f"EnclosedLandscape({self.problem!r}: {len(self.valleys)} valleys, global minimum {best.ball.text})"


AnyEnclosedLandscape: TypeAlias = EnclosedLandscape | EnclosedSublevelLandscape
"""A landscape with enclosed levels, the whole one or what lies below a level."""


@overload
def enclosed_landscape(
    problem: Problem,
    *,
    below: None = None,
    width: Exact = WIDTH,
    workers: int | None = None,
    max_cells: int = MAX_CELLS,
    progress: Progress | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    dask: str | None = None,
    effort: AnyEffort = None,
) -> EnclosedLandscape: ...


@overload
def enclosed_landscape(
    problem: Problem,
    *,
    below: Exact,
    width: Exact = WIDTH,
    workers: int | None = None,
    max_cells: int = MAX_CELLS,
    progress: Progress | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    dask: str | None = None,
    effort: AnyEffort = None,
) -> EnclosedSublevelLandscape: ...


@keeps_effort(UNBOUNDED)
def enclosed_landscape(
    problem: Problem,
    *,
    below: Exact | None = None,
    width: Exact = WIDTH,
    workers: int | None = None,
    max_cells: int = MAX_CELLS,
    progress: Progress | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    dask: str | None = None,
    effort: AnyEffort = None,
) -> EnclosedLandscape | EnclosedSublevelLandscape:
    """The landscape of a risk whose levels are no rational numbers: valleys and barriers, each between two of these.

    Over every orbit of signed cells and every facet the risk is a convex function of product variables, with weight decay at the
    price λ Σ |p_j|; its infimum lies between the bound of a dual vector and the risk of a rational point. Where a unit
    separates samples the infimum may lie at infinity: then `is_attained` is false.
    Parameters: a problem with one hidden layer, one output, a piecewise linear activation, and `logistic`, `exponential`,
    `log_cosh`, `poisson` or `power` loss; or with weight decay, an activation with h(cz) = c h(z), and a differentiable loss by
    pieces, too. `below`, a level, as in `landscape`: then only what lies below it is looked for. `width`, the most that an
    enclosure may have, as a part of its level; `workers`, `max_cells`, `progress`, `checkpoint`, `dask` and `effort` as in
    `landscape`.
    Returns: an `EnclosedLandscape`, with `below` an `EnclosedSublevelLandscape`; last digits of enclosures may differ with who
    works. Exactness: enclosed, with proof; with a loss by pieces, one input and hidden biases that are not penalised, levels are
    rational and exact. Raises: `UnsupportedError` for other problems, `InputError` if there are more orbits than `max_cells` or
    `width` is not positive, and for a checkpoint or a scheduler that cannot be used; `OutOfTime`.
    Source: proofs/enclosed_levels.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    >>> land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/10"))
    >>> [(valley.risk.ball.text, valley.barrier and valley.barrier.ball.text) for valley in land.valleys]
    [('37/75', None), ('799/1000', '11/8'), ('799/1000', '22/25'), ('109/100', '312/275')]

    >>> low = es.enclosed_landscape(land.problem, below=1)
    >>> [(valley.risk.ball.text, valley.barrier and valley.barrier.ball.text, valley.barrier_at_least) for valley in low.valleys]
    [('37/75', None, None), ('799/1000', None, Fraction(1, 1)), ('799/1000', '22/25', None)]

    Samples that a unit separates from the others are fitted better and better, far away:

    >>> labels = es.Data.from_arrays([0, 1, 2, 3], [1, -1, 1, 1])
    >>> land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), labels, "logistic"))
    >>> [(round(float(valley.risk.low), 6), valley.is_attained) for valley in land.valleys]
    [(1.386294, False), (1.909543, False), (2.111983, True)]
    """
    running = Effort.of(effort, UNBOUNDED).started()
    allowed = exact(width, "width of enclosures")
    if allowed <= 0:
        raise InputError("the width of enclosures must be positive", text=to_text(allowed))
    check_network(problem, "enclosed_landscape")
    if problem.decay is None and problem.loss.is_piecewise_quadratic:
        raise UnsupportedError("without weight decay the levels of these losses are rational", "es.landscape has them exactly")
    arrangement = unit_arrangement(problem)
    if below is not None:
        check_workers(workers, dask)
        level = exact(below, "below")
        work = level_work(problem, allowed, arrangement, running)
        return enclosed_landscape_below(
            work, level, max_cells=max_cells, effort=running, watch=progress, checkpoint=checkpoint, workers=workers, dask=dask
        )
    check_least_size(problem, arrangement, max_cells)
    work = level_work(problem, allowed, arrangement, running)
    if work.orbits.count > max_cells:
        raise InputError(
            f"{work.orbits.count} orbits of signed cells, more than the limit of {max_cells} orbits",
            fix=f"raise max_cells (--max-cells), or take fewer samples or units; {less_to_list(problem)}",
        )
    running.check("the signed cells are counted")

    def report(done: int, total: int) -> None:
        if done < total:
            running.check(f"{done} of {total} orbits of signed cells are done")
        if progress is not None:
            progress(done, total)

    with closing(batches(work, workers, report, checkpoint=checkpoint, dask=dask)) as found:
        return assembled(work, found)


def assembled(work: LevelWork, found: Iterator[LevelBatch]) -> EnclosedLandscape:
    """The landscape from the batches of all orbits, in order.

    Exactness: the order of runs is proved. Raises: `InputError` if an enclosure is wider than asked for.
    Source: proofs/enclosed_levels.md.
    """
    union = LevelUnion()
    homes, facets = array("I"), array("I")
    for batch in found:
        places = union.add(batch.levels)
        homes.extend([places[k] for k in batch.homes])
        facets.extend([places[k] for k in batch.facets])
    number_of, ends = same_numbers(union.levels)
    enclosures = [Enclosure(low, high) for low, high in ends]
    check_width(enclosures, work.width)
    ordered = runs(enclosures)
    run_of_number = {place: k for k, run in enumerate(ordered) for place in run.members}
    run_of = {place: run_of_number[number] for place, number in enumerate(number_of)}
    edges = _edges(work, (run_of[place] for place in facets))
    named = list(work.orbits.between(0, work.orbits.count))
    lows = [run.enclosure.low for run in ordered]
    merges = merge_tree(work.orbits.units, named, [run_of[k] for k in homes], edges, lows)
    sharp = {place: enclosures[number] for place, number in enumerate(number_of)}
    heights = tuple(run_of[place] for place in range(len(union.levels)))
    valleys = enclosed_valleys(work, work.orbits, union.levels, sharp, homes, ordered, merges)
    return EnclosedLandscape(work, tuple(union.levels), tuple(homes), ordered, heights, facets, merges, valleys)


def _edges(work: LevelWork, levels: Iterator[int]) -> Iterator[Edge]:
    orbits = work.orbits
    for first, orbit in enumerate(orbits.between(0, orbits.count)):
        look("facets between signed cells are ordered by their levels")
        for place, crossing in passages(orbit, work.ways):
            second = orbits.rank(sorted((*orbit[:place], *orbit[place + 1 :], crossing.beyond)))
            yield first, second, place, crossing.beyond, next(levels)
