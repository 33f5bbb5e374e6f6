"""Where the entries of parameters stand in the vector of them, and directions with few entries."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem


def row_positions(network: Network) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """[layer − 1][unit]: where the weights of a unit, and behind them its bias if it has one, stand in the vector.

    Parameters: any `network`. Exactness: indices only. Raises: nothing. Source: `vector_of`.

    >>> import exactsurf as es
    >>> row_positions(es.Network([2, 2, 1], biases=[True, False]))
    (((0, 1, 4), (2, 3, 5)), ((6, 7),))
    """
    found, start = [], 0
    for layer, has_bias in enumerate(network.biases, start=1):
        rows, columns = network.widths[layer], network.widths[layer - 1]
        shift = start + rows * columns
        found.append(
            tuple(
                (*range(start + j * columns, start + (j + 1) * columns), *((shift + j,) if has_bias else ())) for j in range(rows)
            )
        )
        start = shift + (rows if has_bias else 0)
    return tuple(found)


def dimension(network: Network) -> int:
    """The number of parameters."""
    widths = zip(network.widths, network.widths[1:], network.biases, strict=False)
    return sum((below + has_bias) * above for below, above, has_bias in widths)


def single_entry(problem: Problem, entries: dict[str, dict[tuple[int, ...], Fraction]]) -> Parameters:
    """A direction that is zero but for the given entries, e.g. ``{"W2": {(0, 1): Fraction(1)}, "b2": {(0,): …}}``."""
    zero = Fraction(0)
    weights, biases = [], []
    for layer, has_bias in enumerate(problem.network.biases, start=1):
        rows, columns = problem.network.shapes[f"W{layer}"]
        chosen = entries.get(f"W{layer}", {})
        weights.append(tuple(tuple(chosen.get((i, j), zero) for j in range(columns)) for i in range(rows)))
        shift = entries.get(f"b{layer}", {})
        biases.append(tuple(shift.get((i,), zero) for i in range(rows)) if has_bias else None)
    return Parameters(tuple(weights), tuple(biases))


def unit_direction(problem: Problem, unit: int, delta: Sequence[Fraction]) -> Parameters:
    """The direction that moves the weights (and the bias, if there is one) of a unit of layer 1 along `delta`."""
    width = problem.network.widths[0]
    entries: dict[str, dict[tuple[int, ...], Fraction]] = {"W1": {(unit, p): delta[p] for p in range(width)}}
    if problem.network.biases[0]:
        entries["b1"] = {(unit,): delta[width]}
    return single_entry(problem, entries)
