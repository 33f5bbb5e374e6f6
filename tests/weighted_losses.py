"""Losses and weights for tests, the losses written down once more by their textbook formulas."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import exactsurf as es

F = Fraction

OWN_KINKED = es.piecewise_quadratic("difference", [-1, 0, 2], [[0, -2, -1], [0, -1, 0], [0, 0, 0], [0, 1, -2]])
OWN_SMOOTH = es.piecewise_quadratic("difference", [-1, 0], [[0, -1, "-1/2"], ["1/2", 0, 0], [2, 0, 0]])
OWN_MIXED = es.piecewise_quadratic("difference", [0], [[0, -1, 0], [1, 0, 0]])

FORMULAS: dict[es.Loss, Callable[[Fraction, Fraction], Fraction]] = {
    es.squared: lambda f, y: (f - y) ** 2 / 2,
    es.absolute: lambda f, y: abs(f - y),
    es.huber("1/2"): lambda f, y: (f - y) ** 2 / 2 if abs(f - y) <= F(1, 2) else abs(f - y) / 2 - F(1, 8),
    es.hinge: lambda f, y: max(F(0), 1 - y * f),
    es.quantile("1/3"): lambda f, y: max((y - f) / 3, (f - y) * 2 / 3),
    es.epsilon_insensitive("1/2"): lambda f, y: max(F(0), abs(f - y) - F(1, 2)),
    es.squared_hinge: lambda f, y: max(F(0), 1 - y * f) ** 2,
    es.smoothed_hinge: lambda f, y: F(0) if y * f >= 1 else (1 - y * f) ** 2 / 2 if y * f >= 0 else F(1, 2) - y * f,
    OWN_KINKED: lambda f, y: max(-2 * (f - y) - 1, y - f, F(0), f - y - 2),
    OWN_SMOOTH: lambda f, y: y - f - F(1, 2) if f - y < -1 else (f - y) ** 2 / 2 if f < y else 2 * (f - y) ** 2,
    OWN_MIXED: lambda f, y: y - f if f < y else (f - y) ** 2,
}


def risk(instance: es.Problem, predictions: list[Fraction]) -> Fraction:
    """The weighted sum or mean of the formulas, for one output and a loss of `FORMULAS` (or its mean)."""
    weights = instance.data.weights or (F(1),) * len(predictions)
    base = next(formula for loss, formula in FORMULAS.items() if instance.loss in (loss, loss.mean))
    total = sum((w * base(f, y[0]) for w, f, y in zip(weights, predictions, instance.data.y, strict=True)), F(0))
    return total / sum(weights) if instance.loss.averaged else total


def labels_for(loss: es.Loss, y: list[int]) -> list[int]:
    """Targets as they are, or their signs for a loss of labels."""
    return [1 if value > 0 else -1 for value in y] if loss.gap == "margin" else y
