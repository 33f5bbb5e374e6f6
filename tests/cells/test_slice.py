"""Slices: polygons tile the window, patterns and risks are those of the forward pass, walls lie where they should."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import combinations

import pytest

import exactsurf as es
from exactsurf.arrangement.polygon import rectangle
from exactsurf.cells.activation_pattern import BoundaryPair, activation_pattern
from exactsurf.cells.slice import Slice
from exactsurf.exact.polynomial import Polynomial
from tests.cells.slice_cases import direction, random_problem

F = Fraction
CASES = [
    ((2, 3, 1), es.relu, es.squared, (1,)),
    ((1, 2, 2), es.hard_tanh, es.squared, (2,)),
    ((2, 2, 2, 1), es.leaky_relu("1/3"), es.squared, (1,)),
    ((2, 3, 2, 1), es.relu, es.squared.mean, (2,)),
    ((2, 2, 1), es.relu, es.absolute, (1,)),
    ((1, 2, 2, 1), es.relu6, es.huber("1/2"), (1,)),
    ((2, 2, 1), es.absolute_value, es.hinge, (1,)),
]


def slice_of(case, seed: int) -> Slice:
    widths, activation, loss, layers = case
    rnd = random.Random(seed)
    problem = random_problem(rnd, widths, activation, loss, 4)
    base = direction(problem, rnd)
    return Slice(problem, base, direction(problem, rnd, layers), direction(problem, rnd, layers), (-2, 1, "-1/2", 2))


@pytest.fixture(params=range(2 * len(CASES)), ids=lambda k: f"{CASES[k // 2]}-{k % 2}", scope="module")
def plane(request) -> Slice:
    return slice_of(CASES[request.param // 2], 10 + request.param % 2)


@pytest.fixture(scope="module")
def cells(plane: Slice):
    return plane.cells()


def inside(polygon, point) -> bool:
    """Strictly inside a convex polygon, by orientations."""
    s, t = point
    return all((b[0] - a[0]) * (t - a[1]) > (b[1] - a[1]) * (s - a[0]) for a, b, _ in polygon.edges())


def test_polygons_tile_the_window(plane: Slice, cells):
    assert sum(cell.polygon.area for cell in cells) == 3 * F(5, 2)
    assert all(cell.polygon.area > 0 for cell in cells)
    for one, two in combinations(cells, 2):
        assert not inside(two.polygon, one.polygon.inner_point) and not inside(one.polygon, two.polygon.inner_point)


def test_points_have_the_pattern_and_the_risk_of_their_polygon(plane: Slice, cells):
    rnd = random.Random(5)
    for _ in range(60):
        point = F(rnd.randint(-200, 100), 100), F(rnd.randint(-50, 200), 100)
        parameters = plane.parameters_at(*point)
        holders = [cell for cell in cells if inside(cell.polygon, point)]
        assert len(holders) <= 1
        for cell in holders:
            assert activation_pattern(plane.problem, parameters) == cell.pattern
            assert cell.risk(plane.plane.point(point)) == plane.problem.risk(parameters)


def test_risks_are_the_true_ones_on_all_vertices_and_agree_on_edges(plane: Slice, cells):
    _, t = Polynomial.generators(["s", "t"])
    for cell in cells:
        for vertex in cell.polygon.vertices:
            assert cell.risk({"s": vertex[0], "t": vertex[1]}) == plane.problem.risk(plane.parameters_at(*vertex))
    shared = 0
    for one, two in combinations(cells, 2):
        edges = {frozenset((a, b)) for a, b, _ in one.polygon.edges()} & {frozenset((a, b)) for a, b, _ in two.polygon.edges()}
        for a, b in map(sorted, edges):
            along = {"s": t * (b[0] - a[0]) + a[0], "t": t * (b[1] - a[1]) + a[1]}
            assert (one.risk - two.risk).composed(along).is_zero
            shared += 1
    assert shared or len(cells) == 1


def test_wall_segments_hold_exactly_the_boundary_pairs(plane: Slice, cells):
    segments = plane.walls(cells)
    flat = set.intersection(*({(p.layer, p.unit, p.sample) for p in cell.pattern.boundary} for cell in cells))
    for segment in segments:
        share = F(379, 1000)
        point = tuple(a + share * (b - a) for a, b in zip(segment.start, segment.end, strict=True))
        pairs = set(activation_pattern(plane.problem, plane.parameters_at(*point)).boundary)
        named = {wall for wall in segment.walls if isinstance(wall, BoundaryPair)}
        assert named <= pairs
        local = {p for cell in cells for p in cell.pattern.boundary} | named
        assert {p for p in pairs if (p.layer, p.unit, p.sample) not in flat} <= local
        assert not any(inside(cell.polygon, point) for cell in cells)
    assert bool(segments) == any(labels for cell in cells for *_, labels in cell.polygon.edges())


def test_one_unit_with_lines_known_by_hand():
    """w·x + b = 0 for x = 0, 1, −1 in the plane of w and b: three lines through the origin, six sectors."""
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, -1], [0, 1, 2]))

    def point(w, b, v):
        return problem.parameters(W1=[[w]], b1=[b], W2=[[v]], b2=[0])

    plane = Slice(problem, point(0, 0, 1), point(1, 0, 0), point(0, 1, 0))
    cells = plane.cells()
    assert sorted(cell.polygon.area for cell in cells) == [F(1, 2)] * 4 + [1] * 2
    assert {(segment.start, segment.end) for segment in plane.walls()} == {
        ((-1, 0), (1, 0)),
        ((-1, 1), (1, -1)),
        ((-1, -1), (1, 1)),
    }
    (active,) = [cell for cell in cells if cell.pattern.pieces == (((1, 1, 1),),)]
    assert set(active.polygon.vertices) == {(1, 1), (-1, 1), (0, 0)}


def test_coinciding_and_flat_walls():
    """Two equal samples share their walls; a unit that stays on its breakpoint all over the slice is no wall."""
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([1, 1], [0, 1]))

    def point(w, v):
        return problem.parameters(W1=[[w], [0]], b1=[0, 0], W2=[[v, 1]], b2=[0])

    plane = Slice(problem, point(0, 1), point(1, 0), point(0, 1))
    (segment,) = plane.walls()
    assert (segment.start, segment.end) == ((0, -1), (0, 1))
    assert [(wall.unit, wall.sample) for wall in segment.walls] == [(0, 0), (0, 1)]
    assert all({pair.unit for pair in cell.pattern.boundary} == {1} for cell in plane.cells())


def test_curved_walls_are_refused_and_the_grid_still_works():
    rnd = random.Random(1)
    problem = random_problem(rnd, (2, 2, 2, 1))
    plane = Slice(problem, direction(problem, rnd), direction(problem, rnd), direction(problem, rnd), (0, 1, 0, 2))
    with pytest.raises(es.UnsupportedError, match=r"layer 2, unit \d, sample \d .* is a curve .*one layer only"):
        plane.cells()
    grid = plane.grid(3)
    assert (grid.s, grid.t) == ((0, F(1, 3), F(2, 3), 1), (0, F(2, 3), F(4, 3), 2))
    assert grid.risks[3][1] == problem.risk(plane.parameters_at("1/3", 2))
    w, b = plane.parameters_at("1/3", 2).weights[0], plane.parameters_at("1/3", 2).biases[0]
    assert grid.pre_activations[3][1][0][1][4] == sum(a * x for a, x in zip(w[1], problem.data.x[4], strict=True)) + b[1]


def test_refusals():
    plane = slice_of(CASES[0], 3)
    with pytest.raises(es.InputError, match="more than 2 cells"):
        plane.cells(limit=2)
    with pytest.raises(es.InputError, match="empty"):
        Slice(plane.problem, plane.plane.base, *plane.plane.directions, (0, 0, 1, 2))
    with pytest.raises(es.ShapeError, match="window"):
        Slice(plane.problem, plane.plane.base, *plane.plane.directions, (0, 1))
    with pytest.raises(es.InputError, match="at least one step"):
        plane.grid(0)
    with pytest.raises(es.InexactNumberError):
        Slice(plane.problem, plane.plane.base, *plane.plane.directions, (0, 0.5, 0, 1))
    other = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0], [0]))
    with pytest.raises(es.ShapeError):
        Slice(other, plane.plane.base, *plane.plane.directions)


def test_polygons_that_are_cut_keep_their_area_and_name_the_new_edge():
    square = rectangle(F(0), F(1), F(0), F(1))
    through_corners = square.cut((F(1), F(-1), F(0)), "diagonal")
    assert [part.area for part in through_corners] == [F(1, 2)] * 2
    assert all(sum(label == {"diagonal"} for label in part.labels) == 1 and len(part.vertices) == 3 for part in through_corners)
    (touched,) = square.cut((F(1), F(1), F(0)), "corner")
    assert touched == square
    (beside,) = square.cut((F(1), F(0), F(-1)), "right side")
    assert [labels for *_, labels in beside.edges()] == [set(), {"right side"}, set(), set()]
