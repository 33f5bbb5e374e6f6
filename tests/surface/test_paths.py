"""Paths and barriers against the merge tree, against all signed cells one by one, and against the risk along the path."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.errors import InputError, ShapeError, UnsupportedError
from exactsurf.surface.low_path import LowPath
from exactsurf.surface.paths import (
    certify_barrier,
    certify_path,
    certify_spurious_valley,
    descending_path,
    find_path,
    lowest_path,
)
from exactsurf.surface.surface import landscape
from tests.surface.brute_force import FullLandscape
from tests.surface.test_global_certificate import problem

F = Fraction
TIMES = [F(k, 6) for k in range(7)]


def assert_low(path: LowPath) -> None:
    """No point of the path is above its level, and predictions are linear along every step."""
    instance = path.problem
    assert max(map(instance.risk, path.points)) == path.level
    for step in range(len(path.points) - 1):
        ends = [instance.predictions(path.at(step, F(t))) for t in (0, 1)]
        for t in TIMES:
            here = path.at(step, t)
            assert instance.risk(here) <= path.level
            mixed = tuple(((1 - t) * a[0] + t * b[0],) for a, b in zip(*ends, strict=True))
            assert instance.predictions(here) == mixed


CASES = [
    problem([0, 1, 2, 3], [0, 1, 0, 2], 1),
    problem([0, 1, 3, 4], [1, -1, 2, 0], 1, es.leaky_relu("1/3")),
    problem([-1, 1, 2], [1, 3, -2], 1, biases=[True, False]),
    problem([0, 1, 2, 3], [0, 1, 0, 2], 2),
    problem([0, 1, 2, 4], [0, 3, -1, 2], 2, es.leaky_relu("1/10")),
    problem([0, 1, 2, 3, 4, 5], [0, 3, -1, 2, 2, -3], 2, loss=es.absolute),
    problem([0, 1, 2, 4], [0, 3, -1, 2], 1, es.hard_tanh),
]


@pytest.mark.parametrize("instance", CASES, ids=repr)
def test_spurious_valleys_have_the_barriers_of_the_merge_tree(instance):
    land = landscape(instance)
    for valley in land.valleys:
        if valley.is_global:
            with pytest.raises(InputError, match="global minimum"):
                certify_spurious_valley(land, valley.parameters)
        else:
            proof = certify_spurious_valley(land, valley.parameters)
            assert (proof.kind, proof.bottom, proof.level) == ("spurious valley", valley.risk, valley.barrier)
            assert_low(LowPath(instance, proof.points, proof.level))
            assert es.verify(proof).risk == valley.risk


def bottleneck(instance: es.Problem, start, end) -> Fraction:
    """The lowest level at which two points are connected, by union–find over all signed cells."""
    full = FullLandscape(instance)

    def cell_of(point):
        found = []
        for (w,), b, v in zip(point["W1"], point["b1"], point["W2"][0], strict=True):
            for kind, ((k, n), sign) in enumerate(full.unit_cells):
                (a0, a1), (c0, c1) = full.rays[k], full.rays[n]
                determinant = a0 * c1 - a1 * c0
                first, second = (w * c1 - b * c0) / determinant, (a0 * b - a1 * w) / determinant
                if first >= 0 and second >= 0 and sign * v >= 0:
                    found.append(kind)
                    break
        return tuple(found)

    ends = cell_of(start), cell_of(end)
    level = max(instance.risk(start), instance.risk(end))
    parent: dict = {}

    def root(cell):
        while parent.get(cell, cell) != cell:
            cell = parent[cell]
        return cell

    for height, a, b in sorted(((height, a, b) for a, b, height in full.edges()), key=lambda edge: edge[0]):
        if root(ends[0]) == root(ends[1]):
            break
        level = max(level, height)
        parent[root(a)] = root(b)
    return level


@pytest.mark.parametrize("instance", [*CASES[:3], pytest.param(CASES[3], marks=pytest.mark.slow)], ids=repr)
def test_barriers_are_those_of_all_signed_cells(instance):
    points = [valley.parameters for valley in landscape(instance).valleys]
    generic = {"W1": [[1], [-2]], "b1": [F(-1, 2), 3], "W2": [[1, -1]], "b2": [F(1, 3)]}
    if instance.network.widths[1] == 2:
        points.append(instance.parameters(**generic))
    kinds = Counter()
    for i, start in enumerate(points):
        for end in points[:i]:
            path = lowest_path(instance, start, end)
            assert path.points[0] == start and path.points[-1] == end
            assert_low(path)
            assert path.level == bottleneck(instance, start, end) == lowest_path(instance, end, start).level
            proof = certify_barrier(instance, start, end)
            assert proof.level == path.level
            kinds[proof.kind] += 1
            if proof.kind == "path":
                assert path.level == max(instance.risk(start), instance.risk(end))
    assert kinds["barrier"]


def test_two_orders_of_the_units_are_different_points():
    instance = problem([0, 1, 2, 3], [0, 1, 0, 2], 2)
    land = landscape(instance)
    best = land.global_minimum
    other = instance.parameters(
        W1=best.parameters["W1"][::-1],
        b1=best.parameters["b1"][::-1],
        W2=[best.parameters["W2"][0][::-1]],
        b2=best.parameters["b2"],
    )
    proof = certify_barrier(land, best.parameters, other)
    assert best.multiplicity == 2 and proof.kind == "barrier"
    assert proof.level == bottleneck(instance, best.parameters, other) > best.risk


def test_paths_below_a_level():
    instance = CASES[0]
    valleys = landscape(instance).valleys
    start, end = valleys[1].parameters, valleys[0].parameters
    assert find_path(instance, start, end, F(137, 100)) is None
    path = find_path(instance, start, end, F(2))
    assert path is not None and path.level == F(11, 8)
    assert certify_path(path).level == F(11, 8)
    assert certify_path(path, F(3, 2)).kind == "path"
    with pytest.raises(InputError, match="rises"):
        certify_path(path, F(1))
    with pytest.raises(InputError, match="steps"):
        path.at(0, F(2))
    same = certify_barrier(instance, end, end)
    assert (same.kind, same.level) == ("path", valleys[0].risk)


@pytest.mark.parametrize("instance", [*CASES, problem([0, 1, 2, 4], [0, 9, -4, 2], 2, loss=es.huber(1))], ids=repr)
def test_the_ways_down(instance):
    land = landscape(instance)
    ways = 0
    for found in land.local_minima:
        path = descending_path(land, found.parameters)
        assert (path is None) == found.is_valley
        if path is None:
            continue
        ways += 1
        assert path.points[0] == found.parameters
        risks = [instance.risk(path.at(step, t)) for step in range(len(path.points) - 1) for t in TIMES]
        assert risks == sorted(risks, reverse=True) and risks[0] == found.risk > risks[-1]
        assert certify_path(path).level == found.risk
    assert ways
    theta = instance.parameters(
        W1=[[k + 1] for k in range(instance.network.widths[1])],
        b1=[-k for k in range(instance.network.widths[1])],
        W2=[[1] * instance.network.widths[1]],
        **({"b2": [5]} if instance.network.biases[1] else {}),
    )
    path = descending_path(instance, theta)
    assert path is not None and instance.risk(path.points[-1]) < instance.risk(theta) == path.level


def test_slices_through_valleys():
    land = landscape(CASES[3])
    bottoms = [valley.parameters for valley in land.valleys]
    plane = land.slice(0, 1, 2)
    assert [plane.parameters_at(*at) for at in ((0, 0), (1, 0), (0, 1))] == bottoms[:3]
    over = land.slice(2, 0, window=(-1, 2, -1, 2))
    assert over.window == (-1, 2, -1, 2)
    assert over.problem.risk(over.parameters_at(0, 1)) == lowest_path(land, bottoms[2], bottoms[0]).level
    walls = over.walls()
    assert walls
    for wall in walls:
        # A wall is a wall: some unit sits on its breakpoint at both of its ends.
        for point in (wall.start, wall.end):
            theta = over.parameters_at(*point)
            z = [w * row[0] + b for row in land.problem.data.x for (w,), b in zip(theta.weights[0], theta.biases[0], strict=True)]
            assert 0 in z
    with pytest.raises(InputError, match="valleys 0 to"):
        land.slice(0, 1, len(bottoms))
    with pytest.raises(InputError, match="different"):
        land.slice(1, 1)
    shifted = es.piecewise_linear([-1], [0, 1], 1)
    far = landscape(problem([1, 2, -1], [1, 2, 0], 1, shifted, biases=False))
    place = next(k for k, valley in enumerate(far.valleys) if not valley.is_attained)
    with pytest.raises(UnsupportedError, match="not attained"):
        far.slice(place, (place + 1) % max(2, len(far.valleys)))


def test_refusals():
    instance = CASES[0]
    start, end = (valley.parameters for valley in landscape(instance).valleys[:2])
    with pytest.raises(InputError, match="max_cells"):
        lowest_path(instance, start, end, max_cells=1)
    slope = instance.parameters(W1=[[1]], b1=[F(-1, 2)], W2=[[1]], b2=[0])
    with pytest.raises(InputError, match="not a bottom"):
        certify_spurious_valley(instance, slope)
    with pytest.raises((ShapeError, InputError)):
        lowest_path(CASES[3], start, end)
    with pytest.raises(UnsupportedError):
        lowest_path(es.Problem(es.Network([1, 2, 2, 1]), instance.data), start, end)
