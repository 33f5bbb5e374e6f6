"""The proof that a point has been captured by a valley of a landscape with enclosed levels."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.enclosed_capture import EnclosedCapture
from exactsurf.errors import InputError
from exactsurf.model.parameters import Parameters
from exactsurf.surface.facet_graph import SignedCell
from exactsurf.surface.levels.covering_levels import Wanted, check_span, covering_levels, least_bound, short_above
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
from exactsurf.surface.levels.enclosed_list import heights_of, short_rise
from exactsurf.surface.levels.enclosed_paths import CutWriter
from exactsurf.surface.levels.level import Level
from exactsurf.surface.levels.level_graph import LevelGraph
from exactsurf.surface.levels.level_point import risk_above
from exactsurf.surface.side import Side
from exactsurf.surface.training.capture_points import capture_level, points_inwards
from exactsurf.surface.training.enclosed_component import enclosed_component

_ZERO = Fraction(0)


def enclosed_capture(
    land: EnclosedLandscape, parameters: Parameters, level: Fraction | None, max_cells: int, embed: bool | None
) -> EnclosedCapture:
    """The certificate; see `certify_capture`.

    Parameters: as there. Exactness: exact. Raises: as there. Source: proofs/claims/enclosed_capture.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    >>> land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/10"))
    >>> proof = enclosed_capture(land, land.valleys[2].parameters, None, 1000, None)
    >>> proof.kind, round(float(proof.bottom), 6), proof.rise < Fraction(1, 10**8), round(float(proof.level), 6)
    ('captured below an enclosed level', 0.799, True, 0.88)
    """
    check_span(land, (EnclosedLandscape,))
    component = enclosed_component(land, parameters)
    graph, risk = LevelGraph(land), risk_above(land.problem, parameters)
    exit_level = component.exit_level
    top = capture_level(component, component.risk.high, None if exit_level is None else exit_level.low, level)
    side = Side(graph, component.cell, top)
    while not side.is_complete:
        side.advance(max_cells)
    height = Wanted(top, _ZERO) if level is not None or exit_level is None else Wanted.of(land, exit_level, risk)
    closing = covering_levels(land, side.ends, height)
    bound = least_bound(land, closing, height) if closing else top
    if bound <= risk:
        raise InputError("no barrier is proved to be above the point", fix="name a smaller width, or a lower level")
    lower, bounds = _floors(graph, side)
    runs = {cell: land.runs[graph.height(cell)].enclosure.low for cell in side.reached}
    lowest = min(runs, key=lambda cell: (runs[cell], cell))
    cones = [(land.work.atoms.kinds[kind], 1 - 2 * (kind % 2)) for kind in lowest]
    start = graph.point(cones, land.levels[graph.home(lowest)], graph.goal(land.enclosure(runs[lowest])))
    points, leads_to, home = points_inwards(graph, runs, start)
    is_exact = land.problem.loss.is_piecewise_quadratic
    rise = short_rise(is_exact, heights_of(land.problem, points, leads_to), home, bounds)
    bottom = risk_above(land.problem, points[0])
    most, bottom = (risk, bottom) if is_exact else (short_above(risk, (bound - risk) / 4), short_above(bottom))
    cut = CutWriter(graph, side).cut((*closing, *lower))
    return confirmed(EnclosedCapture(land.problem, parameters, most, bound, bottom, rise, points, leads_to, cut, embed))


def _floors(graph: LevelGraph, side: Side) -> tuple[list[Level], dict[SignedCell, Fraction]]:
    """Levels whose dual vectors bound the risk on the signed cells that are reached, and the best bound on each."""
    land, of_run = graph.land, dict[int, list[SignedCell]]()
    for cell in side.reached:
        of_run.setdefault(graph.height(cell), []).append(cell)
    found: list[Level] = []
    bounds: dict[SignedCell, Fraction] = {}
    for run, cells in sorted(of_run.items()):
        masks = {cell: graph.mask(cell) for cell in cells}
        levels = covering_levels(land, set(masks.values()), Wanted.of(land, land.runs[run].enclosure))
        found += levels
        for cell, mask in masks.items():
            bounds[cell] = max(level.low for level in levels if not mask & ~level.bounded)
    return found, bounds
