"""Claims about one point: a local minimum, a spurious one, or none (FORMAT.md, sections 3, 4 and 5)."""

from __future__ import annotations

from collections.abc import Mapping

from ..arithmetic.document import Field, one_of
from ..arithmetic.rational import Rational, display
from ..problem import Point, Problem, read_lower_point, read_point
from ..rules import DECAY, DESCENT, MINIMUM, checker
from ..submission import Note, Submission, check_sentence, samples_text

PHRASES = {
    "local minimum": "a local minimum",
    "spurious local minimum": "a spurious local minimum",
    "not a local minimum": "not a local minimum",
}

_OF_FORMAT_2 = ("left_out", "merged", "fixed", "polynomials", "multiples")
"""Fields of evidence for a local minimum that format 1 does not know (sections 27, 40, 52 and 63)."""


def check_point(submission: Submission) -> tuple[str, Rational]:
    """Check a claim about one point; its sentence and its risk."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    _, claim, problem_field, parameters, evidence = submission.root.fields(*names)
    _, sentence_field, stated = claim.fields("kind", "sentence", "risk")
    kind, done = submission.kind, submission.done
    problem = submission.problem(problem_field, may_decay=True)
    sentence = check_sentence(
        sentence_field,
        f"The given parameters are {PHRASES[kind]} of the {problem.loss.risk}"
        f" of the {problem.architecture} network on {samples_text(problem)}.",
    )
    point = read_point(problem, parameters, stated)
    done(f"risk recomputed: {display(point.risk.numerator, point.risk.denominator)}")
    if kind == "not a local minimum":
        (descent,) = evidence.fields("descent")
        _check_rule(problem, point, descent, DESCENT, done)
        lower_point = read_lower_point(problem, point, descent.child("lower_point"))
        done(f"lower point: risk {display(lower_point.risk.numerator, lower_point.risk.denominator)}")
    else:
        spurious = kind == "spurious local minimum"
        local_minimum, *lower = evidence.fields("local_minimum", *(["lower_points"] if spurious else []))
        for name in _OF_FORMAT_2 if submission.version == 1 else ():
            if local_minimum.has(name):
                raise local_minimum.child(name).reject("no such field in this version of the format")
        _check_rule(problem, point, local_minimum, MINIMUM, done)
        for field in lower:
            _check_lower_points(problem, point, field, done)
    return sentence, point.risk


def _check_rule(problem: Problem, point: Point, field: Field, rules: Mapping[str, str], done: Note) -> None:
    rule = one_of(field.required("rule"), tuple(rules))
    if problem.decay is not None and rule not in DECAY:
        raise field.required("rule").reject("this rule is not for risks with weight decay")
    for line in checker(rule)(problem, point, field):
        done(line)


def _check_lower_points(problem: Problem, point: Point, field: Field, done: Note) -> None:
    entries = field.items()
    if not entries:
        raise field.reject("expected at least one lower point")
    for i, entry in enumerate(entries):
        lower = read_lower_point(problem, point, entry)
        done(f"lower point {i}: risk {display(lower.risk.numerator, lower.risk.denominator)} is lower")
