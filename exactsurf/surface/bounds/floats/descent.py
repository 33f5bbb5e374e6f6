"""Parameters of low risk by gradient descent from many points at once, in floats: proposals for upper bounds."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsurf.effort import look
from exactsurf.model.floats.batch_risk import BatchRisk
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

_PHASES = ((2048, 200), (96, 800))
"""Points, and steps that they make: the best ones of each phase go on."""

_KEPT = 8
_RATES = (0.01, 0.3)
_SIZES = (0.5, 3.0)


def low_points(problem: Problem, seed: int = 0) -> list[Parameters]:
    """Parameters that seem to have a low risk, the lowest first, as short binary fractions.

    Parameters: a problem with a piecewise linear activation and a loss by pieces; `seed` of the random starts.
    Returns: at least one point: parameters 0 if the problem has numbers beyond doubles.
    Exactness: none, proposals. Raises: nothing. Source: Kingma and Ba, "Adam", ICLR 2015, for the steps.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 2]), es.Data.from_arrays([0, 1, 2], [[0, 0], [1, 2], [2, 4]]))
    >>> problem.risk(low_points(problem)[0]) < Fraction(1, 1000)
    True
    """
    import numpy as np

    try:
        with np.errstate(all="ignore"):
            return _proposed(problem, seed)
    except (OverflowError, ValueError):  # numbers beyond doubles, or no numbers
        return [parameters_of(problem, [np.zeros(shape) for shape in layer_shapes(problem)])]


def layer_shapes(problem: Problem) -> list[tuple[int, int]]:
    """Of the matrices of all layers, a bias in the last column."""
    network = problem.network
    return [(width, below + bias) for width, below, bias in zip(network.widths[1:], network.widths, network.biases, strict=False)]


def _proposed(problem: Problem, seed: int) -> list[Parameters]:
    import numpy as np

    source = np.random.default_rng(seed)
    starts = _PHASES[0][0]
    # Starts of all sizes, each with steps of its own length.
    sizes, rates = (low * (high / low) ** source.uniform(size=(starts, 1, 1)) for low, high in (_SIZES, _RATES))
    network = problem.network
    points: list[Floats] = []
    for below, shape in zip(network.widths, layer_shapes(problem), strict=False):
        points.append(source.normal(size=(starts, *shape)) * (sizes / np.sqrt(below)))
    rows = BatchRisk(problem)
    for count, steps in _PHASES:
        risks = rows.values(points)
        best = np.argsort(risks)[:count]
        points, rates = [point[best] for point in points], rates[best]
        _descend(rows, points, rates, steps)
    risks = rows.values(points)
    return [parameters_of(problem, [_short(point[n]) for point in points]) for n in np.argsort(risks)[:_KEPT]]


def _short(matrix: Floats) -> Floats:
    """The nearest binary fractions of 20 places."""
    import numpy as np

    return np.round(matrix * (1 << 20)) / (1 << 20)


def _descend(rows: BatchRisk, points: list[Floats], rates: Floats, steps: int) -> None:
    """Move the points in place."""
    import numpy as np

    first, second = ([np.zeros_like(point) for point in points] for _ in range(2))
    for step in range(1, steps + 1):
        look("points of low risk are looked for")
        _, slopes = rows.at(points)
        rate = rates * (1 - step / (steps + 1))
        for point, slope, mean, square in zip(points, slopes, first, second, strict=True):
            mean += 0.1 * (slope - mean)
            square += 0.01 * (slope * slope - square)
            point -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-12)


def parameters_of(problem: Problem, matrices: list[Floats]) -> Parameters:
    """Parameters with the doubles of these matrices, exactly; a bias is in the last column."""
    weights, biases = [], []
    for matrix, has_bias in zip(matrices, problem.network.biases, strict=True):
        rows = [[Fraction(float(v)) for v in row] for row in matrix]
        weights.append(tuple(tuple(row[:-1] if has_bias else row) for row in rows))
        biases.append(tuple(row[-1] for row in rows) if has_bias else None)
    return Parameters(tuple(weights), tuple(biases))
