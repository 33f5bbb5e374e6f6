"""A wall: a hyperplane of an arrangement with all the rows that describe it, which change sign together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.exact.linear_algebra import Vector, primitive


@dataclass(frozen=True)
class Wall:
    """The hyperplane {w : form[0] w_0 + … + form[d−1] w_{d−1} + form[d] = 0}, of d + 1 coprime integers.

    `rows` are the rows of the arrangement that describe it, and `orientations` (±1 each) say on which side they are
    positive: the sign of row `rows[k]` is `orientations[k]` times the sign of the form. The first is +1.
    Exactness: exact. Raises: nothing. Source: theory.md, section 2 (parallel walls flip together).
    """

    form: tuple[int, ...]
    rows: tuple[int, ...]
    orientations: tuple[int, ...]

    def value(self, point: Sequence[Fraction]) -> Fraction:
        """The form at a point of d numbers."""
        return sum((c * w for c, w in zip(self.form, point, strict=False)), Fraction(self.form[-1]))


def find_walls(normals: Sequence[Vector], offsets: Vector) -> tuple[Wall, ...]:
    """The different hyperplanes a_i·w = t_i, in the order of their first rows; zero rows have none.

    Parameters: `normals`, n vectors of length d; `offsets`, n numbers. Exactness: exact. Raises: nothing.
    Source: the definition.

    >>> one = Fraction(1)
    >>> find_walls([(one,), (-2 * one,), (0 * one,)], (one, -2 * one, one))
    (Wall(form=(1, -1), rows=(0, 1), orientations=(1, -1)),)
    """
    found: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for i, (normal, offset) in enumerate(zip(normals, offsets, strict=True)):
        if not any(normal):
            continue
        form = primitive((*normal, -offset))[0]
        opposite = tuple(-value for value in form)
        if opposite in found:
            found[opposite].append((i, -1))
        else:
            found.setdefault(form, []).append((i, 1))
    return tuple(Wall(form, *map(tuple, zip(*members, strict=True))) for form, members in found.items())
