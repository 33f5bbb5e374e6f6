"""Parameters of low risk by gradient descent from many points at once, in floats: proposals for upper bounds."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.surface.bounds.floats.expression_slopes import value_and_slope
from exactsurf.surface.bounds.floats.loss_values import LossValues

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
        risks, _ = rows.at(points)
        best = np.argsort(risks)[:count]
        points, rates = [point[best] for point in points], rates[best]
        _descend(rows, points, rates, steps)
    risks, _ = rows.at(points)
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
        _, slopes = rows.at(points)
        rate = rates * (1 - step / (steps + 1))
        for point, slope, mean, square in zip(points, slopes, first, second, strict=True):
            mean += 0.1 * (slope - mean)
            square += 0.01 * (slope * slope - square)
            point -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-12)


class BatchRisk:
    """The risk at many points and its gradients: a loss by pieces or by an expression, with weight decay or without."""

    def __init__(self, problem: Problem) -> None:
        import numpy as np

        network, h = problem.network, problem.network.activation
        self.biases = network.biases
        self.x = np.array([[float(v) for v in row] for row in problem.data.x])
        self.breakpoints = np.array([float(t) for t in h.breakpoints])
        self.lines = np.array([[float(v) for v in line] for line in h.lines])
        outputs = network.widths[-1]
        self.outputs = outputs
        self.terms = []
        self.curved = []
        self.classes = LossValues(problem) if problem.loss.gap == "classes" else None
        if not problem.loss.is_piecewise_quadratic and self.classes is None:
            shares = problem.without_decay.shares
            self.curved = [
                (i, k, float(share), problem.loss.of_target(y))
                for i, (share, row) in enumerate(zip(shares, problem.data.y, strict=True))
                for k, y in enumerate(row)
            ]
        decay = problem.decay
        self.decay = 0.0 if decay is None else float(decay.factor)
        self.decays_biases = decay is not None and decay.biases
        plain = problem.without_decay
        for i in range(len(problem.data) if problem.loss.is_piecewise_quadratic else 0):
            for k in range(outputs):
                parts = plain.term_outputs(i, k)
                if parts:
                    f = plain.term_function(i, k)
                    stops, pieces = [float(t) for t in f.breakpoints], [[float(v) for v in piece] for piece in f.pieces]
                    self.terms.append((i, parts, np.array(stops), np.array(pieces)))

    def at(self, points: list[Floats]) -> tuple[Floats, list[Floats]]:
        """The risks at the points, and the gradients by the matrices of all layers."""
        import numpy as np

        count = len(points[0])
        below = [np.broadcast_to(self.x, (count, *self.x.shape))]
        slopes = []
        for layer, point in enumerate(points):
            entry = self._with_one(below[-1], layer)
            below[-1] = entry
            z = entry @ point.transpose(0, 2, 1)
            if layer < len(points) - 1:
                piece = np.searchsorted(self.breakpoints, z)
                slopes.append(self.lines[piece, 0])
                z = self.lines[piece, 0] * z + self.lines[piece, 1]
            below.append(z)
        f = below.pop()
        risk, back = np.zeros(count), np.zeros_like(f)
        for i, parts, stops, pieces in self.terms:
            u = sum(sign * f[:, i, output] for output, sign in parts)
            a, b, c = pieces[np.searchsorted(stops, u)].T
            risk += (a * u + b) * u + c
            for output, sign in parts:
                back[:, i, output] += sign * (2 * a * u + b)
        for i, k, share, tree in self.curved:
            value, slope = value_and_slope(tree, f[:, i, k])
            risk += share * value
            back[:, i, k] += share * slope
        if self.classes is not None:
            jet = self.classes.jets(self.classes.term_predictions(f))
            risk += jet.value.sum(axis=-1)
            back += self.classes.spread(jet.slope, f.shape)
        gradients: list[Floats] = []
        for layer in reversed(range(len(points))):
            gradients.append(back.transpose(0, 2, 1) @ below[layer])
            if layer:
                width = points[layer].shape[2] - self.biases[layer]
                back = (back @ points[layer][:, :, :width]) * slopes[layer - 1]
        gradients.reverse()
        if self.decay:
            for layer, point in enumerate(points):
                penalised = point.copy()
                if self.biases[layer] and not self.decays_biases:
                    penalised[:, :, -1] = 0
                risk += self.decay / 2 * (penalised**2).sum(axis=(1, 2))
                gradients[layer] = gradients[layer] + self.decay * penalised
        return risk, gradients

    def _with_one(self, values: Floats, layer: int) -> Floats:
        import numpy as np

        if not self.biases[layer]:
            return values
        return np.concatenate([values, np.ones((*values.shape[:2], 1))], axis=2)


def parameters_of(problem: Problem, matrices: list[Floats]) -> Parameters:
    """Parameters with the doubles of these matrices, exactly; a bias is in the last column."""
    weights, biases = [], []
    for matrix, has_bias in zip(matrices, problem.network.biases, strict=True):
        rows = [[Fraction(float(v)) for v in row] for row in matrix]
        weights.append(tuple(tuple(row[:-1] if has_bias else row) for row in rows))
        biases.append(tuple(row[-1] for row in rows) if has_bias else None)
    return Parameters(tuple(weights), tuple(biases))
