"""The proof that a point has been captured by a valley: no path below a level leads anywhere else."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import overload

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.capture import Capture
from exactsurf.certificate.claims.cut import Cut
from exactsurf.certificate.claims.enclosed_capture import EnclosedCapture
from exactsurf.errors import UnsupportedError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import Exact, exact
from exactsurf.model.parameters import Parameters
from exactsurf.surface.dual_cover import DualCover
from exactsurf.surface.facet_graph import FacetGraph, SignedCell
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
from exactsurf.surface.paths import MAX_CELLS, closing_duals, listed_cells
from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
from exactsurf.surface.side import Side
from exactsurf.surface.surface import Landscape
from exactsurf.surface.training.capture_points import capture_level, points_inwards
from exactsurf.surface.training.enclosed_capture import enclosed_capture
from exactsurf.surface.training.sublevel_component import sublevel_component


@overload
def certify_capture(
    land: Landscape,
    parameters: Parameters,
    *,
    level: Exact | None = None,
    max_cells: int = MAX_CELLS,
    embed: bool | None = None,
) -> Capture: ...


@overload
def certify_capture(
    land: EnclosedLandscape,
    parameters: Parameters,
    *,
    level: Exact | None = None,
    max_cells: int = MAX_CELLS,
    embed: bool | None = None,
) -> EnclosedCapture: ...


def certify_capture(
    land: Landscape | EnclosedLandscape,
    parameters: Parameters,
    *,
    level: Exact | None = None,
    max_cells: int = MAX_CELLS,
    embed: bool | None = None,
) -> Capture | EnclosedCapture:
    """That a point has been captured: wherever a path leads from it below a level, some path that never rises goes to one bottom.

    Parameters: `land`, from `landscape` or `enclosed_landscape`; `parameters` of its network; `level`, above their risk and at
    most the `exit_level` of their sublevel component (default: that, or one more than the risk where there is no other
    component); `max_cells`, the most signed cells to reach; `embed` as in `problem_document`.
    Returns: a certificate of the kind ``captured below a level``, accepted by the verifier; where levels are enclosed, of the
    kind ``captured below an enclosed level``, whose paths may rise by about the width of the enclosures. Exactness: exact.
    Raises: `InputError` if the component holds several valleys or copies, or may hold them, for other levels, and when
    `max_cells` are not enough; `UnsupportedError` for restricted problems, if the minimum over a signed cell is not attained, and
    where levels are enclosed if there is weight decay and the inputs do not span their space. Source: proofs/claims/capture.md,
    proofs/claims/enclosed_capture.md.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> theta = land.problem.parameters(W1=[[2]], b1=[-4], W2=[[1]], b2=["1/2"])
    >>> proof = es.certify_capture(land, theta)
    >>> proof.kind, str(proof.risk), str(proof.bottom), str(proof.level)
    ('captured below a level', '1/2', '1/3', '9/11')
    """
    given = None if level is None else exact(level, "level")
    if isinstance(land, EnclosedLandscape):
        return enclosed_capture(land, parameters, given, max_cells, embed)
    if isinstance(land, RestrictedLandscape):
        fix = "es.certify_spurious_valley proves valleys, and es.certify_barrier the barriers between them"
        raise UnsupportedError("certificates of capture are not known for restricted problems", fix)
    component = sublevel_component(land, parameters)
    graph = FacetGraph(land.work)
    top = capture_level(component, component.risk, component.exit_level, given)
    side = Side(graph, component.cell, top)
    while not side.is_complete:
        side.advance(max_cells)
    risks = {cell: graph.level(graph.face(cell)) for cell in side.reached}
    lowest = min(risks, key=lambda cell: (risks[cell], cell))
    points, leads_to, _ = points_inwards(graph, risks, graph.minimiser(lowest, graph.face(lowest)))
    cut = Cut(listed_cells(land.problem), (*closing_duals(graph, side), *_floors(graph, risks)))
    return confirmed(Capture(land.problem, parameters, component.risk, top, points, leads_to, cut, embed))


def _floors(graph: FacetGraph, risks: dict[SignedCell, Fraction]) -> Iterable[Vector]:
    """Dual vectors by which the minima over these signed cells are no lower."""
    cones: dict[Fraction, set[int]] = {}
    for cell, risk in risks.items():
        cones.setdefault(risk, set()).add(graph.face(cell).mask)
    for risk, masks in sorted(cones.items()):
        cover = DualCover(graph.minima, graph.minima.masks, risk)
        for mask in sorted(masks):
            if not cover.covers(mask):
                cover.add(mask)
        yield from cover.needed_on(masks)
