"""What proofs of capture have in common: the level, and points that lead to the bottom of a valley."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from fractions import Fraction

from exactsurf.errors import InputError, InternalError
from exactsurf.exact.number import brief, to_text
from exactsurf.model.parameters import Parameters
from exactsurf.surface.facet_graph import SignedCell
from exactsurf.surface.spread import SpreadGraph, kinds_at
from exactsurf.surface.training.enclosed_component import EnclosedSublevelComponent
from exactsurf.surface.training.sublevel_component import SublevelComponent


def capture_level(
    component: SublevelComponent | EnclosedSublevelComponent, risk: Fraction, highest: Fraction | None, level: Fraction | None
) -> Fraction:
    """The level below which a point is captured: the given one, or the highest.

    Parameters: `component` of the point; its `risk`; `highest`, the level at which the component joins another one, if it does;
    `level`, if one is given. Exactness: exact. Raises: `InputError` if the point is not captured, and for other levels.
    Source: proofs/claims/capture.md.
    """
    if not component.is_captured:
        raise InputError(
            f"the point is not captured: its sublevel component holds {sum(component.copies)} valleys",
            text=repr(component),
            fix="ask about a later point of the trajectory",
        )
    if level is None:
        return risk + 1 if highest is None else highest
    if level <= risk or (highest is not None and level > highest):
        bound = "" if highest is None else f" and at most {brief(highest)}, where the component joins another one"
        raise InputError(f"the level must be above the risk of the point{bound}", text=to_text(level))
    return level


def points_inwards(
    graph: SpreadGraph, risks: Mapping[SignedCell, Fraction], bottom: Parameters
) -> tuple[tuple[Parameters, ...], tuple[int, ...], dict[SignedCell, int]]:
    """A bottom, and points that lead to earlier ones, so that each of the signed cells has a minimiser among them.

    Parameters: `risks`, the least risk over each signed cell, or what stands for it in the graph; `bottom`, a point of the least
    of these. Returns: the points, what each but the first leads to, and for every signed cell the place of a point in it.
    Exactness: exact. Raises: as the minimiser of the graph. Source: proofs/claims/capture.md.
    """
    of_risk: dict[Fraction, list[SignedCell]] = {}
    for cell, risk in sorted(risks.items()):
        of_risk.setdefault(risk, []).append(cell)
    points: list[Parameters] = []
    leads_to: list[int] = []
    home: dict[SignedCell, int] = {}
    waiting: deque[SignedCell] = deque()

    def add(point: Parameters, risk: Fraction) -> None:
        points.append(point)
        kinds = kinds_at(graph.table, point)
        for cell in of_risk[risk]:
            if cell not in home and all(kind in own for kind, own in zip(cell, kinds, strict=True)):
                home[cell] = len(points) - 1
                waiting.append(cell)

    add(bottom, min(of_risk))
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
    return tuple(points), tuple(leads_to), home
