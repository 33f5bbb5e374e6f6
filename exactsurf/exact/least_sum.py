"""The minimum of a sum of convex piecewise quadratic functions of linear forms, exactly: every affine fit of a convex loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.bounded_system import Multipliers, solve_bounded_system
from exactsurf.exact.convex_pieces import ConvexPieces
from exactsurf.exact.linear_algebra import Matrix, Vector, dot, from_flint, kernel, least_squares, to_flint

_ZERO, _ONE = Fraction(0), Fraction(1)
_BITS = 40
"""Bits behind the point that a step keeps where no function has a kink: the last step is exact anyway."""


@dataclass(frozen=True)
class LeastSum:
    """A minimiser of Σ_t φ_t(a_t·z), and the least value."""

    point: Vector
    value: Fraction


def least_sum(functions: Sequence[ConvexPieces], rows: Sequence[Vector], start: Vector, effort: Effort = UNBOUNDED) -> LeastSum:
    """A minimiser of Σ_t φ_t(a_t·z) over all z, which exists because every φ_t has a least value.

    Newton's method on the face of the terms that sit at a kink, with an exact line search; where the sum is stationary on the
    face, multipliers in the subdifferentials prove the minimum, or a Farkas vector leads on.

    Parameters: `functions` φ_t; `rows` a_t, one a function; `start`, a point; `effort`, whose time is asked after at every step.
    Exactness: exact; the point that is returned has multipliers r_t ∈ ∂φ_t with Σ r_t a_t = 0. Raises: `OutOfTime`.
    Source: Madsen and Nielsen, "Finite algorithms for robust linear regression", BIT 1990; Rockafellar 1970, theorem 23.8.

    >>> import exactsurf as es
    >>> rows = [(Fraction(x), Fraction(1)) for x in range(4)]
    >>> terms = [es.absolute.of_prediction(Fraction(y)) for y in (0, 1, 0, 2)]
    >>> least_sum(terms, rows, (Fraction(0), Fraction(0))).value
    Fraction(5, 3)
    """
    smooth = all(function.is_smooth for function in functions)
    table = to_flint(rows)
    z = start
    forms = _image(table, z)
    while True:
        effort.check("the best affine fit was not yet found")
        direction = _direction(functions, rows, forms, effort)
        if direction is None:
            return LeastSum(z, _value(functions, forms))
        speeds = _image(table, direction)
        step = _line_search(functions, forms, speeds)
        z = tuple(a + step * b for a, b in zip(z, direction, strict=True))
        moved = tuple(a + step * b for a, b in zip(forms, speeds, strict=True))
        if smooth and step != 1:
            short = tuple(Fraction(round(value * (1 << _BITS)), 1 << _BITS) for value in z)
            there = _image(table, short)
            if _value(functions, there) < _value(functions, forms):
                z, moved = short, there
        forms = moved


def _image(table: object, z: Vector) -> Vector:
    return tuple(row[0] for row in from_flint(table * to_flint([[value] for value in z])))  # type: ignore[operator]


def _value(functions: Sequence[ConvexPieces], forms: Vector) -> Fraction:
    return sum((function.value(u) for function, u in zip(functions, forms, strict=True)), _ZERO)


def _direction(functions: Sequence[ConvexPieces], rows: Sequence[Vector], forms: Vector, effort: Effort) -> Vector | None:
    """A direction of descent, None at a minimiser."""
    slopes = [function.slopes(u) for function, u in zip(functions, forms, strict=True)]
    kinks = [t for t, (low, high) in enumerate(slopes) if low != high]
    size = len(rows[0])
    weights = [_ZERO if low != high else low for low, high in slopes]
    gradient = from_flint(to_flint([weights]) * to_flint(rows))[0]
    on_face = kernel([rows[t] for t in kinks]) if kinks else _identity(size)
    along = [dot(vector, gradient) for vector in on_face]
    if any(along):
        curved = [(t, max(functions[t].curvatures(forms[t]))) for t in range(len(rows)) if t not in set(kinks)]
        return _newton([(rows[t], c) for t, c in curved if c], on_face, along)
    chosen = [rows[t] for t in kinks]
    found = solve_bounded_system(
        chosen, [-g for g in gradient], [slopes[t][0] for t in kinks], [slopes[t][1] for t in kinks], effort
    )
    return None if isinstance(found, Multipliers) else found.values


def _newton(curved: Sequence[tuple[Vector, Fraction]], on_face: Matrix, along: Sequence[Fraction]) -> Vector:
    """Where the quadratic model goes on the face: to its minimum, or down a line along which it is not curved."""
    basis = to_flint(on_face)
    steps: Sequence[Fraction] = [-value for value in along]
    if curved:
        moved = to_flint([row for row, _ in curved]) * basis.transpose()
        weighted = to_flint([[c * value for value in row] for (_, c), row in zip(curved, from_flint(moved), strict=True)])
        hessian = from_flint(moved.transpose() * weighted)
        flat = kernel(hessian)
        slopes = [dot(vector, along) for vector in flat]
        if any(slopes):
            steps = [-sum((s * vector[k] for s, vector in zip(slopes, flat, strict=True)), _ZERO) for k in range(len(along))]
        else:
            steps = least_squares(hessian, steps)
    return from_flint(to_flint([steps]) * basis)[0]


def _line_search(functions: Sequence[ConvexPieces], forms: Vector, speeds: Vector) -> Fraction:
    """The step with the least value along a direction of descent."""
    moving = [(f, u, v) for f, u, v in zip(functions, forms, speeds, strict=True) if v]
    events = sorted({(t - u) / v for f, u, v in moving for t in f.breakpoints if (t - u) * v > 0})

    def slopes(step: Fraction) -> tuple[Fraction, Fraction]:
        left = right = _ZERO
        for function, u, v in moving:
            low, high = function.slopes(u + step * v)
            left += v * (low if v > 0 else high)
            right += v * (high if v > 0 else low)
        return left, right

    first, last = 0, len(events)
    while first < last:
        middle = (first + last) // 2
        if slopes(events[middle])[1] >= 0:
            last = middle
        else:
            first = middle + 1
    before = events[first - 1] if first else _ZERO
    if first < len(events) and slopes(events[first])[0] <= 0:
        return events[first]
    # Between two events the slope rises in a straight line.
    start = slopes(before)[1]
    inside = (before + events[first]) / 2 if first < len(events) else before + 1
    return before - start * (inside - before) / (slopes(inside)[0] - start)


def _identity(size: int) -> Matrix:
    return tuple(tuple(_ONE if i == j else _ZERO for j in range(size)) for i in range(size))
