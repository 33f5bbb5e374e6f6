"""The rules `slope` and `curvature`: the risk falls along a direction, to first or second order (FORMAT.md, section 13)."""

from __future__ import annotations

from collections.abc import Sequence

from ...arithmetic.document import Field, at
from ...arithmetic.interval import Interval
from ...network import read_parameters, vector_of
from ...risk_jet import curvature_along, derivatives_on, whole_numbers
from ...smooth_problem import SmoothProblem

WORDS = {"slope": "slope", "curvature": "second derivative"}


def check_descent(
    problem: SmoothProblem, point: Sequence[Interval], parameters: Field, rule: str, field: Field, bits: int
) -> None:
    """A direction along which the slope, or the second derivative, is negative."""
    direction = vector_of(read_parameters(field, problem.widths, problem.biases))
    with at(parameters.place):
        around = derivatives_on(problem, point, bits)
    with at(field.place):
        if rule == "slope":
            zero = Interval(0, 0, bits)
            total = zero
            for p, factor in whole_numbers(direction).items():
                total = total + around.gradient.get(p, zero).times(factor)
        else:
            total = curvature_along(around, direction)
    if total.high >= 0:
        what = "slope" if rule == "slope" else "second derivative of the risk"
        raise field.reject(f"the {what} along the direction is not negative, as far as these bits tell")
