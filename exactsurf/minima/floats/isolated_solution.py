"""A solution of polynomial equations near a place, to many bits: what the equations leave open is held at short numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from exactsurf.effort import Effort
from exactsurf.exact.balls import to_arb, working_precision
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.floats.flattest_fibre import rational_near
from exactsurf.minima.not_proved import NotProved

Equation: TypeAlias = Mapping[tuple[int, ...], Fraction]
"""A polynomial that is to be 0: coefficients by products of unknowns, each a sorted tuple of their numbers."""

_SMALL, _SHORT, _STEPS, _SPARE = Fraction(1, 1 << 30), 16, 14, 96


def product(one: Equation, two: Equation, factor: Fraction = Fraction(1)) -> dict[tuple[int, ...], Fraction]:
    """The product of two polynomials, and of a number.

    >>> product({(0,): Fraction(1), (): Fraction(1)}, {(0,): Fraction(1), (): Fraction(-1)})
    {(0, 0): Fraction(1, 1), (): Fraction(-1, 1)}
    """
    found: dict[tuple[int, ...], Fraction] = {}
    for left, a in one.items():
        for right, b in two.items():
            key = tuple(sorted(left + right))
            found[key] = found.get(key, Fraction(0)) + a * b * factor
    return {key: value for key, value in found.items() if value}


def total(parts: Sequence[Equation]) -> dict[tuple[int, ...], Fraction]:
    """The sum of polynomials."""
    found: dict[tuple[int, ...], Fraction] = {}
    for part in parts:
        for key, value in part.items():
            found[key] = found.get(key, Fraction(0)) + value
    return {key: value for key, value in found.items() if value}


def isolated_solution(equations: Sequence[Equation], near: Sequence[Fraction], bits: int, effort: Effort) -> Vector | NotProved:
    """A solution near a place, to so many bits, by Newton's method.

    Unknowns whose columns of derivatives depend on earlier ones are held at short numbers; then the others are isolated where the
    derivatives have the rank that they have nearby.
    Parameters: `equations`; `near`, a number for every unknown; `bits`; `effort`, its clock running. Returns: rational numbers
    within about 2^−`bits` of a solution, or why there are none. Exactness: none, a proposal. Raises: `OutOfTime`.
    Source: standard.

    >>> circle = [{(0, 0): Fraction(1), (1, 1): Fraction(1), (): Fraction(-1)}]
    >>> x, y = isolated_solution(circle, [Fraction(3, 5), Fraction(4, 5)], 90, Effort.of(None).started())
    >>> abs(x * x + y * y - 1) < Fraction(1, 1 << 80), y.denominator < 1 << 20
    (True, True)
    """
    used = [equation for equation in equations if equation]
    with working_precision(bits + _SPARE):
        point = [to_arb(value) for value in near]
        columns, chosen = _pivots(_derivatives(used, point))
        free = set(columns)
        for k, value in enumerate(near):
            if k not in free:
                point[k] = to_arb(_short(value))
        rows = [used[r] for r in chosen]
        for _ in range(_STEPS):
            effort.check("Newton's method towards algebraic numbers")
            step = _step(rows, point, columns)
            if step is None:
                return NotProved("the equations do not isolate a solution")
            for k, value in zip(columns, step, strict=True):
                point[k] = (point[k] - value).mid()
            if all(abs(value) < to_arb(Fraction(1, 1 << (bits // 2 + 8))) for value in step):
                final = _step(rows, point, columns)
                if final is None:
                    return NotProved("the equations do not isolate a solution")
                for k, value in zip(columns, final, strict=True):
                    point[k] = (point[k] - value).mid()
                break
        else:
            return NotProved("Newton's method does not converge to a solution of the conditions")
        far = to_arb(Fraction(1, 1 << (bits - bits // 4)))
        if any(abs(_value(equation, point)) > far for equation in used):
            return NotProved("the conditions are not regular near the solution")
        return tuple(rational_near(value, bits) if k in free else _short(near[k]) for k, value in enumerate(point))


def _short(value: Fraction) -> Fraction:
    """A short number near; 0 for what is hardly more."""
    if abs(value) < _SMALL:
        return Fraction(0)
    shift = _SHORT + value.denominator.bit_length() - value.numerator.bit_length()
    return Fraction(round(value * Fraction(2) ** shift)) / Fraction(2) ** shift


def _value(equation: Equation, point: Sequence[Any]) -> Any:
    from flint import arb

    found = arb(0)
    for key, value in equation.items():
        term = to_arb(value)
        for k in key:
            term = term * point[k]
        found += term
    return found.mid()


def _derivatives(equations: Sequence[Equation], point: Sequence[Any]) -> list[dict[int, Any]]:
    """The rows of the matrix of derivatives, by unknown."""
    from flint import arb

    rows = []
    for equation in equations:
        row: dict[int, Any] = {}
        for key, value in equation.items():
            for place, k in enumerate(key):
                term = to_arb(value)
                for other, n in enumerate(key):
                    if other != place:
                        term = term * point[n]
                row[k] = row.get(k, arb(0)) + term
        rows.append({k: value.mid() for k, value in row.items()})
    return rows


def _pivots(rows: list[dict[int, Any]]) -> tuple[list[int], list[int]]:
    """Unknowns whose columns are independent of earlier ones, and as many equations in which they are."""
    work = []
    for row in rows:
        size = max((abs(float(value)) for value in row.values()), default=0.0) or 1.0
        work.append({k: float(value) / size for k, value in row.items()})
    columns, chosen, left = [], [], set(range(len(work)))
    for k in sorted({k for row in rows for k in row}):
        best = max(left, key=lambda r: abs(work[r].get(k, 0.0)), default=None)
        if best is None or abs(work[best].get(k, 0.0)) < 2.0**-24:
            continue
        columns.append(k)
        chosen.append(best)
        left.remove(best)
        pivot = work[best]
        for r in left:
            share = work[r].get(k, 0.0) / pivot[k]
            if share:
                for n, value in pivot.items():
                    work[r][n] = work[r].get(n, 0.0) - share * value
    return columns, chosen


def _step(rows: Sequence[Equation], point: Sequence[Any], columns: Sequence[int]) -> list[Any] | None:
    from flint import arb, arb_mat

    place = {k: n for n, k in enumerate(columns)}
    matrix = arb_mat(len(rows), len(columns))
    for r, row in enumerate(_derivatives(rows, point)):
        for k, value in row.items():
            if k in place:
                matrix[r, place[k]] = value
    right = arb_mat(len(rows), 1, [_value(row, point) for row in rows])
    try:
        solved = matrix.solve(right)
    except ZeroDivisionError:
        return None
    return [arb(solved[n, 0]).mid() for n in range(len(columns))]
