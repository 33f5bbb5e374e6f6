"""Units that are dead on all samples, here and nearby: the risk does not depend on them, so they can be left out and put back."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Sequence
from typing import TypeVar

from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

T = TypeVar("T")


def dead_units(problem: Problem, parameters: Parameters) -> tuple[int, ...]:
    """The units of the first hidden layer whose activation is 0 near each of their pre-activations.

    Those depend on the weights and the bias that lead into the unit alone. So the risk is the same for all weights that read it
    and for an open set of those that lead into it, whatever all other parameters are.
    Parameters: a `problem` with a piecewise linear activation. Exactness: exact. Raises: `ShapeError`.
    Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([1, 2], [0, 1]))
    >>> dead_units(problem, problem.parameters(W1=[[1], [-1]], b1=[0, 0], W2=[[1, 5]], b2=[0]))
    (1,)
    """
    if problem.network.layers < 2:
        return ()
    h = problem.network.activation
    silent = {k for k, line in enumerate(h.lines) if not any(line)}
    found = []
    for unit, row in enumerate(problem.forward(parameters).pre_activations[0]):
        values = row.fractions()
        if all(z not in h.breakpoints and bisect_left(h.breakpoints, z) in silent for z in values):
            found.append(unit)
    return tuple(found)


def without_units(problem: Problem, parameters: Parameters, units: Collection[int]) -> tuple[Problem, Parameters]:
    """The problem and the parameters without these units of the first hidden layer, of which at least one is left.

    Exactness: exact. Raises: `UnsupportedError` for a problem with weight decay, whose risk depends on their weights.
    """
    problem.check_no_decay()
    network = problem.network
    widths = [width - len(units) * (layer == 1) for layer, width in enumerate(network.widths)]
    smaller = Problem(Network(widths, network.activation, biases=network.biases), problem.data, problem.loss)
    first, second, *others = parameters.weights
    bias, *biases = parameters.biases
    readers: Matrix = tuple(_left_out(row, units) for row in second)
    weights = (_left_out(first, units), readers, *others)
    return smaller, Parameters(weights, (None if bias is None else _left_out(bias, units), *biases))


def with_units(smaller: Parameters, whole: Parameters, units: Collection[int]) -> Parameters:
    """`smaller` with these units of `whole` put back in their places."""
    first, second, *others = smaller.weights
    bias, *biases = smaller.biases
    old_first, old_second = whole.weights[:2]
    old_bias = whole.biases[0]
    readers: Matrix = tuple(_put_back(row, old, units) for row, old in zip(second, old_second, strict=True))
    shift: Vector | None = None if bias is None or old_bias is None else _put_back(bias, old_bias, units)
    return Parameters((_put_back(first, old_first, units), readers, *others), (shift, *biases))


def _left_out(values: Sequence[T], places: Collection[int]) -> tuple[T, ...]:
    return tuple(value for place, value in enumerate(values) if place not in places)


def _put_back(values: Sequence[T], old: Sequence[T], places: Collection[int]) -> tuple[T, ...]:
    rest = iter(values)
    return tuple(value if place in places else next(rest) for place, value in enumerate(old))
