"""Arrangements of lines in a plane: points in all cells at once, in integer arrays.

Rows are integer normals in Z^3; row 0 is the chart: only points with c_0·x > 0 count, so the others are lines in a plane.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.arrangement.machine_integers import largest_entry

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers: TypeAlias = NDArray[Any]


def planar_points(rows: Integers) -> tuple[Integers, int] | None:
    """Points that meet every cell of an arrangement of lines, at most two in each, and the number of cells.

    Every line k is cut by the lines before it; each of its pieces gets a point, and from there a step to either side.
    A cell that the lines up to k cut off, and no later line cuts, has one of these points inside. Other points may lie
    on later lines or in cells that are met already.

    Parameters: `rows`, m × 3 integers, pairwise not parallel, row 0 the chart.
    Returns: None if 64 bits might not be enough.
    """
    import numpy as np

    count = len(rows)
    # Vertices ≤ 2a², their heights ≤ 6a³, places along a line ≤ 12a⁴; a sum of two vertices times a + 1, plus one.
    if largest_entry(rows) > 1 << 11:
        return None
    chart = rows[0]
    first, second, lines = _pairs(count)
    points = cross(rows[first], rows[second])
    height = points @ chart
    points *= np.sign(height)[:, None]
    height = np.abs(height)
    along = cross(chart[None, :], rows[1:])
    place = (points * along[first - 1]).sum(axis=1)
    # Fractions with denominators up to s differ by 1/s² or not at all: their places are exact as ⌊s² · fraction⌋.
    largest = int(height.max(initial=1))
    if int(np.abs(place).max(initial=1)) * largest * largest >= 1 << 62:
        return None
    meeting = height != 0
    first, points = first[meeting], points[meeting]
    place = place[meeting] * (largest * largest) // height[meeting]
    end = np.full(count - 1, 1 << 62)
    order_line = np.concatenate((first, lines, lines))
    order_place = np.concatenate((place, -end, end))
    order = np.lexsort((order_place, order_line))
    order_line, order_place = order_line[order], order_place[order]
    points = np.concatenate((points, -along, along))[order]
    same = order_line[1:] == order_line[:-1]
    fresh = np.concatenate(([True], (order_place[1:] != order_place[:-1]) | ~same))
    points, order_line = points[fresh], order_line[fresh]
    same = order_line[1:] == order_line[:-1]
    between = (points[1:] + points[:-1])[same]
    line = order_line[1:][same]
    whole = ~between.any(axis=1)  # a line that no other line meets: nothing lies between its two ends but itself
    if whole.any():
        between[whole] = cross(rows[line[whole]], along[line[whole] - 1])
    position = np.argmax(rows != 0, axis=1)
    scale = 1 + np.abs(rows).max(axis=0)[position]
    between *= scale[line][:, None]
    index = np.arange(len(line))
    step = np.zeros_like(between)
    step[index, position[line]] = 1
    return np.concatenate((between + step, between - step)), len(line) + 1


def cross(first: Integers, second: Integers) -> Integers:
    """The cross products of the rows of two m × 3 arrays (or of broadcast ones); no overflow is the caller's duty."""
    import numpy as np

    a, b, c = first[..., 0], first[..., 1], first[..., 2]
    x, y, z = second[..., 0], second[..., 1], second[..., 2]
    return np.stack((b * z - c * y, c * x - a * z, a * y - b * x), axis=-1)


@lru_cache(maxsize=256)
def _pairs(count: int) -> tuple[Integers, Integers, Integers]:
    """All (k, i) with 1 ≤ i < k < count, by k, and the numbers 1 … count − 1."""
    import numpy as np

    first, second = np.tril_indices(count - 1, -1)
    return first + 1, second + 1, np.arange(1, count)
