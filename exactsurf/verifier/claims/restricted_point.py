"""Claims about one point of a restricted risk (FORMAT.md, sections 44.1 and 51)."""

from __future__ import annotations

from ..arithmetic.document import Field, one_of
from ..arithmetic.rational import Rational, display
from ..problem import Point, Problem
from ..restricted_cells import RestrictedCells, check_tree
from ..restriction import Restriction, read_restriction
from ..rules import DECAY, MINIMUM, checker
from ..rules.curve import check_changes
from ..submission import Submission, check_sentence, counted, samples_text
from .restricted_surface import read_values

PHRASES = {
    "local minimum of a restricted risk": "a local minimum",
    "spurious local minimum of a restricted risk": "a spurious local minimum",
    "not a local minimum of a restricted risk": "not a local minimum",
}


def check_restricted_point(submission: Submission) -> tuple[str, Rational]:
    """Check a claim about one point of a restricted risk; its sentence and its risk."""
    format_field, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    submission.check_second_format(format_field)
    _, sentence_field, stated, values = claim.fields("kind", "sentence", "risk", "values")
    problem = submission.problem(problem_field, may_decay=True, beside=("restriction",))
    restriction = read_restriction(problem_field.child("restriction"), problem)
    kind, done = submission.kind, submission.done
    done(f"restriction: {counted(restriction.free, 'free parameter')} of {len(restriction.origin)}")
    free = counted(restriction.free, "free parameter")
    risk = "risk" if problem.decay is None else problem.decay.phrase
    sentence = check_sentence(
        sentence_field,
        f"The given values of the {free} are {PHRASES[kind]} of the restricted {risk}"
        f" of the {problem.architecture} network on {samples_text(problem)}.",
    )
    point = read_values(problem, restriction, values, stated)
    done(f"risk recomputed: {display(point.risk.numerator, point.risk.denominator)}")
    if kind == "not a local minimum of a restricted risk":
        (descent,) = evidence.fields("descent")
        curve, order, coefficient, lower = descent.fields("curve", "order", "coefficient", "lower_point")
        if not curve.items():
            raise curve.reject("expected at least one coefficient of the curve")
        steps = [restriction.moved(entry.vector(restriction.free)) for entry in curve.items()]
        for line in check_changes(problem, [point.parameters, *steps], curve, order, coefficient):
            done(line)
        _check_lower(problem, restriction, point, lower, submission)
        return sentence, point.risk
    spurious = kind == "spurious local minimum of a restricted risk"
    minimum, *lower_points = evidence.fields("local_minimum", *(["lower_points"] if spurious else []))
    for line in _check_minimum(problem, restriction, point, minimum):
        done(line)
    for field in lower_points:
        if not field.items():
            raise field.reject("expected at least one lower point")
        for entry in field.items():
            _check_lower(problem, restriction, point, entry, submission)
    return sentence, point.risk


def _check_minimum(problem: Problem, restriction: Restriction, point: Point, field: Field) -> list[str]:
    if field.has("unrestricted"):
        (whole,) = field.fields("unrestricted")
        rule = one_of(whole.required("rule"), tuple(MINIMUM))
        if problem.decay is not None and rule not in DECAY:
            raise whole.required("rule").reject("this rule is not for risks with weight decay")
        if problem.decay is None and rule == "unitwise decay":
            raise whole.required("rule").reject("this rule is for risks with weight decay")
        found: list[str] = checker(rule)(problem, point, whole)
        return found
    (nodes,) = field.fields("nodes")
    return check_tree(RestrictedCells(problem, point, restriction=restriction), nodes)


def _check_lower(problem: Problem, restriction: Restriction, point: Point, field: Field, submission: Submission) -> None:
    values, stated = field.fields("values", "risk")
    lower = read_values(problem, restriction, values, stated)
    if lower.risk >= point.risk:
        raise stated.reject("not below the risk of the claim")
    submission.done(f"lower point: risk {display(lower.risk.numerator, lower.risk.denominator)}")
