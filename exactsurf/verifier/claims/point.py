"""Claims about one point: a local minimum, a spurious one, or none (FORMAT.md, sections 3, 4 and 5)."""

from __future__ import annotations

from ..arithmetic.document import Field, one_of
from ..arithmetic.rational import Rational, display
from ..problem import Point, Problem, read_point
from ..rules.curve import check_curve
from ..rules.descent import check_dead_unit, check_direction, read_lower_point
from ..rules.low_rank import check_low_rank
from ..rules.paths import check_paths
from ..rules.positive_products import check_positive_products
from ..rules.second_order import check_second_order
from ..rules.unitwise import check_unitwise
from ..rules.unitwise_vectors import check_unitwise_vectors
from .claim import Note, Submission, check_sentence, samples_text

PHRASES = {
    "local minimum": "a local minimum",
    "spurious local minimum": "a spurious local minimum",
    "not a local minimum": "not a local minimum",
}

_LOCAL_MINIMA = ("paths", "unitwise", "unitwise vectors", "second order", "convex cells", "positive products", "low rank")
_DESCENTS = {"direction": check_direction, "dead unit": check_dead_unit, "curve": check_curve}


def check_point(submission: Submission) -> tuple[str, Rational]:
    """Check a claim about one point; its sentence and its risk."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    _, claim, problem_field, parameters, evidence = submission.root.fields(*names)
    _, sentence_field, stated = claim.fields("kind", "sentence", "risk")
    kind, done = submission.kind, submission.done
    problem = submission.problem(problem_field)
    sentence = check_sentence(
        sentence_field,
        f"The given parameters are {PHRASES[kind]} of the {problem.loss.risk}"
        f" of the {problem.architecture} network on {samples_text(problem)}.",
    )
    point = read_point(problem, parameters, stated)
    done(f"risk recomputed: {display(point.risk.numerator, point.risk.denominator)}")
    if kind == "not a local minimum":
        (descent,) = evidence.fields("descent")
        _check_descent(problem, point, descent, done)
    else:
        spurious = kind == "spurious local minimum"
        local_minimum, *lower = evidence.fields("local_minimum", *(["lower_points"] if spurious else []))
        _check_local_minimum(problem, point, local_minimum, done)
        for field in lower:
            _check_lower_points(problem, point, field, done)
    return sentence, point.risk


def _check_local_minimum(problem: Problem, point: Point, field: Field, done: Note) -> None:
    optional = ["subgradient"] if field.has("subgradient") else []
    if field.child("rule").value == "paths":
        field.fields("rule", *optional)
        done(check_paths(problem, point, field))
    elif field.child("rule").value == "low rank":
        done(check_low_rank(problem, point, field))
    elif field.child("rule").value in ("second order", "convex cells"):
        done(check_second_order(problem, point, field))
    elif field.child("rule").value == "positive products":
        done(check_positive_products(problem, point, field))
    else:
        field.fields("rule", "units", *optional)
        rule = one_of(field.child("rule"), _LOCAL_MINIMA)
        check = check_unitwise if rule == "unitwise" else check_unitwise_vectors
        for line in check(problem, point, field):
            done(line)


def _check_descent(problem: Problem, point: Point, field: Field, done: Note) -> None:
    rule = one_of(field.child("rule"), tuple(_DESCENTS)) if field.has("rule") else "direction"
    done(_DESCENTS[rule](problem, point, field))
    lower = read_lower_point(problem, point, field.child("lower_point"))
    done(f"lower point: risk {display(lower.risk.numerator, lower.risk.denominator)}")


def _check_lower_points(problem: Problem, point: Point, field: Field, done: Note) -> None:
    entries = field.items()
    if not entries:
        raise field.reject("expected at least one lower point")
    for i, entry in enumerate(entries):
        lower = read_lower_point(problem, point, entry)
        done(f"lower point {i}: risk {display(lower.risk.numerator, lower.risk.denominator)} is lower")
