"""Flows of the network that stay in a restriction, and their tangents (FORMAT.md, section 44)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .activation import Activation
from .arithmetic.effort import price, spend
from .arithmetic.quadratic import null_space, whole_vector
from .arithmetic.rational import Rational
from .arithmetic.rational_rows import bits_of, dot
from .invariance import places, size
from .network import vector_of
from .problem import Point, Problem
from .restriction import Restriction


@dataclass(frozen=True)
class _Field:
    """θ ↦ Aθ + c: entries (row, column, value) of A, and those of c."""

    matrix: list[tuple[int, int, Rational]]
    constant: dict[int, Rational]

    @property
    def moved(self) -> set[int]:
        """The places of the entries that it may move."""
        return {row for row, _, _ in self.matrix} | {row for row, value in self.constant.items() if value}

    def image(self, vector: Sequence[Rational], *, constant: bool) -> list[Rational]:
        """Aθ, or Aθ + c."""
        spend(2 * len(self.matrix) + len(vector))
        entries: list[Rational] = [0] * len(vector)
        for row, column, value in self.matrix:
            entries[row] += value * vector[column]
        for row, value in self.constant.items() if constant else ():
            entries[row] += value
        return entries


def restricted_tangents(restriction: Restriction, problem: Problem, point: Point) -> list[list[int]]:
    """The tangents at a point, as vectors of integers that span them."""
    fields = list(_fields(problem, point))
    if problem.decay is not None:
        free = _unpenalised(problem)
        fields = [field for field in fields if field.moved <= free]
    if not fields:
        return []
    here, total = vector_of(point.parameters), size(problem)
    images = [
        [field.image(here, constant=True), *(field.image(direction, constant=False) for direction in restriction.directions)]
        for field in fields
    ]
    rows = []
    for normal in restriction.normals:
        for part in range(restriction.free + 1):
            row = [dot(normal, image[part]) for image in images]
            if any(row):
                rows.append(whole_vector(dict(enumerate(row)), len(fields)))
    found = []
    for weights in null_space(rows, len(fields)):
        vector: list[Rational] = [0] * total
        for weight, image in zip(weights, images, strict=True):
            if weight:
                spend(2 * total * price(weight.bit_length(), bits_of(image[0])))
                vector = [a + weight * b for a, b in zip(vector, image[0], strict=True)]
        if any(vector):
            found.append(whole_vector(dict(enumerate(vector)), total))
    return found


def _unpenalised(problem: Problem) -> set[int]:
    """The places of the entries that weight decay does not penalise: biases, if they are not."""
    if problem.decay is None or problem.decay.biases:
        return set()
    layers = zip(places(problem), problem.biases, strict=True)
    return {row[-1] for rows, biased in layers if biased for row in rows}


def _fields(problem: Problem, point: Point) -> Iterator[_Field]:
    """The vector fields of the list."""
    h, where = problem.activation, places(problem)
    for layer in range(problem.hidden_layers):
        rows, above = where[layer], where[layer + 1]
        if not any(h.breakpoints) and not any(h.intercepts):
            every = len({*h.slopes}) == 1
            for j, target in enumerate(rows):
                for k, source in enumerate(rows):
                    if j == k or every:
                        below: list[tuple[int, int, Rational]] = [(a, b, 1) for a, b in zip(target, source, strict=True)]
                        yield _Field([*below, *((row[k], row[j], -1) for row in above)], {})
        for j, row in enumerate(rows):
            yield from _of_unit(problem, point, layer, j, row, above)
    if problem.loss.gap in ("lead", "classes"):
        for column in zip(*where[-1], strict=True):
            yield _Field([], dict.fromkeys(column, 1))


def _of_unit(problem: Problem, point: Point, layer: int, unit: int, row: list[int], above: list[list[int]]) -> Iterator[_Field]:
    """Shifts and what is unread of one unit."""
    h, positions = problem.activation, point.forward.positions[layer][unit]
    spend(2 * problem.samples)
    slopes = [(h.left(position), h.right(position)) for position in positions]
    seen = [i for i, pair in enumerate(slopes) if any(pair)]
    same = {slope for pair in slopes for slope in pair}
    if problem.biases[layer] and problem.biases[layer + 1] and len(same) == 1:
        (slope,) = same
        yield _Field([(upper[-1], upper[unit], -slope) for upper in above], {row[-1]: 1})
    if not seen:
        yield from (_Field([], {place: 1}) for place in row)
        if _is_silent(h, positions):
            yield from (_Field([], {upper[unit]: 1}) for upper in above)
    elif layer == 0:
        one = [1] if problem.biases[0] else []
        inputs: list[list[Rational]] = [
            [Fraction(v, d) for v, d in zip(problem.x.rows[i], problem.x.denominators, strict=True)] for i in seen
        ]
        table = [whole_vector(dict(enumerate([*values, *one])), len(row)) for values in inputs]
        for move in null_space(table, len(row)):
            yield _Field([], {place: value for place, value in zip(row, move, strict=True) if value})


def _is_silent(h: Activation, positions: Sequence[int]) -> bool:
    """Whether a unit that is off has the value 0 on all samples: its pieces of slope 0 have the intercept 0."""
    return not any(h.intercepts[position // 2] for position in positions)
