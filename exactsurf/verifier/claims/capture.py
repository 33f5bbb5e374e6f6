"""The claim `captured below a level`: a cut around a point, and inside it points that lead to one (FORMAT.md, section 46)."""

from __future__ import annotations

from collections.abc import Sequence

from ..arithmetic.document import Field, at
from ..arithmetic.rational import Rational, display
from ..arithmetic.region_count import Effort
from ..cut import Cut
from ..dual_bounds import read_duals
from ..problem import Stop, read_point
from ..submission import Submission, check_sentence, counted, samples_text
from ..unit_cells import check_shape, read_unit_cells
from .all_valleys import kinds_at, read_points


def check_capture(submission: Submission) -> tuple[str, Rational]:
    """Check the claim and its evidence; its sentence and the risk of the parameters."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    _, sentence_field, stated, level_field, bottom_field = claim.fields("kind", "sentence", "risk", "level", "bottom")
    points_field, leads_field, cells_field, duals_field = evidence.fields("points", "leads_to", "cells", "duals")
    problem = submission.problem(problem_field)
    check_shape(problem, problem_field)
    level = level_field.number()
    sentence = check_sentence(
        sentence_field,
        "From all parameters to which a path from the given ones leads on which the risk stays below"
        f" {level_field.text()}, some path that never rises above the risk of its beginning leads to the first of the given"
        f" points, for the {problem.architecture} network on {samples_text(problem)}.",
    )
    start = read_point(problem, parameters, stated)
    submission.done(f"risk recomputed: {display(start.risk.numerator, start.risk.denominator)}")
    if start.risk >= level:
        raise level_field.reject("not above the risk of the given parameters")
    if not points_field.items():
        raise points_field.reject("no point is given")
    points = read_points(problem, points_field, leads_field, 1, submission.done)
    if bottom_field.number() != points[0].risk:
        raise bottom_field.reject("not the risk of the first point")
    effort = Effort()
    units = read_unit_cells(problem, problem_field, cells_field, effort, submission.done)
    duals = read_duals(problem, units, duals_field, points[0].risk, effort)
    cut = Cut.of_forms(units, duals, duals.of_at_least(level), effort)
    with at(points_field.place):
        enough = [duals.of_at_least(point.risk) for point in points]
        reached = all_minimised(cut, cut.cell_of(start), points, enough, points_field)
    submission.done(f"below the level {counted(reached, 'signed cell')} can be reached, each with a point that is minimal in it")
    return sentence, start.risk


def all_minimised(cut: Cut, first: Sequence[int], points: Sequence[Stop], enough: Sequence[int], field: Field) -> int:
    """How many signed cells can be reached; a rejection if one of them holds no point that a dual vector shows minimal in it.

    `enough`, for every point the dual vectors (as bits) that will do for it.
    """
    held = []
    for point, able in zip(points, enough, strict=True):
        (outputs,) = point.parameters.weights[1]
        cut.effort.spend(len(cut.pieces) * len(cut.pieces[0]) * len(outputs) + cut.count)
        kinds = [
            set(kinds_at(cut.pieces, positions, (v > 0) - (v < 0)))
            for positions, v in zip(point.forward.positions[0], outputs, strict=True)
        ]
        held.append((kinds, able))
    reached = 0
    for cell in cut.component(tuple(first)):
        reached += 1
        common = (1 << cut.count) - 1
        for kind in cell:
            common &= cut.masks[kind]
        for kinds, able in held:
            cut.effort.spend(len(cell) + 1)
            if common & able and all(kind in own for kind, own in zip(cell, kinds, strict=True)):
                break
        else:
            raise field.reject("no point is minimal, by the dual vectors, in a signed cell that can be reached below the level")
    return reached
