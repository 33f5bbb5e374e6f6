"""The slice in which a critical point is isolated: what is held because a change of it changes nothing."""

from __future__ import annotations

from typing import TypeAlias

from exactsurf.minima.local.coordinate_vector import row_positions
from exactsurf.model.common_outputs import common_outputs
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

Held: TypeAlias = tuple[tuple[int, int, int], ...]
"""For every hidden unit (layer, unit, reader) of a weight that reads it; empty where units cannot be rescaled."""


def choose_held(problem: Problem, start: Parameters) -> Held | None:
    """For every hidden unit that can be rescaled the weight that reads it and tells its scale best; None if none does.

    In the output layer of a loss of differences of outputs that is the weight that differs most from that of the last output.

    Parameters: `problem`; `start`, a point. Exactness: exact. Raises: nothing. Source: proofs/smooth.md, sections 4 and 8.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 2], biases=False), es.Data.from_arrays([0, 1], [0, 1]), "cross_entropy")
    >>> [choose_held(problem, problem.parameters(W1=[[1]], W2=W2)) for W2 in ([[2], [1]], [[1], [1]])]
    [((1, 0, 0),), None]
    """
    if problem.network.activation.degree is None or problem.decay is not None:
        return ()
    relative, held = common_outputs(problem)[0], list[tuple[int, int, int]]()
    for layer, matrix in enumerate(start.weights[1:], start=1):
        shared = matrix[-1] if relative and layer + 1 == len(start.weights) else (0,) * len(matrix[0])
        for unit in range(problem.network.widths[layer]):
            reader = max(range(len(matrix)), key=lambda k: abs(matrix[k][unit] - shared[unit]))
            if matrix[reader][unit] == shared[unit]:
                return None
            held.append((layer, unit, reader))
    return tuple(held)


def fixed_positions(problem: Problem, held: Held) -> set[int]:
    """The coordinates that do not vary: the weights of `held`, and the last output where all outputs can change alike.

    Parameters: `problem`; `held`, as of `choose_held`. Exactness: indices only. Raises: nothing.
    Source: proofs/FORMAT.md, sections 10 and 23.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2]), es.Data.from_arrays([0, 1], [0, 1]), "cross_entropy")
    >>> fixed_positions(problem, ())
    {1, 3}
    """
    positions = row_positions(problem.network)
    weights, bias = common_outputs(problem)
    last, width = positions[-1][-1], problem.network.widths[-2]
    common = (*(last[:width] if weights else ()), *(last[width:] if bias else ()))
    return {*common, *(positions[layer][reader][unit] for layer, unit, reader in held)}


def free_positions(problem: Problem, held: Held) -> list[int]:
    """The coordinates that vary, in order."""
    fixed = fixed_positions(problem, held)
    return sorted(p for rows in row_positions(problem.network) for row in rows for p in row if p not in fixed)
