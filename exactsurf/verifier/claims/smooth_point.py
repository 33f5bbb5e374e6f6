"""Claims about a rational point of a smooth risk (FORMAT.md, section 13)."""

from __future__ import annotations

from fractions import Fraction

from ..analytic.form import Form, combined
from ..analytic.setting import is_convex_loss
from ..arithmetic.document import Field, at, one_of
from ..arithmetic.interval import enclose
from ..arithmetic.rational import display
from ..arithmetic.table import Table
from ..network import Parameters, read_parameters, vector_of
from ..rational_predictions import predictions
from ..residuals import residuals
from ..risk_jet import risk_on
from ..rules.smooth.dead_unit import check_dead_unit
from ..rules.smooth.descent import WORDS, check_descent
from ..rules.smooth.fit import check_fit
from ..rules.smooth.one_sided_curvature import check_one_sided_curvature
from ..rules.smooth.one_sided_curve import check_one_sided_curve
from ..rules.smooth.one_sided_slope import check_one_sided_slope
from ..rules.smooth.unitwise import check_unitwise
from ..smooth_problem import SmoothProblem, read_smooth_problem
from ..submission import Note, Submission, check_sentence, counted
from .critical_box import check_lower_point, check_risk, read_bits, spend

PHRASES = {
    "global minimum of a smooth risk": "a global minimum",
    "local minimum of a smooth risk": "a local minimum",
    "not a local minimum of a smooth risk": "not a local minimum",
}
_RULES = {
    "global minimum of a smooth risk": ("fit",),
    "local minimum of a smooth risk": ("fit", "unitwise"),
    "not a local minimum of a smooth risk": (
        "slope",
        "curvature",
        "dead unit",
        "one-sided slope",
        "one-sided curvature",
        "one-sided curve",
    ),
}
_FIELDS: dict[str, tuple[str, ...]] = {
    "fit": (),
    "unitwise": (),
    "slope": ("direction", "lower_point"),
    "curvature": ("direction", "lower_point"),
    "dead unit": ("unit", "output", "weights", "lower_point"),
    "one-sided slope": ("direction", "lower_point"),
    "one-sided curvature": ("direction", "lower_point"),
    "one-sided curve": ("curve", "order", "lower_point"),
}
_WITH_DECAY = ("slope", "curvature", "one-sided slope", "one-sided curvature", "one-sided curve")


def check_smooth_point(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    kind, done = submission.kind, submission.done
    _, claim, problem_field, parameters_field, evidence = submission.root.fields(
        "format", "claim", "problem", "parameters", "evidence"
    )
    _, sentence_field, risk_field = claim.fields("kind", "sentence", "risk")
    rule = one_of(evidence.required("rule"), _RULES[kind])
    rule_field, bits_field, *fields = evidence.fields("rule", "bits", *_FIELDS[rule])
    problem = read_smooth_problem(problem_field, submission.data_folder, version=submission.version, every_loss=True)
    name, samples = problem.activation.name, counted(problem.samples, "sample")
    done(f"problem: {samples}, {problem.architecture} network of {name} units")
    sentence = check_sentence(
        sentence_field,
        f"The given parameters are {PHRASES[kind]} of the {problem.risk_name} of the {problem.architecture} network"
        f" of {name} units on {samples}.",
    )
    parameters = read_parameters(parameters_field, problem.widths, problem.biases)
    bits = read_bits(bits_field)
    with at(problem_field.place):
        spend(problem, len(vector_of(parameters)), bits)
    if problem.decay is not None and rule not in _WITH_DECAY:
        raise rule_field.reject("this rule is for risks without weight decay")
    if problem.expression is not None and rule == "fit":
        check_fit_of_expression(problem, parameters, rule_field, parameters_field, risk_field, bits)
        done("the loss is convex, and for every input the derivatives of its samples add up to 0")
        return sentence, None
    if rule in ("fit", "unitwise"):
        if problem.expression is not None:
            raise rule_field.reject("this rule is for losses by pieces")
        check_minimum(problem, parameters, rule_field, parameters_field, risk_field, bits, done)
        return sentence, None
    with at(parameters_field.place):
        point = [enclose(value, bits) for value in vector_of(parameters)]
        found = risk_on(problem, point, bits)
    low, high = check_risk(risk_field, found)
    done(f"the risk is from {display(low.numerator, low.denominator)} to {display(high.numerator, high.denominator)}")
    if rule == "dead unit":
        check_dead_unit(problem, parameters, fields, bits)
        done("a unit that no output reads has a frozen risk that is not constant")
    elif rule == "one-sided slope":
        check_one_sided_slope(problem, parameters, rule_field, fields[0], submission.version, bits)
        done("the one-sided derivative of the risk along the direction is negative")
    elif rule == "one-sided curvature":
        check_one_sided_curvature(problem, parameters, rule_field, fields[0], submission.version, bits)
        done("the one-sided second derivative of the risk along the direction is negative")
    elif rule == "one-sided curve":
        check_one_sided_curve(problem, parameters, rule_field, fields[:2], submission.version, bits)
        done("the risk falls along the curve, to the order that is stated")
    else:
        check_descent(problem, point, parameters_field, rule, fields[0], bits)
        done(f"the {WORDS[rule]} of the risk along the direction is negative")
    check_lower_point(problem, fields[-1], low, bits)
    done("the lower point has a risk below that of the point")
    return sentence, None


def check_fit_of_expression(
    problem: SmoothProblem, parameters: Parameters, rule: Field, parameters_field: Field, risk_field: Field, bits: int
) -> None:
    """The rule `fit` for a loss given by an expression: sums of derivatives, atom by atom."""
    known, expression = predictions(problem, parameters), problem.expression
    if known is None or expression is None:
        raise parameters_field.reject("the predictions are not known to be rational")
    if not is_convex_loss(expression):
        raise rule.reject("the loss is not convex by the rules of section 15")
    sums: dict[tuple[object, ...], list[Form]] = {}
    for index, (x, row) in enumerate(zip(problem.inputs, known, strict=True)):
        targets, weight = [Fraction(y) for y in problem.targets[index]], problem.weight(index)
        slopes = expression.slopes([Fraction(f) for f in row], targets)
        total = sums.setdefault(tuple(x), [{} for _ in slopes])
        for k, slope in enumerate(slopes):
            total[k] = combined(total[k], slope, weight)
    if any(form for total in sums.values() for form in total):
        raise rule.reject("the derivatives of the samples with some input do not add up to 0")
    with at(parameters_field.place):
        check_risk(risk_field, risk_on(problem, [enclose(value, bits) for value in vector_of(parameters)], bits))


def check_minimum(
    problem: SmoothProblem,
    parameters: Parameters,
    rule: Field,
    parameters_field: Field,
    risk_field: Field,
    bits: int,
    done: Note,
) -> None:
    """The rules `fit` and `unitwise` for a loss by pieces."""
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
