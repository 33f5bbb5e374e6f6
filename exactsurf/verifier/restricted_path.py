"""Paths of values of the free parameters of a restriction (FORMAT.md, section 57)."""

from __future__ import annotations

from functools import partial

from .arithmetic.document import Field
from .arithmetic.effort import spend
from .arithmetic.rational import Rational
from .claims.path import read_stops
from .problem import Point, Problem, point_with_risk
from .restriction import Restriction
from .submission import Note


def read_place(problem: Problem, restriction: Restriction, field: Field) -> Point:
    """Values whose risk is stated nowhere."""
    return point_with_risk(problem, restriction.parameters(field.vector(restriction.free)), field)


def read_places(
    problem: Problem, restriction: Restriction, field: Field, level: Rational, done: Note, start: Point | None = None
) -> list[Point]:
    """The points of a path that stays at or below the level; `start`, if given, is its first point and not in the field."""
    return read_stops(partial(read_place, problem, restriction), field, level, done, start, check=check_straight, cell="cell")


def check_straight(before: Point, after: Point, field: Field) -> None:
    """All pre-activations stay in common closed pieces, so that predictions are affine on the segment."""
    for layer, (old, new) in enumerate(zip(before.forward.positions, after.forward.positions, strict=True), start=1):
        for unit, pairs in enumerate(zip(old, new, strict=True)):
            spend(len(pairs[0]))
            for sample, (p, q) in enumerate(zip(*pairs, strict=True)):
                if max(p // 2, q // 2) > min((p + 1) // 2, (q + 1) // 2):
                    raise field.reject(f"unit {unit} of layer {layer} leaves its closed piece on sample {sample}")
