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
from exactsurf.errors import InputError, InternalError, UnsupportedError
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.facet_graph import Route, lowest_route
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
from exactsurf.surface.levels.enclosure import Enclosure
from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.level_graph import LevelGraph
from exactsurf.surface.levels.level_point import face_point, risk_above
from exactsurf.surface.levels.short_duals import BITS, bounding_dual, short_between, shortened, spare
from exactsurf.surface.low_path import furthest, joined_points
from exactsurf.surface.paths import MAX_CELLS
from exactsurf.surface.side import Side

_ZERO = Fraction(0)


def certify_enclosed_valley(
    land: EnclosedLandscape, bottom: Parameters, *, max_cells: int = MAX_CELLS, embed: bool | None = None
) -> EnclosedSpuriousValley:
    """That a point lies in a spurious valley: how low that is, and how high every path to a lower risk must rise.

    Parameters: `land`; `bottom`, e.g. the `parameters` of an `EnclosedValley`; `max_cells`, the most signed cells to reach;
    `embed` as in `problem_document`. Returns: a certificate of the kind ``enclosed spurious valley``, accepted by the verifier.
    Exactness: exact. Raises: `InputError` if nothing is proved to be lower, or no barrier is proved to be above the point, and
    where `max_cells` are not enough; `UnsupportedError` if there is weight decay and the inputs do not span their space.
    Source: proofs/claims/enclosed_spurious_valley.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    >>> land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/10"))
    >>> proof = es.certify_enclosed_valley(land, land.valleys[1].parameters)
    >>> proof.floor, proof.bound, proof.level - proof.bound < Fraction(1, 10**9)
    (Fraction(799, 1000), Fraction(11, 8), True)
    """
    _check_span(land)
    graph, problem = LevelGraph(land), land.problem
    problem.check_shapes(bottom)
    start = graph.cell_of(bottom)
    own = graph.height(start)
    depth = land.runs[own].enclosure
    route = lowest_route(graph, start, lambda cell: graph.height(cell) < own, least=depth.low, max_cells=max_cells)
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
    duals = _Writer(graph, side).duals(_Wanted.of(land, barrier, risk), _Wanted.of(land, depth, lowest.high))
    goal = max(min(_goal(land, lowest), (duals.floor + lowest.high) / 2), lowest.high)
    cones = [(land.work.atoms.kinds[kind], 1 - 2 * (kind % 2)) for kind in route.cells[-1]]
    end = _point(land, cones, last, goal)
    points = _joined(problem, [bottom, *_crossings(graph, route, barrier), end])
    level = _above(max(risk_above(problem, point) for point in points), None)
    most = _above(risk, (duals.bound - risk) / 4)
    return confirmed(EnclosedSpuriousValley(problem, most, duals.floor, duals.bound, level, tuple(points), duals.cut, embed))


