"""A surface seen in perspective: heights, the camera, light, and the bands between contour lines; floats, for drawing only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import cos, hypot, log1p, radians, sin
from statistics import median
from typing import TypeAlias

from exactsurf.show.plots.plot_axes import approximately

Corner: TypeAlias = tuple[float, float, float]
"""A place of the block: across and away from −1/2 to 1/2, and upwards."""

_STEEPNESS, _DISTANCE, _FLOOR = 0.55, 2.4, -0.08


def height_of(risks: Sequence[float], logarithmic: bool) -> Callable[[float], float]:
    """The height of a risk as drawn, 0 for the lowest and 1 for the highest of `risks`.

    >>> height_of([1, 2, 3, 9], False)(5), height_of([1, 2, 3, 9], True)(9), height_of([2, 2], True)(2)
    (0.5, 1.0, 0.0)
    """
    low, high = min(risks), max(risks)
    if not logarithmic:
        return lambda risk: (risk - low) / ((high - low) or 1.0)
    unit = (median(risks) - low) / 3 or (high - low) or 1.0
    return lambda risk: log1p(max(0.0, risk - low) / unit) / (log1p((high - low) / unit) or 1.0)


@dataclass(frozen=True)
class Sheet:
    """The window of a slice as the top of a block.

    Parameters: `window`, (left, right, bottom, top); `rise`, the height of a risk.
    """

    window: tuple[float, ...]
    rise: Callable[[float], float]
    floor: float = _FLOOR - _STEEPNESS / 2

    def corners(self, places: Sequence[Sequence[Fraction]], risks: Sequence[Fraction]) -> list[Corner]:
        """Points of the slice with their risks as places of the block."""
        left, right, bottom, top = self.window
        return [
            (
                (approximately(s) - left) / (right - left) - 0.5,
                (approximately(t) - bottom) / (top - bottom) - 0.5,
                _STEEPNESS * (self.rise(approximately(risk)) - 0.5),
            )
            for (s, t), risk in zip(places, risks, strict=True)
        ]

    def side(self, start: Corner, end: Corner) -> tuple[int, int] | None:
        """The side of the block that an edge of the sheet lies on, as its outward direction; None for an inner edge."""
        for axis in (0, 1):
            a, b = start[axis], end[axis]
            if abs(a - b) < 1e-12 and abs(abs(a) - 0.5) < 1e-12:
                sign = 1 if a > 0 else -1
                return (sign, 0) if axis == 0 else (0, sign)
        return None


@dataclass(frozen=True)
class View:
    """A camera that looks at the middle of the block.

    Parameters: `turn` around it and `tilt` above it, in degrees.
    """

    turn: float
    tilt: float

    def _seen(self, corner: Corner) -> tuple[float, float, float]:
        x, y, z = corner
        turn, tilt = radians(self.turn), radians(self.tilt)
        across, away = cos(turn) * x + sin(turn) * y, cos(turn) * y - sin(turn) * x
        return across, away * sin(tilt) + z * cos(tilt), away * cos(tilt) - z * sin(tilt)

    def place(self, corner: Corner) -> tuple[float, float]:
        """The place in the picture.

        >>> View(0, 30).place((0, 0, 0))
        (0.0, 0.0)
        """
        across, up, depth = self._seen(corner)
        near = _DISTANCE / (_DISTANCE + depth)
        return across * near, up * near

    def depth(self, corners: Sequence[Corner]) -> float:
        """How far corners are, on the average."""
        return sum(self._seen(corner)[2] for corner in corners) / len(corners)

    def faces(self, side: tuple[int, int]) -> bool:
        """Whether a side of the block is seen from outside."""
        turn, away = radians(self.turn), _DISTANCE * cos(radians(self.tilt))
        return away * (side[0] * sin(turn) - side[1] * cos(turn)) > 0.5

    def light(self, corners: Sequence[Corner]) -> float:
        """The brightness of a polygon, with light from the upper left."""
        x = y = z = 0.0
        for (x1, y1, z1), (x2, y2, z2) in zip(corners, (*corners[1:], corners[0]), strict=True):
            x += (y1 - y2) * (z1 + z2)
            y += (z1 - z2) * (x1 + x2)
            z += (x1 - x2) * (y1 + y2)
        size = hypot(x, y, z) or 1.0
        return 0.78 + 0.36 * (-0.55 * x - 0.3 * y + 0.7 * z) / size


def bands(corners: Sequence[Corner], heights: Sequence[float]) -> list[tuple[list[Corner], float, list[Corner]]]:
    """The parts of a polygon between neighbouring contour lines, lowest first.

    Parameters: `heights` of the lines as `height_of` gives them, rising. Returns: corners of each part, its place among the
    heights from 0 to 1, and the line above it (empty for the last). Exactness: for drawing only. Raises: nothing. Source: none.

    >>> square = [(0, 0, -0.275), (1, 0, -0.275), (1, 1, 0.275), (0, 1, 0.275)]
    >>> [(share, len(line)) for _, share, line in bands(square, [0.0, 0.5, 1.0])]
    [(0.5, 2), (1.0, 0)]
    """
    rest = list(corners)
    found: list[tuple[list[Corner], float, list[Corner]]] = []
    low, high = min(z for *_, z in corners), max(z for *_, z in corners)
    levels = [_STEEPNESS * (height - 0.5) for height in heights]
    for k, level in enumerate(levels):
        if level <= low:
            continue
        share = k / max(1, len(levels) - 1)
        if level >= high:
            return [*found, (rest, share, [])]
        below, line = _below(rest, level, 1)
        if len(below) > 2:
            found.append((below, share, line))
        rest, _ = _below(rest, level, -1)
    return [*found, (rest, 1.0, [])] if len(rest) > 2 else found


def _below(corners: Sequence[Corner], level: float, sign: int) -> tuple[list[Corner], list[Corner]]:
    """The part of a polygon below a level (above it for the sign −1), and where the level crosses it."""
    part, line = [], []
    for a, b in zip(corners, (*corners[1:], corners[0]), strict=True):
        here, there = sign * (level - a[2]), sign * (level - b[2])
        if here >= 0:
            part.append(a)
        if (here > 0 > there) or (here < 0 < there):
            share = here / (here - there)
            crossing = (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]), level)
            part.append(crossing)
            line.append(crossing)
    return part, line if len(line) == 2 else []
