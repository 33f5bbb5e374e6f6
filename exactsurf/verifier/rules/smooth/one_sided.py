"""The forward pass of a sample along a direction, for values that know how they move (FORMAT.md, sections 21 and 55)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TypeVar

from ...arithmetic.effort import spend
from ...arithmetic.rational import Rational
from ...network import Parameters
from ...smooth_problem import SmoothProblem

Row = tuple[list[Rational], "Rational | None"]
"""The weights of a unit, and its bias if it has one."""

V = TypeVar("V")


def outputs_along(
    problem: SmoothProblem,
    index: int,
    parameters: Parameters,
    direction: Parameters,
    inputs: list[V],
    affine: Callable[[Row, Row, list[V]], V],
    image: Callable[[V, bool], V],
) -> list[V]:
    """The predictions on a sample; `image` is also told whether a pre-activation of the first layer is 0 exactly."""
    line = inputs
    for layer, (matrix, biases) in enumerate(zip(parameters.weights, parameters.biases, strict=True)):
        moved, shifts = direction.weights[layer], direction.biases[layer]
        above = []
        for j, (row, step) in enumerate(zip(matrix, moved, strict=True)):
            own = ([*row], None if biases is None else biases[j])
            z = affine(own, ([*step], None if shifts is None else shifts[j]), line)
            if layer + 1 < len(parameters.weights):
                z = image(z, layer == 0 and _is_zero(problem, index, parameters, j))
            above.append(z)
        line = above
    return line


def _is_zero(problem: SmoothProblem, index: int, parameters: Parameters, unit: int) -> bool:
    """Whether a pre-activation of the first layer is 0, exactly."""
    row, biases = problem.inputs[index], parameters.biases[0]
    spend(3 * len(row))
    total = sum((w * x for w, x in zip(parameters.weights[0][unit], row, strict=True)), Fraction(0))
    return total + (0 if biases is None else biases[unit]) == 0
