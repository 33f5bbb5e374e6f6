"""Points marked in slices: where they are, their risks, and the ways down, against steps of the exact risk."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.exact.number import exact
from exactsurf.show.plots.slice_marks import slice_marks
from exactsurf.show.plots.slice_plot import plot_slice, plot_slice_data
from tests.cells.slice_cases import direction, random_problem

ZIGZAG = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))


def point(w: object, b: object, v: object = 1) -> es.Parameters:
    return ZIGZAG.parameters(W1=[[w], [1]], b1=[b, "-1"], W2=[[v, "1/2"]], b2=[0])


ORIGIN = point(0, 0)
PLANE = es.Slice(
    ZIGZAG,
    ORIGIN,
    ZIGZAG.parameters(W1=[[1], [0]], b1=[0, 0], W2=[[0, 0]], b2=[0]),
    ZIGZAG.parameters(W1=[[0], [0]], b1=[1, 0], W2=[[0, 0]], b2=[0]),
    (-4, 4, -4, 4),
)


def test_the_slice_through_three_points_has_them_at_its_corners():
    rnd = random.Random(5)
    problem = random_problem(rnd, (2, 3, 1), samples=4)
    corners = [direction(problem, rnd) for _ in range(3)]
    plane = es.Slice.through(problem, *corners)
    assert [plane.position(corner) for corner in corners] == [(0, 0), (1, 0), (0, 1)]
    assert [plane.parameters_at(*plane.position(corner)) for corner in corners] == corners
    for _ in range(5):
        place = Fraction(rnd.randint(-9, 9), 4), Fraction(rnd.randint(-9, 9), 5)
        assert plane.position(plane.parameters_at(*place)) == place


def test_what_has_no_position():
    rnd = random.Random(6)
    problem = random_problem(rnd, (2, 3, 1), samples=4)
    first, second, third, other = (direction(problem, rnd) for _ in range(4))
    with pytest.raises(es.InputError, match="not on the plane"):
        es.Slice.through(problem, first, second, third).position(other)
    with pytest.raises(es.InputError, match="parallel"):
        es.Slice.through(problem, first, second, second).position(first)
    with pytest.raises(es.ShapeError):
        es.Slice.through(problem, first, second, ORIGIN)


def test_a_point_outside_the_window_is_refused():
    with pytest.raises(es.InputError, match="outside the window"):
        plot_slice_data(PLANE, points=[PLANE.parameters_at(5, 0)])


def slope(place: tuple[Fraction, Fraction], way: tuple[Fraction, Fraction]) -> Fraction:
    """The one-sided derivative along a way: on a short ray the risk is a polynomial of degree at most 2 in the step."""
    step = Fraction(1, 10**6)
    at = [ZIGZAG.risk(PLANE.parameters_at(place[0] + k * step * way[0], place[1] + k * step * way[1])) for k in range(3)]
    return (4 * at[1] - 3 * at[0] - at[2]) / (2 * step)


CIRCLE = [(Fraction(p), Fraction(q)) for p in range(-7, 8) for q in range(-7, 8) if (p, q) != (0, 0)]


@pytest.mark.parametrize(("s", "t"), [(1, "1/2"), (1, -1), (-1, 2), (0, 0), (2, -4), ("1/3", -1), (-1, -1), (4, 1), (4, 4)])
def test_the_arrows_are_the_steepest_ways_down(s: object, t: object):
    place = exact(s), exact(t)
    (mark,) = slice_marks(PLANE, {"here": PLANE.parameters_at(*place)}, PLANE.cells())
    assert mark.name == "here" and mark.place == place and mark.risk == ZIGZAG.risk(PLANE.parameters_at(*place))
    for way in mark.descents:
        assert slope(place, way) < 0
    # Among all directions that stay in the window none is steeper than the steepest arrow, and without arrows none goes down.
    inside = [
        way for way in CIRCLE if all(not (abs(here) == 4 and here * along > 0) for here, along in zip(place, way, strict=True))
    ]
    steepest = max((slope(place, way) ** 2 / (way[0] ** 2 + way[1] ** 2) for way in mark.descents), default=Fraction(0))
    for way in inside:
        found = slope(place, way)
        assert found >= 0 or found**2 / (way[0] ** 2 + way[1] ** 2) <= steepest


def test_minima_have_no_arrows_and_a_pass_has_some():
    land = es.landscape(ZIGZAG)
    ends = [land.valleys[2].parameters, land.valleys[0].parameters]
    highest = max(es.lowest_path(land, *ends).points, key=ZIGZAG.risk)
    plane = es.Slice.through(ZIGZAG, *ends, highest)
    low, lowest, top = plot_slice_data(plane, points=[*ends, highest]).marks
    assert (low.name, lowest.name, top.name) == ("A", "B", "C")
    assert low.descents == lowest.descents == () and top.descents


def test_marks_are_drawn_on_slices_of_both_kinds():
    pytest.importorskip("matplotlib")
    here = {"here": PLANE.parameters_at(1, "1/2")}
    for options in ({}, {"grid": 4}):
        axes = plot_slice(PLANE, points=here, **options)
        assert [text.get_text() for text in axes.texts if text.get_text() == "here"] == ["here"]
        discs = [line for line in axes.lines if line.get_marker() == "o"]
        assert [tuple(map(tuple, disc.get_xydata())) for disc in discs] == [((1.0, 0.5),)]


def test_a_slice_through_valleys_marks_their_bottoms():
    land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    plane = land.slice(0, 1)
    data = plot_slice_data(plane)
    assert [(mark.name, mark.place, mark.risk) for mark in data.marks] == [
        (f"valley {place}", (place, 0), land.valleys[place].risk) for place in (0, 1)
    ]
    # The scale begins at the global minimum, which is inside a polygon.
    assert data.levels[0] == land.global_minimum.risk
    assert [mark.name for mark in plot_slice_data(land.slice(0, 1, 2)).marks] == ["valley 0", "valley 1", "valley 2"]
    assert [mark.name for mark in plot_slice_data(land.slice(0, 1, window=("1/2", 2, 0, 1))).marks] == ["valley 1"]


def test_names_that_are_given_come_before_those_of_the_slice():
    here, there = PLANE.parameters_at(1, 0), PLANE.parameters_at(0, 1)
    plane = es.Slice(ZIGZAG, ORIGIN, *PLANE.plane.directions, marks={"here": here, "A": there})
    assert [mark.name for mark in slice_marks(plane, ())] == ["here", "A"]
    assert [mark.name for mark in slice_marks(plane, [ORIGIN])] == ["here", "A"]
    assert [mark.place for mark in slice_marks(plane, [ORIGIN])] == [(1, 0), (0, 0)]
    assert [mark.name for mark in slice_marks(plane, {"θ": here})] == ["A", "θ"]
    with pytest.raises(es.InputError, match="not on the plane"):
        es.Slice(ZIGZAG, ORIGIN, *PLANE.plane.directions, marks={"off": point(0, 0, 2)})


@pytest.mark.parametrize("options", [{}, {"grid": 3}])
def test_the_colour_bar_begins_at_the_lowest_mark(options: dict):
    pytest.importorskip("matplotlib")
    land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    axes = plot_slice(land.slice(0, 1), **options)
    (bar,) = [other for other in axes.figure.axes if other is not axes]
    assert bar.get_yticklabels()[0].get_text() == "0.333"
    assert {"valley 0", "valley 1"} <= {text.get_text() for text in axes.texts}
