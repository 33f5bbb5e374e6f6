"""The hidden units that are rescaled, and the parameters on both sides of them (FORMAT.md, sections 42 and 62)."""

from __future__ import annotations

from .arithmetic.document import Field, at
from .arithmetic.rational import Rational
from .arithmetic.rational_rows import is_nowhere_negative
from .point_hessian import entries_of, hessian_at
from .problem import Point, Problem
from .submission import Submission, counted

Unit = tuple[int, int]


def check_shape(problem: Problem, field: Field) -> None:
    """Reject problems for which the claims are not."""
    if problem.loss.gap == "lead":
        raise field.child("loss").reject("this claim is not for losses of classes")
    if len(problem.widths) < 3:
        raise field.child("widths").reject("expected a hidden layer")
    if any(problem.activation.intercepts):
        raise field.child("activation").reject("expected h(cz) = c h(z) for c > 0")


def units_of(problem: Problem) -> list[tuple[Unit | None, Unit | None]]:
    """For every parameter the hidden unit that it comes into and the one that it goes out of, as (layer, unit)."""
    last = len(problem.widths) - 2
    return [
        (
            (one.layer, one.unit) if one.layer < last else None,
            (one.layer - 1, one.source) if one.layer > 0 and one.source is not None else None,
        )
        for one in entries_of(problem)
    ]


def read_hessian(submission: Submission, problem: Problem, point: Point, field: Field) -> list[list[Rational]]:
    """The Hessian at the parameters, which must be positive semidefinite."""
    with at(field.place):
        hessian = hessian_at(problem, point)
        if not is_nowhere_negative(hessian):
            raise field.reject("the Hessian has a negative eigenvalue here")
    submission.done(f"the Hessian by {counted(len(hessian), 'parameter')}, which is positive semidefinite")
    return hessian
