"""The proof that a point has been captured by a valley: no path below a level leads anywhere else."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from fractions import Fraction

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.capture import Capture
from exactsurf.certificate.claims.cut import Cut
from exactsurf.errors import InputError, InternalError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import Exact, exact, to_text
from exactsurf.model.parameters import Parameters
from exactsurf.surface.dual_cover import DualCover
from exactsurf.surface.facet_graph import FacetGraph, SignedCell
from exactsurf.surface.paths import MAX_CELLS, closing_duals, listed_cells
from exactsurf.surface.side import Side
from exactsurf.surface.spread import kinds_at
from exactsurf.surface.surface import Landscape
from exactsurf.surface.training.sublevel_component import SublevelComponent, sublevel_component


def certify_capture(
    land: Landscape,
    parameters: Parameters,
    *,
    level: Exact | None = None,
    max_cells: int = MAX_CELLS,
    embed: bool | None = None,
) -> Capture:
    """That a point has been captured: wherever a path leads from it below a level, some path that never rises goes to one bottom.

    Parameters: `land`, from `landscape`; `parameters` of its network; `level`, above their risk and at most the `exit_level` of
    their sublevel component (default: that, or one more than the risk where there is no other component); `max_cells`, the most
    signed cells to reach; `embed` as in `problem_document`.
    Returns: a certificate of the kind ``captured below a level``, accepted by the verifier. Exactness: exact.
    Raises: `InputError` if the component holds several valleys or copies, for other levels, and when `max_cells` are not enough;
    `UnsupportedError` if the minimum over a signed cell is not attained. Source: proofs/claims/capture.md.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> theta = land.problem.parameters(W1=[[2]], b1=[-4], W2=[[1]], b2=["1/2"])
    >>> proof = es.certify_capture(land, theta)
    >>> proof.kind, str(proof.risk), str(proof.bottom), str(proof.level)
    ('captured below a level', '1/2', '1/3', '9/11')
    """
    component = sublevel_component(land, parameters)
    graph = FacetGraph(land.work)
    top = _level(component, None if level is None else exact(level, "level"))
    side = Side(graph, component.cell, top)
    while not side.is_complete:
        side.advance(max_cells)
    risks = {cell: graph.level(graph.face(cell)) for cell in side.reached}
    points, leads_to = _points(graph, risks)
    cut = Cut(listed_cells(land.problem), (*closing_duals(graph, side), *_floors(graph, risks)))
    return confirmed(Capture(land.problem, parameters, component.risk, top, points, leads_to, cut, embed))


def _level(component: SublevelComponent, level: Fraction | None) -> Fraction:
    if not component.is_captured:
        raise InputError(
            f"the point is not captured: its sublevel component holds {sum(component.copies)} valleys",
            text=repr(component),
            fix="ask about a later point of the trajectory",
        )
    highest = component.exit_level
    if level is None:
        return component.risk + 1 if highest is None else highest
    if level <= component.risk or (highest is not None and level > highest):
        bound = "" if highest is None else f" and at most {to_text(highest)}, where the component joins another one"
        raise InputError(f"the level must be above the risk of the point{bound}", text=to_text(level))
    return level


def _points(graph: FacetGraph, risks: dict[SignedCell, Fraction]) -> tuple[tuple[Parameters, ...], tuple[int, ...]]:
    """A bottom, and points that lead to earlier ones, so that each of the signed cells has a minimiser among them."""
    of_risk: dict[Fraction, list[SignedCell]] = {}
    for cell, risk in sorted(risks.items()):
        of_risk.setdefault(risk, []).append(cell)
    points: list[Parameters] = []
    leads_to: list[int] = []
    home: dict[SignedCell, int] = {}
    waiting: deque[SignedCell] = deque()

    def add(point: Parameters, risk: Fraction) -> None:
        points.append(point)
        kinds = kinds_at(graph.minima.table, point)
        for cell in of_risk[risk]:
            if cell not in home and all(kind in own for kind, own in zip(cell, kinds, strict=True)):
                home[cell] = len(points) - 1
                waiting.append(cell)

    lowest = min(of_risk)
    add(graph.minimiser(of_risk[lowest][0], graph.face(of_risk[lowest][0])), lowest)
    while waiting:
        cell = waiting.popleft()
        for beyond, place, generators in graph.facets(cell):
            if beyond in home or beyond not in risks:
                continue
            face = graph.facet(cell, place, generators)
            if graph.level(face) == risks[beyond]:
                leads_to.append(home[cell])
                add(graph.minimiser(cell, face), risks[beyond])
    if len(home) != len(risks):
        raise InternalError(f"{len(home)} of {len(risks)} signed cells of the component lead to its bottom")
    return tuple(points), tuple(leads_to)


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
