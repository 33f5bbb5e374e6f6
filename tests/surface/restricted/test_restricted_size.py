"""Dry runs: the counts are those of the landscape."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.surface.restricted.restricted_size import restricted_size
from tests.surface.restricted.problems import PLANES, plane


@pytest.mark.parametrize("name", PLANES)
def test_counts_are_those_of_the_landscape(name: str) -> None:
    problem = plane(name, 1)
    land = es.landscape(problem)
    found = restricted_size(problem, 1000)
    assert (found.cells, found.hyperplanes) == (land.cells, len(land.affine_cells.hyperplanes))
    assert found.milliseconds is not None and found.milliseconds >= 0
    if found.cells > 1 and name != "first of two":
        assert restricted_size(problem, found.cells - 1).milliseconds is None


def test_a_linear_network_has_one_cell() -> None:
    filters = es.convolution(3, [2], activation="linear", head=[1, 1])
    found = restricted_size(es.RestrictedProblem(filters, es.Data.from_arrays([[1, 0, 1]], [1])), 10)
    assert (found.cells, found.hyperplanes) == (1, 0)
