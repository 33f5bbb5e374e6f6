"""Answers to large bounded systems that floats propose, made exact: one linear system in FLINT, or a rounded Farkas vector."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from time import monotonic_ns
from typing import TYPE_CHECKING

from exactsurf.effort import Effort
from exactsurf.exact.linear_algebra import Vector, rational_solution, to_fraction
from exactsurf.exact.simplex import Bound

if TYPE_CHECKING:
    from exactsurf.exact.floats.bounded_interior import Interior

LARGE = 40
"""Equations, and unknowns, from which on floats are asked before the exact simplex; see benchmarks/README.md."""

_PRIME = (1 << 61) - 1

_AT_BOUND = (Fraction(1, 1 << 20), Fraction(1, 1 << 12))
"""Parts of the room between bounds that are tried; what is nearer to one of them is put there."""

_PRODUCTS = 2 * 10**9
"""Products modulo a prime that FLINT makes in a second, at least."""

_SOLUTION = 3
"""How many times as long as choosing the columns it takes to solve for them, at most."""

_SOLVING = "what floats propose for a large system is solved exactly"

_ROUNDINGS = (16, 40)
"""Bits of the entries of Farkas vectors that are tried."""


def proposed_answers(
    columns: Sequence[Sequence[int]],
    right: Sequence[int],
    lower: Sequence[Bound],
    upper: Sequence[Bound],
    effort: Effort,
) -> Iterator[tuple[bool, Vector]]:
    """True and a point x that may have Σ_j x_j a_j = b and lower ≤ x ≤ upper, or False and a vector that may be against it.

    Parameters: as for `feasible_point`. Returns: few of them, or none, one after the other.
    Exactness: these are proposals, to be checked: a point comes from one exact linear system, in which what floats leave
    room is solved for, and the rest stands at its bounds or where floats put it. Raises: `OutOfTime`. Source: none.

    >>> from exactsurf.effort import UNBOUNDED
    >>> next(proposed_answers([(1, 0), (1, 2)], (3, 4), [Fraction(0)] * 2, [None] * 2, UNBOUNDED))
    (True, (Fraction(1, 1), Fraction(2, 1)))
    >>> next(proposed_answers([(1, 0), (1, 2)], (1, 4), [Fraction(0)] * 2, [None] * 2, UNBOUNDED))[0]
    False
    """
    from exactsurf.exact.floats.bounded_interior import find_interior

    if any(low is None and high is None for low, high in zip(lower, upper, strict=True)):
        return
    found = find_interior(columns, right, lower, upper, effort)
    if found is None:
        return
    if not found.is_met:
        yield from ((False, _rounded(found.against, bits)) for bits in _ROUNDINGS)
    # Where the floats stopped early, the system may have a solution after all.
    if found.is_missed:
        return
    for part in _AT_BOUND:
        point = _solved(found, part, columns, right, lower, upper, effort)
        if point is not None:
            yield True, point


def _rounded(vector: Sequence[Fraction], bits: int) -> Vector:
    """A vector whose largest entry is 2^bits, in whole numbers."""
    largest = max(map(abs, vector), default=Fraction(0))
    return tuple(Fraction(round(value * (1 << bits) / largest)) if largest else Fraction(0) for value in vector)


def _solved(
    found: Interior,
    part: Fraction,
    columns: Sequence[Sequence[int]],
    right: Sequence[int],
    lower: Sequence[Bound],
    upper: Sequence[Bound],
    effort: Effort,
) -> Vector | None:
    """The proposed point with independent columns, those with most room, solved for."""
    from flint import fmpq, fmpq_mat, fmpz_mat, nmod_mat

    size, count = len(right), len(columns)
    # FLINT cannot be interrupted: a step of these is foreseen, and how long the next one takes is seen by the one before.
    effort.check_ahead(Fraction(size * min(size, count) * count, _PRODUCTS), _SOLVING)
    start = monotonic_ns()
    values, rooms = [], []
    for value, low, high in zip(found.point, lower, upper, strict=True):
        whole = abs(value) + 1 if low is None or high is None else high - low
        above, below = (None if low is None else value - low), (None if high is None else high - value)
        near = min(room for room in (above, below) if room is not None)
        rooms.append(near / whole if whole else Fraction(0))
        if near <= whole * part:
            end = low if below is None or (above is not None and above <= below) else high
            values.append(end or Fraction(0))
        else:
            values.append(_short(value, near))
    order = sorted(range(count), key=lambda j: -rooms[j])
    entries = [columns[j][i] % _PRIME for i in range(size) for j in order]
    chosen = [order[k] for k in _pivots(nmod_mat(size, count, entries, _PRIME))]
    transposed = [columns[j][i] % _PRIME for j in chosen for i in range(size)]
    rows = _pivots(nmod_mat(len(chosen), size, transposed, _PRIME))
    rest = fmpq_mat(fmpz_mat(len(rows), 1, [right[i] for i in rows]))
    effort.check_ahead(Fraction(_SOLUTION * (monotonic_ns() - start), 10**9), _SOLVING)
    others = [j for j in sorted(set(range(count)).difference(chosen)) if values[j]]
    if others:
        table = fmpq_mat(fmpz_mat(len(rows), len(others), [columns[j][i] for i in rows for j in others]))
        rest -= table * fmpq_mat(len(others), 1, [fmpq(values[j].numerator, values[j].denominator) for j in others])
    integers, scale = rest.numer_denom()
    matrix = fmpz_mat(len(rows), len(chosen), [columns[j][i] for i in rows for j in chosen])
    solution = rational_solution(matrix, integers).entries() if chosen else []
    for j, entry in zip(chosen, solution, strict=True):
        values[j] = to_fraction(entry / scale)
    within = all(
        (low is None or value >= low) and (high is None or value <= high)
        for value, low, high in zip(values, lower, upper, strict=True)
    )
    return tuple(values) if within else None


def _pivots(matrix: object) -> list[int]:
    """The columns that do not depend on earlier ones, modulo a prime."""
    reduced, rank = matrix.rref()  # type: ignore[attr-defined]
    return [next(k for k, entry in enumerate(row) if int(entry)) for row in reduced.tolist()[: int(rank)]]


def _short(value: Fraction, near: Fraction) -> Fraction:
    """A number of few bits that differs from the value by less than a thousandth of its room."""
    step = Fraction(1)
    while step * 1024 > near:
        step /= 2
    return step * round(value / step)
