"""Followed trajectories: leaps against explicit lowest paths, capture, and what is refused."""

from __future__ import annotations

from itertools import pairwise

import pytest

import exactsurf as es
from tests.surface.training.instances import LANDS, points


@pytest.mark.parametrize("land", LANDS[:5], ids=lambda land: repr(land.problem))
def test_leaps_are_steps_without_a_path_below_the_higher_end(land: es.Landscape):
    found = list(points(land, 12, seed=2))
    run = es.follow_trajectory(land, found)
    for k, (one, two) in enumerate(pairwise(found)):
        highest = max(land.problem.risk(one), land.problem.risk(two))
        assert (k in run.leaps) == (es.lowest_path(land, one, two).level > highest)
        assert (k in run.rises) == (land.problem.risk(two) > land.problem.risk(one))


def test_a_copy_of_the_same_valley_is_another_valley():
    """Units change places between two points of one risk: the barrier between the copies is leapt over."""
    land = LANDS[4]
    valley = next(valley for valley in land.valleys if valley.multiplicity == 2)
    theta = valley.parameters
    swapped = land.problem.parameters(W1=theta["W1"][::-1], b1=theta["b1"][::-1], W2=[theta["W2"][0][::-1]], b2=theta["b2"])
    run = es.follow_trajectory(land, [theta, swapped, swapped])
    assert run.leaps == (0,) and run.captured_at == 1 and run.valley == land.valleys.index(valley)


def test_without_leaps_what_can_be_reached_only_shrinks():
    land = LANDS[0]
    for run in es.gradient_descent(land.problem, range(6), steps=300):
        followed = es.follow_trajectory(land, run)
        for k, (one, two) in enumerate(pairwise(followed.components)):
            if k not in (*followed.leaps, *followed.rises):
                assert set(two.valleys) <= set(one.valleys)
        if followed.captured_at is not None:
            assert all(one.valley == followed.valley for one in followed.components[followed.captured_at :])
            before = followed.captured_at - 1
            assert before < 0 or followed.components[before].valley is None or before in followed.leaps


def test_a_long_step_leaps_over_a_barrier():
    land = LANDS[0]
    best, other = land.valleys[0].parameters, land.valleys[1].parameters
    run = es.follow_trajectory(land, [other, best])
    assert run.leaps == (0,) and run.valley == 0 and run.captured_at == 1 and "leaps over barriers: 1" in repr(run)


def test_the_end_may_be_open():
    land = LANDS[0]
    far = land.problem.parameters(W1=[[100]], b1=[100], W2=[[100]], b2=[100])
    run = es.follow_trajectory(land, [far])
    assert run.valley is None and run.captured_at is None and "not captured" in repr(run)


def test_bad_input():
    with pytest.raises(es.InputError, match="at least one point"):
        es.follow_trajectory(LANDS[0], [])


def test_what_is_no_trajectory_or_landscape_is_told():
    land, point = LANDS[0], LANDS[0].valleys[0].parameters
    with pytest.raises(es.InputError, match=r"the list \[parameters\]"):
        es.follow_trajectory(land, point)  # type: ignore[arg-type]
    with pytest.raises(es.InputError, match=r"the list \[parameters\]"):
        es.training_valleys(land, [point])  # type: ignore[list-item]
    with pytest.raises(es.InputError, match="list of lists"):
        es.training_valleys(land, point)  # type: ignore[arg-type]
    with pytest.raises(es.InputError, match="an exact Landscape; got 'Problem'"):
        es.sublevel_component(land.problem, point)  # type: ignore[arg-type]
