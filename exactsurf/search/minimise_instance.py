"""Making a counterexample smaller while the claim still fails: fewer samples, units, inputs and outputs, smaller numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from exactsurf.errors import InputError
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.search.claims import Answer


@dataclass(frozen=True)
class Failure:
    """A problem, perhaps a point of it, and the answer of a claim that fails there."""

    problem: Problem
    parameters: Parameters | None
    answer: Answer


Ask: TypeAlias = Callable[[Problem, Parameters | None], Failure | None]
"""Whether a claim fails on a problem, perhaps at a known point; the answer may name another point."""


def minimise(
    failure: Failure, ask: Ask, is_time_up: Callable[[], bool], accepted: Callable[[Failure, int], None] | None = None
) -> tuple[Failure, int]:
    """The smallest failure that single reductions lead to, and the number of reductions.

    Parameters: `ask`, which decides every smaller problem; `is_time_up` ends it early; `accepted` hears of every step. Every
    accepted step lowers the number of samples, or of units, inputs and outputs, or else the weight of the entries p/q of data
    (and point), |p| + q − 1 and a half more for negative ones.
    Exactness: whatever is returned was refuted by `ask`. Raises: nothing of its own. Source: greedy descent.
    """
    steps = 0
    while True:
        for problem, parameters in reductions(failure.problem, failure.parameters):
            if is_time_up():
                return failure, steps
            smaller = ask(problem, parameters)
            if smaller is not None and size(smaller.problem, smaller.parameters) < size(failure.problem, failure.parameters):
                failure, steps = smaller, steps + 1
                if accepted is not None:
                    accepted(failure, steps)
                break
        else:
            return failure, steps


def minimise_within(
    networks: Sequence[Network],
    failure: Failure,
    ask: Ask,
    is_time_up: Callable[[], bool],
    accepted: Callable[[Failure, int], None],
) -> tuple[Failure, int]:
    """`minimise` for a failure on one of some networks, to one on one of them; `accepted` hears of those only.

    Single reductions may have to pass other networks on the way to a smaller one of these, so it goes there first, and from the
    last of these on without leaving them.
    Exactness: as `minimise`. Raises: nothing of its own. Source: greedy descent.
    """
    allowed = set(networks)
    last, steps = failure, 0

    def hear(smaller: Failure, _: int) -> None:
        nonlocal last, steps
        if smaller.problem.network in allowed:
            last, steps = smaller, steps + 1
            accepted(last, steps)

    found, _ = minimise(failure, ask, is_time_up, hear)
    if found.problem.network not in allowed:

        def ask_within(problem: Problem, parameters: Parameters | None) -> Failure | None:
            return ask(problem, parameters) if problem.network in allowed else None

        minimise(last, ask_within, is_time_up, hear)
    return last, steps


def size(problem: Problem, parameters: Parameters | None = None) -> tuple[int, int, int, int]:
    """Samples, units in all layers, and the weight of the numbers in the data and at the point: what `minimise` makes smaller."""
    weight = sum(_weight(value) for row in (*problem.data.x, *problem.data.y) for value in row)
    point = sum(map(_weight, vector_of(parameters))) if parameters is not None else 0
    return len(problem.data), sum(problem.network.widths), weight, point


def _weight(value: Fraction) -> int:
    # Of two numbers that differ in sign the positive one is the simpler.
    return 2 * (abs(value.numerator) + value.denominator - 1) + (value < 0)


def reductions(problem: Problem, parameters: Parameters | None) -> Iterator[tuple[Problem, Parameters | None]]:
    """All problems that one reduction leads to, large steps first.

    Exactness: exact. Raises: nothing. Source: none.
    """
    x, y = problem.data.x, problem.data.y
    if len(x) > 1:
        for i in reversed(range(len(x))):
            yield _with_data(problem, _without(x, i), _without(y, i)), parameters
    widths = problem.network.widths
    for layer, width in enumerate(widths):
        if width > 1:
            for unit in reversed(range(width)):
                smaller = _without_unit(problem, layer, unit)
                if smaller is not None:
                    yield smaller, None if parameters is None else _parameters_without_unit(parameters, layer, unit)
    for layer in (0, problem.network.layers):
        for column in range(widths[layer]):
            flipped = None if parameters is None else _parameters_flipped(parameters, layer, column)
            try:
                yield _flipped(problem, layer, column), flipped
            except InputError:
                continue
    for table, other in ((x, 0), (y, 1)):
        for i, row in enumerate(table):
            for k, value in enumerate(row):
                for less in _less(value):
                    changed = tuple((*r[:k], less, *r[k + 1 :]) if j == i else r for j, r in enumerate(table))
                    try:
                        yield _with_data(problem, *((changed, y) if other == 0 else (x, changed))), parameters
                    except InputError:
                        continue  # hinge loss keeps its labels
    if parameters is not None:
        vector = vector_of(parameters)
        for k, value in enumerate(vector):
            for less in _less(value):
                yield problem, parameters_of(problem.network, [*vector[:k], less, *vector[k + 1 :]])


def _less(value: Fraction) -> list[Fraction]:
    """Numbers of less weight, least first."""
    sign = 1 if value > 0 else -1
    half = Fraction(int(value / 2))
    found = [Fraction(0), Fraction(1), Fraction(sign), abs(half), half, Fraction(int(value)), abs(value), value - sign]
    return [other for other in dict.fromkeys(found) if _weight(other) < _weight(value)]


def _with_data(problem: Problem, x: Sequence[Vector], y: Sequence[Vector]) -> Problem:
    return Problem(problem.network, Data.from_arrays(x, y), problem.loss)


def _without(rows: Sequence[Vector], place: int) -> tuple[Vector, ...]:
    return tuple(row for k, row in enumerate(rows) if k != place)


def _entries_without(values: Vector, place: int) -> Vector:
    return (*values[:place], *values[place + 1 :])


def _without_unit(problem: Problem, layer: int, unit: int) -> Problem | None:
    network, x, y = problem.network, problem.data.x, problem.data.y
    widths = [width - (k == layer) for k, width in enumerate(network.widths)]
    if layer == 0:
        x = tuple(_entries_without(row, unit) for row in x)
    if layer == network.layers:
        y = tuple(_entries_without(row, unit) for row in y)
    smaller = Network(widths, network.activation, biases=network.biases)
    try:
        return Problem(smaller, Data.from_arrays(x, y), problem.loss)
    except InputError:
        return None


def _parameters_without_unit(parameters: Parameters, layer: int, unit: int) -> Parameters:
    weights: list[Matrix] = list(parameters.weights)
    biases = list(parameters.biases)
    if layer > 0:
        weights[layer - 1] = _without(weights[layer - 1], unit)
        bias = biases[layer - 1]
        biases[layer - 1] = None if bias is None else _entries_without(bias, unit)
    if layer < len(weights):
        weights[layer] = tuple(_entries_without(row, unit) for row in weights[layer])
    return Parameters(tuple(weights), tuple(biases))


def _flipped(problem: Problem, layer: int, column: int) -> Problem:
    """The problem with the sign of one input or output changed on all samples."""
    x, y = problem.data.x, problem.data.y
    return _with_data(problem, _negated(x, column), y) if layer == 0 else _with_data(problem, x, _negated(y, column))


def _negated(rows: Sequence[Vector], column: int) -> tuple[Vector, ...]:
    return tuple((*row[:column], -row[column], *row[column + 1 :]) for row in rows)


def _parameters_flipped(parameters: Parameters, layer: int, column: int) -> Parameters:
    """The parameters that compute the same (or its opposite) after `_flipped`."""
    weights, biases = list(parameters.weights), list(parameters.biases)
    if layer == 0:
        weights[0] = _negated(weights[0], column)
        return Parameters(tuple(weights), tuple(biases))
    last = weights[-1]
    weights[-1] = tuple(tuple(-v for v in row) if k == column else row for k, row in enumerate(last))
    bias = biases[-1]
    biases[-1] = None if bias is None else tuple(-v if k == column else v for k, v in enumerate(bias))
    return Parameters(tuple(weights), tuple(biases))
