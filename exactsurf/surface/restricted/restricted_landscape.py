"""The landscape of a restricted problem, of degree 1 or with scales: global minimum, valleys, barriers, local minima, exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, TypeAlias

from exactsurf import display
from exactsurf.cells.affine_network import affine_network
from exactsurf.effort import UNBOUNDED, AnyEffort, Effort, keeps_effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import brief
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.scales import scales_where_needed
from exactsurf.surface.merge_tree import GrowingTree, Meeting, MergeTree
from exactsurf.surface.restricted.affine_cells import AffineCells, affine_cells
from exactsurf.surface.restricted.minimiser_sets import RestrictedMinimum, local_minima
from exactsurf.surface.restricted.scaled_cells import ScaledCells, scaled_cells
from exactsurf.surface.restricted.scaled_minima import local_minima as scaled_local_minima
from exactsurf.surface.valley import Valley, find_barriers, lowest_of

if TYPE_CHECKING:
    import networkx
    from matplotlib.axes import Axes

    from exactsurf.surface.rows import Row

Watch: TypeAlias = Callable[[int, int], object]
"""Called with the cells that are done, and all."""


@dataclass(frozen=True, eq=False)
class RestrictedLandscape:
    """The landscape of a restricted problem in which predictions are affine on every cell, in the free parameters or in products.

    Attributes: `problem`; `merges`, the merge tree; `valleys`, lowest first; `risks[k]`, the minimum over cell k, and
    `minimisers[k]`, values of the free parameters there; `facets`, how many pairs of cells have one. On request:
    `local_minima`, all of them where `has_all_local_minima`; `tree`. Every minimum is attained.
    Exactness: exact. Source: proofs/claims/restricted_surface.md, proofs/scaled_surface.md.
    """

    problem: RestrictedProblem
    risks: tuple[Fraction, ...]
    minimisers: tuple[Vector, ...]
    facets: int
    merges: MergeTree
    valleys: tuple[Valley, ...]
    _cells: AffineCells | ScaledCells = field(repr=False)

    @property
    def global_minimum(self) -> Valley:
        """A valley of the lowest risk."""
        return lowest_of(self.valleys)

    @property
    def lowest_values(self) -> Vector:
        """Values of the free parameters at a global minimum."""
        return self.minimisers[min(range(len(self.risks)), key=self.risks.__getitem__)]

    @property
    def cells(self) -> int:
        """The number of cells of the free parameters."""
        return len(self.risks)

    @property
    def has_paths(self) -> bool:
        """Whether `lowest_path` and certificates of barriers and valleys are known: not with scales."""
        return isinstance(self._cells, AffineCells)

    @property
    def affine_cells(self) -> AffineCells:
        """The cells, if at most one weight varies on each path; raises `UnsupportedError` for a landscape with scales."""
        if isinstance(self._cells, AffineCells):
            return self._cells
        raise UnsupportedError(
            "paths, and certificates of barriers and valleys, are not known for restricted problems with scales",
            "es.certify_global_minimum proves their global minimum, and es.decide their local minima",
        )

    @property
    def has_all_local_minima(self) -> bool:
        """Whether `local_minima` is known to be complete: not for losses with kinks where a scale can be 0 beside a filter."""
        return isinstance(self._cells, AffineCells) or self._cells.has_all_local_minima

    @cached_property
    def local_minima(self) -> tuple[RestrictedMinimum, ...]:
        """The local minima, as connected sets of equal risk, lowest first.

        See `minimiser_sets.local_minima`, and with scales `scaled_minima.local_minima`.
        """
        places = {valley.node: place for place, valley in enumerate(self.valleys)}
        under = [tuple(sorted(places[leaf] for leaf in self.merges.leaves_under(home))) for home in self.merges.homes]
        cells, bottoms = self._cells, [valley.cells for valley in self.valleys]
        if isinstance(cells, AffineCells):
            return local_minima(cells, self.risks, self.minimisers, under, bottoms)
        points = [tuple(values[k] for k in cells.scales.kept) for values in self.minimisers]
        return scaled_local_minima(cells, self.risks, points, under, bottoms)

    @cached_property
    def tree(self) -> networkx.DiGraph[int]:
        """The merge tree as a graph with edges from every node to its parent; attributes as in `Landscape.tree`."""
        return self.merges.graph({valley.node: place for place, valley in enumerate(self.valleys)})

    def to_rows(self) -> list[Row]:
        """The valleys as a plain table, one dict a row; see `rows.valley_rows`."""
        from exactsurf.surface.rows import valley_rows

        return valley_rows(self)

    def local_minimum_rows(self) -> list[Row]:
        """The local minima as a plain table, one dict a row; see `rows.local_minimum_rows`."""
        from exactsurf.surface.rows import local_minimum_rows

        return local_minimum_rows(self)

    def plot(self, *, ax: Axes | None = None) -> Axes:
        """Draw the disconnectivity graph; see `exactsurf.show.plots.tree_plot.plot_tree`."""
        return display.tree_plot(self, ax)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RestrictedLandscape) and self._stated == other._stated

    def __hash__(self) -> int:
        return hash((self.problem, self.risks, self.merges))

    @property
    def _stated(self) -> tuple[object, ...]:
        return self.problem, self.risks, self.minimisers, self.merges, self.valleys

    def __repr__(self) -> str:
        best = self.global_minimum
        return f"RestrictedLandscape({self.problem!r}: {len(self.valleys)} valleys, global minimum {brief(best.risk)})"


@keeps_effort(UNBOUNDED)
def restricted_landscape(
    problem: RestrictedProblem, *, max_cells: int, effort: AnyEffort = None, progress: Watch | None = None
) -> RestrictedLandscape:
    """The landscape of a restricted problem; see `landscape`.

    On every cell the risk is convex in the free parameters, so components of sublevel sets are those of the graph of cells and
    facets, each with the minimum over it.
    Parameters: as those of `landscape`. Exactness: exact. Raises: as `affine_network`; `InputError` for more cells than
    `max_cells`, `OutOfTime`. Source: proofs/claims/restricted_surface.md.

    >>> import exactsurf as es
    >>> filters = es.convolution(4, [2], strides=2, head=[1, 1])
    >>> inputs = [[1, -1, 1, 1], [-1, 0, 2, 0], [-2, 1, 2, -2], [-1, 2, 1, 0]]
    >>> land = es.landscape(es.RestrictedProblem(filters, es.Data.from_arrays(inputs, [2, 2, 2, 1])))
    >>> [(str(valley.risk), str(valley.barrier)) for valley in land.valleys], len(land.local_minima)
    ([('0', 'None'), ('7/6', '29/10'), ('65/28', '69/26'), ('317/106', '181/58'), ('69/22', '63/19')], 5)
    """
    running = Effort.of(effort, UNBOUNDED).started()
    scales = scales_where_needed(problem)
    cells: AffineCells | ScaledCells
    if scales is None:
        cells = affine_cells(affine_network(problem), max_cells, running)
    else:
        cells = scaled_cells(problem, scales, max_cells, running)
    count = cells.count
    found = []
    for cell in range(count):
        running.check(f"the minima over {cell} of {count} cells are known")
        if progress is not None:
            progress(cell, count)
        found.append(cells.minimum(cell, running))
    if progress is not None:
        progress(count, count)
    risks = tuple(least.value for least in found)
    facets = list(cells.facets())
    merges = merged(cells, risks, [least.point for least in found], facets, running)
    barriers = find_barriers(merges)
    parents = {child: node.level for node in merges.nodes for child in node.children}
    at = problem.restriction.at
    points = tuple(cells.values(cell, least.point) for cell, least in enumerate(found))
    valleys = [
        Valley(node.level, barriers[k], parents.get(k), 1, at(points[node.cells[0]]), node.cells, k)
        for k, node in enumerate(merges.nodes)
        if not node.children
    ]
    valleys.sort(key=lambda valley: (valley.risk, valley.node))
    return RestrictedLandscape(problem, risks, points, len(facets), merges, tuple(valleys), cells)


def merged(
    cells: AffineCells | ScaledCells,
    risks: tuple[Fraction, ...],
    points: list[Vector],
    facets: list[tuple[int, int, int]],
    effort: Effort,
) -> MergeTree:
    """The merge tree of cells and their facets.

    Parameters: `risks` and `points`, the minima over the cells; `facets`, as `cells.facets()` lists them. Exactness: exact.
    Raises: `OutOfTime`. Source: proofs/claims/restricted_surface.md, theorem 1 (Kruskal 1956).
    """
    return _merge_tree(risks, _met(cells, risks, points, facets, effort))


def _met(
    cells: AffineCells | ScaledCells,
    risks: tuple[Fraction, ...],
    points: list[Vector],
    facets: list[tuple[int, int, int]],
    effort: Effort,
) -> list[tuple[Fraction, int, int]]:
    """Facets at which components join, with their levels, rising; those between cells that are joined lower are left out.

    The minimum over a facet is not below those over its cells: a facet is solved when its turn comes by that bound.
    """
    waiting = [(max(risks[a], risks[b]), False, a, b, hyperplane) for a, b, hyperplane in facets]
    heapify(waiting)
    parent = list(range(len(risks)))

    def root(cell: int) -> int:
        while parent[cell] != cell:
            parent[cell] = parent[parent[cell]]
            cell = parent[cell]
        return cell

    met = []
    while waiting:
        level, is_known, a, b, hyperplane = heappop(waiting)
        one, other = root(a), root(b)
        if one == other:
            continue
        if is_known:
            parent[one] = other
            met.append((level, a, b))
            continue
        effort.check(f"the minima over all cells are known, and {len(met)} levels at which they join")
        exact = cells.facet_minimum(a, hyperplane, points[a], effort).value
        heappush(waiting, (exact, True, a, b, hyperplane))
    return met


def _merge_tree(risks: tuple[Fraction, ...], met: list[tuple[Fraction, int, int]]) -> MergeTree:
    tree = GrowingTree(1, [0] * len(risks))
    born: dict[Fraction, list[int]] = {}
    joined: dict[Fraction, list[Meeting]] = {}
    for cell, risk in enumerate(risks):
        born.setdefault(risk, []).append(cell)
    for level, a, b in met:
        joined.setdefault(level, []).append((a, b, (0,)))
    for level in sorted({*born, *joined}):
        tree.rise(level, born.get(level, ()), joined.get(level, ()))
    return tree.grown()
