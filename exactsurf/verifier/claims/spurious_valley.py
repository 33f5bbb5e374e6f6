"""The claim `spurious valley`: a bottom, a path to a lower risk, and a cut below its barrier (FORMAT.md, section 9)."""

from __future__ import annotations

from ..arithmetic.rational import Rational, display
from ..cut import Cut
from ..problem import read_point
from ..submission import Submission, check_sentence, counted, samples_text
from ..unit_cells import check_shape
from .path import read_path


def check_spurious_valley(submission: Submission) -> tuple[str, Rational]:
    """Check the claim and its evidence; its sentence and the risk of the bottom."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    _, claim, problem_field, parameters, evidence = submission.root.fields(*names)
    _, sentence_field, stated, barrier_field = claim.fields("kind", "sentence", "risk", "barrier")
    path_field, _, duals_field = evidence.fields("path", "cells", "duals")
    problem = submission.problem(problem_field)
    check_shape(problem, problem_field)
    barrier = barrier_field.number()
    sentence = check_sentence(
        sentence_field,
        f"The given parameters are a bottom of a spurious valley of the {problem.loss.risk} of the"
        f" {problem.architecture} network on {samples_text(problem)}: every path from them to a point of lower risk reaches at"
        f" least {barrier_field.text()}, and one path no more.",
    )
    bottom = read_point(problem, parameters, stated)
    submission.done(f"risk recomputed: {display(bottom.risk.numerator, bottom.risk.denominator)}")
    if bottom.risk >= barrier:
        raise barrier_field.reject("not above the risk of the given parameters")
    points = read_path(problem, path_field, barrier, submission.done, bottom)
    if points[-1].risk >= bottom.risk:
        raise path_field.items()[-1].reject("the path does not end at a lower risk")
    cut = Cut.read(submission, problem, evidence, bottom.risk, barrier)
    reached = cut.check_bounded(bottom, duals_field)
    submission.done(f"a cut: below the barrier {counted(reached, 'signed cell')} can be reached, with no lower risk")
    return sentence, bottom.risk
