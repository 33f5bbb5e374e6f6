"""The rules `direction` and `dead unit`: not a local minimum (FORMAT.md, section 5)."""

from __future__ import annotations

from ..arithmetic.document import Field, at
from ..arithmetic.rational import Rational, display
from ..arithmetic.table import affine, common_multiple
from ..network import one_sided as one_sided_pass
from ..network import read_parameters
from ..problem import Point, Problem, read_point


def read_lower_point(problem: Problem, point: Point, field: Field) -> Point:
    """A point with a stated and recomputed risk below that of the claim (FORMAT.md, sections 3 and 5)."""
    parameters, stated = field.fields("parameters", "risk")
    lower = read_point(problem, parameters, stated)
    if lower.risk >= point.risk:
        raise stated.reject("not below the risk of the claim")
    return lower


def check_direction(problem: Problem, point: Point, field: Field) -> str:
    """A direction with a negative one-sided derivative."""
    _, direction_field, stated, _ = field.fields("rule", "direction", "derivative", "lower_point")
    direction = read_parameters(direction_field, problem.widths, problem.biases)
    claimed = stated.number()
    with at(direction_field.place):
        moves = one_sided_pass(problem.activation, point.forward, point.parameters, direction)
        numerator, denominator = point.residuals.one_sided(moves)
    _check_derivative(stated, claimed, numerator, denominator)
    if claimed >= 0:
        raise stated.reject("not negative")
    return f"rule direction: one-sided derivative {display(claimed.numerator, claimed.denominator)} < 0"


def check_dead_unit(problem: Problem, point: Point, field: Field) -> str:
    """A unit without output whose revival helps."""
    names = ("rule", "unit", "output", "delta", "derivative", "lower_point")
    rule, unit_field, output_field, delta_field, stated, _ = field.fields(*names)
    if problem.hidden_layers != 1:
        raise rule.reject("this rule needs one hidden layer")
    if corners := point.residuals.kinks:
        i, k = corners[0]
        raise rule.reject(f"the loss is not differentiable at output {k} of sample {i}")
    unit, output = unit_field.index(problem.widths[1]), output_field.index(problem.widths[2])
    if any(row[unit] for row in point.parameters.weights[1]):
        raise unit_field.reject(f"column {unit} of W2 is not zero")
    delta = delta_field.vector(problem.widths[0] + problem.biases[0])
    claimed = stated.number()
    with at(delta_field.place):
        weights, bias = (delta[:-1], delta[-1:]) if problem.biases[0] else (delta, None)
        (ahead,) = affine(problem.x, [weights], bias)
        moves = problem.activation.one_sided(point.forward.positions[0][unit], ahead)
        r = point.residuals.derivative
        total = sum(a * b for a, b in zip(r.values[output], moves.numerators, strict=True))
        denominator = common_multiple([moves.denominator]) * r.factor.denominator
    _check_derivative(stated, claimed, total * r.factor.numerator, denominator)
    if not claimed:
        raise stated.reject("must not be 0")
    return f"rule dead unit: unit {unit}, derivative {display(claimed.numerator, claimed.denominator)} ≠ 0"


def _check_derivative(stated: Field, claimed: Rational, numerator: int, denominator: int) -> None:
    if numerator * claimed.denominator != claimed.numerator * denominator:
        raise stated.reject(f"the derivative recomputed is {display(numerator, denominator)}")
