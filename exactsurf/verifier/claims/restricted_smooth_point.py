"""Claims about values of free parameters where the activation is smooth (FORMAT.md, section 60.2)."""

from __future__ import annotations

from ..arithmetic.document import Field, at, one_of
from ..arithmetic.interval import Interval, enclose
from ..arithmetic.rational import display
from ..network import vector_of
from ..restricted_jet import FreeCoordinates
from ..risk_jet import derivatives_on
from ..rules.smooth.descent import WORDS
from ..submission import Submission, check_sentence, counted
from .critical_box import check_risk, read_bits, spend
from .restricted_box import check_lower_values, curvature, read_free_coordinates, risk_at
from .smooth_point import check_fit_of_expression, check_minimum

PHRASES = {
    "global minimum of a restricted smooth risk": "a global minimum",
    "local minimum of a restricted smooth risk": "a local minimum",
    "not a local minimum of a restricted smooth risk": "not a local minimum",
}
_RULES = {
    "global minimum of a restricted smooth risk": ("fit",),
    "local minimum of a restricted smooth risk": ("unitwise",),
    "not a local minimum of a restricted smooth risk": ("slope", "curvature"),
}


def check_restricted_smooth_point(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    kind, done = submission.kind, submission.done
    format_field, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    submission.check_second_format(format_field)
    _, sentence_field, risk_field, values = claim.fields("kind", "sentence", "risk", "values")
    rule = one_of(evidence.required("rule"), _RULES[kind])
    descends = rule in WORDS
    rule_field, bits_field, *fields = evidence.fields("rule", "bits", *(["direction", "lower_point"] if descends else []))
    bits = read_bits(bits_field)
    here, free = read_free_coordinates(submission, problem_field, bits)
    problem, restriction = here.problem, here.restriction
    sentence = check_sentence(
        sentence_field,
        f"The given values of the {free} are {PHRASES[kind]} of the restricted {problem.risk_name} of the {problem.architecture}"
        f" network of {problem.activation.name} units on {counted(problem.samples, 'sample')}.",
    )
    with at(problem_field.place):
        spend(problem, len(restriction.origin), bits)
    if not descends:
        parameters = restriction.parameters(values.vector(restriction.free))
        if problem.decay is not None:
            raise rule_field.reject("this rule is for risks without weight decay")
        if problem.activation.piecewise is not None:
            raise problem_field.child("activation").reject("expected a smooth activation")
        if problem.expression is None:
            check_minimum(problem, parameters, rule_field, values, risk_field, bits, done)
        elif rule == "fit":
            check_fit_of_expression(problem, parameters, rule_field, values, risk_field, bits)
            done("the loss is convex, and for every input the derivatives of its samples add up to 0")
        else:
            raise rule_field.reject("this rule is for losses by pieces")
        return sentence, None
    low, high = check_risk(risk_field, risk_at(here, values))
    done(f"the risk is from {display(low.numerator, low.denominator)} to {display(high.numerator, high.denominator)}")
    _check_descent(here, values, rule, fields[0])
    done(f"the {WORDS[rule]} of the risk along the direction is negative")
    check_lower_values(here, fields[1], low)
    done("the lower point has a risk below that of the point")
    return sentence, None


def _check_descent(here: FreeCoordinates, values: Field, rule: str, field: Field) -> None:
    size, bits = here.restriction.free, here.bits
    point = [enclose(value, bits) for value in vector_of(here.restriction.parameters(values.vector(size)))]
    with at(values.place):
        around = derivatives_on(here.problem, point, bits)
    direction, total = field.vector(size), Interval(0, 0, bits)
    if rule == "curvature":
        total = curvature(here.hessian(around), direction, bits)
    else:
        for slope, factor in zip(here.gradient(around), direction, strict=True):
            total = total + slope * enclose(factor, bits)
    if total.high >= 0:
        raise field.reject(f"the {WORDS[rule]} along the direction is not negative, as far as these bits tell")
