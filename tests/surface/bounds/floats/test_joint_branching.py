"""Where joined regions are cut, and the weights that their relaxed problem proposes."""

from __future__ import annotations

from fractions import Fraction

import exactsurf as es
from exactsurf.surface.bounds.floats.joint_branching import first_weights, propose_split
from exactsurf.surface.bounds.joint_fits import JointColumn
from exactsurf.surface.bounds.regions import NetworkRegions, Split, all_parameters
from exactsurf.surface.bounds.unit_rays import UnitRays

PROBLEM = es.Problem(es.Network([1, 1, 2]), es.Data.from_arrays([0, 1, 2], [[0, 0], [1, 0], [0, 1]]))
RAYS = UnitRays(PROBLEM)


def joined() -> NetworkRegions:
    regions = all_parameters(PROBLEM.network)
    for place in (0, 2):
        regions = regions.parted(Split("cone", (0, place, place + 1, 1, 1)))[0]
    (found,) = regions.parted(Split("chains", ()))
    return found


def test_without_a_bend_the_longest_edge_is_cut() -> None:
    assert propose_split(RAYS, joined(), {}) == Split("edge", (0, 1))


def test_two_sides_of_a_wall_are_cut_there_until_that_is_done() -> None:
    (left,) = [g for g in range(len(RAYS.weights)) if RAYS.predictions[g] == (1, 0, 0)]
    (right,) = [g for g in range(len(RAYS.weights)) if RAYS.predictions[g] == (0, 1, 2)]
    amounts = {JointColumn((0, 0), 0, left): Fraction(1), JointColumn((1, 0), 0, right): Fraction(1)}
    regions = joined()
    found = propose_split(RAYS, regions, amounts)
    assert found is not None and found.kind == "wall" and found.place[2] in (0, 1, 2)
    parts = regions.parted(found)
    assert all(propose_split(RAYS, part, amounts) != found for part in parts)


def test_corners_that_meet_are_not_cut() -> None:
    regions = joined()
    corner = regions.cones[0][0]
    assert propose_split(RAYS, regions._replace(cones=((corner, corner),)), {}) is None


def test_weights_are_those_of_the_generators_up_to_a_factor() -> None:
    for g in range(len(RAYS.weights)):
        if RAYS.lengths[g]:
            (row,) = first_weights(RAYS, joined(), {JointColumn((1, 0), 0, g): Fraction(3)})
            top = max(map(abs, RAYS.weights[g]))
            assert row == tuple(value / top for value in RAYS.weights[g])
