"""Which valleys a sublevel component holds, against a walk over all signed cells with the order of the units kept."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.surface.facet_graph import FacetGraph
from tests.surface.training.instances import LANDS, points


def walked(graph: FacetGraph, start, level: Fraction) -> set:
    """The signed cells that can be reached over facets on which the risk is at most the level somewhere."""
    reached, waiting = {start}, [start]
    while waiting:
        cell = waiting.pop()
        for beyond, place, generators in graph.facets(cell):
            if beyond not in reached and graph.level(graph.facet(cell, place, generators)) <= level:
                reached.add(beyond)
                waiting.append(beyond)
    return reached


def held(land: es.Landscape, reached: set) -> dict[int, int]:
    """How many copies of each valley lie in these signed cells."""
    graph, found = FacetGraph(land.work), {}
    for place, valley in enumerate(land.valleys):
        orbits = {land.work.orbits[k] for k in valley.cells}
        left = {cell for cell in reached if tuple(sorted(cell)) in orbits}
        while left:
            left -= walked(graph, min(left), valley.risk)
            found[place] = found.get(place, 0) + 1
    return found


@pytest.mark.parametrize("land", LANDS, ids=lambda land: repr(land.problem))
def test_the_merge_tree_says_what_a_walk_finds(land: es.Landscape):
    graph = FacetGraph(land.work)
    for point in points(land, 16, seed=1):
        component = es.sublevel_component(land, point)
        reached = walked(graph, component.cell, component.risk)
        assert dict(zip(component.valleys, component.copies, strict=True)) == held(land, reached)
        assert component.is_captured == (sum(held(land, reached).values()) == 1)
        assert component.floor == graph.level(graph.face(component.cell)) <= component.risk
        higher = sorted({node.level for node in land.merges.nodes if node.level > component.risk})
        here = held(land, reached)
        more = (level for level in higher if held(land, walked(graph, component.cell, level)) != here)
        assert component.exit_level == next(more, None)


@pytest.mark.parametrize("land", LANDS, ids=lambda land: repr(land.problem))
def test_bottoms_are_captured_by_their_own_valleys_where_these_are_alone(land: es.Landscape):
    for place, valley in enumerate(land.valleys):
        component = es.sublevel_component(land, valley.parameters)
        assert component.valley == place and component.exit_level == valley.merges_at


def test_high_points_reach_everything():
    land = LANDS[0]
    far = land.problem.parameters(W1=[[100]], b1=[100], W2=[[100]], b2=[100])
    component = es.sublevel_component(land, far)
    assert component.valleys == (0, 1, 2, 3) and component.exit_level is None and component.valley is None


def test_order_of_units_and_shapes():
    land = LANDS[4]
    for valley in land.valleys:
        w, b, v = (valley.parameters[name] for name in ("W1", "b1", "W2"))
        swapped = land.problem.parameters(W1=w[::-1], b1=b[::-1], W2=[v[0][::-1]], b2=valley.parameters["b2"])
        one, two = (es.sublevel_component(land, point) for point in (valley.parameters, swapped))
        assert (one.valleys, one.copies, one.exit_level) == (two.valleys, two.copies, two.exit_level)
    with pytest.raises(es.ShapeError):
        es.sublevel_component(land, LANDS[0].valleys[0].parameters)
