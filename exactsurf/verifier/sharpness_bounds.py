"""Bounds on the least trace and the least largest eigenvalue of a Hessian (FORMAT.md, sections 42 and 48)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .arithmetic.document import Field, at
from .arithmetic.effort import price, spend
from .arithmetic.rational import Rational
from .arithmetic.rational_rows import bits_of, is_nowhere_negative
from .point_hessian import check_second_derivatives
from .problem import Point, Problem, read_point
from .submission import Submission, check_sentence, samples_text


@dataclass(frozen=True)
class Bounds:
    """Two numbers, where they stand, and their evidence."""

    low: Rational
    high: Rational
    ends: Sequence[Field]
    evidence: Field


@dataclass(frozen=True)
class SharpnessBounds:
    """What is claimed of a point that has second derivatives."""

    sentence: str
    problem: Problem
    parameters: Field
    point: Point
    trace: Bounds
    eigenvalue: Bounds


def read_bounds(submission: Submission, check_shape: Callable[[Problem, Field], None], beginning: str) -> SharpnessBounds:
    """The fields of the claim, its sentence that begins so, and its point, at which no second derivative is missing."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters_field, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    _, sentence_field, stated, trace_field, eigenvalue_field = claim.fields("kind", "sentence", "risk", "trace", "eigenvalue")
    parts = zip((trace_field, eigenvalue_field), evidence.fields("trace", "eigenvalue"), strict=True)
    problem = submission.problem(problem_field)
    check_shape(problem, problem_field)
    point = read_point(problem, parameters_field, stated)
    trace, eigenvalue = (_bounds(field, proof) for field, proof in parts)
    (a, b), (c, d) = trace.ends, eigenvalue.ends
    words = {"architecture": problem.architecture, "samples": samples_text(problem), "risk": problem.loss.risk}
    sentence = check_sentence(
        sentence_field,
        f"{beginning.format(**words)}at least {a.text()} and at most {b.text()}, and its least largest eigenvalue is at least"
        f" {c.text()} and at most {d.text()}.",
    )
    check_second_derivatives(problem, point, parameters_field)
    return SharpnessBounds(sentence, problem, parameters_field, point, trace, eigenvalue)


def _bounds(field: Field, evidence: Field) -> Bounds:
    low, high = field.vector(2)
    return Bounds(low, high, field.items(2), evidence)


def check_above(bounds: Bounds, hessian: Sequence[Sequence[Rational]], scales: Sequence[Rational], reason: str) -> None:
    """Reject an upper bound β unless βS − H is positive semidefinite, S the diagonal matrix of the scales."""
    above, size = bounds.ends[1], len(hessian)
    with at(above.place):
        spend(size * price(bits_of(scales)))
        if not is_nowhere_negative(
            [[(bounds.high * scales[p] if p == q else 0) - hessian[p][q] for q in range(size)] for p in range(size)]
        ):
            raise above.reject(reason)
