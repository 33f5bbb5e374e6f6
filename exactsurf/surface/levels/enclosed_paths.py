"""Barriers and spurious valleys of landscapes with enclosed levels, as certificates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from exactsurf.cells.unit_cells import enumerate_unit_cells
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.all_cells import ListedCell
from exactsurf.certificate.claims.enclosed_barrier import EnclosedBarrier
from exactsurf.certificate.claims.enclosed_cut import EnclosedCut
from exactsurf.certificate.claims.enclosed_spurious_valley import EnclosedSpuriousValley
from exactsurf.certificate.claims.near_global_minimum import DecayDual
from exactsurf.errors import InputError, InternalError
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.facet_graph import Route, lowest_route
from exactsurf.surface.levels.covering_levels import Wanted, check_span, covering_levels, least_bound, short_above
from exactsurf.surface.levels.enclosed_landscape import AnyEnclosedLandscape
from exactsurf.surface.levels.enclosed_sublevel import EnclosedSublevelLandscape
from exactsurf.surface.levels.enclosure import Enclosure
from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.level_graph import LevelGraph
from exactsurf.surface.levels.level_point import risk_above
from exactsurf.surface.levels.short_duals import bounding_dual, certificate_bits
from exactsurf.surface.low_path import furthest, joined_points
from exactsurf.surface.paths import MAX_CELLS
from exactsurf.surface.side import Side

_ZERO = Fraction(0)


def certify_enclosed_valley(
    land: AnyEnclosedLandscape, bottom: Parameters, *, max_cells: int = MAX_CELLS, embed: bool | None = None
) -> EnclosedSpuriousValley:
    """That a point lies in a spurious valley: how low that is, and how high every path to a lower risk must rise.

    Parameters: `land`, the whole landscape or the one below a level; `bottom`, e.g. the `parameters` of an `EnclosedValley`;
    `max_cells`, the most signed cells to reach; `embed` as in `problem_document`. Returns: a certificate of the kind ``enclosed
    spurious valley``, accepted by the verifier.
    Exactness: exact. Raises: `InputError` if nothing is proved to be lower, or no barrier is proved to be above the point, and
    where `max_cells` are not enough, and if the barrier is not below the level of the landscape; `UnsupportedError` if there is
    weight decay and the inputs do not span their space.
    Source: proofs/claims/enclosed_spurious_valley.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    >>> land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/10"))
    >>> proof = es.certify_enclosed_valley(land, land.valleys[1].parameters)
    >>> proof.floor, proof.bound, proof.level - proof.bound < Fraction(1, 10**9)
    (Fraction(799, 1000), Fraction(11, 8), True)
    """
    check_span(land)
    graph, problem = LevelGraph(land), land.problem
    problem.check_shapes(bottom)
    start = graph.cell_of(bottom)
    own = graph.height(start)
    depth = land.runs[own].enclosure
    route = lowest_route(
        graph, start, lambda cell: graph.height(cell) < own, least=depth.low, max_cells=max_cells, highest=graph.highest
    )
    if route is None and isinstance(land, EnclosedSublevelLandscape):
        raise InputError("nothing lower is joined with the point below the level", fix="ask for a higher level (below, --below)")
    if route is None:
        raise InputError("nothing is proved to be lower than the point", fix="take it to certify_near_global_minimum")
    risk, barrier = risk_above(problem, bottom), land.enclosure(route.level)
    if barrier.low <= max(risk, depth.high):
        raise InputError(
            "no barrier is proved to be above the point: a path leads from it to a lower risk, as far as the enclosures tell",
            fix="take the parameters of a valley of the landscape",
        )
    side = _whole_side(graph, bottom, route.level, max_cells)
    last = land.levels[graph.home(route.cells[-1])]
    lowest = land.runs[land.heights[graph.home(route.cells[-1])]].enclosure
    duals = CutWriter(graph, side).duals(Wanted.of(land, barrier, risk), Wanted.of(land, depth, lowest.high))
    goal = max(min(graph.goal(lowest), (duals.floor + lowest.high) / 2), lowest.high)
    cones = [(land.work.atoms.kinds[kind], 1 - 2 * (kind % 2)) for kind in route.cells[-1]]
    end = graph.point(cones, last, goal)
    points = _joined(problem, [bottom, *_crossings(graph, route, barrier), end])
    level = short_above(max(risk_above(problem, point) for point in points))
    most = short_above(risk, (duals.bound - risk) / 4)
    return confirmed(EnclosedSpuriousValley(problem, most, duals.floor, duals.bound, level, tuple(points), duals.cut, embed))


def certify_enclosed_barrier(
    land: AnyEnclosedLandscape,
    start: Parameters,
    end: Parameters,
    *,
    max_cells: int = MAX_CELLS,
    embed: bool | None = None,
) -> EnclosedBarrier:
    """The barrier between two points, enclosed: a path that rises no higher than a level, and a cut that no lower path passes.

    Parameters: `land`; two points, `max_cells` and `embed` as in `certify_enclosed_valley`.
    Returns: a certificate of the kind ``enclosed barrier``, accepted by the verifier. Exactness: exact.
    Raises: as `certify_enclosed_valley`; `InputError` if no barrier is proved to be above both points.
    Source: proofs/claims/enclosed_barrier.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    >>> land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/10"))
    >>> first, second = (valley.parameters for valley in land.valleys[1:3])
    >>> es.certify_enclosed_barrier(land, first, second).bound
    Fraction(11, 8)
    """
    check_span(land)
    graph, problem = LevelGraph(land), land.problem
    for point in (start, end):
        problem.check_shapes(point)
    goal = graph.cell_of(end)
    least = max(land.runs[graph.height(graph.cell_of(point))].enclosure.low for point in (start, end))
    route = lowest_route(
        graph, graph.cell_of(start), lambda cell: cell == goal, least=least, max_cells=max_cells, highest=graph.highest
    )
    if route is None and isinstance(land, EnclosedSublevelLandscape):
        raise InputError("no path between the points stays below the level", fix="ask for a higher level (below, --below)")
    if route is None:
        raise InternalError("the graph of signed cells is not connected")
    barrier, risk = land.enclosure(route.level), max(risk_above(problem, point) for point in (start, end))
    if barrier.low <= risk:
        raise InputError(
            "no barrier is proved to be above both points: a path between them rises nowhere above the higher one, as far as "
            "the enclosures tell",
            fix="take the parameters of two valleys of the landscape",
        )
    points = _joined(problem, [start, *_crossings(graph, route, barrier), end])
    sides = [Side(graph, graph.cell_of(point), route.level) for point in (start, end)]
    while not any(side.is_complete for side in sides):
        for side in sides:
            side.advance(max_cells)
    if not sides[0].is_complete:
        sides, points = sides[::-1], points[::-1]
    duals = CutWriter(graph, sides[0]).duals(Wanted.of(land, barrier, risk))
    level = short_above(max(risk_above(problem, point) for point in points))
    return confirmed(EnclosedBarrier(problem, duals.bound, level, tuple(points), duals.cut, embed))


@dataclass(frozen=True)
class _Duals:
    cut: EnclosedCut
    bound: Fraction
    floor: Fraction


@dataclass(frozen=True)
class CutWriter:
    """What makes the dual vectors of a certificate; `side`, what can be reached below the barrier."""

    graph: LevelGraph
    side: Side

    def duals(self, height: Wanted, floor: Wanted | None = None) -> _Duals:
        """Dual vectors that close the side, and that bound the risk on its signed cells by a floor, if there is one."""
        land = self.graph.land
        closing = covering_levels(land, self.side.ends, height)
        bound = least_bound(land, closing, height)
        lower = [] if floor is None else covering_levels(land, set(map(self.graph.mask, self.side.reached)), floor)
        own = bound if floor is None else min(least_bound(land, lower, floor), bound)
        return _Duals(self.cut((*closing, *lower)), bound, own)

    def cut(self, levels: Iterable[Level]) -> EnclosedCut:
        """All cells of a unit, and the dual vectors of levels, each once, with slopes where they are needed."""
        problem = self.graph.land.problem
        listed = tuple(ListedCell(cell.pieces, cell.witness) for cell in enumerate_unit_cells(problem))
        bits = None if problem.loss.is_piecewise_quadratic else certificate_bits(problem)
        unique = {level.gradient: level for level in levels}
        return EnclosedCut(listed, tuple(map(self._written, unique.values())), bits)

    def _written(self, level: Level) -> DecayDual:
        setting = self.graph.land.work.levels.setting
        if self.graph.land.problem.decay is None:
            return DecayDual(level.gradient, ())
        kinds = {kind for cell in self.side.reached for kind in cell}
        return bounding_dual(setting, level.gradient, level.bounded, kinds, self.side.crossed)


def _whole_side(graph: LevelGraph, point: Parameters, level: Fraction, max_cells: int) -> Side:
    side = Side(graph, graph.cell_of(point), level)
    while not side.is_complete:
        side.advance(max_cells)
    return side


def _crossings(graph: LevelGraph, route: Route, barrier: Enclosure) -> list[Parameters]:
    """Points on the facets that a route crosses, none of them higher than the barrier."""
    goal = graph.goal(barrier)
    faces = zip(route.cells, route.crossed, strict=False)
    return [graph.point(graph.cones(cell, face), graph.own_level(face), goal) for cell, face in faces]


def _joined(problem: Problem, stops: Sequence[Parameters]) -> list[Parameters]:
    """The points of a path through stops, neighbours in one closed signed cell each."""
    if problem.decay is None:
        return joined_points(problem, stops)
    idle = list(map(_idle_at_nothing, stops))
    points, here = [stops[0], idle[0]], 0
    while here < len(idle) - 1:
        here = furthest(problem, idle, here)
        points.append(idle[here])
    points.append(stops[-1])
    kept = [point for point, _ in groupby(points)]
    return kept if len(kept) > 1 else kept * 2


def _idle_at_nothing(point: Parameters) -> Parameters:
    """The point with weights 0 for units that are off: not higher, and they turn to any weights from there."""
    off = [not v for v in point.weights[1][0]]
    rows = tuple(tuple(_ZERO for _ in row) if idle else row for row, idle in zip(point.weights[0], off, strict=True))
    biases = point.biases[0]
    if biases is not None:
        biases = tuple(_ZERO if idle else value for value, idle in zip(biases, off, strict=True))
    return replace(point, weights=(rows, point.weights[1]), biases=(biases, point.biases[1]))
