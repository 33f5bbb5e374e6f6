"""The claim `all valleys`: a list of points of which every sublevel set has one in each component (FORMAT.md, section 12)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from math import comb

from ..arithmetic.document import Field, at
from ..arithmetic.region_count import Effort
from ..dual_bounds import read_duals
from ..problem import Point, Problem, Stop
from ..submission import Note, Submission, check_sentence, counted, samples_text
from ..unit_cells import check_shape, read_unit_cells
from .path import check_step, read_free_point

_ORBIT = 32  # what a signed cell that is remembered counts for


def check_all_valleys(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    _, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    _, sentence_field, count_field = claim.fields("kind", "sentence", "valleys")
    points_field, leads_field, cells_field, duals_field = evidence.fields("points", "leads_to", "cells", "duals")
    problem = submission.problem(problem_field)
    check_shape(problem, problem_field)
    count = read_count(count_field, points_field)
    sentence = check_sentence(
        sentence_field,
        f"From all parameters some path that never rises above the {problem.loss.risk} of its beginning leads, up to the"
        f" order of the hidden units, to one of the first {counted(count, 'given point')}, for the {problem.architecture} network"
        f" on {samples_text(problem)}.",
    )
    points = read_points(problem, points_field, leads_field, count, submission.done)
    effort = Effort()
    units = read_unit_cells(problem, problem_field, cells_field, effort, submission.done)
    duals = read_duals(problem, units, duals_field, min(point.risk for point in points), effort)
    orbits = comb(2 * len(units.members) + problem.widths[1] - 1, problem.widths[1])
    with at(points_field.place):
        found = covered(points, [duals.of_at_least(point.risk) for point in points], units.pieces, duals.masks, effort)
    if found != orbits:
        raise points_field.reject(
            f"they are minimal, by the dual vectors, in {found} of {orbits} signed cells up to the order of units"
        )
    submission.done(f"{counted(len(duals.bounds), 'dual vector')}: one of the points is minimal in each of {orbits} signed cells")
    return sentence, None


def read_count(field: Field, points: Field) -> int:
    """The number of the first points, which lead to no other."""
    count, most = field.number(), len(points.items())
    if not isinstance(count, int) or not 1 <= count <= most:
        raise field.reject(f"expected an integer from 1 to {most}, the number of points")
    return count


def read_points(problem: Problem, points_field: Field, leads_field: Field, count: int, done: Note) -> list[Point]:
    """The points, of which all but the first `count` lead to earlier ones that are not higher."""
    points = [read_free_point(problem, entry) for entry in points_field.items()]
    for entry, lead in zip(range(count, len(points)), leads_field.items(len(points) - count), strict=True):
        goal = points[lead.index(entry)]
        if goal.risk > points[entry].risk:
            raise lead.reject("this point has a higher risk")
        check_step(points[entry], goal, lead, dead_move=True)
    done(f"{counted(len(points), 'point')}; all but {count} of them lead to others, within a signed cell, not higher")
    return points


def covered(
    points: Sequence[Stop], enough: Sequence[int], pieces: Sequence[Sequence[int]], masks: Sequence[int], effort: Effort
) -> int:
    """The number of signed cells, up to the order of units, that hold a point and on which a dual vector holds that will do.

    `enough`, for every point the dual vectors (as bits) that will do for it; `pieces` of all cells of a unit, and by `masks` the
    dual vectors that hold on signed unit cells.
    """
    seen: set[tuple[int, ...]] = set()
    width = 1 + (max((own.bit_length() for own in enough), default=0) >> 6)
    for point, able in zip(points, enough, strict=True):
        (outputs,) = point.parameters.weights[1]
        effort.spend(len(pieces) * len(pieces[0]) * len(outputs) + 64 * width)
        kinds = [
            [kind for kind in kinds_at(pieces, positions, (v > 0) - (v < 0)) if masks[kind] & able]
            for positions, v in zip(point.forward.positions[0], outputs, strict=True)
        ]
        for cell in product(*kinds):
            effort.spend(len(cell) * width)
            common = able
            for kind in cell:
                common &= masks[kind]
            orbit = tuple(sorted(cell))
            if common and orbit not in seen:
                effort.spend(_ORBIT)
                seen.add(orbit)
    return len(seen)


def kinds_at(pieces: Sequence[Sequence[int]], positions: Sequence[int], sign: int) -> list[int]:
    """The closed signed unit cells that hold a unit; if it is off, it can be moved to any at constant risk."""
    if not sign:
        return list(range(2 * len(pieces)))
    return [
        2 * c + (sign < 0)
        for c, cell in enumerate(pieces)
        if all(p // 2 <= piece <= (p + 1) // 2 for piece, p in zip(cell, positions, strict=True))
    ]
