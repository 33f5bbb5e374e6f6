"""Regions of one unit: their generators are those of the cells in them."""

from __future__ import annotations

import random

import pytest

import exactsurf as es
from exactsurf.surface.cell_minima import cell_minima
from exactsurf.surface.regions import Region, RegionTable
from exactsurf.surface.unit_table import generator_table, unit_table


@pytest.mark.parametrize("activation", [es.relu, es.hard_tanh, es.piecewise_linear([1], [0, 1], 0)], ids=str)
def test_generators_of_the_cells_of_a_region(activation):
    data = es.Data.from_arrays([[0, 1], [1, 0], [2, -1], [1, 1]], [0, 1, 2, 0])
    problem = es.Problem(es.Network([2, 1, 1], activation), data)
    table, cells = RegionTable(cell_minima(problem, generator_table(problem))), unit_table(problem)
    generator = random.Random(1)
    for _ in range(40):
        region = Region(1)
        for wall in generator.sample(range(len(table.walls)), 2):
            region = region.cut(wall, generator.choice([1, -1]))
        inside = set()
        for cell, members in zip(cells.cells, cells.members, strict=True):
            signs = [cell.signs[wall.rows[0]] for wall in table.walls]
            if all(s > 0 or not region.above >> k & 1 for k, s in enumerate(signs)) and all(
                s < 0 or not region.below >> k & 1 for k, s in enumerate(signs)
            ):
                inside |= {(cells.generators[g].weights, cells.generators[g].apex) for g in members}
        if inside:
            own = [table.minima.table.generators[g] for g in table.members(region)]
            assert {(found.weights, found.apex) for found in own} == inside


def test_a_witness_is_inside_its_cell():
    data = es.Data.from_arrays([[0, 1], [1, 0], [2, -1]], [0, 1, 2])
    problem = es.Problem(es.Network([2, 1, 1], es.hard_tanh), data)
    table = RegionTable(cell_minima(problem, generator_table(problem)))
    for (cell,) in table.generic_cells(1):
        values = [wall.value(table.witness(cell)) for wall in table.walls]
        assert all(values) and all((value > 0) == bool(cell.above >> k & 1) for k, value in enumerate(values))
