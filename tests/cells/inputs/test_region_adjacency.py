"""Facets, common points and convex unions of regions on cases drawn by hand."""

from __future__ import annotations

import exactsurf as es
from exactsurf.cells.inputs.input_tree import input_tree
from exactsurf.cells.inputs.region_adjacency import components, convex_parts, neighbours, share_facet, share_point


def test_quadrants() -> None:
    theta = es.Parameters(W1=[[1, 0], [0, 1]], b1=[0, 0], W2=[[1, 1]], b2=[0])
    regions = input_tree([(es.Network([2, 2, 1]), theta)]).regions
    assert neighbours(regions) == ((0, 1), (0, 2), (1, 3), (2, 3))
    assert not share_facet(regions[0], regions[3]) and share_point(regions[0], regions[3])


def test_parallel_strips_do_not_meet() -> None:
    theta = es.Parameters(W1=[[1], [1]], b1=[0, -1], W2=[[1, -1]], b2=[0])
    regions = input_tree([(es.Network([1, 2, 1]), theta)]).regions
    assert neighbours(regions) == ((0, 1), (1, 2)) and not share_point(regions[0], regions[2])


def test_one_wall_of_two_units_is_one_facet() -> None:
    theta = es.Parameters(W1=[[1, 0], [-2, 0]], b1=[0, 0], W2=[[1, 1]], b2=[0])
    regions = input_tree([(es.Network([2, 2, 1]), theta)]).regions
    assert len(regions) == 2 and neighbours(regions) == ((0, 1),)


def test_an_l_needs_two_convex_sets_and_a_half_plane_one() -> None:
    """relu(min(x, y)) is 0 on an L of two cells; the line y = x cuts where nothing changes."""
    network = es.Network([2, 3, 1, 1])
    theta = es.Parameters(W1=[[1, 0], [-1, 0], [1, -1]], b1=[0, 0, 0], W2=[[1, -1, -1]], b2=[0], W3=[[1]], b3=[0])
    regions = input_tree([(network, theta)]).regions
    joined = neighbours(regions)
    zero = [i for i, region in enumerate(regions) if not any(region.outputs[0][0])]
    parts = components(len(zero), [(zero.index(i), zero.index(j)) for i, j in joined if i in zero and j in zero])
    assert len(parts) == 1 and convex_parts(zero, regions, joined) == (2, 2)
    flat = es.Parameters(W1=[[1, 0], [0, 1], [1, 1]], b1=[0, 0, 0], W2=[[1, 0, 0]], b2=[0], W3=[[1]], b3=[0])
    regions = input_tree([(network, flat)]).regions
    joined = neighbours(regions)
    zero = [i for i, region in enumerate(regions) if not any(region.outputs[0][0])]
    assert len(zero) == 3 and convex_parts(zero, regions, joined) == (1, 1)


def test_components() -> None:
    assert components(0, []) == [] and components(3, [(0, 1), (1, 2), (0, 2)]) == [[0, 1, 2]]
