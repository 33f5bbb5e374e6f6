"""The rule `unitwise decay`: a local minimum of a risk with weight decay, unit by unit (FORMAT.md, section 16)."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic.document import Field, at
from ..arithmetic.effort import spend
from ..arithmetic.rational import Rational
from ..arithmetic.table import column_sums
from ..problem import Point, Problem
from .unitwise import Hyperplane, Local, check_multipliers, check_tree, extended, local_form


def check_unitwise_decay(problem: Problem, point: Point, field: Field) -> list[str]:
    """Check the evidence; a line for every unit."""
    rule, units, *_ = field.fields("rule", "units", *(["subgradient"] if field.has("subgradient") else []))
    decay = problem.decay
    if decay is None:
        raise rule.reject("this rule needs weight decay")
    if problem.hidden_layers != 1 or problem.widths[-1] != 1:
        raise rule.reject("this rule needs one hidden layer and one output")
    factor = Fraction(decay.factor)
    r = point.residuals.read_subgradient(field)
    (values,) = r.values
    unit = Fraction(r.factor)
    output_bias = point.parameters.biases[1]
    if output_bias is not None and sum(values) * unit + (factor * output_bias[0] if decay.biases else 0) != 0:
        raise rule.reject("the derivative by the output bias is not 0")
    hidden = point.forward.inputs[1]
    sums = column_sums(hidden.rows, values)
    samples = extended(problem)
    lines = []
    (outputs,) = point.parameters.weights[1]
    first, bias = point.parameters.weights[0], point.parameters.biases[0]
    for j, (entry, v) in enumerate(zip(units.items(problem.widths[1]), outputs, strict=True)):
        penalised = [Fraction(w) for w in first[j]]
        if bias is not None:
            penalised.append(Fraction(bias[j]) if decay.biases else Fraction(0))
        free = bias is not None and not decay.biases
        slope = Fraction(sums[j] * unit, hidden.denominators[j])
        if slope != -factor * v:
            raise rule.reject(f"the derivative by the output weight of unit {j} is not 0")
        spend(4 * len(penalised))
        length = sum((w * w for w in penalised), Fraction(0))
        with at(entry.place):
            local = local_form(problem, point.forward.positions[0][j], samples, r, (v > 0) - (v < 0))
            if v:
                (nodes,) = entry.fields("nodes")
                if length > Fraction(v) ** 2:
                    raise entry.reject("the penalised weights are longer than the output weight")
                pull = Fraction(factor, abs(Fraction(v)))
                shifted = [g + pull * w for g, w in zip(local.gradient, penalised, strict=True)]
                found = _check_nonnegative(Local(shifted, local.planes, local.unit), nodes)
                lines.append(f"unit {j}: {len(local.planes)} hyperplanes, {found}")
                continue
            if length:
                raise entry.reject("the output weight is 0, and the penalised weights are not")
            above, below = entry.fields("above", "below")
            texts = [_check_slow(local, sign, factor, free, nodes) for sign, nodes in ((1, above), (-1, below))]
            lines.append(f"unit {j}: output weight 0, {texts[0]} above, {texts[1]} below")
    return lines


def _check_nonnegative(local: Local, nodes: Field) -> str:
    concave = {name for name, plane in local.planes.items() if plane.curvature < 0}
    return check_tree(local, nodes, lambda signs, leaf: check_multipliers(local, signs, concave, leaf))


def _check_slow(local: Local, sign: int, factor: Fraction, free: bool, nodes: Field) -> str:
    """On every cone sign·F(δ) ≤ q·δ for a vector q that is no longer than λ, and 0 at an entry that is not penalised."""
    planes = {name: Hyperplane(plane.vector, plane.lead, -sign * plane.curvature) for name, plane in local.planes.items()}
    concave = {name for name, plane in planes.items() if plane.curvature < 0}

    def check_leaf(signs: dict[int, int], leaf: Field) -> None:
        slope_field, multipliers = leaf.fields("slope", "multipliers")
        slope: list[Rational] = slope_field.vector(len(local.gradient))
        if free and slope[-1]:
            raise slope_field.reject("the last entry belongs to a bias that is not penalised, and is not 0")
        if sum((Fraction(q) * q for q in slope), Fraction(0)) > factor * factor:
            raise slope_field.reject("longer than the factor of the weight decay")
        gradient = [q - sign * g for q, g in zip(slope, local.gradient, strict=True)]
        check_multipliers(Local(gradient, planes, local.unit), signs, concave, multipliers)

    return check_tree(local, nodes, check_leaf, "bound")
