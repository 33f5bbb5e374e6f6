"""Claims about a rational point of a smooth risk (FORMAT.md, section 13)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from ..arithmetic.document import Field, Rejected, at, one_of
from ..arithmetic.interval import Interval, enclose
from ..arithmetic.rational import Rational, display
from ..arithmetic.table import Table
from ..network import Parameters, read_parameters
from ..residuals import residuals
from ..rules.smooth_exact import check_fit, check_unitwise, predictions
from ..rules.smooth_one_sided import one_sided_slope
from ..smooth_problem import SmoothProblem, derivatives_on, read_smooth_problem, risk_on
from ..submission import Note, Submission, check_sentence, counted
from .critical_box import check_lower_point, check_risk, curvature_along, read_bits, spend, vector_of, whole_numbers

PHRASES = {
    "global minimum of a smooth risk": "a global minimum",
    "local minimum of a smooth risk": "a local minimum",
    "not a local minimum of a smooth risk": "not a local minimum",
}
_RULES = {
    "global minimum of a smooth risk": ("fit",),
    "local minimum of a smooth risk": ("fit", "unitwise"),
    "not a local minimum of a smooth risk": ("slope", "curvature", "dead unit", "one-sided slope"),
}
_FIELDS: dict[str, tuple[str, ...]] = {
    "fit": (),
    "unitwise": (),
    "slope": ("direction", "lower_point"),
    "curvature": ("direction", "lower_point"),
    "dead unit": ("unit", "output", "weights", "lower_point"),
    "one-sided slope": ("direction", "lower_point"),
}


def check_smooth_point(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    kind, done = submission.kind, submission.done
    _, claim, problem_field, parameters_field, evidence = submission.root.fields(
        "format", "claim", "problem", "parameters", "evidence"
    )
    _, sentence_field, risk_field = claim.fields("kind", "sentence", "risk")
    rule = one_of(evidence.required("rule"), _RULES[kind])
    rule_field, bits_field, *fields = evidence.fields("rule", "bits", *_FIELDS[rule])
    problem = read_smooth_problem(problem_field, submission.data_folder, version=submission.version)
    name, samples = problem.activation.name, counted(problem.samples, "sample")
    done(f"problem: {samples}, {problem.architecture} network of {name} units")
    sentence = check_sentence(
        sentence_field,
        f"The given parameters are {PHRASES[kind]} of the {problem.loss.loss.risk} of the {problem.architecture} network"
        f" of {name} units on {samples}.",
    )
    parameters = read_parameters(parameters_field, problem.widths, problem.biases)
    bits = read_bits(bits_field)
    with at(problem_field.place):
        spend(problem, len(vector_of(parameters)), bits)
    if rule in ("fit", "unitwise"):
        _check_minimum(problem, parameters, rule_field, parameters_field, risk_field, bits, done)
        return sentence, None
    with at(parameters_field.place):
        point = [enclose(value, bits) for value in vector_of(parameters)]
        found = risk_on(problem, point, bits)
    low, high = check_risk(risk_field, found)
    done(f"the risk is from {display(low.numerator, low.denominator)} to {display(high.numerator, high.denominator)}")
    if rule == "dead unit":
        _check_dead_unit(problem, parameters, fields, bits)
        done("a unit that no output reads has a frozen risk that is not constant")
    elif rule == "one-sided slope":
        _check_one_sided(problem, parameters, rule_field, fields[0], submission.version, bits)
        done("the one-sided derivative of the risk along the direction is negative")
    else:
        direction = vector_of(read_parameters(fields[0], problem.widths, problem.biases))
        with at(parameters_field.place):
            around = derivatives_on(problem, point, bits)
        with at(fields[0].place):
            if rule == "slope":
                zero = Interval(0, 0, bits)
                total = zero
                for p, factor in whole_numbers(direction).items():
                    total = total + around.gradient.get(p, zero).times(factor)
            else:
                total = curvature_along(around, direction)
        if total.high >= 0:
            what = "slope" if rule == "slope" else "second derivative of the risk"
            raise fields[0].reject(f"the {what} along the direction is not negative, as far as these bits tell")
        done(f"the {'slope' if rule == 'slope' else 'second derivative'} of the risk along the direction is negative")
    check_lower_point(problem, fields[-1], low, bits)
    done("the lower point has a risk below that of the point")
    return sentence, None


def _check_minimum(
    problem: SmoothProblem,
    parameters: Parameters,
    rule: Field,
    parameters_field: Field,
    risk_field: Field,
    bits: int,
    done: Note,
) -> None:
    known = predictions(problem, parameters)
    if known is None:
        raise parameters_field.reject("the predictions are not known to be rational")
    with at(parameters_field.place):
        columns = [Table.of_rows([[f] for f in column]).column(0) for column in zip(*known, strict=True)]
        fit = residuals(problem.loss.loss, problem.loss.weights, columns, problem.y)
        risk = Fraction(*fit.risk())
    if corners := fit.kinks:
        raise rule.reject("the loss is not differentiable at output {1} of sample {0}".format(*corners[0]))
    r: list[tuple[int, ...]] = list(zip(*fit.derivative.values, strict=True))
    low_field, high_field = risk_field.items(2)
    for entry, holds in ((low_field, low_field.number() <= risk), (high_field, risk <= high_field.number())):
        if not holds:
            raise entry.reject("not a bound of the risk")
    done("the predictions are rational, and the bounds of the risk hold")
    with at(rule.place):
        if rule.value == "fit":
            check_fit(problem, r, rule)
            done("for every input the residuals of its samples add up to 0")
        else:
            check_unitwise(problem, parameters, r, rule, bits)
            done("every unit passes the unitwise criterion")


def _check_one_sided(problem: SmoothProblem, parameters: Parameters, rule: Field, field: Field, version: int, bits: int) -> None:
    if version == 1 or problem.activation.name not in ("elu", "selu"):
        raise rule.reject("this rule is for elu and selu, in format 2")
    direction = read_parameters(field, problem.widths, problem.biases)
    with at(field.place):
        total = one_sided_slope(problem, parameters, direction, bits)
    if total.high >= 0:
        raise field.reject("the one-sided derivative along the direction is not negative, as far as these bits tell")


def _check_dead_unit(problem: SmoothProblem, parameters: Parameters, fields: Sequence[Field], bits: int) -> None:
    unit_field, output_field, weights_field, _ = fields
    if not problem.activation.is_analytic or len(problem.widths) < 3:
        raise Rejected(unit_field.place, "this rule is for hidden units with an analytic activation")
    unit, output = unit_field.index(problem.widths[-2]), output_field.index(problem.widths[-1])
    if any(row[unit] for row in parameters.weights[-1]):
        raise unit_field.reject("an output reads this unit")
    weights = weights_field.vector(problem.widths[-3] + problem.biases[-2])
    with at(weights_field.place):
        own, total = [enclose(value, bits) for value in weights], Interval(0, 0, bits)
        for features, slopes in _last_layers(problem, parameters, bits):
            total = total + slopes[output] * problem.activation.value(_affine(own, features, problem.biases[-2]))
    if total.low <= 0 <= total.high:
        raise weights_field.reject("the frozen risk may be 0 at these weights, as far as these bits tell")


def _last_layers(problem: SmoothProblem, parameters: Parameters, bits: int) -> list[tuple[list[Interval], list[Interval]]]:
    """What the last hidden layer reads, and the derivatives of the loss, sample by sample."""
    found = []
    for index in range(problem.samples):
        values, targets = problem.sample(index, bits)
        read = values
        for layer, (matrix, biases) in enumerate(zip(parameters.weights, parameters.biases, strict=True), 1):
            if layer == len(parameters.weights) - 1:
                read = values
            rows: list[list[Rational]] = [[*row, *(biases or [])[j : j + 1]] for j, row in enumerate(matrix)]
            values = [_affine([enclose(a, bits) for a in row], values, biases is not None) for row in rows]
            if layer < len(parameters.weights):
                values = [problem.activation.value(z) for z in values]
        found.append((read, problem.loss.at_predictions(index, values, targets)))
    return found


def _affine(weights: Sequence[Interval], values: Sequence[Interval], has_bias: bool) -> Interval:
    total = weights[-1] if has_bias else Interval(0, 0, values[0].bits)
    for weight, value in zip(weights, values, strict=False):
        total = total + weight * value
    return total
