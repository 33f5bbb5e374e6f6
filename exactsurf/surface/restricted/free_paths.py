"""Paths of values of free parameters on which a restricted risk stays low, and their certificates."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.restricted_paths import RestrictedBarrier, RestrictedPath, RestrictedSpuriousValley
from exactsurf.effort import Effort
from exactsurf.errors import InputError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import to_text
from exactsurf.model.parameters import Parameters
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.surface.restricted.free_graph import FreeGraph, Way
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape, restricted_landscape
from exactsurf.surface.restricted.sided_search import SidedSearch

RestrictedSurface: TypeAlias = RestrictedProblem | RestrictedLandscape


@dataclass(frozen=True)
class LowFreePath:
    """A path through values of the free parameters of a restricted problem, straight between its `points`.

    `level` is the largest risk on it, which is that of one of the points: two neighbours lie in one closed cell, on which the
    risk is convex. Exactness: exact. Source: proofs/claims/restricted_surface.md; proofs/claims/restricted_paths.md.
    """

    problem: RestrictedProblem
    points: tuple[Vector, ...]
    level: Fraction

    @property
    def stops(self) -> tuple[Parameters, ...]:
        """The points as parameters of the network."""
        return tuple(map(self.problem.restriction.at, self.points))

    def at(self, step: int, t: Fraction) -> Parameters:
        """The point of a step, at the time t from 0 to 1. Exactness, Raises: as `LowPath.at`."""
        if not 0 <= step < len(self.points) - 1 or not 0 <= t <= 1:
            raise InputError(f"the path has steps 0 to {len(self.points) - 2}, each for times from 0 to 1", text=f"{step}, {t}")
        pairs = zip(self.points[step], self.points[step + 1], strict=True)
        return self.problem.restriction.at(tuple(a + t * (b - a) for a, b in pairs))


def low_free_path(surface: RestrictedSurface, start: Parameters, end: Parameters, max_cells: int, effort: Effort) -> LowFreePath:
    """The path of `lowest_path` for a restricted problem. Parameters, Exactness, Raises, Source: as there."""
    land = _landscape(surface, max_cells, effort)
    graph = _graph(land, effort)
    one, other = map(land.problem.values, (start, end))
    least = max(map(land.problem.unrestricted.rational_risk, (start, end)))
    way = graph.lowest_way(graph.cells.around(one), graph.cells.around(other), least)
    return _path(land, graph, [one, *way.crossed, other])


def descending_free_path(surface: RestrictedSurface, start: Parameters, max_cells: int, effort: Effort) -> LowFreePath | None:
    """The path of `descending_path` for a restricted problem. Parameters, Exactness, Raises, Source: as there."""
    land = _landscape(surface, max_cells, effort)
    graph, values = _graph(land, effort), land.problem.values(start)
    risk = land.problem.unrestricted.rational_risk(start)
    way = _down(graph, values, risk)
    if way is None or way.level > risk:
        return None
    return _path(land, graph, [values, *way.crossed, land.minimisers[way.cells[-1]]])


def certify_free_path(path: LowFreePath, level: Fraction | None, embed: bool | None) -> RestrictedPath:
    """The certificate of `certify_path` for a restricted problem. Parameters, Exactness, Raises, Source: as there."""
    if level is not None and path.level > level:
        raise InputError(f"the path rises to {to_text(path.level)}, above the level {to_text(level)}")
    return confirmed(RestrictedPath(path.problem, path.level if level is None else level, path.points, embed=embed))


def certify_free_barrier(
    surface: RestrictedSurface, start: Parameters, end: Parameters, max_cells: int, embed: bool | None, effort: Effort
) -> RestrictedBarrier | RestrictedPath:
    """The certificate of `certify_barrier` for a restricted problem. Parameters, Exactness, Raises, Source: as there."""
    land = _landscape(surface, max_cells, effort)
    path = low_free_path(land, start, end, max_cells, effort)
    if path.level <= max(map(land.problem.unrestricted.rational_risk, (start, end))):
        return certify_free_path(path, None, embed)
    graph = _graph(land, effort)
    tree = SidedSearch(graph, _side(graph, path.points[0], path.level), path.level).tree()
    return confirmed(RestrictedBarrier(land.problem, path.level, path.points, tree, embed=embed))


def certify_free_valley(
    surface: RestrictedSurface, bottom: Parameters, max_cells: int, embed: bool | None, effort: Effort
) -> RestrictedSpuriousValley:
    """The certificate of `certify_spurious_valley` for a restricted problem. Parameters, Exactness, Raises, Source: as there."""
    land = _landscape(surface, max_cells, effort)
    graph, values = _graph(land, effort), land.problem.values(bottom)
    risk = land.problem.unrestricted.rational_risk(bottom)
    way = _down(graph, values, risk)
    if way is None:
        raise InputError("the point is a global minimum, so its valley is not spurious", fix="take it to certify_global_minimum")
    if way.level <= risk:
        raise InputError(
            "the point is not a bottom of a valley: a path leads from it to a lower risk and never rises",
            fix="take the parameters of a valley of the landscape",
        )
    path = _path(land, graph, [values, *way.crossed, land.minimisers[way.cells[-1]]])
    tree = SidedSearch(graph, _side(graph, values, path.level), path.level, least=risk).tree()
    return confirmed(RestrictedSpuriousValley(land.problem, path.level, path.points, tree, risk, embed=embed))


def _landscape(surface: RestrictedSurface, max_cells: int, effort: Effort) -> RestrictedLandscape:
    if isinstance(surface, RestrictedLandscape):
        return surface
    return restricted_landscape(surface, max_cells=max_cells, effort=effort)


def _graph(land: RestrictedLandscape, effort: Effort) -> FreeGraph:
    return FreeGraph(land.affine_cells, land.risks, land.minimisers, effort)


def _down(graph: FreeGraph, values: Vector, risk: Fraction) -> Way | None:
    """The lowest way to a cell with a lower minimum, None if there is none."""
    goals = {cell for cell, least in enumerate(graph.risks) if least < risk}
    return graph.lowest_way(graph.cells.around(values), goals, risk) if goals else None


def _side(graph: FreeGraph, values: Vector, level: Fraction) -> frozenset[int]:
    """The cells that a path from a point reaches below a level."""
    return frozenset(graph.joined_below(graph.cells.around(values)[0], level))


def _path(land: RestrictedLandscape, graph: FreeGraph, stops: list[Vector]) -> LowFreePath:
    points = graph.straightened(stops)
    at = land.problem.restriction.at
    return LowFreePath(land.problem, points, max(land.problem.unrestricted.rational_risk(at(point)) for point in points))
