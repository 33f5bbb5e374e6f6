"""A point of lower risk in the same open cell: by the best point of its signed cells, or layer by layer.

In an open cell the outputs are affine in the parameters of each layer, so one layer at a time is a least squares problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product
from random import Random

from exactsurf.cells.activation_pattern import ActivationPattern
from exactsurf.cells.cell import Cell, cell_of
from exactsurf.errors import InternalError
from exactsurf.exact.linear_algebra import Matrix, Vector, least_squares
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.valley import minimiser
from exactsurf.surface.workload import workload

_MAX_HALVINGS = 4_000

# Many points of one problem are asked about in a row.
_cached_workload = lru_cache(maxsize=2)(workload)
_STARTS, _ROUNDS, _HALVINGS, _DENOMINATOR = 8, 8, 5, 48


def find_lower_in_cell(problem: Problem, parameters: Parameters, random: Random) -> Parameters | None:
    """A point of the open cell of `parameters` with a strictly lower risk, if one is found.

    Parameters: `parameters` in an open cell; `random` chooses where to start. Exactness: the point lies in the cell and its
    risk is lower, exactly; None says nothing, except for one hidden layer and one output. Raises: `InputError` on a wall.
    Source: theory.md, section 4, for one hidden layer and one output; else alternating least squares.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([2, 1, 1], biases=False), es.Data.from_arrays([[1, 0], [0, 1]], [0, 1]), "absolute")
    >>> point = problem.parameters(W1=[[2, 1]], W2=[[0]])
    >>> lower = find_lower_in_cell(problem, point, Random(0))
    >>> problem.risk(lower) < problem.risk(point), problem.cell(point).contains(lower)
    (True, True)
    """
    cell = cell_of(problem, parameters)
    if has_signed_cells(problem):
        return _best_of_signed_cells(problem, cell, parameters)
    if not problem.is_least_squares:
        return None
    bound = problem.rational_risk(parameters)
    for start in _starts(cell, parameters, random):
        found = _alternate(cell, start, bound)
        if found is not None:
            return found
    return None


def has_signed_cells(problem: Problem) -> bool:
    """Whether the minimum over every signed cell is known and attained: then `find_lower_in_cell` misses nothing."""
    network = problem.network
    if network.layers != 2 or network.widths[-1] != 1 or network.activation.two_slopes is None:
        return False
    return problem.loss.is_squared or problem.loss.is_piecewise_linear


def _best_of_signed_cells(problem: Problem, cell: Cell, parameters: Parameters) -> Parameters | None:
    """A lower point of the cell near a minimiser of one of its closed signed cells, None if there is none."""
    work = _cached_workload(problem)
    table, minima = work.minima.table, work.minima
    bias = parameters.biases[0]
    place = {unit.signs: k for k, unit in enumerate(table.cells)}
    homes = []
    for j, row in enumerate(parameters.weights[0]):
        weights = (*row, *((bias[j],) if bias is not None else ()))
        homes.append(place[table.arrangement.signs_at(weights)])
    bound, found = problem.rational_risk(parameters), None
    for signs in product((0, 1), repeat=len(homes)):
        best = minimiser(minima, tuple(2 * home + sign for home, sign in zip(homes, signs, strict=True)))
        if best is None or problem.rational_risk(best) >= bound:
            continue
        # The minimiser may lie on walls; on the way to the given hidden weights the open cell begins at once.
        step = Fraction(1, 2)
        for _ in range(_MAX_HALVINGS):
            weights = _between(best.weights[0], parameters.weights[0], step)
            shifts = best.biases[0]
            if shifts is not None and bias is not None:
                shifts = tuple(a + step * (b - a) for a, b in zip(shifts, bias, strict=True))
            inside = Parameters((weights, *best.weights[1:]), (shifts, *best.biases[1:]))
            if problem.rational_risk(inside) < bound and cell.contains(inside):
                if found is None or problem.rational_risk(inside) < problem.rational_risk(found):
                    found = inside
                break
            step /= 2
        else:
            raise InternalError("a minimiser of a closed signed cell is no limit of points of the open cell")
    return found


def _between(first: Matrix, second: Matrix, step: Fraction) -> Matrix:
    return tuple(tuple(a + step * (b - a) for a, b in zip(p, q, strict=True)) for p, q in zip(first, second, strict=True))


def _starts(cell: Cell, parameters: Parameters, random: Random) -> Iterator[Parameters]:
    """Points of the cell: the given one with other output weights, and integer weights of hidden units where they fit."""
    network = cell.problem.network
    for _ in range(_STARTS):
        vector = list(vector_of(parameters))
        point = parameters_of(network, [value + Fraction(random.randint(-4, 4), 2) for value in vector])
        for k in range(1, _HALVINGS):
            # Output weights have no part in the pattern, so they are moved at full length.
            shorter = parameters.moved(point.moved(parameters, Fraction(-1)), Fraction(1, 2**k))
            shorter = Parameters((*shorter.weights[:-1], point.weights[-1]), (*shorter.biases[:-1], point.biases[-1]))
            if cell.contains(shorter):
                yield shorter
                break


def _alternate(cell: Cell, start: Parameters, bound: Fraction) -> Parameters | None:
    problem, point = cell.problem, start
    layers = problem.network.layers
    for turn in range(_ROUNDS):
        before = problem.rational_risk(point)
        for layer in range(layers, 0, -1):
            point = _improved(cell, point, layer)
        risk = problem.rational_risk(point)
        if risk < bound:
            return point
        if risk == before or (turn > 1 and (before - risk) * 200 < before):
            return None
    return None


def _improved(cell: Cell, point: Parameters, layer: int) -> Parameters:
    """The point with the parameters of one layer moved towards their least squares fit, as far as the cell reaches."""
    problem = cell.problem
    network, bias = problem.network, point.biases[layer - 1]
    old = [value for row in point.weights[layer - 1] for value in row] + list(bias or ())

    def with_block(values: Sequence[Fraction]) -> Parameters:
        width, height = network.widths[layer - 1], network.widths[layer]
        rows = tuple(tuple(values[k * width : (k + 1) * width]) for k in range(height))
        shifts = tuple(values[width * height :]) if bias is not None else None
        weights, biases = list(point.weights), list(point.biases)
        weights[layer - 1], biases[layer - 1] = rows, shifts
        return Parameters(tuple(weights), tuple(biases))

    zero = [Fraction(0)] * len(old)
    constant = _frozen_outputs(problem, cell.pattern, with_block(zero))
    columns = []
    for k in range(len(old)):
        unit = [Fraction(int(k == place)) for place in range(len(old))]
        moved = _frozen_outputs(problem, cell.pattern, with_block(unit))
        columns.append([a - b for a, b in zip(moved, constant, strict=True)])
    targets = [value for row in problem.data.y for value in row]
    best = least_squares(list(zip(*columns, strict=True)), [y - c for y, c in zip(targets, constant, strict=True)])
    step, risk = Fraction(1), problem.rational_risk(point)
    for _ in range(_HALVINGS):
        # Small denominators keep the numbers short; whether the risk is lower is asked of what comes out.
        values = [(a + step * (b - a)).limit_denominator(_DENOMINATOR) for a, b in zip(old, best, strict=True)]
        moved_point = with_block(values)
        if problem.rational_risk(moved_point) < risk and cell.contains(moved_point):
            return moved_point
        step /= 2
    return point


def _frozen_outputs(problem: Problem, pattern: ActivationPattern, parameters: Parameters) -> Vector:
    """What the network would predict with every unit on the piece that the pattern says, sample by sample."""
    lines, last = problem.network.activation.lines, problem.network.layers
    found: list[Fraction] = []
    for i, row in enumerate(problem.data.x):
        values = list(row)
        for layer, (matrix, bias) in enumerate(zip(parameters.weights, parameters.biases, strict=True), start=1):
            shifts = bias if bias is not None else (Fraction(0),) * len(matrix)
            values = [sum((w * v for w, v in zip(r, values, strict=True)), b) for r, b in zip(matrix, shifts, strict=True)]
            if layer < last:
                pieces = [unit[i] or 0 for unit in pattern.pieces[layer - 1]]
                values = [lines[p][0] * v + lines[p][1] for p, v in zip(pieces, values, strict=True)]
        found += values
    return tuple(found)
