"""Convex piecewise quadratic functions of one real variable: values, slopes, conjugate, minimisers, sums of simple blocks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

from exactsurf.errors import InputError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import Exact, exact, to_text

Piece: TypeAlias = tuple[Fraction, Fraction, Fraction]
"""a, b, c of a·u² + b·u + c."""


@dataclass(frozen=True)
class Block:
    """The convex function with least value 0 at `centre` and the slope `curvature`·(u − centre), cut off at −`down` and `up`.

    None cuts nothing off. Without curvature the slope is −`down` on the left and `up` on the right: a kink.
    Exactness: exact. Source: none needed.
    """

    centre: Fraction
    curvature: Fraction
    down: Fraction | None
    up: Fraction | None

    def value(self, u: Fraction) -> Fraction:
        """The value at u."""
        low, _ = self.slope(u)
        gap = u - self.centre
        # The slope rises in a straight line from 0 at the centre until it is cut off.
        return low * (gap - low / self.curvature / 2) if self.curvature else low * gap

    def slope(self, u: Fraction) -> tuple[Fraction, Fraction]:
        """The left and the right derivative at u."""
        gap = u - self.centre
        if self.curvature:
            inside = self.curvature * gap
            cut = inside if self.down is None else max(inside, -self.down)
            cut = cut if self.up is None else min(cut, self.up)
            return cut, cut
        assert self.down is not None and self.up is not None
        return (-self.down if gap <= 0 else self.up), (self.up if gap >= 0 else -self.down)


@dataclass(frozen=True)
class ConvexPieces:
    """The function that is `pieces[k]` between `breakpoints[k − 1]` and `breakpoints[k]`, ends included.

    Parameters: `breakpoints` in rising order; `pieces`, one more, each (a, b, c) for a·u² + b·u + c. Neighbours differ. Build it
    with `convex_pieces`, which checks that the function is continuous, convex and has a least value.
    Exactness: exact. Source: Rockafellar, Convex Analysis, 1970, sections 12 and 24.

    >>> tent = convex_pieces([0], [(0, -1, 0), (0, 1, 0)])
    >>> tent.value(Fraction(-3)), tent.slopes(Fraction(0)), tent.conjugate(Fraction(1)), tent.conjugate(Fraction(2))
    (Fraction(3, 1), (Fraction(-1, 1), Fraction(1, 1)), Fraction(0, 1), None)
    """

    breakpoints: Vector
    pieces: tuple[Piece, ...]

    def value(self, u: Fraction) -> Fraction:
        """φ(u)."""
        a, b, c = self.pieces[bisect_left(self.breakpoints, u)]
        return (a * u + b) * u + c if a else b * u + c

    def sides(self, u: Fraction) -> tuple[int, int]:
        """The pieces just left and just right of u."""
        return bisect_left(self.breakpoints, u), bisect_right(self.breakpoints, u)

    def slopes(self, u: Fraction) -> tuple[Fraction, Fraction]:
        """The subdifferential ∂φ(u), from the left to the right derivative."""
        left, right = self.sides(u)
        a, b, _ = self.pieces[left]
        low = 2 * a * u + b if a else b
        if left == right:
            return low, low
        p, q, _ = self.pieces[right]
        return low, (2 * p * u + q if p else q)

    def curvatures(self, u: Fraction) -> tuple[Fraction, Fraction]:
        """The second derivatives just left and just right of u."""
        left, right = self.sides(u)
        return 2 * self.pieces[left][0], 2 * self.pieces[right][0]

    def is_affine_at(self, u: Fraction) -> bool:
        """Whether φ is affine around u."""
        left, right = self.sides(u)
        return left == right and not self.pieces[left][0]

    @cached_property
    def kinks(self) -> Vector:
        """The breakpoints at which φ is not differentiable."""
        return tuple(t for t in self.breakpoints if self.slopes(t)[0] != self.slopes(t)[1])

    @property
    def is_smooth(self) -> bool:
        """Whether φ is differentiable everywhere."""
        return not self.kinks

    @property
    def is_piecewise_linear(self) -> bool:
        """Whether no piece is curved."""
        return not any(a for a, _, _ in self.pieces)

    @property
    def is_strictly_convex(self) -> bool:
        """Whether every piece is curved."""
        return all(a for a, _, _ in self.pieces)

    def scaled(self, factor: Fraction) -> ConvexPieces:
        """factor · φ, for a positive factor."""
        return ConvexPieces(self.breakpoints, tuple((factor * a, factor * b, factor * c) for a, b, c in self.pieces))

    def multiple_of(self, other: ConvexPieces) -> Fraction | None:
        """The factor t > 0 with φ = t · other, None if there is none."""
        mine, theirs = ([value for piece in one.pieces for value in piece] for one in (self, other))
        if self.breakpoints != other.breakpoints or len(mine) != len(theirs):
            return None
        place = next((k for k, value in enumerate(theirs) if value), None)
        factor = None if place is None else mine[place] / theirs[place]
        return factor if factor is not None and factor > 0 and other.scaled(factor) == self else None

    def of_affine(self, slope: Fraction, intercept: Fraction) -> ConvexPieces:
        """The function φ(slope·f + intercept) of f, for a slope that is not zero."""
        points = tuple((t - intercept) / slope for t in self.breakpoints)
        pieces = tuple(
            (a * slope * slope, (2 * a * intercept + b) * slope, (a * intercept + b) * intercept + c) for a, b, c in self.pieces
        )
        return ConvexPieces(points, pieces) if slope > 0 else ConvexPieces(points[::-1], pieces[::-1])

    @cached_property
    def slope_range(self) -> tuple[Fraction | None, Fraction | None]:
        """The least and the greatest slope, which are the ends of the domain of the conjugate; None where there is none."""
        (a, b, _), (p, q, _) = self.pieces[0], self.pieces[-1]
        return (None if a else b), (None if p else q)

    def where_slope(self, r: Fraction) -> tuple[Fraction | None, Fraction | None] | None:
        """The ends of the interval of all u with r ∈ ∂φ(u), None for an end at infinity; None alone if there are no such u."""
        if len(self.pieces) == 1 and self.pieces[0][0]:
            (a, b, _), *_ = self.pieces
            return ((r - b) / (2 * a),) * 2
        ends = (None, *self.breakpoints, None)
        found: list[tuple[Fraction | None, Fraction | None]] = []
        for (a, b, _), (low, high) in zip(self.pieces, pairwise(ends), strict=True):
            if a:
                u = (r - b) / (2 * a)
                if (low is None or low <= u) and (high is None or u <= high):
                    found.append((u, u))
            elif b == r:
                found.append((low, high))
        found += [(t, t) for t in self.kinks if self.slopes(t)[0] <= r <= self.slopes(t)[1]]
        if not found:
            return None
        lows, highs = [low for low, _ in found], [high for _, high in found]
        least = None if None in lows else min(value for value in lows if value is not None)
        return least, None if None in highs else max(value for value in highs if value is not None)

    def conjugate(self, r: Fraction) -> Fraction | None:
        """φ*(r) = sup_u (r·u − φ(u)), which is attained; None if it is infinite."""
        where = self.where_slope(r)
        if where is None:
            return None
        low, high = where
        u = low if low is not None else high if high is not None else Fraction(0)
        return r * u - self.value(u)

    @cached_property
    def least(self) -> Fraction:
        """min φ."""
        value = self.conjugate(Fraction(0))
        assert value is not None
        return -value

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Blocks of which φ is the sum, but for a constant: one for every kink and one for every curved piece, from the left."""
        zero, found = Fraction(0), []
        ends = (None, *self.breakpoints, None)
        for k, ((a, b, _), (low, high)) in enumerate(zip(self.pieces, pairwise(ends), strict=True)):
            if k and low is not None:
                left, right = self.slopes(low)
                if left < right:
                    found.append(Block(low, zero, *_parts(left, right)))
            if a:
                first = None if low is None else 2 * a * low + b
                last = None if high is None else 2 * a * high + b
                # The slope is 0 at the right end if all slopes are negative, at the left end if all are positive.
                centre = -b / (2 * a)
                centre = centre if high is None else min(centre, high)
                centre = centre if low is None else max(centre, low)
                found.append(Block(centre, 2 * a, *_parts(first, last)))
        return tuple(found)


