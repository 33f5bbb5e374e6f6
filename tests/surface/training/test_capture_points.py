"""What proofs of capture have in common: levels in range, and points that lead inwards, each not higher than the last."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.surface.facet_graph import FacetGraph
from exactsurf.surface.side import Side
from exactsurf.surface.training.capture_points import capture_level, points_inwards
from tests.surface.training.instances import LANDS


@pytest.mark.parametrize("land", LANDS[:4], ids=lambda land: repr(land.problem))
def test_points_lead_to_the_bottom(land: es.Landscape):
    valley = land.valleys[0]
    component = es.sublevel_component(land, valley.parameters)
    graph = FacetGraph(land.work)
    side = Side(graph, component.cell, capture_level(component, component.risk, component.exit_level, None))
    while not side.is_complete:
        side.advance(10**6)
    risks = {cell: graph.level(graph.face(cell)) for cell in side.reached}
    points, leads_to, home = points_inwards(graph, risks, valley.parameters)
    assert set(home) == set(risks) and len(leads_to) == len(points) - 1
    heights = [land.problem.risk(point) for point in points]
    assert all(heights[goal] <= heights[k] and goal < k for k, goal in enumerate(leads_to, start=1))
    assert all(heights[place] == risks[cell] for cell, place in home.items())


def test_levels():
    land = LANDS[0]
    component = es.sublevel_component(land, land.valleys[1].parameters)
    assert capture_level(component, component.risk, component.exit_level, None) == component.exit_level
    assert capture_level(component, component.risk, None, None) == component.risk + 1
    with pytest.raises(es.InputError, match="above the risk"):
        capture_level(component, component.risk, component.exit_level, Fraction(0))
