"""landscape(problem): the whole loss surface of a network with one hidden layer and scalar output, exactly."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from exactsurf import display
from exactsurf.effort import UNBOUNDED, AnyEffort, Effort, keeps_effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.number import Exact, brief, exact
from exactsurf.model.data_symmetries import DataSymmetries, data_symmetries
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.surface.batch import Batch
from exactsurf.surface.facet_levels import facet_tree, level_key
from exactsurf.surface.merge_tree import MergeTree
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape, restricted_landscape
from exactsurf.surface.run.run import Progress, batches, check_workers
from exactsurf.surface.sublevel import SublevelLandscape, landscape_below
from exactsurf.surface.valley import Valley, find_valleys, lowest_of
from exactsurf.surface.workload import Workload, workload

if TYPE_CHECKING:
    import networkx
    from matplotlib.axes import Axes

    from exactsurf.cells.slice import Slice
    from exactsurf.surface.local_minima import LocalMinimum
    from exactsurf.surface.rows import Row

MAX_CELLS = 1_000_000
"""Orbits of signed cells that `landscape` works through unless told otherwise."""


@dataclass(frozen=True, eq=False)
class Landscape:
    """The landscape of a problem: merge tree, valleys, local minima.

    Attributes: `problem`; `merges`, the merge tree modulo the order of the units, with the number of copies of every
    component; `valleys`, lowest first; `risks[k]`, the minimum over orbit k, and `fits[k]`, the place of its residual in
    `residuals` (coprime integers behind their common denominator). On request: `local_minima`, `tree`,
    `symmetries`.
    Exactness: exact. Source: theory.md, theorem B.
    """

    problem: Problem
    work: Workload
    risks: tuple[Fraction, ...]
    fits: tuple[int, ...]
    residuals: tuple[tuple[int, ...], ...]
    merges: MergeTree
    valleys: tuple[Valley, ...]

    @property
    def global_minimum(self) -> Valley:
        """A valley of the lowest risk (one that is attained, if any is)."""
        return lowest_of(self.valleys)

    @property
    def cells(self) -> int:
        """The number of signed cells of parameter space."""
        return self.work.orbits.full_count

    @property
    def orbits(self) -> int:
        """The number of signed cells modulo the order of the units."""
        return self.work.orbits.count

    @cached_property
    def symmetries(self) -> DataSymmetries:
        """The symmetries of the data, under which the landscape is invariant; see `data_symmetries`."""
        return data_symmetries(self.problem)

    @cached_property
    def has_all_local_minima(self) -> bool:
        """Whether `local_minima` is known to be complete; for absolute and hinge loss see `has_unique_gradients`."""
        from exactsurf.surface.unique_gradients import has_unique_gradients

        return has_unique_gradients(self.work)

    @cached_property
    def local_minima(self) -> tuple[LocalMinimum, ...]:
        """The connected sets of local minima of equal risk, lowest first; see `find_local_minima`."""
        from exactsurf.surface.local_minima import find_local_minima

        return find_local_minima(self)

    @cached_property
    def tree(self) -> networkx.DiGraph[int]:
        """The merge tree as a graph with edges from every node to its parent.

        Nodes are the places in `merges.nodes`, with the attributes `level`, `copies` and, on leaves, `valley` (its place in
        `valleys`).
        """
        return self.merges.graph({valley.node: place for place, valley in enumerate(self.valleys)})

    def __eq__(self, other: object) -> bool:
        # `work` is made from the problem, and keeps tables of what it has computed.
        return isinstance(other, Landscape) and self._stated == other._stated

    def __hash__(self) -> int:
        return hash((self.problem, self.risks, self.merges))

    @property
    def _stated(self) -> tuple[object, ...]:
        return self.problem, self.risks, self.fits, self.residuals, self.merges, self.valleys

    def __repr__(self) -> str:
        best = self.global_minimum
        return f"Landscape({self.problem!r}: {len(self.valleys)} valleys, global minimum {brief(best.risk)})"

    def to_rows(self) -> list[Row]:
        """The valleys as a plain table, one dict a row, e.g. for ``pandas.DataFrame``; see `valley_rows`."""
        from exactsurf.surface.rows import valley_rows

        return valley_rows(self)

    def local_minimum_rows(self) -> list[Row]:
        """The local minima as a plain table, one dict a row; see `rows.local_minimum_rows`."""
        from exactsurf.surface.rows import local_minimum_rows

        return local_minimum_rows(self)

    def slice(self, first: int, second: int, third: int | None = None, **options: Any) -> Slice:
        """The plane through the bottoms of two or three valleys, for `plot_slice`; see `slice_through_valleys`."""
        from exactsurf.surface.valley_slice import slice_through_valleys

        return slice_through_valleys(self, first, second, third, **options)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the disconnectivity graph; see `exactsurf.show.plots.tree_plot.plot_tree`."""
        return display.tree_plot(self, ax)

    def _repr_html_(self) -> str:
        return display.landscape_html(self)


@overload
def landscape(
    problem: RestrictedProblem,
    *,
    below: None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    max_cells: int = MAX_CELLS,
    checkpoint: str | os.PathLike[str] | None = None,
    dask: str | None = None,
    effort: AnyEffort = None,
) -> RestrictedLandscape: ...


@overload
def landscape(
    problem: Problem,
    *,
    below: None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    max_cells: int = MAX_CELLS,
    checkpoint: str | os.PathLike[str] | None = None,
    dask: str | None = None,
    effort: AnyEffort = None,
) -> Landscape: ...