def _parts(low: Fraction | None, high: Fraction | None) -> tuple[Fraction | None, Fraction | None]:
    """How much of a rise of the slope from low to high lies below 0 and how much above."""
    zero = Fraction(0)
    below = None if low is None else max(zero, min(zero, zero if high is None else high) - low)
    return below, None if high is None else max(zero, high - max(zero, zero if low is None else low))


def convex_pieces(breakpoints: Sequence[Exact], pieces: Sequence[Sequence[Exact]], what: str = "a loss") -> ConvexPieces:
    """A convex piecewise quadratic function from its breakpoints and pieces, checked.

    Parameters: `breakpoints` in rising order; `pieces`, one more than breakpoints, each (a, b, c) for a·u² + b·u + c, from left
    to right; `what` names it in errors. Neighbouring pieces that are equal become one.
    Exactness: exact. Raises: `InputError` saying where it is not sorted, not continuous or not convex, and if it is constant or
    falls for ever. Source: none needed.

    >>> convex_pieces([1], [(0, -1, 1), (0, 0, 0)])
    ConvexPieces(breakpoints=(Fraction(1, 1),), pieces=((Fraction(0, 1), Fraction(-1, 1), Fraction(1, 1)), \
(Fraction(0, 1), Fraction(0, 1), Fraction(0, 1))))
    """
    _check_list(breakpoints, "breakpoints", what)
    _check_list(pieces, "pieces", what)
    points = tuple(exact(t, f"breakpoint {k} of {what}") for k, t in enumerate(breakpoints))
    rows: list[Piece] = []
    for k, piece in enumerate(pieces):
        _check_list(piece, f"piece {k}", what)
        if len(piece) != 3:
            raise InputError(
                f"piece {k} of {what} needs three numbers a, b, c for a·u² + b·u + c", text=repr(piece), fix="write 0 for a line"
            )
        a, b, c = (exact(value, f"piece {k} of {what}") for value in piece)
        rows.append((a, b, c))
    if len(rows) != len(points) + 1:
        raise InputError(
            f"{what} with {len(points)} breakpoints needs {len(points) + 1} pieces, and {len(rows)} are given",
            fix="list one piece left of the first breakpoint, one between any two, and one right of the last",
        )
    for left, right in pairwise(points):
        if left >= right:
            raise InputError(f"the breakpoints of {what} do not rise", text=f"{to_text(left)}, {to_text(right)}", fix="sort them")
    for k, (a, _, _) in enumerate(rows):
        if a < 0:
            raise InputError(f"{what} is not convex: piece {k} bends down", text=f"a = {to_text(a)}", fix="a must be at least 0")
    for k, t in enumerate(points):
        (a, b, c), (p, q, s) = rows[k], rows[k + 1]
        if (a * t + b) * t + c != (p * t + q) * t + s:
            values = f"{to_text((a * t + b) * t + c)} and {to_text((p * t + q) * t + s)}"
            raise InputError(f"{what} jumps at the breakpoint {to_text(t)}", text=values, fix="make both pieces meet there")
        if 2 * a * t + b > 2 * p * t + q:
            slopes = f"{to_text(2 * a * t + b)} and {to_text(2 * p * t + q)}"
            raise InputError(f"{what} is not convex: its slope falls at the breakpoint {to_text(t)}", text=slopes)
    kept = [k for k, t in enumerate(points) if rows[k] != rows[k + 1]]
    function = ConvexPieces(tuple(points[k] for k in kept), (rows[0], *(rows[k + 1] for k in kept)))
    low, high = function.slope_range
    if (low is not None and low > 0) or (high is not None and high < 0):
        raise InputError(f"{what} falls for ever, so it has no least value", fix="let it fall on the left and rise on the right")
    if low == 0 and high == 0:
        raise InputError(f"{what} is constant")
    return function


def _check_list(values: object, part: str, what: str) -> None:
    if isinstance(values, (str, bytes)) or not isinstance(values, Sequence):
        raise InputError(f"the {part} of {what} must be a list", text=repr(values))
