"""The vertices and rays of all cells against those of one cell after the other."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.arrangement.one_faces import vertices_and_rays


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_those_of_the_cells(data):
    dimension = data.draw(st.integers(1, 3))
    small = st.integers(-2, 2)
    rows = data.draw(st.lists(st.lists(small, min_size=dimension, max_size=dimension), min_size=1, max_size=6))
    central = data.draw(st.booleans())
    offsets = [0] * len(rows) if central else data.draw(st.lists(small, min_size=len(rows), max_size=len(rows)))
    arrangement = es.Arrangement(rows, offsets)
    found = [arrangement.generators(cell) for cell in arrangement.cells()]
    vertices, rays = vertices_and_rays(arrangement)
    assert len(set(vertices)) == len(vertices) and len(set(rays)) == len(rays)
    assert set(rays) == {ray for own in found for ray in own.rays}
    assert set(vertices) == {vertex for own in found for vertex in own.vertices}


@pytest.mark.parametrize("rows", [[[0, 0]], [[1, 1]]])
def test_lines_are_left_out(rows):
    vertices, rays = vertices_and_rays(es.Arrangement(rows))
    assert vertices == ((Fraction(0),) * 2,)
    assert len(rays) == 2 * any(rows[0])
