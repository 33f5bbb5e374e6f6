"""landscape(problem): the whole loss surface of a network with one hidden layer and scalar output, exactly."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from exactsurf.errors import InputError
from exactsurf.landscape.batch import Batch
from exactsurf.landscape.merge_tree import Edge, MergeTree, merge_tree
from exactsurf.landscape.run import Progress, batches, estimated_milliseconds
from exactsurf.landscape.signed_cells import passages
from exactsurf.landscape.valley import Valley, find_valleys
from exactsurf.landscape.workload import Workload, workload
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    import networkx
    from matplotlib.axes import Axes

    from exactsurf.landscape.local_minima import LocalMinimum
    from exactsurf.landscape.rows import Row

MAX_CELLS = 1_000_000
"""Orbits of signed cells that `landscape` works through unless told otherwise."""


@dataclass(frozen=True, eq=False)
class Landscape:
    """The landscape of a problem: merge tree, valleys, local minima.

    Attributes: `problem`; `merges`, the merge tree modulo the order of the units, with the number of copies of every
    component; `valleys`, lowest first; `risks[k]`, the minimum over orbit k, and `fits[k]`, the place of its residual in
    `residuals` (coprime integers behind their common denominator). On request: `local_minima`, `tree`.
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
        lowest = [valley for valley in self.valleys if valley.is_global]
        return next((valley for valley in lowest if valley.is_attained), lowest[0])

    @property
    def cells(self) -> int:
        """The number of signed cells of parameter space."""
        return self.work.orbits.full_count

    @property
    def orbits(self) -> int:
        """The number of signed cells modulo the order of the units."""
        return self.work.orbits.count

    @cached_property
    def local_minima(self) -> tuple[LocalMinimum, ...]:
        """The connected sets of local minima of equal risk, lowest first; see `find_local_minima`."""
        from exactsurf.landscape.local_minima import find_local_minima

        return find_local_minima(self)

    @cached_property
    def tree(self) -> networkx.DiGraph[int]:
        """The merge tree as a graph with edges from every node to its parent.

        Nodes are the places in `merges.nodes`, with the attributes `level`, `copies` and, on leaves, `valley` (its place in
        `valleys`).
        """
        import networkx

        graph: networkx.DiGraph[int] = networkx.DiGraph()
        valley_of = {valley.node: place for place, valley in enumerate(self.valleys)}
        for k, node in enumerate(self.merges.nodes):
            graph.add_node(k, level=node.level, copies=node.copies)
            if k in valley_of:
                graph.nodes[k]["valley"] = valley_of[k]
            graph.add_edges_from((child, k) for child in node.children)
        return graph

    def __repr__(self) -> str:
        best = self.global_minimum
        return f"Landscape({self.problem!r}: {len(self.valleys)} valleys, global minimum {best.risk})"

    def to_rows(self) -> list[Row]:
        """The valleys as a plain table, one dict a row, e.g. for ``pandas.DataFrame``; see `valley_rows`."""
        from exactsurf.landscape.rows import valley_rows

        return valley_rows(self)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the disconnectivity graph; see `exactsurf.show.tree_plot.plot_tree`."""
        from exactsurf.show.tree_plot import plot_tree

        return plot_tree(self, ax=ax)

    def _repr_html_(self) -> str:
        from exactsurf.show.notebook_view import landscape_html

        return landscape_html(self)


def landscape(
    problem: Problem,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    max_cells: int = MAX_CELLS,
    checkpoint: str | os.PathLike[str] | None = None,
    dask: str | None = None,
) -> Landscape:
    """The exact landscape of the risk on the whole parameter space: global minimum, all valleys, all barriers.

    Every orbit of signed cells and every facet between two of them is a convex problem that is solved exactly; the merge tree
    of the graph of orbits is that of the risk.
    Parameters: a problem with one hidden layer, one output, a piecewise linear activation and squared loss (or, if the only
    breakpoint is 0 and h(0) = 0, absolute or hinge loss); `workers`, processes (default: all processors where the work is worth
    it); `progress`, called with the orbits done and all; `max_cells`, the most orbits to work through; `checkpoint`, a file that
    keeps what is done: a run that was stopped or killed goes on from there; `dask`, the address of the scheduler of a Dask
    cluster that works instead of processes of this machine.
    Returns: a `Landscape`, the same whoever works.
    Exactness: exact. Raises: `UnsupportedError` for other networks and losses, `InputError` if there are more orbits than
    `max_cells` (with their exact number) or no breakpoints, and for a checkpoint or a scheduler that cannot be used.
    Source: theory.md, theorem B.

    >>> from exactsurf.model.data import Data
    >>> from exactsurf.model.network import Network
    >>> land = landscape(Problem(Network([1, 1, 1]), Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> land.global_minimum.risk, [(str(valley.risk), str(valley.barrier)) for valley in land.valleys]
    (Fraction(1, 3), [('1/3', 'None'), ('3/4', '11/8'), ('3/4', '9/11'), ('1', '12/11')])
    """
    work = workload(problem)
    check_size(work, max_cells)
    return assembled(work, batches(work, workers, progress, checkpoint=checkpoint, dask=dask))


def check_size(work: Workload, max_cells: int) -> None:
    """Raise `InputError` with the exact number of orbits if there are more than `max_cells`."""
    if work.orbits.count > max_cells:
        seconds = estimated_milliseconds(work) // 1000 + 1
        raise InputError(
            f"{work.orbits.count} orbits of signed cells and {work.facets} facets, more than the limit of {max_cells} orbits; "
            f"one process would need about {seconds} s",
            fix="raise max_cells (--max-cells), best with a checkpoint (--resume), or take fewer samples or units",
        )


def assembled(work: Workload, found: Iterator[Batch]) -> Landscape:
    """The landscape from the batches of all orbits, in order.

    Parameters: `found`, from `batches`. Exactness: exact. Raises: nothing. Source: theory.md, theorem B.
    """
    fits = array("I")
    residuals: dict[tuple[int, ...], int] = {}
    values: dict[Fraction, int] = {}
    births, heights = array("I"), array("I")  # of orbits and facets, as places in `values`
    for batch in found:
        fit = [residuals.setdefault(residual, len(residuals)) for residual in batch.residuals]
        risk = [values.setdefault(value, len(values)) for value in batch.risks]
        height = [values.setdefault(value, len(values)) for value in batch.heights]
        fits.extend([fit[place] for place in batch.fits])
        births.extend([risk[place] for place in batch.fits])
        heights.extend([height[place] for place in batch.levels])
    order = list(values)
    levels = sorted(order)
    place_of = {level: place for place, level in enumerate(levels)}
    moved = [place_of[value] for value in order]
    merges = merge_tree(work.orbits, [moved[k] for k in births], _edges(work, (moved[k] for k in heights)), levels)
    valleys = find_valleys(work.minima, work.orbits, merges)
    risks = tuple(order[k] for k in births)
    return Landscape(work.minima.problem, work, risks, tuple(fits), tuple(residuals), merges, valleys)


def _edges(work: Workload, levels: Iterator[int]) -> Iterator[Edge]:
    orbits = work.orbits
    for first, orbit in enumerate(orbits.between(0, orbits.count)):
        for place, crossing in passages(orbit, work.ways):
            second = orbits.rank(sorted((*orbit[:place], *orbit[place + 1 :], crossing.beyond)))
            yield first, second, place, crossing.beyond, next(levels)