@overload
def landscape(
    problem: Problem,
    *,
    below: Exact,
    workers: int | None = None,
    progress: Progress | None = None,
    max_cells: int = MAX_CELLS,
    checkpoint: str | os.PathLike[str] | None = None,
    dask: str | None = None,
    effort: AnyEffort = None,
) -> SublevelLandscape: ...


@keeps_effort(UNBOUNDED)
def landscape(
    problem: Problem | RestrictedProblem,
    *,
    below: Exact | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    max_cells: int = MAX_CELLS,
    checkpoint: str | os.PathLike[str] | None = None,
    dask: str | None = None,
    effort: AnyEffort = None,
) -> Landscape | SublevelLandscape | RestrictedLandscape:
    """The exact landscape of the risk on the whole parameter space: global minimum, all valleys, all barriers.

    Every orbit of signed cells and every facet between two of them is a convex problem that is solved exactly; the merge tree
    of the graph of orbits is that of the risk.
    Parameters: a problem with one hidden layer, one output and a piecewise linear activation; `below`, a level: then only what
    lies below it is looked for, by branch and bound, however many other signed cells there are; `workers`, processes (default:
    all processors where the work is worth it); `progress`, called with the orbits done and all; `max_cells`, the most orbits to
    work through; `checkpoint`, a file that keeps what is done: a run that was stopped or killed goes on from there; `dask`, the
    address of the scheduler of a Dask cluster that works instead of processes of this machine; `effort`, seconds or an `Effort`
    (default: as long as it takes), asked after between batches where there is a `checkpoint`: what that holds is not lost. With
    `below`, `max_cells` is the most orbits that go below the level, and `progress` is called with those found and the regions
    looked at.
    A restricted problem in which at most one weight varies on each path (a shared filter under a fixed head, one free layer),
    but for scales (a free factor of a shared filter, the factors of a diagonal linear network), has a `RestrictedLandscape` of
    the free parameters; only `progress`, `max_cells` and `effort` are for it.
    Returns: a `Landscape`, the same whoever works; with `below` a `SublevelLandscape`; of a restricted problem a
    `RestrictedLandscape`.
    Exactness: exact. Raises: `UnsupportedError` for other networks, `InputError` if there are more orbits than `max_cells`
    (with their exact number, or a lower bound where there are far more) or no breakpoints, and for a checkpoint or a
    scheduler that cannot be used; `OutOfTime`.
    Source: theory.md, theorem B.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> land.global_minimum.risk, [(str(valley.risk), str(valley.barrier)) for valley in land.valleys]
    (Fraction(1, 3), [('1/3', 'None'), ('3/4', '11/8'), ('3/4', '9/11'), ('1', '12/11')])
    >>> low = es.landscape(land.problem, below=1)
    >>> [(str(valley.risk), str(valley.barrier), str(valley.barrier_at_least)) for valley in low.valleys]
    [('1/3', 'None', 'None'), ('3/4', 'None', '1'), ('3/4', '9/11', 'None')]
    """
    running = Effort.of(effort, UNBOUNDED).started()
    if isinstance(problem, RestrictedProblem):
        given = {"below": below, "workers": workers, "checkpoint": checkpoint, "dask": dask}
        if named := [name for name, value in given.items() if value is not None]:
            raise UnsupportedError(f"landscapes of restricted problems know no {named[0]}", f"leave out {named[0]}=…")
        return restricted_landscape(problem, max_cells=max_cells, effort=running, progress=progress)
    if below is not None:
        check_workers(workers, dask)
        level = exact(below, "below")
        return landscape_below(
            problem,
            level,
            max_cells=max_cells,
            effort=running,
            watch=progress,
            checkpoint=checkpoint,
            workers=workers,
            dask=dask,
        )
    work = workload(problem, max_cells)
    running.check("the signed cells are counted")

    def report(done: int, total: int) -> None:
        if done < total:
            running.check(f"{done} of {total} orbits of signed cells are done")
        if progress is not None:
            progress(done, total)

    def joined(done: int, total: int) -> None:
        running.check(f"all orbits of signed cells are done, and {done} of {total} levels of the merge tree")

    with closing(batches(work, workers, report, checkpoint=checkpoint, dask=dask)) as found:
        return assembled(work, found, joined)


def assembled(work: Workload, found: Iterator[Batch], watch: Progress | None = None) -> Landscape:
    """The landscape from the batches of all orbits, in order.

    Parameters: `found`, from `batches`; `watch`, as in `facet_tree`. Exactness: exact. Raises: nothing.
    Source: theory.md, theorem B.
    """
    fits = array("I")
    residuals: dict[tuple[int, ...], int] = {}
    values: dict[tuple[int, int], int] = {}
    births = array("I")  # of orbits, as places in `values`
    for batch in found:
        fit = [residuals.setdefault(residual, len(residuals)) for residual in batch.residuals]
        risk = [values.setdefault(value.as_integer_ratio(), len(values)) for value in batch.risks]
        fits.extend([fit[place] for place in batch.fits])
        births.extend([risk[place] for place in batch.fits])
    order = [Fraction(*ratio) for ratio in values]
    ranked = sorted(range(len(order)), key=lambda k: level_key(order[k]))
    levels = [order[k] for k in ranked]
    moved = [0] * len(order)
    for place, k in enumerate(ranked):
        moved[k] = place
    merges = facet_tree(work, [moved[k] for k in births], levels, watch)
    valleys = find_valleys(work.minima, work.orbits, merges)
    risks = tuple(order[k] for k in births)
    return Landscape(work.minima.problem, work, risks, tuple(fits), tuple(residuals), merges, valleys)
