"""A point of the benchmark in floats: risk, gradient and Hessian, as a framework for automatic differentiation has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import exactsurf as es

Floats = NDArray[Any]


@dataclass(frozen=True)
class FloatNetwork:
    """Weights of one point in floats of one precision; slopes at breakpoints are those from the left, as PyTorch has for ReLU.

    `shapes`, for every layer the shape of its weights and whether it has biases; `theta`, all of them in one vector, layer by
    layer, weights before biases.
    """

    breakpoints: Floats
    lines: Floats
    shapes: tuple[tuple[int, int, bool], ...]
    x: Floats
    y: Floats
    theta: Floats

    @classmethod
    def of(cls, problem: es.Problem, parameters: es.Parameters, precision: type = np.float64) -> FloatNetwork:
        """The point in the nearest floats. The activation's pieces are exact binary numbers in this benchmark."""
        h, network = problem.network.activation, problem.network
        shapes = tuple(zip(network.widths[1:], network.widths, network.biases, strict=False))
        entries = [
            float(v) for _, value in parameters.items() for row in value for v in (row if isinstance(row, tuple) else (row,))
        ]
        x, y = ([[float(v) for v in row] for row in rows] for rows in (problem.data.x, problem.data.y))
        parts = ([float(t) for t in h.breakpoints], [[float(v) for v in line] for line in h.lines], x, y, entries)
        breakpoints, lines, inputs, targets, theta = (np.array(part, dtype=precision) for part in parts)
        return cls(breakpoints, lines, shapes, inputs, targets, theta)

    def layers(self, theta: Floats) -> list[tuple[Floats, Floats | None]]:
        """Weights and biases of every layer, from one vector or many (leading axes)."""
        found, start = [], 0
        for above, below, has_bias in self.shapes:
            weights = theta[..., start : start + above * below].reshape(*theta.shape[:-1], above, below)
            start += above * below
            biases = theta[..., start : start + above] if has_bias else None
            start += above * has_bias
            found.append((weights, biases))
        return found

    def forward(self, theta: Floats) -> tuple[list[Floats], list[Floats]]:
        """What enters every layer, and the slopes behind it (none behind the last); the last entry is the prediction."""
        entering, slopes = [np.broadcast_to(self.x, (*theta.shape[:-1], *self.x.shape))], []
        for layer, (weights, biases) in enumerate(self.layers(theta), start=1):
            z = entering[-1] @ np.swapaxes(weights, -1, -2)
            if biases is not None:
                z = z + biases[..., None, :]
            if layer < len(self.shapes):
                piece = np.searchsorted(self.breakpoints, z, side="left")
                slopes.append(self.lines[piece, 0])
                z = self.lines[piece, 0] * z + self.lines[piece, 1]
            entering.append(z)
        return entering, slopes

    def risk(self, theta: Floats) -> Floats:
        """½ Σ (f − y)², for one vector or many."""
        entering, _ = self.forward(theta)
        return np.sum((entering[-1] - self.y) ** 2, axis=(-1, -2)) / 2

    def gradient(self, theta: Floats) -> Floats:
        """The gradient by backpropagation, for one vector or many."""
        entering, slopes = self.forward(theta)
        return self._backward(self.layers(theta), entering, slopes)

    def _backward(self, layers: list[tuple[Floats, Floats | None]], entering: list[Floats], slopes: list[Floats]) -> Floats:
        error, parts = entering[-1] - self.y, []
        for layer in range(len(layers) - 1, -1, -1):
            weights, biases = layers[layer]
            if biases is not None:
                parts.append(error.sum(axis=-2))
            below = np.swapaxes(error, -1, -2) @ entering[layer]
            parts.append(below.reshape(*below.shape[:-2], -1))
            if layer:
                error = (error @ weights) * slopes[layer - 1]
        return np.concatenate(parts[::-1], axis=-1)

    def hessian(self, theta: Floats) -> Floats:
        """The Hessian at fixed slopes: its columns are derivatives of the backward pass along the axes."""
        entering, slopes = self.forward(theta)
        layers, axes = self.layers(theta), self.layers(np.eye(len(theta), dtype=theta.dtype))
        moving = [np.zeros((len(theta), *self.x.shape), dtype=theta.dtype)]
        for layer, ((weights, _), (turned, shifted)) in enumerate(zip(layers, axes, strict=True)):
            z = moving[-1] @ weights.T + entering[layer] @ np.swapaxes(turned, -1, -2)
            if shifted is not None:
                z = z + shifted[:, None, :]
            moving.append(z * slopes[layer] if layer < len(slopes) else z)
        error, change, parts = entering[-1] - self.y, moving[-1], []
        for layer in range(len(layers) - 1, -1, -1):
            weights, biases = layers[layer]
            if biases is not None:
                parts.append(change.sum(axis=-2))
            below = np.swapaxes(change, -1, -2) @ entering[layer] + error.T @ moving[layer]
            parts.append(below.reshape(len(theta), -1))
            if layer:
                gate = slopes[layer - 1]
                change = (change @ weights + error @ axes[layer][0]) * gate
                error = (error @ weights) * gate
        return np.concatenate(parts[::-1], axis=-1)
