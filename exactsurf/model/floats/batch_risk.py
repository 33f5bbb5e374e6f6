"""The risk at many parameters at once, and its gradient, in floats: for proposals only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from exactsurf.exact.floats.doubles import doubles
from exactsurf.model.floats.activation_values import values_and_slopes
from exactsurf.model.floats.loss_values import LossValues
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]


class BatchRisk:
    """The risk at many points, and its gradients.

    Parameters: a problem with a piecewise linear activation, ELU or SELU, any loss, with weight decay or without. Points are the
    matrices of all layers, of shape (any, units, inputs), a bias in the last column.
    Exactness: none, doubles; at kinks some one-sided slope. Raises: `OverflowError` for numbers beyond doubles.
    Source: theory.md, section 1; backpropagation for the gradients.

    >>> import numpy as np
    >>> import exactsurf as es
    >>> risk = BatchRisk(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1, 2], [0, 1])))
    >>> risk.values([np.array([[[1, 0]], [[1, 0]]]), np.array([[[1, 0]], [[0, 0]]])]).tolist()
    [1.0, 0.5]
    """

    def __init__(self, problem: Problem) -> None:
        network = problem.network
        self._biases = network.biases
        self._x = doubles(problem.data.inputs)
        self._activate = values_and_slopes(network.activation)
        self._loss = LossValues(problem)
        decay = problem.decay
        self._decay = 0.0 if decay is None else float(decay.factor)
        self._decays_biases = decay is not None and decay.biases

    def values(self, points: Sequence[Floats]) -> Floats:
        """The risks at the points."""
        risk: Floats = self._loss.risk(self._forward(points)[0]) + self._penalty(points)
        return risk

    def at(self, points: Sequence[Floats]) -> tuple[Floats, list[Floats]]:
        """The risks at the points, and the gradients by the matrices of all layers."""
        f, below, slopes = self._forward(points)
        jet = self._loss.jets(self._loss.term_predictions(f))
        back = self._loss.spread(jet.slope, f.shape)
        gradients: list[Floats] = []
        for layer in reversed(range(len(points))):
            gradients.append(back.transpose(0, 2, 1) @ below[layer])
            if layer:
                width = points[layer].shape[2] - self._biases[layer]
                back = (back @ points[layer][:, :, :width]) * slopes[layer - 1]
        gradients.reverse()
        if self._decay:
            penalised = enumerate(map(self._penalised, range(len(points)), points))
            gradients = [gradients[layer] + self._decay * own for layer, own in penalised]
        return jet.value.sum(axis=-1) + self._penalty(points), gradients

    def _forward(self, points: Sequence[Floats]) -> tuple[Floats, list[Floats], list[Floats]]:
        """The predictions; by layer what it reads, with a 1 for its bias; and the slopes of the hidden units."""
        import numpy as np

        below, slopes = np.broadcast_to(self._x, (len(points[0]), *self._x.shape)), []
        read = []
        for layer, point in enumerate(points):
            if self._biases[layer]:
                below = np.concatenate([below, np.ones((*below.shape[:2], 1))], axis=2)
            read.append(below)
            below = below @ point.transpose(0, 2, 1)
            if layer < len(points) - 1:
                below, slope = self._activate(below)
                slopes.append(slope)
        return below, read, slopes

    def _penalised(self, layer: int, point: Floats) -> Floats:
        if not self._biases[layer] or self._decays_biases:
            return point
        found = point.copy()
        found[:, :, -1] = 0
        return found

    def _penalty(self, points: Sequence[Floats]) -> Floats | float:
        if not self._decay:
            return 0.0
        squares: Floats = sum((self._penalised(layer, point) ** 2).sum(axis=(1, 2)) for layer, point in enumerate(points))
        return self._decay / 2 * squares
