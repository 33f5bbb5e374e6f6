"""Explicit paths in steps: within one signed cell the product variables move in a straight line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

from exactsurf.errors import InputError
from exactsurf.exact.linear_algebra import dot
from exactsurf.model.parameter_vector import unit_weights
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class LowPath:
    """A path from the first of the `points` to the last: between neighbours the product variables move in a straight line.

    `level` is the largest risk on it, which is that of one of the points.
    Exactness: exact. Source: theory.md, section 4; proofs/claims/path.md.
    """

    problem: Problem
    points: tuple[Parameters, ...]
    level: Fraction

    def at(self, step: int, t: Fraction) -> Parameters:
        """The point of a step, at the time t from 0 to 1.

        Exactness: exact. Raises: `InputError` for a step or a time that the path does not have. Source: the definition.
        """
        if not 0 <= step < len(self.points) - 1 or not 0 <= t <= 1:
            raise InputError(f"the path has steps 0 to {len(self.points) - 2}, each for times from 0 to 1", text=f"{step}, {t}")
        return between(self.points[step], self.points[step + 1], t)


def joined_path(problem: Problem, stops: Sequence[Parameters]) -> LowPath:
    """The path through given points; some of them may be passed over where one signed cell reaches further.

    Parameters: `stops`, neighbours in one closed signed cell each. Exactness: exact. Raises: nothing.
    Source: proofs/claims/path.md.
    """
    points = joined_points(problem, stops)
    return LowPath(problem, tuple(points), max(map(problem.rational_risk, points)))


def joined_points(problem: Problem, stops: Sequence[Parameters]) -> list[Parameters]:
    """The points of `joined_path`. Parameters, Exactness, Raises, Source: as there."""
    points = [stops[0]]
    here = 0
    while here < len(stops) - 1:
        there = furthest(problem, stops, here)
        for point in _steps(stops[here], stops[there]):
            if len(points) > 1 and is_joined(problem, points[-2], point, directly=True):
                points.pop()
            points.append(point)
        here = there
    if len(points) == 1:
        points.append(stops[-1])
    return points


def furthest(problem: Problem, stops: Sequence[Parameters], here: int) -> int:
    """The place of the last stop that is in one closed signed cell with that at `here`; the next one, if none is.

    Exactness: exact. Raises: nothing. Source: proofs/claims/path.md.
    """
    return next(k for k in range(len(stops) - 1, here, -1) if k == here + 1 or is_joined(problem, stops[here], stops[k]))


def stepwise_path(problem: Problem, stops: Sequence[Parameters]) -> LowPath:
    """The path through all of the given points, each two neighbours in a closed signed cell that they share.

    Parameters: `stops`, at least one. Exactness: exact. Raises: nothing. Source: proofs/claims/path.md.
    """
    points = [stops[0]]
    for start, end in pairwise(stops):
        points += _steps(start, end)
    return LowPath(problem, tuple(points if len(points) > 1 else points * 2), max(map(problem.rational_risk, points)))


def _steps(start: Parameters, end: Parameters) -> list[Parameters]:
    """The steps from one point of a closed signed cell to another, without the first: units that are off move first."""
    first = _with_weights(start, end, [not v for v in start.weights[1][0]])
    last = _with_weights(end, first, [not v for v in end.weights[1][0]])
    found = [start]
    for point in (first, last, end):
        if point != found[-1]:
            found.append(point)
    return found[1:]


def _with_weights(point: Parameters, other: Parameters, taken: list[bool]) -> Parameters:
    """A point with the first-layer weights of another for some units."""
    rows = tuple(b if take else a for a, b, take in zip(point.weights[0], other.weights[0], taken, strict=True))
    biases = point.biases[0]
    if biases is not None:
        pairs = zip(biases, other.biases[0] or (), taken, strict=True)
        biases = tuple(b if take else a for a, b, take in pairs)
    return replace(point, weights=(rows, point.weights[1]), biases=(biases, point.biases[1]))


def is_joined(problem: Problem, start: Parameters, end: Parameters, *, directly: bool = False) -> bool:
    """Whether some closed signed cell has both points, up to the weights of units that are off in one of them.

    Parameters: `directly` asks whether one step of a path leads from one to the other. Exactness: exact. Raises: nothing.
    Source: proofs/claims/path.md.
    """
    breakpoints = problem.network.activation.breakpoints
    one = (Fraction(1),) if problem.network.biases[0] else ()
    outputs = zip(start.weights[1][0], end.weights[1][0], strict=True)
    for (v, w), old, new in zip(outputs, unit_weights(start), unit_weights(end), strict=True):
        if old == new or not (v or w):
            continue
        if not v or not w:
            if directly:
                return False
            continue
        if (v > 0) != (w > 0):
            return False
        for row in problem.data.x:
            sample = (*row, *one)
            a, b = (dot(sample, weights) for weights in (old, new))
            if any(min(a, b) < t < max(a, b) for t in breakpoints):
                return False
    return True


def between(start: Parameters, end: Parameters, t: Fraction) -> Parameters:
    """The point at the time t of a step of a path: output weights, output bias and products v·w are linear in t.

    Where the output weight is 0 at the ends, or the weights are equal, the weights themselves are linear in t.
    Exactness: exact. Raises: nothing for steps of a `LowPath`. Source: proofs/claims/path.md.
    """
    outputs = tuple((1 - t) * v + t * w for v, w in zip(start.weights[1][0], end.weights[1][0], strict=True))
    rows: list[Any] = []
    for j, (old, new) in enumerate(zip(unit_weights(start), unit_weights(end), strict=True)):
        v, w = start.weights[1][0][j], end.weights[1][0][j]
        share = t * w / outputs[j] if v and w and old != new else t
        rows.append(tuple((1 - share) * a + share * b for a, b in zip(old, new, strict=True)))
    hidden, output = start.biases
    if hidden is not None:
        hidden, rows = tuple(row[-1] for row in rows), [row[:-1] for row in rows]
    if output is not None:
        output = tuple((1 - t) * a + t * b for a, b in zip(output, end.biases[1] or (), strict=True))
    return Parameters((tuple(rows), (outputs,)), (hidden, output))
