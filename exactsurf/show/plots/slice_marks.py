"""Points marked in a slice, with the steepest ways down from them on every side of a wall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.arrangement.polygon import Point
from exactsurf.cells.slice import Slice, SliceCell
from exactsurf.errors import InputError
from exactsurf.model.parameters import Parameters
from exactsurf.show.plots.plot_axes import INK, approximately

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LENGTH = 0.09  # of the window: an arrow


@dataclass(frozen=True)
class SliceMark:
    """A point of a slice.

    Attributes: `name`; `place`, its coordinates (s, t); `risk`; `descents`, for every polygon that touches it the steepest
    direction down within that polygon, if there is one. Without any of them, no straight line in the plane goes down at first
    order; that alone says nothing about other directions of parameter space. Exactness: exact.
    """

    name: str
    place: Point
    risk: Fraction
    descents: tuple[Point, ...]


def slice_marks(
    plane: Slice, points: Mapping[str, Parameters] | Sequence[Parameters], cells: Sequence[SliceCell] = ()
) -> tuple[SliceMark, ...]:
    """Points of a slice with their ways down: those that it marks itself and that lie in its window, and `points`.

    Parameters: `points` by name, or in a row (named A, B, C, …; a point that the slice marks gets the name given here);
    `cells` of the slice, without which no directions are found.
    Exactness: exact. Raises: as `Slice.position`; `InputError` for a point outside the window. Source: theory.md, section 1.
    """
    named = dict(points) if isinstance(points, Mapping) else {_letters(k): point for k, point in enumerate(points)}
    given = list(named.values())
    own = {name: point for name, point in plane.marks if point not in given and name not in named}
    found = []
    for name, point in {**own, **named}.items():
        place = plane.position(point)
        left, right, bottom, top = plane.window
        if not (left <= place[0] <= right and bottom <= place[1] <= top):
            if name in own:
                continue
            raise InputError(
                f"the point {name!r} lies outside the window of the slice", text=f"s = {place[0]}, t = {place[1]}",
                fix="give the slice a larger window",
            )  # fmt: skip
        ways = [way for cell in cells if (way := _steepest(cell, place, plane)) is not None]
        found.append(SliceMark(name, place, plane.problem.rational_risk(point), tuple(dict.fromkeys(ways))))
    return tuple(found)


def _letters(number: int) -> str:
    return chr(ord("A") + number % 26) + ("" if number < 26 else str(number // 26))


def _steepest(cell: SliceCell, place: Point, plane: Slice) -> Point | None:
    """−∇ projected onto the cone in which the polygon lies, seen from a point of it; None off the polygon and where that is 0."""
    sides = [(_minus(end, start), _minus(place, start)) for start, end, _ in cell.polygon.edges()]
    turns = [_cross(along, offset) for along, offset in sides]
    if min(turns) < 0:
        return None
    touched = [along for (along, _), turn in zip(sides, turns, strict=True) if not turn]
    down: Point = tuple(-value for value in cell.risk.gradient_at(plane.plane.point(place)))  # type: ignore[assignment]
    if all(_cross(along, down) >= 0 for along in touched):
        return down if any(down) else None
    rays = [ray for along in touched for ray in (along, (-along[0], -along[1]))]
    inside = [ray for ray in rays if all(_cross(along, ray) >= 0 for along in touched) and _dot(down, ray) > 0]
    projected = [(_dot(down, ray) / _dot(ray, ray), ray) for ray in inside]
    return max(((scale * ray[0], scale * ray[1]) for scale, ray in projected), key=lambda way: _dot(way, way), default=None)


def _minus(end: Point, start: Point) -> Point:
    return end[0] - start[0], end[1] - start[1]


def _cross(first: Point, second: Point) -> Fraction:
    return first[0] * second[1] - first[1] * second[0]


def _dot(first: Point, second: Point) -> Fraction:
    return first[0] * second[0] + first[1] * second[1]


def draw_marks(axes: Axes, marks: Sequence[SliceMark], window: tuple[Fraction, Fraction, Fraction, Fraction]) -> None:
    """Draw marks: a disc, its name, and an arrow of fixed length for every way down.

    Parameters: `axes`, `marks`, the `window` of the slice. Exactness: places and directions are rounded for drawing only.
    Raises: nothing. Source: none.
    """
    left, right, bottom, top = map(approximately, window)
    width, height = right - left, top - bottom
    for mark in marks:
        s, t = map(approximately, mark.place)
        for way in mark.descents:
            ds, dt = map(approximately, way)
            length = ((ds / width) ** 2 + (dt / height) ** 2) ** 0.5
            tip = (s + _LENGTH * ds / length, t + _LENGTH * dt / length)
            style = {"arrowstyle": "-|>", "color": INK, "linewidth": 1.4, "shrinkA": 0, "shrinkB": 0}
            axes.annotate("", tip, (s, t), arrowprops=style, zorder=6)
        axes.plot([s], [t], marker="o", markersize=7, color="white", markeredgecolor=INK, markeredgewidth=1.4, zorder=7)
        is_high = t > top - height / 10
        axes.annotate(
            mark.name, (s, t), (6, -14 if is_high else 6), textcoords="offset points", fontsize=10, fontweight="bold", color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.75, "pad": 1}, zorder=8,
        )  # fmt: skip
