"""Scales of free parameters, and the problems at choices of their signs (FORMAT.md, section 56)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from .arithmetic.document import Field
from .arithmetic.effort import price, spend
from .arithmetic.rational_rows import bits_of
from .invariance import places
from .restriction import Restriction


@dataclass(frozen=True)
class Scale:
    """The index of a free parameter, and those of its filter."""

    factor: int
    filter: tuple[int, ...]


def read_scales(field: Field, restriction: Restriction) -> list[Scale]:
    """The field `scales`, with its grades."""
    if restriction.problem.decay is not None:
        raise field.reject("weight decay changes where a scale is divided and its filter multiplied by a number")
    found: list[Scale] = []
    factors: set[int] = set()
    for entry in field.items():
        index, members = entry.items(2)
        factor, filter = index.index(restriction.free), [member.index(restriction.free) for member in members.items()]
        spend(1 + len(filter))
        if not filter or any(a >= b for a, b in pairwise(filter)):
            raise members.reject("expected at least one index, and rising ones")
        if factor in factors:
            raise index.reject("this scale is listed before")
        factors.add(factor)
        found.append(Scale(factor, tuple(filter)))
        if not _is_graded(restriction, found[-1]):
            raise entry.reject(
                "predictions are not seen to stay the same if this scale is divided and its filter multiplied by a number"
            )
    if not found:
        raise field.reject("expected at least one scale")
    owner: dict[int, tuple[int, ...]] = {}
    for entry, scale in zip(field.items(), found, strict=True):
        for member in scale.filter:
            spend(1 + len(scale.filter))
            if member in factors:
                raise entry.reject("a scale is in this filter")
            if owner.setdefault(member, scale.filter) != scale.filter:
                raise entry.reject("its filter is not equal to another one that it meets")
    return found


def _is_graded(restriction: Restriction, scale: Scale) -> bool:
    """Whether the outputs have the grade 0."""
    problem = restriction.problem
    grades = {scale.factor: -1, **dict.fromkeys(scale.filter, 1)}
    h = problem.activation
    at_zero = h.intercepts[sum(t < 0 for t in h.breakpoints)]
    keeps = at_zero == 0 and not any(h.breakpoints)
    below: list[int | None] = [0] * problem.widths[0]
    for layer, rows in enumerate(places(problem)):
        is_last = layer == problem.hidden_layers
        units: list[int | None] = []
        for row in rows:
            spend(len(row) * (restriction.free + 1))
            terms: set[int] = set()
            for number, place in enumerate(row):
                read = below[number] if number < len(below) else 0
                varying = {grades.get(k, 0) for k, direction in enumerate(restriction.directions) if direction[place]}
                fixed = {0} if restriction.origin[place] else set()
                own = varying | fixed
                if not own or read is None:
                    continue
                if len(own) > 1:
                    return False
                terms.add(own.pop() + read)
            if len(terms) > 1:
                return False
            if not terms:
                units.append(None if at_zero == 0 and not is_last else 0)
                continue
            grade = terms.pop()
            if grade and (is_last or not keeps):
                return False
            units.append(grade)
        below = units
    return True


def choices_of_signs(restriction: Restriction, scales: Sequence[Scale], trees: Field) -> Iterator[tuple[int, ...]]:
    """All choices of signs, as many as there are trees."""
    h, count = restriction.problem.activation, len(trees.items())
    if not h.breakpoints and not h.intercepts[0]:
        needed, found = "1 tree", iter([(1,) * len(scales)])
        is_right = count == 1
    else:
        needed, found = f"2^{len(scales)} trees", product((1, -1), repeat=len(scales))
        is_right = len(scales) == count.bit_length() - 1 and count & (count - 1) == 0
    if not is_right:
        raise trees.reject(f"expected {needed}")
    return found


def restriction_at(restriction: Restriction, scales: Sequence[Scale], signs: Sequence[int]) -> Restriction:
    """The restriction with the scales at these signs."""
    origin = list(restriction.origin)
    for scale, sign in zip(scales, signs, strict=True):
        direction = restriction.directions[scale.factor]
        spend(len(origin) * price(bits_of(origin), bits_of(direction)))
        origin = [value + sign * change for value, change in zip(origin, direction, strict=True)]
    factors = {scale.factor for scale in scales}
    spend(restriction.free)
    kept = [direction for k, direction in enumerate(restriction.directions) if k not in factors]
    return Restriction(restriction.problem, origin, kept)
