"""Convex polygons with rational vertices whose edges remember the lines that cut them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeAlias, TypeVar

Point: TypeAlias = tuple[Fraction, Fraction]
Label = TypeVar("Label")


@dataclass(frozen=True)
class Polygon(Generic[Label]):
    """A strictly convex polygon.

    Parameters: `vertices`, counterclockwise; `labels[k]`, the labels of the lines that hold the edge from vertex k to the
    next one. Exactness: exact. Raises: nothing. Source: standard.
    """

    vertices: tuple[Point, ...]
    labels: tuple[frozenset[Label], ...]

    @property
    def area(self) -> Fraction:
        """The area, by the shoelace formula."""
        double = sum((a[0] * b[1] - b[0] * a[1] for a, b, _ in self.edges()), Fraction(0))
        return double / 2

    @property
    def inner_point(self) -> Point:
        """The mean of the vertices, strictly inside."""
        count = len(self.vertices)
        return sum((p[0] for p in self.vertices), Fraction(0)) / count, sum((p[1] for p in self.vertices), Fraction(0)) / count

    def edges(self) -> list[tuple[Point, Point, frozenset[Label]]]:
        """(start, end, labels), counterclockwise."""
        following = (*self.vertices[1:], self.vertices[0])
        return list(zip(self.vertices, following, self.labels, strict=True))

    def cut(self, line: Sequence[Fraction], label: Label) -> tuple[Polygon[Label], ...]:
        """The two parts beside the line a·s + b·t + c = 0, or the polygon itself if the line does not cross it.

        Parameters: `line`, (a, b, c) with a or b not 0; `label`, put on every edge that lies on the line. Exactness: exact.
        Raises: nothing. Source: Sutherland and Hodgman, "Reentrant polygon clipping", 1974.

        >>> square = rectangle(Fraction(0), Fraction(1), Fraction(0), Fraction(1))
        >>> [part.area for part in square.cut((Fraction(1), Fraction(1), Fraction(-1, 2)), "x + y = 1/2")]
        [Fraction(7, 8), Fraction(1, 8)]
        """
        a, b, c = line
        values = [a * s + b * t + c for s, t in self.vertices]
        if min(values) >= 0 or max(values) <= 0:
            following = (*values[1:], values[0])
            on_line = [not here and not there for here, there in zip(values, following, strict=True)]
            if not any(on_line):
                return (self,)
            marked = (old | {label} if touched else old for old, touched in zip(self.labels, on_line, strict=True))
            return (Polygon(self.vertices, tuple(marked)),)
        return self._part(values, label), self._part([-value for value in values], label)

    def _part(self, values: Sequence[Fraction], label: Label) -> Polygon[Label]:
        """The part where the values (at the vertices) are ≥ 0."""
        kept: list[tuple[Point, frozenset[Label]]] = []
        following = (*values[1:], values[0])
        for (start, end, old), here, there in zip(self.edges(), values, following, strict=True):
            if here >= 0:
                kept.append((start, frozenset({label}) if not here and there < 0 else old))
            if here * there < 0:
                share = here / (here - there)
                crossing = (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
                kept.append((crossing, frozenset({label}) if here > 0 else old))
        return Polygon(tuple(point for point, _ in kept), tuple(labels for _, labels in kept))


def rectangle(left: Fraction, right: Fraction, bottom: Fraction, top: Fraction) -> Polygon[Label]:
    """The rectangle [left, right] × [bottom, top], without labels.

    Parameters: left < right, bottom < top. Exactness: exact. Raises: nothing. Source: standard.
    """
    return Polygon(((left, bottom), (right, bottom), (right, top), (left, top)), (frozenset(),) * 4)
