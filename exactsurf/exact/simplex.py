"""An exact simplex for {x : Σ x_j a_j = b, lower ≤ x ≤ upper} with integer columns: a point, or why there is none.

Every step solves two small integer systems afresh in FLINT, so numbers never grow from step to step. No phase one and
no rank computation is needed: d artificial columns, the unit vectors with bounds [0, 0], are the first basis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.effort import UNBOUNDED, Effort, look
from exactsurf.exact.linear_algebra import Vector, rational_solution, to_flint, to_fraction

if TYPE_CHECKING:
    from flint import fmpq, fmpz

Bound: TypeAlias = Fraction | None

_LONG_ENTRY = 256
"""Entries of more bits than this make a step costly enough for a rehearsal on rounded numbers."""

_KEPT_BITS = 64
"""Bits that the rehearsal keeps of every column."""

_PRIME = (1 << 61) - 1


@dataclass(frozen=True)
class Vertex:
    """A basis and where the other columns rest.

    `basis`: d columns, of which n + i is the i-th artificial one. `sides`: for each of the n columns −1 (at its lower
    bound), 1 (at its upper bound) or 0 (at the number nearest to zero that the bounds allow); basic ones are ignored.
    """

    basis: tuple[int, ...]
    sides: tuple[int, ...]


@dataclass(frozen=True)
class Outcome:
    """Where the simplex ended: either `point` (n rationals) or `separator` (d coprime integers) is given, not both."""

    point: Vector | None
    separator: tuple[int, ...] | None
    vertex: Vertex
    steps: int


def feasible_point(
    columns: Sequence[Sequence[int]],
    right: Sequence[int],
    lower: Sequence[Bound],
    upper: Sequence[Bound],
    effort: Effort = UNBOUNDED,
) -> Outcome:
    """A point of {x : Σ_j x_j a_j = b, lower ≤ x ≤ upper}, or a separator δ with b·δ > Σ_j max x_j (a_j·δ).

    Columns with long entries are first rehearsed with 64 bits each, without the rows that depend on others; the exact
    simplex starts where the rehearsal ended.

    Parameters: `columns`, n integer vectors a_j of length d; `right`, the integer vector b; `lower` ≤ `upper`, n bounds
    each, None for infinity (shapes and order are the caller's duty); `effort`, whose time is asked after at every step.
    Exactness: exact, and it always ends (see `simplex`).
    Raises: `OutOfTime`. Source: Dutertre and de Moura 2006 (the bounded simplex without objective).

    >>> zero = Fraction(0)
    >>> feasible_point([(1, 0), (1, 2)], (3, 4), [zero, zero], [None, None]).point
    (Fraction(1, 1), Fraction(2, 1))
    >>> feasible_point([(1, 0), (1, 2)], (1, 4), [zero, zero], [None, None]).separator
    (-2, 1)
    """
    if not any(entry.bit_length() > _LONG_ENTRY for column in columns for entry in column):
        return simplex(columns, right, lower, upper, effort=effort)
    kept = _independent([[*(column[i] for column in columns), right[i]] for i in range(len(right))])
    if not kept:
        return simplex(columns, right, lower, upper, effort=effort)
    fewer, shorter = [[column[i] for i in kept] for column in columns], [right[i] for i in kept]
    rehearsal = simplex(*_rounded(fewer, shorter, lower, upper), effort=effort).vertex
    chosen = [j for j in rehearsal.basis if j < len(columns)]
    units = [[int(i == k) for i in range(len(kept))] for k in range(len(kept))]
    numbers = [*chosen, *range(len(columns), len(columns) + len(kept))]
    basis = tuple(numbers[k] for k in _independent([*(fewer[j] for j in chosen), *units]))
    outcome = simplex(fewer, shorter, lower, upper, Vertex(basis, rehearsal.sides), effort=effort)
    if outcome.separator is not None:
        padded = dict(zip(kept, outcome.separator, strict=True))
        return replace(outcome, separator=tuple(padded.get(i, 0) for i in range(len(right))))
    # A row that depends on the others modulo the prime only is an equation still to be met: then all rows take part.
    complete = combines_to(outcome.point or (), columns, right)
    return outcome if complete else simplex(columns, right, lower, upper, effort=effort)


def combines_to(
    weights: Sequence[Fraction], vectors: Sequence[Sequence[Fraction | int]], target: Sequence[Fraction | int]
) -> bool:
    """Whether Σ_c weights[c] u_c = g.

    Parameters: `weights`, n numbers; `vectors`, n vectors of length d; `target`, a vector of length d.
    Exactness: exact. Raises: nothing for fitting shapes. Source: the definition.

    >>> combines_to([Fraction(1, 2)], [(2, 4)], (1, 2))
    True
    """
    support = [c for c, weight in enumerate(weights) if weight]
    if not support or not target:
        return not any(target)
    row = to_flint([[weights[c] for c in support]])
    return bool(row * to_flint([vectors[c] for c in support]) == to_flint([target]))


def simplex(
    columns: Sequence[Sequence[int]],
    right: Sequence[int],
    lower: Sequence[Bound],
    upper: Sequence[Bound],
    start: Vertex | None = None,
    patience: int | None = None,
    effort: Effort = UNBOUNDED,
) -> Outcome:
    """`feasible_point` from the vertex `start`, whose basis must be independent (default: the artificial columns).

    The basic column that violates its bounds most leaves for that bound; the column with the largest coefficient in its
    row enters. That is quick but could cycle, so phases of least indices (Bland) take turns with it, each as long as
    all before together: the least indices alone end after finitely many steps from any vertex, hence so does this.

    Parameters: as for `feasible_point`; `patience` ≥ 1, the steps before the first phase of least indices.
    Exactness, Raises, Source: as for `feasible_point`.

    >>> simplex([(2,)], (3,), [Fraction(0)], [None]).point
    (Fraction(3, 2),)
    """
    from flint import fmpq, fmpq_mat, fmpz_mat

    size, count = len(right), len(columns)
    vertex = start or Vertex(tuple(range(count, count + size)), (0,) * count)
    units = [tuple(int(i == k) for i in range(size)) for k in range(size)]
    vectors = [*columns, *units]
    zero = fmpq(0)
    low, high = ([*_flint_bounds(bounds, zero), *([zero] * size)] for bounds in (lower, upper))
    basis, sides = list(vertex.basis), [*vertex.sides, *([0] * size)]
    rest = [_resting(*place, zero) for place in zip(sides, low, high, strict=True)]
    rises, falls = _movable(rest, low, high, set(basis))
    rows = fmpz_mat(count, size, [entry for column in columns for entry in column])
    remainder = fmpq_mat(fmpz_mat(size, 1, list(right)))
    for j in set(range(count)).difference(basis):
        if rest[j] != zero:
            remainder -= fmpq_mat(fmpz_mat(size, 1, list(vectors[j]))) * rest[j]

    phase, steps = patience or 4 * (size + count) + 16, 0
    while True:
        effort.check()
        look()
        least_index = (steps // phase).bit_length() % 2 == 1
        transposed = fmpz_mat(size, size, [entry for j in basis for entry in vectors[j]])
        integers, scale = remainder.numer_denom()
        solution = rational_solution(transposed.transpose(), integers).entries() if size else []
        values = solution if scale == 1 else [v / scale for v in solution]
        row, grows = _leaving(values, basis, low, high, least_index)
        here = Vertex(tuple(basis), tuple(sides[:count]))
        if row < 0:
            for j, value in zip(basis, values, strict=True):
                rest[j] = value
            return Outcome(tuple(map(to_fraction, rest[:count])), None, here, steps)

        inverse_row, _ = rational_solution(transposed, fmpz_mat(size, 1, list(units[row]))).numer_denom()
        # x_row = (a constant) − Σ coefficient_j x_j: the sign tells which way x_j has to move.
        coefficients = list(map(int, (rows * inverse_row).entries()))
        if not grows:
            coefficients = [-c for c in coefficients]
        entering = _entering(coefficients, rises, falls, least_index)
        if entering < 0:
            return Outcome(None, _separator(inverse_row.entries(), grows), here, steps)

        leaving = basis[row]
        bound = low[leaving] if grows else high[leaving]
        assert bound is not None  # only a basic variable beyond a bound leaves
        if rest[entering] != zero:
            remainder += fmpq_mat(fmpz_mat(size, 1, list(vectors[entering]))) * rest[entering]
        if bound != zero:
            remainder -= fmpq_mat(fmpz_mat(size, 1, list(vectors[leaving]))) * bound
        basis[row], rest[leaving], sides[leaving] = entering, bound, -1 if grows else 1
        rises[entering] = falls[entering] = False
        fixed = low[leaving] is not None and low[leaving] == high[leaving]
        rises[leaving], falls[leaving] = grows and not fixed, not grows and not fixed
        steps += 1


def _flint_bounds(bounds: Sequence[Bound], zero: fmpq) -> list[fmpq | None]:
    from flint import fmpq

    return [None if v is None else fmpq(v.numerator, v.denominator) if v else zero for v in bounds]


def _movable(
    rest: Sequence[fmpq], low: Sequence[fmpq | None], high: Sequence[fmpq | None], basic: set[int]
) -> tuple[list[bool], list[bool]]:
    """Which columns outside the basis may rise, and which may fall, from where they rest."""
    rises = [j not in basic and (u is None or v < u) for j, (v, u) in enumerate(zip(rest, high, strict=True))]
    falls = [j not in basic and (u is None or v > u) for j, (v, u) in enumerate(zip(rest, low, strict=True))]
    return rises, falls


def _leaving(
    values: Sequence[fmpq],
    basis: Sequence[int],
    low: Sequence[fmpq | None],
    high: Sequence[fmpq | None],
    least_index: bool,
) -> tuple[int, bool]:
    """The row of the basic column that has to leave, and whether it has to grow; row −1 if no bound is violated."""
    chosen, chosen_grows, best = -1, False, None
    for row, (value, j) in enumerate(zip(values, basis, strict=True)):
        lower, upper = low[j], high[j]
        if lower is not None and value < lower:
            gap, grows = lower - value, True
        elif upper is not None and value > upper:
            gap, grows = value - upper, False
        else:
            continue
        weight = -j if least_index else gap
        if best is None or weight > best:
            chosen, chosen_grows, best = row, grows, weight
    return chosen, chosen_grows


def _entering(coefficients: Sequence[int], rises: Sequence[bool], falls: Sequence[bool], least_index: bool) -> int:
    """The column that can help, −1 if none can: it rises where its coefficient is negative, falls where positive."""
    chosen, best = -1, 0
    for j, coefficient in enumerate(coefficients):
        if coefficient > best:
            if falls[j]:
                chosen, best = j, coefficient
        elif -coefficient > best and rises[j]:
            chosen, best = j, -coefficient
        if least_index and chosen >= 0:
            return chosen
    return chosen


def _separator(inverse_row: Sequence[fmpz], grows: bool) -> tuple[int, ...]:
    """The row that no column can mend, as coprime integers that point from the reachable side towards b."""
    integers = list(map(int, inverse_row))
    divisor = gcd(*integers)
    return tuple((-v if grows else v) // divisor for v in integers)


def _resting(side: int, lower: fmpq | None, upper: fmpq | None, zero: fmpq) -> fmpq:
    if side < 0 and lower is not None:
        return lower
    if side > 0 and upper is not None:
        return upper
    if lower is not None and lower > zero:
        return lower
    return upper if upper is not None and upper < zero else zero


def _independent(vectors: Sequence[Sequence[int]]) -> list[int]:
    """The vectors that do not depend on earlier ones modulo a prime; what is independent there is so over Q."""
    from flint import nmod_mat

    size, width = len(vectors[0]), len(vectors)
    transposed = [vector[i] % _PRIME for i in range(size) for vector in vectors]
    reduced, found = nmod_mat(size, width, transposed, _PRIME).rref()
    return [next(k for k, entry in enumerate(row) if int(entry)) for row in reduced.tolist()[: int(found)]]


def _rounded(
    columns: Sequence[Sequence[int]], right: Sequence[int], lower: Sequence[Bound], upper: Sequence[Bound]
) -> tuple[list[list[int]], list[int], list[Bound], list[Bound]]:
    """A system like the given one with short numbers: column j divided by 2^k_j and rounded, its bounds scaled to fit.

    Nothing is concluded from it: it only names a vertex from which the exact simplex starts.
    """
    cuts = [_excess_bits(column) for column in columns]
    cut = _excess_bits(right)
    scales = [Fraction(1 << max(k - cut, 0), 1 << max(cut - k, 0)) for k in cuts]
    low = [None if v is None else _short(v * scale) for v, scale in zip(lower, scales, strict=True)]
    high = [None if v is None else _short(v * scale) for v, scale in zip(upper, scales, strict=True)]
    # Rounding may exchange two bounds that are close together.
    ordered = [v if u is None or v is None else max(u, v) for u, v in zip(low, high, strict=True)]
    short = [[entry >> k for entry in column] for column, k in zip(columns, cuts, strict=True)]
    return short, [entry >> cut for entry in right], low, ordered


def _excess_bits(vector: Sequence[int]) -> int:
    return max(0, max(v.bit_length() for v in vector) - _KEPT_BITS)


def _short(value: Fraction) -> Fraction:
    cut = max(0, min(value.numerator.bit_length(), value.denominator.bit_length()) - _KEPT_BITS)
    return Fraction(value.numerator >> cut, value.denominator >> cut)
