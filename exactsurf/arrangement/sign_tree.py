"""All cells of a central arrangement in a half-space, depth first by one linear system a cut: for many dimensions.

Restrictions (see `sign_vectors`) are quick where few dimensions are left, and their number grows exponentially with the
dimension. A depth-first search needs one exact linear system for each cell of the first k hyperplanes and the next
one, keeps one path of the tree in memory, and reaches the first cells at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from operator import mul
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.arrangement.restriction import unit_beside
from exactsurf.arrangement.sign_key import sign_keys
from exactsurf.arrangement.sign_vectors import Block
from exactsurf.effort import look
from exactsurf.exact.bounded_system import Multipliers, solve_bounded_system
from exactsurf.exact.linear_algebra import primitive

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Integers: TypeAlias = NDArray[Any]

Point: TypeAlias = tuple[int, ...]


def enumerate_blocks_by_tree(rows: Integers, limit: int) -> Iterator[Block]:
    """The cells with c_0·x > 0 of the arrangement with normals c_i, each once, in blocks of at most `limit` cells.

    Parameters, Exactness: as `enumerate_blocks`. Memory: O(m · d + limit). Raises: nothing.
    Source: Rada and Černý, "A new algorithm for enumeration of cells of hyperplane arrangements", SIAM J. Discrete
    Math. 32 (2018).
    """
    import numpy as np

    table = [tuple(row) for row in rows.tolist()]
    points: list[Point] = []
    bits: list[tuple[bool, ...]] = []

    def block() -> Block:
        array = np.array(points, dtype=object).reshape(len(points), rows.shape[1])
        return Block(array, sign_keys(np.array(bits, dtype=bool), 0, -(-len(table) // 64)))

    for signs, point in _leaves(table):
        points.append(point)
        bits.append(tuple(sign > 0 for sign in signs))
        if len(points) == limit:
            yield block()
            points, bits = [], []
    if points:
        yield block()


def _leaves(table: list[Point]) -> Iterator[tuple[Point, Point]]:
    """(signs, a point strictly inside) for every cell with c_0·x > 0, by an explicit stack of open prefixes."""
    pivot, sign = unit_beside(list(table[0]))
    start = tuple(sign if p == pivot else 0 for p in range(len(table[0])))
    stack: list[tuple[Point, Point]] = [((1,), start)]
    while stack:
        look("the cells of an arrangement are listed")
        signs, point = stack.pop()
        if len(signs) == len(table):
            yield signs, point
            continue
        for side, inside in reversed(_cut(table, signs, point)):
            stack.append(((*signs, side), inside))


def _cut(table: list[Point], signs: Point, point: Point) -> list[tuple[int, Point]]:
    """The sides of the next hyperplane that the cell with these signs on the first rows meets, with a point on each."""
    row = table[len(signs)]
    height = sum(map(mul, row, point))
    if height == 0:
        pivot, up = unit_beside(list(row))
        # Scaled beyond the reach of one step, the point keeps its signs, which are at least 1 in size.
        factor = 1 + max(abs(other[pivot]) for other in table[: len(signs)])
        scaled = [factor * value for value in point]
        return [(side, tuple(v + side * up * (p == pivot) for p, v in enumerate(scaled))) for side in (-1, 1)]
    here = 1 if height > 0 else -1
    cone = [tuple(Fraction(s * value) for value in other) for s, other in zip(signs, table, strict=False)]
    form = tuple(Fraction(here * value) for value in row)
    answer = solve_bounded_system(cone, form, [Fraction(0)] * len(cone), [None] * len(cone))
    if isinstance(answer, Multipliers):
        return [(here, point)]
    # The Farkas vector δ lets the form grow and no other one: from the point backwards along δ it alone changes sign.
    slope = sum(map(mul, form, answer.values), Fraction(0))
    beyond = primitive([slope * w - 2 * abs(height) * v for w, v in zip(point, answer.values, strict=True)])[0]
    return sorted([(here, point), (-here, beyond)])
