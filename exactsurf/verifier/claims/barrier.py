"""The claim `barrier`: a path at a level, and what no path below it crosses (FORMAT.md, sections 9 and 9.1)."""

from __future__ import annotations

from ..barrier_tree import check_barrier_tree
from ..cut import Cut
from ..submission import Submission, check_sentence, counted, samples_text
from ..unit_cells import check_shape
from .path import read_path


def check_barrier(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    _, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    _, sentence_field, level_field = claim.fields("kind", "sentence", "level")
    by_tree = submission.version > 1 and evidence.has("forms")
    if by_tree:
        path_field, *_ = evidence.fields("path", "duals", "forms", "nodes", "meetings")
    else:
        path_field, _, duals_field = evidence.fields("path", "cells", "duals")
    problem = submission.problem(problem_field)
    check_shape(problem, problem_field)
    level = level_field.number()
    sentence = check_sentence(
        sentence_field,
        f"Every path between the first and the last point of the given path reaches a {problem.loss.risk} of at least"
        f" {level_field.text()} of the {problem.architecture} network on {samples_text(problem)}, and the given path no more.",
    )
    points = read_path(problem, path_field, level, submission.done)
    for place, point in ((0, points[0]), (len(points) - 1, points[-1])):
        if point.risk >= level:
            raise path_field.items()[place].reject("this end has the risk of the barrier itself")
    if by_tree:
        check_barrier_tree(problem, problem_field, evidence, level, (points[0], points[-1]), submission.done)
        return sentence, None
    cut = Cut.read(submission, problem, evidence, level, level)
    reached = cut.check_apart(points[0], points[-1], duals_field)
    submission.done(f"a cut: below the barrier only {counted(reached, 'signed cell')} can be reached, not the last point")
    return sentence, None
