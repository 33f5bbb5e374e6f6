"""Predictions of smooth networks that are rational by the rules `fit` and `unitwise` (FORMAT.md, section 13)."""

from __future__ import annotations

from collections.abc import Sequence

from .arithmetic.rational import Rational
from .network import Parameters
from .smooth_expression import not_too_long
from .smooth_problem import SmoothProblem


def predictions(problem: SmoothProblem, parameters: Parameters) -> list[list[Rational]] | None:
    """The predictions sample by sample, None unless these rules know them to be rational."""
    found = []
    for sample in problem.inputs:
        values: list[Rational | None] = list(sample)
        arguments: list[Rational | None] = []
        for layer, (matrix, biases) in enumerate(zip(parameters.weights, parameters.biases, strict=True)):
            if layer:
                arguments = values
                values = [None if z is None else problem.activation.exact_value(z) for z in arguments]
                if None in values and not problem.activation.is_total:
                    return None
            values = [_sum(row, arguments, values, b) for row, b in zip(matrix, biases or [0] * len(matrix), strict=True)]
        known = [value for value in values if value is not None]
        if len(known) < len(values):
            return None
        found.append(known)
    return found


def _sum(
    row: Sequence[Rational], arguments: Sequence[Rational | None], values: Sequence[Rational | None], bias: Rational
) -> Rational | None:
    """bias + Σ row·values; values that are not known cancel where the weights at equal arguments add up to 0."""
    total, left = bias, dict[Rational, Rational]()
    for j, (weight, value) in enumerate(zip(row, values, strict=True)):
        if not weight:
            continue
        if value is not None:
            total += weight * value
            continue
        argument = arguments[j]
        if argument is None:
            return None
        left[argument] = left.get(argument, 0) + weight
    return None if any(left.values()) else not_too_long(total)
