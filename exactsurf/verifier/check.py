"""The whole certificate: claim, evidence and what they say (FORMAT.md, sections 1, 3, 4 and 5)."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from .descent import check_dead_unit, check_direction, read_lower_point
from .document import Field, one_of, read_document
from .paths import check_paths
from .problem import Point, Problem, read_point, read_problem
from .rational import display
from .unitwise import check_unitwise

FORMAT = "exactsurf-certificate/1"
PHRASES = {
    "local minimum": "a local minimum",
    "spurious local minimum": "a spurious local minimum",
    "not a local minimum": "not a local minimum",
}
Note = Callable[[str], None]


@dataclass(frozen=True)
class Accepted:
    """A certificate that holds: its claim, and what was checked."""

    kind: str
    sentence: str
    risk: Fraction
    checks: tuple[str, ...]


def verify(document: bytes, *, data_folder: str | os.PathLike[str] | None = None, note: Note | None = None) -> Accepted:
    """Check a certificate. Raises `Rejected`, which says where and why, unless everything holds.

    `data_folder` is where to look for a data file that the certificate names. `note` is called with one line for every
    step that was checked, as it happens.
    """
    checks: list[str] = []

    def done(line: str) -> None:
        checks.append(line)
        if note is not None:
            note(line)

    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters, evidence = read_document(document).fields(*names)
    one_of(format_field, (FORMAT,))
    kind_field, sentence, stated = claim.fields("kind", "sentence", "risk")
    kind = one_of(kind_field, tuple(PHRASES))
    problem = read_problem(problem_field, data_folder)
    done(f"problem: {_samples(problem)}, {problem.architecture} network, {problem.loss.name} loss")
    expected = (
        f"The given parameters are {PHRASES[kind]} of the {problem.loss.name} risk"
        f" of the {problem.architecture} network on {_samples(problem)}."
    )
    if sentence.text() != expected:
        raise sentence.reject(f"expected: {expected}")
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
    return Accepted(kind, expected, Fraction(point.risk), tuple(checks))


def _samples(problem: Problem) -> str:
    return f"{problem.samples} sample" + "s" * (problem.samples != 1)


def _check_local_minimum(problem: Problem, point: Point, field: Field, done: Note) -> None:
    optional = ["subgradient"] if field.has("subgradient") else []
    if field.child("rule").value == "paths":
        field.fields("rule", *optional)
        done(check_paths(problem, point, field))
    else:
        field.fields("rule", "units", *optional)
        one_of(field.child("rule"), ("paths", "unitwise"))
        for line in check_unitwise(problem, point, field):
            done(line)


def _check_descent(problem: Problem, point: Point, field: Field, done: Note) -> None:
    rule = one_of(field.child("rule"), ("direction", "dead unit")) if field.has("rule") else "direction"
    done((check_direction if rule == "direction" else check_dead_unit)(problem, point, field))
    lower = read_lower_point(problem, point, field.child("lower_point"))
    done(f"lower point: risk {display(lower.risk.numerator, lower.risk.denominator)}")


def _check_lower_points(problem: Problem, point: Point, field: Field, done: Note) -> None:
    entries = field.items()
    if not entries:
        raise field.reject("expected at least one lower point")
    for i, entry in enumerate(entries):
        lower = read_lower_point(problem, point, entry)
        done(f"lower point {i}: risk {display(lower.risk.numerator, lower.risk.denominator)} is lower")
