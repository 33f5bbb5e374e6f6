"""Claims that the least sharpness among some parameters is an algebraic number (FORMAT.md, sections 61 and 62)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .algebraic_ring import Element, Root, enclosed, read_root
from .arithmetic.document import Field, at
from .field_numbers import FieldNumbers
from .point_hessian import check_second_derivatives
from .problem import Point, Problem, read_point
from .submission import Submission, check_sentence, samples_text

_KINDS = ("trace", "largest eigenvalue")


@dataclass(frozen=True)
class ExactSharpness:
    """What is claimed of a point that has second derivatives, and where its parts stand."""

    sentence: str
    by_trace: bool
    problem: Problem
    parameters: Field
    point: Point
    evidence: Field
    stated: Root
    value: Field

    def check_value(self, numbers: FieldNumbers, value: Element) -> None:
        """Reject a claim whose number is not this one."""
        polynomial, interval = self.value.fields("polynomial", "interval")
        with at(polynomial.place):
            total = numbers.ring.constant(0)
            for coefficient in reversed(self.stated.polynomial):
                total = numbers.ring.add(numbers.product(total, value), numbers.ring.constant(coefficient))
            if any(total[0]):
                raise polynomial.reject("the value is no root of this polynomial")
        near = enclosed(value[0], numbers.alpha)
        if near.low <= self.stated.low * (1 << near.bits) or near.high >= self.stated.high * (1 << near.bits):
            raise interval.reject("the value is not between these numbers, as far as these bits tell")


def read_exact_sharpness(submission: Submission, check_shape: Callable[[Problem, Field], None], beginning: str) -> ExactSharpness:
    """The fields of the claim, its sentence that begins so, and its point, at which no second derivative is missing."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters_field, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    _, sentence_field, risk_field, kind_field, value_field = claim.fields("kind", "sentence", "risk", "of", "value")
    kind = kind_field.text()
    if kind not in _KINDS:
        raise kind_field.reject("expected `trace` or `largest eigenvalue`")
    problem = submission.problem(problem_field)
    check_shape(problem, problem_field)
    point = read_point(problem, parameters_field, risk_field)
    stated = read_root(value_field)
    polynomial_field, interval_field = value_field.fields("polynomial", "interval")
    coefficients = ", ".join(item.text() for item in polynomial_field.items())
    low, high = (item.text() for item in interval_field.items(2))
    words = {"architecture": problem.architecture, "samples": samples_text(problem), "risk": problem.loss.risk, "of": kind}
    sentence = check_sentence(
        sentence_field,
        f"{beginning.format(**words)}the root between {low} and {high} of the polynomial with the coefficients {coefficients},"
        " the constant first.",
    )
    check_second_derivatives(problem, point, parameters_field)
    return ExactSharpness(sentence, kind == _KINDS[0], problem, parameters_field, point, evidence, stated, value_field)
