"""Sublevel components with enclosed levels: against exact landscapes, walks over facets, and paths between numbers."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest

import exactsurf as es
from exactsurf.surface.facet_graph import lowest_route
from exactsurf.surface.levels.level_graph import LevelGraph
from exactsurf.surface.training.enclosed_component import enclosed_component
from tests.surface.training.instances import points

DATA = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
LABELS = es.Data.from_arrays([0, 1, 2, 3], [1, -1, 1, 1])
PROBLEMS = [
    es.Problem(es.Network([1, 1, 1]), DATA, weight_decay="1/10"),
    es.Problem(es.Network([1, 2, 1], biases=False), es.Data.from_arrays([1, -1, 2], [1, 2, -1]), weight_decay="1/4"),
    es.Problem(es.Network([1, 1, 1]), LABELS, "logistic"),
    es.Problem(es.Network([1, 1, 1]), LABELS, "logistic", weight_decay="1/20"),
    es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-4, 3, 2, 0], [1, 0, 1, 2]), es.huber(1), weight_decay="1/50"),
]
LANDS = [es.enclosed_landscape(problem, workers=1) for problem in PROBLEMS]


def within(land: es.EnclosedLandscape, start: tuple[int, ...], highest: Fraction) -> set[int]:
    """The valleys, by a walk over all facets whose runs begin at `highest` at most."""
    graph, reached, waiting = LevelGraph(land), {start}, [start]
    while waiting:
        cell = waiting.pop()
        for beyond, place, generators in graph.facets(cell):
            face = graph.facet(cell, place, generators)
            if beyond not in reached and graph.level(face) <= highest:
                reached.add(beyond)
                waiting.append(beyond)
    ranks = {land.work.orbits.rank(sorted(cell)) for cell in reached}
    return {place for place, valley in enumerate(land.valleys) if ranks & set(valley.cells)}


@pytest.mark.parametrize("land", LANDS, ids=lambda land: repr(land.problem))
def test_the_merge_tree_says_what_a_walk_finds(land: es.EnclosedLandscape):
    for point in points(land, 16, seed=1):
        component = es.sublevel_component(land, point)
        assert component.floor.low <= component.risk.high and component.risk.low <= component.risk.high
        reached = within(land, component.cell, component.risk.high)
        assert reached == set(component.perhaps_valleys) and set(component.valleys) <= reached
        assert component.is_undecided == (component.copies == (1,) != component.perhaps_copies)
        if component.is_captured:
            assert component.valley in reached and component.exit_level is None or component.exit_level.low > component.risk.high


def test_without_decay_both_landscapes_say_the_same():
    """A tiny weight decay hardly moves levels: points far from all barriers have the component that the exact landscape has."""
    exact = es.landscape(es.Problem(es.Network([1, 1, 1]), DATA), workers=1)
    tiny = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), DATA, weight_decay="1/100000"), workers=1)
    levels = [node.level for node in exact.merges.nodes]
    compared = 0
    for point in points(exact, 30, seed=7):
        one = es.sublevel_component(exact, point)
        if min(abs(one.risk - level) for level in levels) > Fraction(1, 50):
            compared += 1
            bottoms = [exact.valleys[place].risk for place in one.valleys]
            found = es.sublevel_component(tiny, point)
            assert [round(float(tiny.valleys[place].risk.low), 2) for place in found.valleys] == [
                round(float(b), 2) for b in bottoms
            ]
    assert compared > 8


@pytest.mark.parametrize("land", LANDS[:3], ids=lambda land: repr(land.problem))
def test_leaps_and_runs(land: es.EnclosedLandscape):
    found = list(points(land, 12, seed=2))
    run = es.follow_trajectory(land, found)
    graph = LevelGraph(land)
    for k, (one, two) in enumerate(pairwise(run.components)):
        low, high = max(one.risk.low, two.risk.low), max(one.risk.high, two.risk.high)
        route = lowest_route(graph, one.cell, lambda cell, goal=two.cell: cell == goal, least=Fraction(-1), max_cells=10**5)
        level = land.runs[0].enclosure if route.level < 0 else land.enclosure(route.level)
        if level.low > high:
            assert k in run.leaps
        elif level.high <= low:
            assert k not in run.leaps and k not in run.undecided
        assert (k in run.rises) == (two.risk.low > one.risk.high)


def test_a_risk_within_the_enclosure_of_a_barrier_is_undecided():
    """The risk of a point on the barrier itself: a wide landscape cannot tell, and the answer says so."""
    land = es.enclosed_landscape(
        es.Problem(es.Network([1, 1, 1]), LABELS, "logistic", weight_decay="1/10"), width="1/100", workers=1
    )
    bottom = land.valleys[2].parameters
    barrier = land.valleys[2].merges_at
    low, high = Fraction(0), Fraction(3)
    risk = lambda t: land.problem.risk(moved(land, bottom, t)).midpoint  # noqa: E731
    while risk(high) < barrier.high:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if risk(middle) < (barrier.low + barrier.high) / 2 else (low, middle)
    component = es.sublevel_component(land, moved(land, bottom, low))
    if barrier.low < component.risk.low and component.risk.high < barrier.high:
        assert component.is_undecided and component.valley is None and len(component.perhaps_valleys) > 1
        assert "perhaps" in repr(component)
        found = es.training_valleys(land, [[bottom, moved(land, bottom, low)]])
        assert found.undecided_runs == (0,) == found.open_runs and sum(found.counts) == 0
        with pytest.raises(es.InputError, match="not captured"):
            es.certify_capture(land, moved(land, bottom, low))


def moved(land: es.EnclosedLandscape, point: es.Parameters, t: Fraction) -> es.Parameters:
    named = {name: point[name] for name in ("W1", "b1", "W2")}
    return land.problem.parameters(**named, b2=[point["b2"][0] + t])


def test_histograms_and_rows():
    land = LANDS[0]
    found = es.training_valleys(land, [[valley.parameters] for valley in land.valleys] * 2)
    assert found.counts == (2, 2, 2, 2) and found.open_floors == {} and found.undecided_runs == ()
    assert [row["runs"] for row in found.to_rows()] == [2, 2, 2, 2]
    assert [bar.runs for bar in es.plots.plot_training_data(found)] == [2, 2, 2, 2]
    runs = es.training_valleys(land, es.gradient_descent(land.problem, range(6), records=5))
    assert sum(runs.counts) + len(runs.open_runs) == 6


def test_shapes():
    with pytest.raises(es.ShapeError):
        enclosed_component(LANDS[0], LANDS[1].valleys[0].parameters)
