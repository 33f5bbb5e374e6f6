"""The rule `direction`: a negative one-sided derivative (FORMAT.md, section 5)."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic.document import Field, at
from ..arithmetic.rational import Rational, display
from ..network import one_sided, read_parameters
from ..problem import Point, Problem


def check_direction(problem: Problem, point: Point, field: Field) -> list[str]:
    """A direction with a negative one-sided derivative."""
    _, direction_field, stated, _ = field.fields("rule", "direction", "derivative", "lower_point")
    direction = read_parameters(direction_field, problem.widths, problem.biases)
    claimed = stated.number()
    with at(direction_field.place):
        moves = one_sided(problem.activation, point.forward, point.parameters, direction)
        numerator, denominator = point.residuals.one_sided(moves)
        if problem.decay is not None:
            total = Fraction(numerator, denominator) + problem.decay.product(point.parameters, direction)
            numerator, denominator = total.numerator, total.denominator
    check_derivative(stated, claimed, numerator, denominator)
    if claimed >= 0:
        raise stated.reject("not negative")
    return [f"rule direction: one-sided derivative {display(claimed.numerator, claimed.denominator)} < 0"]


def check_derivative(stated: Field, claimed: Rational, numerator: int, denominator: int) -> None:
    """The derivative that the evidence states."""
    if numerator * claimed.denominator != claimed.numerator * denominator:
        raise stated.reject(f"the derivative recomputed is {display(numerator, denominator)}")