def certify_enclosed_barrier(
    land: EnclosedLandscape,
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
    _check_span(land)
    graph, problem = LevelGraph(land), land.problem
    for point in (start, end):
        problem.check_shapes(point)
    goal = graph.cell_of(end)
    least = max(land.runs[graph.height(graph.cell_of(point))].enclosure.low for point in (start, end))
    route = lowest_route(graph, graph.cell_of(start), lambda cell: cell == goal, least=least, max_cells=max_cells)
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
    duals = _Writer(graph, sides[0]).duals(_Wanted.of(land, barrier, risk))
    level = _above(max(risk_above(problem, point) for point in points), None)
    return confirmed(EnclosedBarrier(problem, duals.bound, level, tuple(points), duals.cut, embed))


@dataclass(frozen=True)
class _Duals:
    cut: EnclosedCut
    bound: Fraction
    floor: Fraction


@dataclass(frozen=True)
class _Wanted:
    """A level that dual vectors should show, and how much less is enough: nothing where it is exact, else half its width."""

    level: Fraction
    slack: Fraction

    @staticmethod
    def of(land: EnclosedLandscape, level: Enclosure, other: Fraction) -> _Wanted:
        """The lower end of a level, told from a lower number."""
        slack = min(land.work.width * abs(level.low), level.low - other) / 4
        return _Wanted(level.low, _ZERO if level.is_exact else slack)


@dataclass(frozen=True)
class _Writer:
    """What makes the dual vectors of a certificate; `side`, what can be reached below the barrier."""

    graph: LevelGraph
    side: Side

    def duals(self, height: _Wanted, floor: _Wanted | None = None) -> _Duals:
        """Dual vectors that close the side, and that bound the risk on its signed cells by a floor, if there is one."""
        closing = self._chosen(self.side.ends, height)
        bound = self._least(closing, height)
        lower = [] if floor is None else self._chosen({self.graph.mask(cell) for cell in self.side.reached}, floor)
        own = bound if floor is None else min(self._least(lower, floor), bound)
        problem = self.graph.land.problem
        listed = tuple(ListedCell(cell.pieces, cell.witness) for cell in enumerate_unit_cells(problem))
        bits = None if problem.loss.is_piecewise_quadratic else BITS
        unique = {level.gradient: level for level in (*closing, *lower)}
        return _Duals(EnclosedCut(listed, tuple(map(self._written, unique.values())), bits), bound, own)

    def _chosen(self, cones: Iterable[int], wanted: _Wanted) -> list[Level]:
        """Few levels whose dual vectors together hold on all of these cones."""
        land, rest = self.graph.land, sorted(cones)
        goal = wanted.level - 2 * wanted.slack
        able = [level for level in land.levels if level.low >= wanted.level - wanted.slack]
        holding = [sum(1 << k for k, mask in enumerate(rest) if not mask & ~level.bounded) for level in able]
        found: list[Level] = []
        left = (1 << len(rest)) - 1
        while left:
            best = max(range(len(able)), key=lambda k: (holding[k] & left).bit_count(), default=None)
            if best is not None and holding[best] & left:
                found.append(shortened(land, able[best], goal))
                left &= ~holding[best]
                continue
            place = left.bit_length() - 1
            # Its own dual vector holds on a cone, whatever those of others do.
            found.append(shortened(land, land.work.levels.alone(rest[place]), goal))
            left &= ~(1 << place)
        return found

    def _least(self, levels: Sequence[Level], wanted: _Wanted) -> Fraction:
        """A short number that all of these levels reach."""
        least = min((level.low for level in levels), default=wanted.level)
        if self.graph.land.problem.loss.is_piecewise_quadratic:
            return wanted.level if least >= wanted.level else short_between(least - wanted.slack, least)
        # An enclosure of the verifier has another radius.
        end = min(least, wanted.level) - spare(wanted.level)
        return short_between(end - wanted.slack - spare(wanted.level), end)

    def _written(self, level: Level) -> DecayDual:
        setting = self.graph.land.work.levels.setting
        if self.graph.land.problem.decay is None:
            return DecayDual(level.gradient, ())
        kinds = {kind for cell in self.side.reached for kind in cell}
        return bounding_dual(setting, level.gradient, level.bounded, kinds, self.side.crossed)


def _above(risk: Fraction, room: Fraction | None) -> Fraction:
    """A short number a little above a risk, by half of the room at most, if that is given."""
    little = spare(risk) if room is None else min(spare(risk), room)
    return short_between(risk + little, risk + 2 * little)


def _check_span(land: EnclosedLandscape) -> None:
    if not isinstance(land, EnclosedLandscape):
        raise InputError(
            "certificates of valleys and barriers with enclosed levels need an EnclosedLandscape",
            text=type(land).__name__,
            fix="take es.enclosed_landscape(problem)",
        )
    if land.problem.decay is not None and land.work.table.lineality:
        raise UnsupportedError("the inputs do not span their space", "leave out inputs that depend on others")


def _whole_side(graph: LevelGraph, point: Parameters, level: Fraction, max_cells: int) -> Side:
    side = Side(graph, graph.cell_of(point), level)
    while not side.is_complete:
        side.advance(max_cells)
    return side


def _goal(land: EnclosedLandscape, level: Enclosure) -> Fraction:
    """How high a point near a level may be."""
    return max(level.low + land.work.width * (level.low if level.low > 0 else 1), level.high)


def _point(land: EnclosedLandscape, cones: Sequence[tuple[int, int]], level: Level, goal: Fraction) -> Parameters:
    found = face_point(land.work, cones, level, goal)
    if found is None:
        raise InputError("no parameters so near to a level were found", fix="name a larger width (--width)")
    return found


def _crossings(graph: LevelGraph, route: Route, barrier: Enclosure) -> list[Parameters]:
    """Points on the facets that a route crosses, none of them higher than the barrier."""
    goal = _goal(graph.land, barrier)
    found = []
    for cell, face in zip(route.cells, route.crossed, strict=False):
        found.append(_point(graph.land, graph.cones(cell, face), graph.own_level(face), goal))
    return found


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
