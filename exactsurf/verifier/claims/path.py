"""Explicit paths through parameter space, and the claim `path` (FORMAT.md, section 8; proofs/claims/path.md)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from ..arithmetic.document import Field
from ..arithmetic.rational import Rational, display
from ..network import read_parameters
from ..problem import Point, Problem, Stop, point_with_risk
from ..submission import Note, Submission, check_sentence, counted, samples_text
from ..unit_cells import check_shape

AnyStop = TypeVar("AnyStop", bound=Stop)


def check_path(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    _, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    _, sentence_field, level_field = claim.fields("kind", "sentence", "level")
    (path,) = evidence.fields("path")
    problem = submission.problem(problem_field)
    check_shape(problem, problem_field)
    level = level_field.number()
    sentence = check_sentence(
        sentence_field,
        f"The given path leads from its first point to its last at a {problem.loss.risk} of at most {level_field.text()}"
        f" of the {problem.architecture} network on {samples_text(problem)}.",
    )
    read_path(problem, path, level, submission.done)
    return sentence, None


def read_path(problem: Problem, field: Field, level: Rational, done: Note, start: Point | None = None) -> list[Point]:
    """The points of a path that stays at or below the level; `start`, if given, is its first point and not in the field."""
    return read_stops(partial(read_free_point, problem), field, level, done, start)


def read_stops(
    read: Callable[[Field], AnyStop],
    field: Field,
    level: Rational,
    done: Note,
    start: AnyStop | None = None,
    *,
    idle_turns: bool = False,
    check: Callable[[AnyStop, AnyStop, Field], None] | None = None,
    cell: str = "signed cell",
) -> list[AnyStop]:
    """The points of a path, read one by one; with `idle_turns` units may come from 0 and go there (FORMAT.md, section 30).

    `check`, of a step, if it is not that of section 8; each step is in one `cell`.
    """
    check_own = check or partial(check_step, idle_turns=idle_turns)
    points = [] if start is None else [start]
    entries = field.items()
    if len(entries) + len(points) < 2:
        raise field.reject("a path needs at least two points")
    for entry in entries:
        point = read(entry)
        if point.risk > level:
            shown, most = (display(value.numerator, value.denominator) for value in (point.risk, level))
            raise entry.reject(f"the risk is {shown}, above the level {most}")
        if points:
            check_own(points[-1], point, entry)
        points.append(point)
    shown = display(level.numerator, level.denominator)
    done(f"a path of {counted(len(points) - 1, 'step')}, each in one {cell}, with risk at most {shown}")
    return points


def read_free_point(problem: Problem, field: Field) -> Point:
    """Parameters whose risk is stated nowhere."""
    return point_with_risk(problem, read_parameters(field, problem.widths, problem.biases), field)


def check_step(before: Stop, after: Stop, field: Field, *, dead_move: bool = False, idle_turns: bool = False) -> None:
    """The predictions are linear in the product variables along the step; with `dead_move` after units that are off moved.

    With `idle_turns` a unit may go from output weight and weights 0 to others, and back.
    """
    (old_outputs,), (new_outputs,) = before.parameters.weights[1], after.parameters.weights[1]
    for j, (v, next_v) in enumerate(zip(old_outputs, new_outputs, strict=True)):
        if not v and not next_v:
            continue
        if _weights(before, j) == _weights(after, j):
            continue
        if not v or not next_v:
            if dead_move or (idle_turns and _is_nothing(before if not v else after, j)):
                continue
            raise field.reject(f"unit {j} moves while its output weight becomes or ceases to be 0")
        if (v > 0) != (next_v > 0):
            raise field.reject(f"unit {j} moves while its output weight changes sign")
        pairs = zip(before.forward.positions[0][j], after.forward.positions[0][j], strict=True)
        for sample, (p, q) in enumerate(pairs):
            if max(p // 2, q // 2) > min((p + 1) // 2, (q + 1) // 2):
                raise field.reject(f"unit {j} leaves its closed cell on sample {sample}")


def _is_nothing(point: Stop, unit: int) -> bool:
    weights, bias = _weights(point, unit)
    return not any(weights) and not bias


def _weights(point: Stop, unit: int) -> tuple[list[Rational], Rational | None]:
    biases = point.parameters.biases[0]
    return point.parameters.weights[0][unit], None if biases is None else biases[unit]
