"""Rows of weights of one unit over known inputs: a row with given pieces, all pieces that rows give, parameters from rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.exact.bounded_system import Multipliers, solve_bounded_system
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

_ZERO, _ONE = Fraction(0), Fraction(1)


def layer_inputs(problem: Problem, parameters: Parameters, layer: int) -> tuple[Vector, ...]:
    """What a unit of hidden layer `layer` sees on every sample, with a 1 behind it if the layer has a bias.

    Parameters: `parameters`, of which only the layers below count. Exactness: exact. Raises: `ShapeError` for parameters of
    another network. Source: the definition.
    """
    if layer == 1:
        rows = tuple(tuple(row) for row in problem.data.x)
    else:
        below = problem.forward(parameters).activations[layer - 2]
        rows = tuple(zip(*(vector.fractions() for vector in below), strict=True))
    return tuple((*row, _ONE) for row in rows) if problem.network.biases[layer - 1] else rows


def row_with_pieces(
    inputs: Sequence[Vector], pieces: Sequence[int | None], silent: Sequence[bool], breakpoints: Sequence[Fraction]
) -> Vector | None:
    """A row w with w·x_i strictly inside the interval of pieces[i] for every sample that is not silent, if there is one.

    Parameters: `inputs` x_i; `pieces`, None where anything will do; `silent` samples ask for nothing; `breakpoints`.
    Exactness: exact (one linear program). Raises: nothing. Source: Motzkin's transposition theorem.

    >>> one, two = (Fraction(1),), (Fraction(2),)
    >>> row_with_pieces([one, two], [1, 0], [False, False], [Fraction(0)]) is None
    True
    """
    forms = [(*(_ZERO for _ in inputs[0]), _ONE, _ONE)]
    for x, piece, quiet in zip(inputs, pieces, silent, strict=True):
        if piece is None or quiet:
            continue
        if piece > 0:
            forms.append((*x, -breakpoints[piece - 1], _ONE))
        if piece < len(breakpoints):
            forms.append((*(-value for value in x), breakpoints[piece], _ONE))
    target = (*(_ZERO for _ in inputs[0]), _ZERO, _ONE)
    answer = solve_bounded_system(forms, target, [_ZERO] * len(forms), [None] * len(forms))
    if isinstance(answer, Multipliers):
        return None
    *row, scale, _ = answer.values
    return tuple(value / scale for value in row)


def unit_rows(
    problem: Problem, parameters: Parameters, layer: int, silent: Sequence[bool]
) -> Iterator[tuple[tuple[int, ...], Vector]]:
    """All pieces that a unit of hidden layer `layer` can have over the given layers below it, each once, with a row.

    Parameters: `parameters`, of which only the layers below count; `silent`, the samples on which every row gives 0.
    Returns: pairs (pieces by sample, row of weights with the bias behind it), lazily.
    Exactness: exact. A sample that is not silent but on which these layers give no input stays on a breakpoint 0 for every
    row: then there is nothing to list. Raises: as `Arrangement`. Source: theory.md, section 2.
    """
    points = problem.network.activation.breakpoints
    inputs = layer_inputs(problem, parameters, layer)
    if _ZERO in points and any(not any(x) and not quiet for x, quiet in zip(inputs, silent, strict=True)):
        return
    arrangement = Arrangement([x for x in inputs for _ in points], list(points) * len(inputs))
    for cell in arrangement.cells():
        groups = zip(*[iter(cell.signs)] * len(points), strict=True)
        yield tuple(sum(sign > 0 for sign in group) for group in groups), cell.witness


def parameters_with_rows(problem: Problem, rows: Sequence[Sequence[Vector]]) -> Parameters:
    """Parameters whose hidden layers have these rows (bias last, if there is one) and whose output layer is all ones.

    Parameters: rows by hidden layer and unit; layers and units that are missing are 0. Exactness: exact.
    Raises: nothing for fitting rows. Source: the definition.
    """
    network = problem.network
    weights, biases = [], []
    for layer in range(1, network.layers + 1):
        height, width, has_bias = network.widths[layer], network.widths[layer - 1], network.biases[layer - 1]
        given = list(rows[layer - 1]) if layer <= len(rows) and layer < network.layers else []
        blank = (_ONE if layer == network.layers else _ZERO,) * width + (_ZERO,) * has_bias
        full = [*given, *[blank] * (height - len(given))]
        weights.append(tuple(tuple(row[:width]) for row in full))
        biases.append(tuple(row[width] for row in full) if has_bias else None)
    return Parameters(tuple(weights), tuple(biases))


def rows_of(parameters: Parameters, layer: int) -> tuple[Vector, ...]:
    """The rows of hidden layer `layer`, each with its bias behind it if there is one; the inverse of `parameters_with_rows`."""
    bias = parameters.biases[layer - 1]
    rows = parameters.weights[layer - 1]
    return rows if bias is None else tuple((*row, shift) for row, shift in zip(rows, bias, strict=True))
