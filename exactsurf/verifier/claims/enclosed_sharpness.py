"""The claim `enclosed sharpness`: the largest eigenvalue of a Hessian that is known in intervals (FORMAT.md, section 43)."""

from __future__ import annotations

from collections.abc import Sequence

from ..arithmetic.document import Field, at
from ..arithmetic.interval import Interval, enclose
from ..arithmetic.interval_matrix import bad_pivot
from ..arithmetic.rational import Rational
from ..arithmetic.rational_rows import dot
from ..network import read_parameters, vector_of
from ..risk_jet import derivatives_on, hessian_entry
from ..smooth_problem import SmoothProblem, read_smooth_problem
from ..submission import Submission, check_sentence, counted
from .critical_box import check_risk, read_bits, spend


def check_enclosed_sharpness(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters_field, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    _, sentence_field, risk_field, bounds_field, trace_field = claim.fields("kind", "sentence", "risk", "bounds", "trace")
    bits_field, vector_field = evidence.fields("bits", "vector")
    problem = read_smooth_problem(problem_field, submission.data_folder, True, submission.version, every_loss=True)
    bounds, trace = bounds_field.vector(2), trace_field.vector(2)
    sentence = check_sentence(sentence_field, _sentence(problem, bounds_field.items(2), trace_field.items(2)))
    place = vector_of(read_parameters(parameters_field, problem.widths, problem.biases))
    bits, size = read_bits(bits_field), len(place)
    with at(problem_field.place):
        spend(problem, size, bits)
    with at(parameters_field.place):
        jet = derivatives_on(problem, [enclose(value, bits) for value in place], bits)
    check_risk(risk_field, jet.value)
    zero = Interval(0, 0, bits)
    hessian = [[hessian_entry(jet, p, q, zero) for q in range(size)] for p in range(size)]
    submission.done(f"the Hessian by {counted(size, 'parameter')}, in intervals of {bits} bits")
    total = zero
    for p in range(size):
        total = total + hessian[p][p]
    for item, holds in (
        (trace_field.items(2)[0], trace[0] * (1 << bits) <= total.low),
        (trace_field.items(2)[1], total.high <= trace[1] * (1 << bits)),
    ):
        if not holds:
            raise item.reject("not a bound of the trace, as far as these bits tell")
    _check_bounds(hessian, vector_field, bounds_field.items(2), bounds)
    submission.done("the vector proves the lower bound, elimination on intervals the upper one")
    return sentence, None


def _sentence(problem: SmoothProblem, bounds: Sequence[Field], trace: Sequence[Field]) -> str:
    (a, b), (c, d) = ([field.text() for field in pair] for pair in (bounds, trace))
    return (
        f"At the given parameters the largest eigenvalue of the Hessian of the {problem.risk_name} of the"
        f" {problem.architecture} network of {problem.activation.name} units on {counted(problem.samples, 'sample')} is at least"
        f" {a} and at most {b}, and the trace of the Hessian is at least {c} and at most {d}."
    )


def _check_bounds(
    hessian: list[list[Interval]], vector_field: Field, fields: Sequence[Field], bounds: Sequence[Rational]
) -> None:
    size, bits = len(hessian), hessian[0][0].bits
    vector = vector_field.vector(size)
    if not any(vector):
        raise vector_field.reject("expected a vector that is not 0")
    form = Interval(0, 0, bits)
    with at(vector_field.place):
        entries = [enclose(value, bits) for value in vector]
        for p in range(size):
            for q in range(size):
                form = form + entries[p] * hessian[p][q] * entries[q]
        least = dot(vector, vector) * bounds[0]
    if form.low < least * (1 << bits):
        raise fields[0].reject("the given vector does not prove this bound, as far as these bits tell")
    with at(fields[1].place):
        top = enclose(bounds[1], bits)
        pivot = bad_pivot([[(top if p == q else Interval(0, 0, bits)) - hessian[p][q] for q in range(size)] for p in range(size)])
    if pivot is not None:
        raise fields[1].reject(f"some eigenvalue may be larger (pivot {pivot}), as far as these bits tell")
