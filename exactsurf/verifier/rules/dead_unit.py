"""The rule `dead unit`: a unit that no output reads, and whose revival helps (FORMAT.md, section 5)."""

from __future__ import annotations

from ..arithmetic.document import Field, at
from ..arithmetic.rational import display
from ..arithmetic.table import affine, common_multiple
from ..problem import Point, Problem
from .direction import check_derivative


def check_dead_unit(problem: Problem, point: Point, field: Field) -> list[str]:
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
    check_derivative(stated, claimed, total * r.factor.numerator, denominator)
    if not claimed:
        raise stated.reject("must not be 0")
    return [f"rule dead unit: unit {unit}, derivative {display(claimed.numerator, claimed.denominator)} ≠ 0"]
