"""The claim `sharpness`: the largest eigenvalue of the Hessian at a point, and its trace (FORMAT.md, section 33.2)."""

from __future__ import annotations

from ..arithmetic.document import at
from ..arithmetic.rational import Rational
from ..arithmetic.rational_rows import dot, is_nowhere_negative
from ..point_hessian import check_second_derivatives, hessian_at
from ..problem import read_point
from ..submission import Submission, check_sentence, counted, samples_text


def check_sharpness(submission: Submission) -> tuple[str, Rational]:
    """Check the claim and its evidence; its sentence and the risk at the parameters."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters_field, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    _, sentence_field, stated, bounds_field, trace_field = claim.fields("kind", "sentence", "risk", "bounds", "trace")
    (vector_field,) = evidence.fields("vector")
    problem = submission.problem(problem_field)
    if problem.loss.gap == "lead":
        raise problem_field.child("loss").reject("this claim is not for losses of classes")
    point = read_point(problem, parameters_field, stated)
    low, high = bounds_field.vector(2)
    trace = trace_field.number()
    first, second = bounds_field.items(2)
    sentence = check_sentence(
        sentence_field,
        f"At the given parameters the largest eigenvalue of the Hessian of the {problem.loss.risk} of the {problem.architecture}"
        f" network on {samples_text(problem)} is at least {first.text()} and at most {second.text()}, and the trace of the"
        f" Hessian is {trace_field.text()}.",
    )
    check_second_derivatives(problem, point, parameters_field)
    with at(parameters_field.place):
        hessian = hessian_at(problem, point)
    size = len(hessian)
    submission.done(f"the Hessian by {counted(size, 'parameter')}, from the second derivatives along lines")
    if sum(hessian[p][p] for p in range(size)) != trace:
        raise trace_field.reject("not the trace of the Hessian")
    vector = vector_field.vector(size)
    if not any(vector):
        raise vector_field.reject("expected a vector that is not 0")
    with at(vector_field.place):
        image = [dot(row, vector) for row in hessian]
    if dot(vector, image) < low * dot(vector, vector):
        raise first.reject("the given vector does not prove this bound")
    with at(second.place):
        if not is_nowhere_negative([[(high if p == q else 0) - hessian[p][q] for q in range(size)] for p in range(size)]):
            raise second.reject("some eigenvalue is larger")
    submission.done("the vector proves the lower bound, symmetric elimination the upper one")
    return sentence, point.risk
