"""The claim about three samples on a line, for smooth activations (FORMAT.md, section 11)."""

from __future__ import annotations

from fractions import Fraction

from ..arithmetic.document import at
from ..arithmetic.interval import Interval, enclose
from ..arithmetic.rational import Rational, display
from ..smooth_problem import read_smooth_problem
from ..submission import Submission, check_sentence
from .critical_box import check_lower_point, read_bits

_X: list[tuple[Rational, ...]] = [(1, 0), (0, 1), (Fraction(1, 2), Fraction(1, 2))]
_Y: list[tuple[Rational, ...]] = [(0,), (0,), (1,)]


def check_three_samples(submission: Submission) -> tuple[str, Rational]:
    """Check the claim and its evidence; its sentence and its risk."""
    _, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    _, sentence_field, risk_field = claim.fields("kind", "sentence", "risk")
    bits_field, v_field, u_field, lower_field = evidence.fields("bits", "v", "u", "lower_point")
    if submission.version > 1:
        raise submission.root.child("format").reject("this claim has no form in this version of the format")
    problem = read_smooth_problem(problem_field, submission.data_folder)
    if problem.widths != [2, 2, 1]:
        raise problem_field.child("widths").reject("expected 2-2-1")
    if (problem.inputs, problem.targets) != (_X, _Y):
        raise problem_field.child("data").reject("expected the inputs (1, 0), (0, 1), (1/2, 1/2) with the targets 0, 0, 1")
    name = problem.activation.name
    submission.done(f"problem: the three samples, 2-2-1 network of {name} units")
    risk = problem.loss.loss.pieces[0][0] * Fraction(2, 3)
    if risk_field.number() != risk:
        raise risk_field.reject(f"expected {display(risk.numerator, risk.denominator)}")
    sentence = check_sentence(
        sentence_field,
        f"The squared risk of the 2-2-1 network of {name} units on the three samples has a spurious local minimum"
        " at which every prediction is 1/3.",
    )
    bits = read_bits(bits_field)
    v, u = v_field.vector(2), u_field.number()
    with at(v_field.place):
        (h1, slope1, curve1), (h2, slope2, curve2) = (problem.activation.jet(enclose(value, bits)) for value in v)
        first = enclose(u, bits)
        second = (enclose(Fraction(1, 3), bits) - first * h1).divided_by(h2)
        left, right = first * slope1, second * slope2
        third = enclose(Fraction(1, 3), bits)
        corner, other = left.square() + third * first * curve1, right.square() + third * second * curve2
        determinant = corner * other - (left * right).square()
    _check_positive(v_field.reject("N is not positive definite, as far as these bits tell"), corner, determinant)
    submission.done("the matrix N is positive definite")
    check_lower_point(problem, lower_field, risk, bits)
    submission.done("the lower point has a risk below that of the local minimum")
    return sentence, risk


def _check_positive(rejection: Exception, *values: Interval) -> None:
    if any(value.low <= 0 for value in values):
        raise rejection
