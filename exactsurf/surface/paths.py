"""Paths through parameter space on which the risk stays low: explicit, exact, and certified."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias, overload

from exactsurf.cells.unit_cells import enumerate_unit_cells
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.all_cells import ListedCell
from exactsurf.certificate.claims.barrier import Barrier
from exactsurf.certificate.claims.cut import Cut
from exactsurf.certificate.claims.path import PathCertificate
from exactsurf.certificate.claims.restricted_paths import RestrictedBarrier, RestrictedPath, RestrictedSpuriousValley
from exactsurf.certificate.claims.spurious_valley import SpuriousValley
from exactsurf.effort import UNBOUNDED, AnyEffort, Effort, keeps_effort
from exactsurf.errors import InputError, InternalError, UnsupportedError, check_kind
from exactsurf.exact.number import brief
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.surface.barrier_regions import barrier_regions
from exactsurf.surface.dual_cover import DualCover
from exactsurf.surface.facet_graph import FacetGraph, Route, SignedCell, lowest_route
from exactsurf.surface.low_path import LowPath, is_joined, joined_path, stepwise_path
from exactsurf.surface.restricted.free_paths import (
    LowFreePath,
    RestrictedSurface,
    certify_free_barrier,
    certify_free_path,
    certify_free_valley,
    descending_free_path,
    low_free_path,
)
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
from exactsurf.surface.side import Side
from exactsurf.surface.sublevel import SublevelLandscape
from exactsurf.surface.surface import Landscape
from exactsurf.surface.workload import workload

Surface: TypeAlias = Problem | Landscape | SublevelLandscape

MAX_CELLS = 1_000_000
"""Signed cells (the order of the units kept) that a search for a path reaches unless told otherwise."""


@overload
def lowest_path(problem: RestrictedSurface, start: Parameters, end: Parameters, *, max_cells: int = MAX_CELLS) -> LowFreePath: ...


@overload
def lowest_path(problem: Surface, start: Parameters, end: Parameters, *, max_cells: int = MAX_CELLS) -> LowPath: ...


def lowest_path(
    problem: Surface | RestrictedSurface, start: Parameters, end: Parameters, *, max_cells: int = MAX_CELLS
) -> LowPath | LowFreePath:
    """A path between two points whose largest risk is as small as possible; its `level` is the lowest barrier between them.

    Parameters: a problem as for `landscape`, or a landscape; two points; `max_cells`, the most signed cells to reach.
    Of a restricted problem it is a path of values of the free parameters, a `LowFreePath`; `max_cells` are then those of its
    landscape, if that is not given.
    Exactness: exact; no path stays lower (`certify_barrier` proves it).
    Raises: `UnsupportedError` for other networks and losses, or if the level is not attained; `InputError` if `max_cells` are
    not enough. Source: theory.md, theorem B.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> best, other = (valley.parameters for valley in land.valleys[:2])
    >>> es.lowest_path(land, other, best).level
    Fraction(11, 8)
    """
    if isinstance(problem, RestrictedProblem | RestrictedLandscape):
        return low_free_path(problem, start, end, max_cells, UNBOUNDED)
    graph = _graph(problem)
    route = _between(graph, start, end, max_cells)
    return _low_path(graph, route, start, end)


@overload
def find_path(
    problem: RestrictedSurface, start: Parameters, end: Parameters, level: Fraction, *, max_cells: int = MAX_CELLS
) -> LowFreePath | None: ...


@overload
def find_path(
    problem: Surface, start: Parameters, end: Parameters, level: Fraction, *, max_cells: int = MAX_CELLS
) -> LowPath | None: ...


def find_path(
    problem: Surface | RestrictedSurface,
    start: Parameters,
    end: Parameters,
    level: Fraction,
    *,
    max_cells: int = MAX_CELLS,
) -> LowPath | LowFreePath | None:
    """A path between two points on which the risk is at most `level`; None if there is none.

    Parameters: as for `lowest_path`; `level`, a risk. Returns: the path of `lowest_path`, if it stays within the level.
    Exactness, Raises, Source: as for `lowest_path`.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> best, other = (valley.parameters for valley in land.valleys[:2])
    >>> es.find_path(land, other, best, Fraction(11, 8)) is None, es.find_path(land, other, best, Fraction(1)) is None
    (False, True)
    """
    path = lowest_path(problem, start, end, max_cells=max_cells)
    return path if path.level <= level else None


@overload
def descending_path(problem: RestrictedSurface, start: Parameters, *, max_cells: int = MAX_CELLS) -> LowFreePath | None: ...


@overload
def descending_path(problem: Surface, start: Parameters, *, max_cells: int = MAX_CELLS) -> LowPath | None: ...


def descending_path(
    problem: Surface | RestrictedSurface, start: Parameters, *, max_cells: int = MAX_CELLS
) -> LowPath | LowFreePath | None:
    """A path from a point to one of lower risk along which the risk never rises; None if there is none.

    From a local minimum that is no bottom of a valley it leads out over its plateau, on which the risk stays, and then down.
    Parameters: as for `lowest_path`. Exactness: exact. Raises: as `lowest_path`. Source: theory.md, theorem B: the path crosses
    minimisers of signed cells of this risk, and ends at that of the first signed cell with a lower one.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> path = es.descending_path(land, land.local_minima[-1].parameters)
    >>> [str(land.problem.risk(path.points[k])) for k in (0, -1)], es.descending_path(land, land.local_minima[1].parameters)
    (['11/8', '1/3'], None)
    """
    if isinstance(problem, RestrictedProblem | RestrictedLandscape):
        return descending_free_path(problem, start, max_cells, UNBOUNDED)
    graph = _graph(problem)
    instance = graph.minima.problem
    instance.check_shapes(start)
    risk = instance.rational_risk(start)

    def lower(cell: SignedCell) -> bool:
        return graph.level(graph.face(cell)) < risk

    route = lowest_route(graph, graph.cell_of(start), lower, least=risk, max_cells=max_cells, highest=risk)
    if route is None:
        return None
    stops = [start, *(graph.minimiser(cell, face) for cell, face in zip(route.cells, route.crossed, strict=False))]
    # Up to the last facet these are minimisers of signed cells on both of their sides, so nothing may be passed over.
    return stepwise_path(instance, [*stops, graph.minimiser(route.cells[-1], graph.face(route.cells[-1]))])


@overload
def certify_path(path: LowFreePath, level: Fraction | None = None, *, embed: bool | None = None) -> RestrictedPath: ...


@overload
def certify_path(path: LowPath, level: Fraction | None = None, *, embed: bool | None = None) -> PathCertificate: ...


def certify_path(
    path: LowPath | LowFreePath, level: Fraction | None = None, *, embed: bool | None = None
) -> PathCertificate | RestrictedPath:
    """The certificate that the risk is at most `level` (default: the level of the path) all along a path.

    Parameters: `embed` as in `problem_document`. Returns: a certificate, accepted by the verifier. Exactness: exact.
    Raises: `InputError` if the path rises above `level`. Source: proofs/claims/path.md.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> best, other = (valley.parameters for valley in land.valleys[:2])
    >>> es.certify_path(es.lowest_path(land, other, best)).level
    Fraction(11, 8)
    """
    if isinstance(path, LowFreePath):
        return certify_free_path(path, level, embed)
    check_kind(path, LowPath, "certify_path", "take es.lowest_path(problem, start, end)")
    if level is not None and path.level > level:
        raise InputError(f"the path rises to {brief(path.level)}, above the level {brief(level)}")
    return confirmed(PathCertificate(path.problem, path.level if level is None else level, path.points, embed=embed))


@overload
def certify_barrier(
    problem: RestrictedSurface,
    start: Parameters,
    end: Parameters,
    *,
    max_cells: int = MAX_CELLS,
    embed: bool | None = None,
    formal: bool = False,
    effort: AnyEffort = None,
) -> RestrictedBarrier | RestrictedPath: ...


@overload
def certify_barrier(
    problem: Surface,
    start: Parameters,
    end: Parameters,
    *,
    max_cells: int = MAX_CELLS,
    embed: bool | None = None,
    formal: bool = False,
    effort: AnyEffort = None,
) -> Barrier | PathCertificate: ...


@keeps_effort(UNBOUNDED)
def certify_barrier(
    problem: Surface | RestrictedSurface,
    start: Parameters,
    end: Parameters,
    *,
    max_cells: int = MAX_CELLS,
    embed: bool | None = None,
    formal: bool = False,
    effort: AnyEffort = None,
) -> Barrier | PathCertificate | RestrictedBarrier | RestrictedPath:
    """The barrier between two points: a path that rises no higher, and a cut that no lower path passes.

    Parameters: as for `lowest_path`; `embed` as in `problem_document`; `formal`, whether the cut is a tree of regions, so that
    the checker proved in Coq knows the certificate; `effort`, seconds or an `Effort`, for the cut (as long as it takes unless
    given).
    Returns: a certificate of the kind ``barrier``, accepted by the verifier; of the kind ``path`` if the path rises nowhere above
    the higher one of its ends, so that there is no barrier. Of a restricted problem they are of the kinds ``barrier of a
    restricted risk`` and ``path of a restricted risk``; `formal` is not known for it.
    Exactness: exact. Raises: as `lowest_path`, and `OutOfTime`. Source: theory.md, theorem B; proofs/claims/barrier.md.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> best, other = (valley.parameters for valley in land.valleys[:2])
    >>> proof = es.certify_barrier(land, other, best)
    >>> proof.kind, proof.level
    ('barrier', Fraction(11, 8))
    """
    running = Effort.of(effort, UNBOUNDED).started()
    if isinstance(problem, RestrictedProblem | RestrictedLandscape):
        if formal:
            raise UnsupportedError("formal is not known for restricted problems", "leave out formal=True")
        return certify_free_barrier(problem, start, end, max_cells, embed, running)
    graph = _graph(problem)
    instance = graph.minima.problem
    path = _low_path(graph, _between(graph, start, end, max_cells), start, end)
    if path.level <= max(instance.rational_risk(start), instance.rational_risk(end)):
        return certify_path(path, embed=embed)
    sides = [Side(graph, graph.cell_of(point), path.level) for point in (start, end)]
    while not any(side.is_complete for side in sides):
        for side in sides:
            running.check("signed cells on one side of the barrier")
            side.advance(max_cells)
    points = path.points
    if not sides[0].is_complete:
        sides, points = sides[::-1], points[::-1]
    if formal:
        tree = barrier_regions(graph.minima, sides[0].reached, path.level, running)
        return confirmed(Barrier(instance, path.level, points, tree, embed=embed))
    cut = Cut(listed_cells(instance), closing_duals(graph, sides[0]))
    return confirmed(Barrier(instance, path.level, points, cut, embed=embed))


@overload
def certify_spurious_valley(
    problem: RestrictedSurface, bottom: Parameters, *, max_cells: int = MAX_CELLS, embed: bool | None = None
) -> RestrictedSpuriousValley: ...


@overload
def certify_spurious_valley(
    problem: Surface, bottom: Parameters, *, max_cells: int = MAX_CELLS, embed: bool | None = None
) -> SpuriousValley: ...


def certify_spurious_valley(
    problem: Surface | RestrictedSurface, bottom: Parameters, *, max_cells: int = MAX_CELLS, embed: bool | None = None
) -> SpuriousValley | RestrictedSpuriousValley:
    """That a point is a bottom of a spurious valley: how high every path from it to a lower risk must rise, and one that does.

    Parameters: a problem as for `landscape`, or a landscape; `bottom`, e.g. the `parameters` of a `Valley`; `max_cells`, the most
    signed cells to reach; `embed` as in `problem_document`.
    Returns: a certificate of the kind ``spurious valley`` (``spurious valley of a restricted risk``), accepted by the verifier.
    Exactness: exact.
    Raises: as `lowest_path`, and `InputError` if the point is a global minimum or no bottom of a valley.
    Source: theory.md, theorem B; proofs/claims/spurious_valley.md.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> best, other = (valley.parameters for valley in land.valleys[:2])
    >>> proof = es.certify_spurious_valley(land, other)
    >>> proof.kind, proof.level
    ('spurious valley', Fraction(11, 8))
    """
    if isinstance(problem, RestrictedProblem | RestrictedLandscape):
        return certify_free_valley(problem, bottom, max_cells, embed, UNBOUNDED)
    graph = _graph(problem)
    instance = graph.minima.problem
    risk = instance.rational_risk(bottom)

    def lower(cell: SignedCell) -> bool:
        return graph.level(graph.face(cell)) < risk

    route = lowest_route(graph, graph.cell_of(bottom), lower, least=risk, max_cells=max_cells)
    if route is None:
        raise InputError("the point is a global minimum, so its valley is not spurious", fix="take it to certify_global_minimum")
    if route.level <= risk:
        raise InputError(
            "the point is not a bottom of a valley: a path leads from it to a lower risk and never rises",
            fix="take the parameters of a valley of the landscape",
        )
    goal = graph.minimiser(route.cells[-1], graph.face(route.cells[-1]))
    path = _low_path(graph, route, bottom, goal)
    side = Side(graph, route.cells[0], path.level)
    while not side.is_complete:
        side.advance(max_cells)
    duals = closing_duals(graph, side)
    floor = DualCover(graph.minima, graph.minima.masks, risk)
    cones = sorted({graph.face(cell).mask for cell in side.reached})
    for mask in cones:
        if not floor.covers(mask):
            floor.add(mask)
    cut = Cut(listed_cells(instance), (*duals, *floor.needed_on(cones)))
    return confirmed(SpuriousValley(instance, path.level, path.points, cut, risk, embed))


def closing_duals(graph: FacetGraph, side: Side) -> tuple[tuple[Fraction, ...], ...]:
    """Dual vectors that close all facets where a side ends."""
    cover = DualCover(graph.minima, graph.minima.masks, side.level)
    for mask in sorted(side.ends):
        if not cover.covers(mask):
            cover.add(mask)
    return cover.needed_on(side.ends)


def _graph(problem: Surface) -> FacetGraph:
    check_kind(problem, (Problem, Landscape, SublevelLandscape), "a path", "build a Problem, or take es.landscape(problem)")
    return FacetGraph(workload(problem) if isinstance(problem, Problem) else problem.work)


def listed_cells(problem: Problem) -> tuple[ListedCell, ...]:
    """All cells of a hidden unit, as certificates list them."""
    return tuple(ListedCell(cell.pieces, cell.witness) for cell in enumerate_unit_cells(problem))


def _between(graph: FacetGraph, start: Parameters, end: Parameters, max_cells: int) -> Route:
    problem = graph.minima.problem
    for point in (start, end):
        problem.check_shapes(point)
    goal = graph.cell_of(end)
    least = max(problem.rational_risk(start), problem.rational_risk(end))
    route = lowest_route(graph, graph.cell_of(start), lambda cell: cell == goal, least=least, max_cells=max_cells)
    if route is None:
        raise InternalError("the graph of signed cells is not connected")
    return route


def _low_path(graph: FacetGraph, route: Route, start: Parameters, end: Parameters) -> LowPath:
    problem = graph.minima.problem
    stops = [start]
    for cell, face in zip(route.cells, route.crossed, strict=False):
        # Once the end is in a signed cell with the point at hand, no facet is left to cross.
        if not is_joined(problem, stops[-1], end):
            stops.append(graph.minimiser(cell, face))
    stops.append(end)
    return joined_path(problem, stops)
