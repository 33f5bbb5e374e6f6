"""Regions found by crossing walls: one row of weights moves just beyond a facet of its cell, all others stay."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from fractions import Fraction
from random import Random

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.arrangement.hyperplanes import ArrangementCell
from exactsurf.cells.activation_pattern import activation_pattern
from exactsurf.cells.patterns.region_search import RegionSearch
from exactsurf.cells.patterns.unit_rows import layer_inputs, parameters_with_rows, rows_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

_TRIES, _SIZE = 200, 20


def cross_walls(search: RegionSearch) -> None:
    """Take up regions by crossing walls from the regions known so far, breadth first, until no wall leads to a new one.

    Parameters: a `search`; without known regions random integer points are tried first.
    Exactness: exact: facets of the cell of one row over fixed lower layers; what lies beyond is read off the forward pass.
    Raises: nothing. Source: theory.md, section 2 (adjacent cells), one unit at a time.
    """
    search.by_crossing = True
    source = Random(0)
    tries = 0
    while not search.found and tries < _TRIES:
        tries += 1
        _take(search, _random_point(search.problem, source))
    queue = deque(search.found.values())
    while queue and not search.is_full:
        for point in neighbours(search.problem, queue.popleft()):
            if _take(search, point):
                queue.append(point)
            if search.is_full:
                return


def neighbours(problem: Problem, parameters: Parameters) -> Iterator[Parameters]:
    """For every hidden unit and every wall that bounds the cell of its row over the layers below: parameters beyond it.

    Parameters: `parameters` strictly inside a region. Returns: parameters that differ in one row, lazily; units above may
    have changed their pieces too, or sit on a wall. Exactness: exact. Raises: as `Arrangement`. Source: `decide_walls`.
    """
    points = problem.network.activation.breakpoints
    hidden = range(1, len(problem.network.widths) - 1)
    rows = [rows_of(parameters, layer) for layer in hidden]
    for layer in hidden:
        inputs = layer_inputs(problem, parameters, layer)
        arrangement = Arrangement([x for x in inputs for _ in points], list(points) * len(inputs))
        for j, row in enumerate(rows[layer - 1]):
            for facet in arrangement.facets(ArrangementCell(arrangement.signs_at(row), row)):
                moved = [*rows[layer - 1][:j], facet.neighbour.witness, *rows[layer - 1][j + 1 :]]
                yield parameters_with_rows(problem, [*rows[: layer - 1], moved, *rows[layer:]])


def _take(search: RegionSearch, point: Parameters) -> bool:
    return activation_pattern(search.problem, point).is_interior and search.add_point(point)


def _random_point(problem: Problem, source: Random) -> Parameters:
    def row(length: int) -> tuple[Fraction, ...]:
        return tuple(Fraction(source.randint(-_SIZE, _SIZE)) for _ in range(length))

    network = problem.network
    widths = list(zip(network.widths[:-2], network.widths[1:-1], network.biases[:-1], strict=True))
    return parameters_with_rows(problem, [[row(width + bias) for _ in range(height)] for width, height, bias in widths])
