"""Paths, barriers and lists of valleys of restricted problems: against the landscape's levels, and flooded grids."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

import exactsurf as es
from tests.surface.restricted.problems import LESSON, PLANES, plane


@pytest.mark.parametrize("name", PLANES)
@pytest.mark.parametrize("seed", range(3))
def test_every_valley_has_its_certificates(name: str, seed: int) -> None:
    """The barriers are those of the merge tree; between any two valleys the barrier is where their lines join."""
    land = es.landscape(plane(name, seed))
    listed = es.certify_all_valleys(land)
    assert listed.valleys == len(land.valleys) and es.verify(listed.encoded).kind == "all valleys of a restricted risk"
    for valley in land.valleys:
        if valley.is_spurious:
            proof = es.certify_spurious_valley(land, valley.parameters)
            assert (proof.bottom, proof.level) == (valley.risk, valley.barrier)
            assert es.verify(proof.encoded).risk == valley.risk
    for place, one in enumerate(land.valleys):
        for other in land.valleys[:place]:
            found = es.certify_barrier(land, one.parameters, other.parameters)
            assert found.kind == "barrier of a restricted risk" and found.level == join(land, one.node, other.node)


def join(land: es.RestrictedLandscape, one: int, other: int) -> Fraction:
    """The level at which two leaves of the merge tree come together."""
    line, node = {one}, one
    while node in land.merges.parents:
        node = land.merges.parents[node]
        line.add(node)
    while other not in line:
        other = land.merges.parents[other]
    return land.merges.nodes[other].level


@pytest.mark.parametrize("name", PLANES)
def test_ways_down_leave_every_plateau(name: str) -> None:
    for seed in range(3):
        land = es.landscape(plane(name, seed))
        for found in land.local_minima:
            way = es.descending_path(land, found.parameters)
            assert (way is None) == found.is_valley
            if way is not None:
                assert es.certify_path(way).level == found.risk
                assert land.problem.risk(land.problem.restriction.at(way.points[-1])) < found.risk


def test_a_path_is_low_between_its_points() -> None:
    land = es.landscape(LESSON)
    at = LESSON.restriction.at
    for valley in land.valleys[1:]:
        path = es.lowest_path(LESSON, valley.parameters, land.global_minimum.parameters)
        assert path.level == valley.barrier or path.level > valley.barrier
        for one, other in pairwise(path.points):
            steps = [Fraction(k, 16) for k in range(17)]
            between = [tuple(a + t * (b - a) for a, b in zip(one, other, strict=True)) for t in steps]
            assert max(LESSON.risk(at(values)) for values in between) <= path.level
        assert es.find_path(land, path.problem.restriction.at(path.points[0]), at(path.points[-1]), path.level) is not None
        assert es.find_path(land, at(path.points[0]), at(path.points[-1]), path.level - Fraction(1, 1000)) is None


def test_one_free_parameter_against_a_fine_grid() -> None:
    """On a line the barrier between two points is the largest risk between them."""
    problem = es.RestrictedProblem(
        es.restriction(es.Network([1, 2, 1]), W1=[["a"], [1]], b1=[-1, "-2*a"], W2=[[1, -1]], b2=[0]),
        es.Data.from_arrays([-2, -1, 1, 2, 3], [1, -2, 2, -2, 3]),
    )
    land = es.landscape(problem)
    assert len(land.valleys) > 1
    grid = np.linspace(-6, 6, 4801)
    risks = [float(problem.risk(problem.restriction.at((Fraction(float(value)),)))) for value in grid]
    for valley in land.valleys:
        if valley.is_spurious:
            proof = es.certify_spurious_valley(land, valley.parameters)
            ends = sorted(float(values[0]) for values in (proof.points[0], proof.points[-1]))
            inside = [risk for value, risk in zip(grid, risks, strict=True) if ends[0] <= value <= ends[1]]
            assert abs(max(inside) - float(proof.level)) < 0.01


def test_several_outputs_and_weights() -> None:
    classes = es.restriction(es.Network([1, 2, 3]), W2=[[1, 0], [0, 1], [-1, -1]], b2=[0, 0, "c"], b1=[0, "s"])
    rows = [[int(k == i) for k in range(3)] for i in (2, 0, 1)]
    data = es.Data.from_arrays([-1, 0, 1], rows)
    for loss in ("squared", "hinge"):
        problem = es.RestrictedProblem(classes, data, loss, sample_weight=[1, 2, "1/2"])
        land = es.landscape(problem)
        assert es.certify_all_valleys(land).valleys == len(land.valleys)
        for valley in land.valleys:
            if valley.is_spurious:
                assert es.certify_spurious_valley(land, valley.parameters).level == valley.barrier


def test_what_is_no_barrier_or_valley_is_said() -> None:
    land = es.landscape(LESSON)
    best, other = (valley.parameters for valley in land.valleys[:2])
    assert es.certify_barrier(land, best, best).kind == "path of a restricted risk"
    with pytest.raises(es.InputError, match="global minimum"):
        es.certify_spurious_valley(land, best)
    with pytest.raises(es.InputError, match="not a bottom"):
        es.certify_spurious_valley(land, LESSON.parameters(w1_0=5, w1_1=5))
    with pytest.raises(es.InputError, match="rises to"):
        es.certify_path(es.lowest_path(land, best, other), Fraction(1))
    with pytest.raises(es.UnsupportedError, match="formal is not known"):
        es.certify_barrier(land, best, other, formal=True)
    with pytest.raises(es.InputError, match="10 cells, more than the limit of 9"):
        es.certify_all_valleys(land, max_orbits=9)
    with pytest.raises(es.InputError, match="10 cells, more than 9"):
        es.lowest_path(LESSON, best, other, max_cells=9)
    with pytest.raises(es.OutOfTime):
        es.certify_barrier(plane("tied", 0), best, other, effort="1/1000000")
