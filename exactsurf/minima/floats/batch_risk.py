"""The risk at many parameters at once, in floats: for proposals only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exactsurf.exact.floats.doubles import doubles
from exactsurf.minima.local.coordinate_vector import row_positions
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]


def batch_risk(problem: Problem, vectors: Floats) -> Floats:
    """The risk at each row of `vectors`.

    Parameters: `vectors`, an array of shape (any, number of parameters), entries in the order of `weight_names`; a piecewise
    linear network and a loss by pieces. Returns: as many floats as rows.
    Exactness: none, doubles; a proposal. Raises: nothing. Source: theory.md, section 1.

    >>> import numpy as np
    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1, 2], [0, 1]))
    >>> batch_risk(problem, np.array([[1, 0, 1, 0], [1, 0, 0, 0]])).tolist()
    [1.0, 0.5]
    """
    import numpy as np

    network, h = problem.network, problem.network.activation
    breakpoints, lines = np.array(h.breakpoints, dtype=float), np.array(h.lines, dtype=float)
    rows = doubles(problem.data.inputs)
    below = np.broadcast_to(rows, (len(vectors), *rows.shape))
    for layer, (positions, has_bias) in enumerate(zip(row_positions(network), network.biases, strict=True), start=1):
        taken = vectors[:, np.array(positions)]
        weights = taken[:, :, :-1] if has_bias else taken
        below = np.matmul(below, weights.transpose(0, 2, 1))
        if has_bias:
            below += taken[:, None, :, -1]
        if layer < network.layers:
            piece = np.searchsorted(breakpoints, below)
            below = lines[piece, 0] * below + lines[piece, 1]
    total = np.zeros(len(vectors))
    for k in range(network.widths[-1]):
        terms = [(i, parts) for i in range(len(rows)) if (parts := problem.term_outputs(i, k))]
        if not terms:
            continue
        samples = np.array([i for i, _ in terms])
        f = np.zeros((len(vectors), len(terms)))
        for part in range(len(terms[0][1])):
            outputs, signs = (np.array([parts[part][n] for _, parts in terms]) for n in (0, 1))
            f += signs * below[:, samples, outputs]
        functions = [problem.term_function(i, k) for i, _ in terms]
        stops, pieces = (np.array([getattr(g, name) for g in functions], dtype=float) for name in ("breakpoints", "pieces"))
        piece = (f[:, :, None] > stops.reshape(1, len(terms), -1)).sum(axis=2)
        a, b, c = (pieces[np.arange(len(terms)), piece, n] for n in range(3))
        total += ((a * f + b) * f + c).sum(axis=1)
    return total
