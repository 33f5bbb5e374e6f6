"""A network in floats, many points at once: it proposes points of low risk, which exact arithmetic then judges."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

import exactsurf as es
from exactsurf.model.parameter_vector import parameters_of, vector_of
from tests import oracle


class FloatNetwork:
    """Risks, gradients and Jacobians of the predictions at many points."""

    def __init__(self, problem: es.Problem) -> None:
        network = problem.network
        h = network.activation
        self.problem, self.sizes = problem, list(zip(network.widths[1:], network.widths, network.biases, strict=False))
        self.x = np.array([[float(v) for v in row] for row in problem.data.x])
        self.y = np.array([[float(v) for v in row] for row in problem.data.y])
        self.breakpoints, self.slopes = np.array(list(map(float, h.breakpoints))), np.array(list(map(float, h.slopes)))
        inner = [
            *(t - 1 for t in h.breakpoints[:1]),
            *((a + b) / 2 for a, b in zip(h.breakpoints, h.breakpoints[1:], strict=False)),
        ]
        inner += [t + 1 for t in h.breakpoints[-1:]] or [Fraction(0)]
        self.intercepts = np.array([float(oracle.activate(h, z) - a * z) for z, a in zip(inner, h.slopes, strict=True)])
        self.scale = float(oracle.scale(problem))

    @property
    def dimension(self) -> int:
        return sum(above * below + above * bias for above, below, bias in self.sizes)

    def layers(self, points: np.ndarray) -> list[tuple[np.ndarray, np.ndarray | None]]:
        found, start = [], 0
        for above, below, bias in self.sizes:
            weights = points[:, start : start + above * below].reshape(-1, above, below)
            start += above * below
            found.append((weights, points[:, start : start + above] if bias else None))
            start += above * bias
        return found

    def forward(self, points: np.ndarray) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
        """Predictions [point, sample, output], what the layers read, and the slopes of the hidden units."""
        f, readings, slopes = np.broadcast_to(self.x, (len(points), *self.x.shape)), [], []
        for layer, (weights, bias) in enumerate(self.layers(points)):
            if layer:
                pieces = np.searchsorted(self.breakpoints, f)
                slopes.append(self.slopes[pieces])
                f = slopes[-1] * f + self.intercepts[pieces]
            readings.append(f)
            f = np.einsum("sni,sji->snj", f, weights)
            f = f if bias is None else f + bias[:, None, :]
        return f, readings, slopes

    def jacobians(self, points: np.ndarray) -> np.ndarray:
        """[point, sample · output, parameter]."""
        f, readings, slopes = self.forward(points)
        count, samples, outputs = f.shape
        adjoint = np.broadcast_to(np.eye(outputs), (count, samples, outputs, outputs))
        parts: list[np.ndarray] = []
        layers = self.layers(points)
        for layer in range(len(layers) - 1, -1, -1):
            weights, bias = layers[layer]
            here = [np.einsum("snoj,sni->snoji", adjoint, readings[layer]).reshape(count, samples * outputs, -1)]
            here += [] if bias is None else [adjoint.reshape(count, samples * outputs, -1)]
            parts = here + parts
            if layer:
                adjoint = np.einsum("snoj,sji->snoi", adjoint, weights) * slopes[layer - 1][:, :, None, :]
        return np.concatenate(parts, axis=2)

    def risks(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Risks and gradients."""
        f, loss = self.forward(points)[0], self.problem.loss
        u = f - self.y
        if loss.name == "squared":
            value, slope = u * u, 2 * u
        elif loss.name == "absolute":
            value, slope = abs(u), np.sign(u)
        elif loss.name == "hinge" and self.y.shape[1] > 1:
            margins = 1 + f - (self.y * f).sum(2, keepdims=True)
            value = np.maximum(0, margins) * (1 - self.y)
            slope = (margins > 0) * (1 - self.y)
            slope = slope - self.y * slope.sum(2, keepdims=True)
        elif loss.name == "hinge":
            value, slope = np.maximum(0, 1 - self.y * f), -self.y * (self.y * f < 1)
        else:
            delta = float(loss.delta)
            value = np.where(abs(u) <= delta, u * u / 2, delta * abs(u) - delta * delta / 2)
            slope = np.clip(u, -delta, delta)
        gradients = np.einsum("so,sop->sp", slope.reshape(len(points), -1), self.jacobians(points))
        return self.scale * value.sum((1, 2)), self.scale * gradients

    def descend(self, points: np.ndarray, steps: int, centre: np.ndarray | None = None, radius: float = 1.0) -> np.ndarray:
        """Descent with one step size for each point, inside a ball around `centre` if that is given; sorted by risk."""
        risks, gradients = self.risks(points)
        sizes = np.full((len(points), 1), 0.3 * radius)
        for step in range(steps):
            moved = points - sizes * gradients / np.maximum(np.linalg.norm(gradients, axis=1, keepdims=True), 1e-300)
            if centre is not None:
                away = moved - centre
                moved = centre + away * np.minimum(1, radius / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-300))
            new_risks, new_gradients = self.risks(moved)
            better = new_risks < risks
            points, gradients = np.where(better[:, None], moved, points), np.where(better[:, None], new_gradients, gradients)
            risks, sizes = np.where(better, new_risks, risks), sizes * np.where(better, 1.3, 0.5)[:, None]
            if step % 30 == 29:
                sizes = np.maximum(sizes, 0.02 * radius)
        return points[np.argsort(risks)]


def lower_point_nearby(problem: es.Problem, theta: es.Parameters, radius: float, seed: int) -> es.Parameters | None:
    """A point within `radius` (or so) whose exact risk is below that of θ, if a search in floats comes upon one."""
    network, rng, start = FloatNetwork(problem), np.random.default_rng(seed), vector_of(theta)
    centre = np.array(list(map(float, start)))
    moves = rng.standard_normal((120, len(start)))
    moves *= rng.random(moves.shape) < rng.choice([0.2, 0.5, 1.0], size=(120, 1))
    moves *= (
        radius * rng.choice([1, 0.5, 0.1, 0.01], size=(120, 1)) / np.maximum(np.linalg.norm(moves, axis=1, keepdims=True), 1e-12)
    )
    base = oracle.risk(problem, theta)
    for point in network.descend(centre + moves, 120, centre, radius)[:3]:
        found = rational(problem, start, point - centre)
        if oracle.risk(problem, found) < base:
            return found
    return None


def rational(problem: es.Problem, start: Sequence[Fraction], move: np.ndarray) -> es.Parameters:
    return parameters_of(problem.network, [a + Fraction(float(d)) for a, d in zip(start, move, strict=True)])
