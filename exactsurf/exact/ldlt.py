"""Symmetric rational matrices: P A Pᵀ = L D Lᵀ exactly, hence inertia, definiteness, a negative direction.

The order of the pivots is found modulo a prime, where elimination is cheap; FLINT then eliminates all of them over the
integers in one call. A pivot that is not zero modulo the prime is not zero, so nothing depends on luck but the time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

from exactsurf.effort import look
from exactsurf.errors import InputError, InternalError, ShapeError
from exactsurf.exact.foreseen import foresee_solving
from exactsurf.exact.linear_algebra import Matrix, Vector, from_flint, rational_solution, to_flint
from exactsurf.exact.number import to_text

if TYPE_CHECKING:
    from flint import fmpz_mat

_PRIME = (1 << 61) - 1

_FACTORING = "a symmetric matrix is factored"


@dataclass(frozen=True)
class LDLT:
    """P A Pᵀ = L D Lᵀ: row i of P A Pᵀ is row `permutation[i]` of A, `L` is unit lower triangular, D block diagonal.

    `blocks` are the diagonal blocks of D in order: 1 × 1, and 2 × 2 of the form (0 b; b 0) with b ≠ 0.
    """

    permutation: tuple[int, ...]
    L: Matrix
    blocks: tuple[Matrix, ...]

    @property
    def D(self) -> Matrix:
        """The block diagonal matrix, n × n."""
        size, start = len(self.permutation), 0
        rows = []
        for block in self.blocks:
            before, after = (Fraction(0),) * start, (Fraction(0),) * (size - start - len(block))
            rows += [before + row + after for row in block]
            start += len(block)
        return tuple(rows)

    @property
    def inertia(self) -> tuple[int, int, int]:
        """The numbers of positive, negative and zero eigenvalues of A (Sylvester: those of D)."""
        pairs = sum(len(block) == 2 for block in self.blocks)
        single = [block[0][0] for block in self.blocks if len(block) == 1]
        positive, negative = sum(d > 0 for d in single), sum(d < 0 for d in single)
        # The eigenvalues of (0 b; b 0) are b and −b.
        return positive + pairs, negative + pairs, len(single) - positive - negative

    @property
    def is_positive_definite(self) -> bool:
        """Whether xᵀAx > 0 for all x ≠ 0."""
        return self.inertia[0] == len(self.permutation)

    @property
    def is_positive_semidefinite(self) -> bool:
        """Whether xᵀAx ≥ 0 for all x."""
        return self.inertia[1] == 0

    @property
    def negative_direction(self) -> Vector | None:
        """A vector v of coprime integers with vᵀAv < 0, or None if A is positive semidefinite."""
        position = 0
        for block in self.blocks:
            if len(block) == 2:
                return self._pulled_back(position, [1, -1 if block[0][1] > 0 else 1])
            if block[0][0] < 0:
                return self._pulled_back(position, [1])
            position += len(block)
        return None

    def _pulled_back(self, position: int, tail: list[int]) -> Vector:
        """The v with Lᵀ P v = (0, …, 0, tail, 0, …, 0), `tail` starting at `position`, up to a positive factor."""
        size = position + len(tail)
        leading = to_flint([row[:size] for row in self.L[:size]], size)
        right = to_flint([[Fraction(entry)] for entry in [0] * position + tail])
        solution = [row[0] for row in from_flint(leading.transpose().solve(right))]
        common = lcm(*(value.denominator for value in solution))
        integers = [int(value * common) for value in solution]
        divisor = gcd(*integers)
        direction = [Fraction(0)] * len(self.permutation)
        for index, value in zip(self.permutation, integers, strict=False):
            direction[index] = Fraction(value // divisor)
        return tuple(direction)


def ldlt(rows: Sequence[Sequence[Fraction]]) -> LDLT:
    """P A Pᵀ = L D Lᵀ for a symmetric matrix A; D has a 2 × 2 block only where all diagonal entries left to it vanish.

    Parameters: `rows`, the symmetric n × n matrix A (n = 0 is allowed).
    Exactness: exact. Raises: `ShapeError` if A is not square, `InputError` naming two entries if it is not symmetric.
    Source: Bunch and Parlett 1971 (block elimination); Bareiss 1968 (fraction-free elimination).

    >>> factors = ldlt([[Fraction(4), Fraction(2)], [Fraction(2), Fraction(0)]])
    >>> factors.L[1], factors.blocks
    ((Fraction(1, 2), Fraction(1, 1)), (((Fraction(4, 1),),), ((Fraction(-1, 1),),)))
    >>> factors.inertia, factors.negative_direction
    ((1, 1, 0), (Fraction(-1, 1), Fraction(2, 1)))
    """
    _check_symmetric(rows)
    foresee_solving(rows, _FACTORING)
    left = list(range(len(rows)))
    schur, denominator = to_flint(rows, len(rows)).numer_denom()
    scale = int(denominator)
    order: list[int] = []
    triangle: dict[int, list[Fraction]] = {i: [] for i in left}
    blocks: list[Matrix] = []
    while left:
        look(_FACTORING)
        table = [list(map(int, row)) for row in schur.tolist()]
        pivots, width = _pivots(table)
        if not pivots:
            # Nothing is left of the matrix: the remaining pivots are zeros.
            blocks += [((Fraction(0),),)] * len(left)
            for position, i in enumerate(left):
                triangle[i] += [Fraction(0)] * position + [Fraction(1)]
            order += left
            break
        columns, stage = (_pair_columns if width == 2 else _eliminated)(table, pivots, scale)
        rest = [i for i in range(len(left)) if i not in set(pivots)]
        for position, i in enumerate(pivots):
            known = [column[position] for column in columns[:position]] if width == 1 else [Fraction(0)] * position
            triangle[left[i]] += [*known, Fraction(1)]
        for position, i in enumerate(rest, start=len(pivots)):
            triangle[left[i]] += [column[position] for column in columns]
        blocks += stage
        order += [left[i] for i in pivots]
        if rest:
            schur, scale = _schur_complement(table, pivots, rest, scale)
        left = [left[i] for i in rest]
    size = len(order)
    lower = tuple(tuple(triangle[i] + [Fraction(0)] * (size - len(triangle[i]))) for i in order)
    return LDLT(tuple(order), lower, tuple(blocks))


def _check_symmetric(rows: Sequence[Sequence[Fraction]]) -> None:
    for index, row in enumerate(rows):
        if len(row) != len(rows):
            raise ShapeError(f"row {index} of the symmetric matrix", (len(rows),), (len(row),))
    for i, row in enumerate(rows):
        for j in range(i):
            if row[j] != rows[j][i]:
                raise InputError(
                    f"the matrix is not symmetric: entry ({i}, {j}) and entry ({j}, {i}) differ",
                    text=f"{to_text(row[j])} and {to_text(rows[j][i])}",
                )


def _pivots(table: Sequence[Sequence[int]]) -> tuple[list[int], int]:
    """The next pivots and their width: several 1 × 1 ones, the two of a 2 × 2 one, or none for the zero matrix."""
    first = next((i for i, row in enumerate(table) if row[i]), None)
    if first is None:
        pair = next(([j, i] for i, row in enumerate(table) for j in range(i) if row[j]), [])
        return pair, 2
    # Symmetric elimination modulo the prime, always with the first diagonal entry that is not zero.
    rest = list(range(len(table)))
    reduced = [[entry % _PRIME for entry in row] for row in table]
    chosen: list[int] = []
    while (pivot := next((i for i in rest if reduced[i][i]), None)) is not None:
        chosen.append(pivot)
        rest.remove(pivot)
        inverse, line = pow(reduced[pivot][pivot], -1, _PRIME), reduced[pivot]
        for i in rest:
            if reduced[i][pivot]:
                factor = reduced[i][pivot] * inverse % _PRIME
                reduced[i] = [(a - factor * b) % _PRIME for a, b in zip(reduced[i], line, strict=True)]
    # A diagonal that vanishes modulo the prime only still offers one exact pivot.
    return chosen or [first], 1


def _eliminated(table: Sequence[Sequence[int]], pivots: Sequence[int], scale: int) -> tuple[list[list[Fraction]], list[Matrix]]:
    """The columns of L and the blocks of D that belong to the 1 × 1 `pivots`, from one fraction-free elimination."""
    from flint import fmpz_mat

    chosen = set(pivots)
    rows = [*pivots, *(i for i in range(len(table)) if i not in chosen)]
    tall = fmpz_mat(len(rows), len(pivots), [table[i][j] for i in rows for j in pivots])
    exchanges, lower, _, _ = tall.fflu()
    if not exchanges.is_one():
        raise InternalError("elimination of a symmetric matrix met a zero pivot that is not zero modulo a prime")
    minors = [1, *(int(lower[k, k]) for k in range(len(pivots)))]
    entries = [list(map(int, row)) for row in lower.tolist()]
    columns = [
        [Fraction(entries[i][k], minors[k + 1]) if i >= k else Fraction(0) for i in range(len(rows))] for k in range(len(pivots))
    ]
    return columns, [((Fraction(minors[k + 1], minors[k] * scale),),) for k in range(len(pivots))]


def _pair_columns(table: Sequence[Sequence[int]], pair: Sequence[int], scale: int) -> tuple[list[list[Fraction]], list[Matrix]]:
    """The two columns of L and the block of D for the 2 × 2 pivot (0 b; b 0)."""
    first, second = pair
    corner = table[first][second]
    rows = [first, second, *(i for i in range(len(table)) if i not in pair)]
    columns = [[Fraction(table[i][other], corner) for i in rows] for other in (second, first)]
    zero, entry = Fraction(0), Fraction(corner, scale)
    return columns, [((zero, entry), (entry, zero))]


def _schur_complement(
    table: Sequence[Sequence[int]], pivots: Sequence[int], rest: Sequence[int], scale: int
) -> tuple[fmpz_mat, int]:
    """A₂₂ − A₂₁ A₁₁⁻¹ A₁₂ as integers over a denominator, for the integers `table` over `scale`."""
    from flint import fmpq, fmpq_mat, fmpz_mat

    def part(rows: Sequence[int], columns: Sequence[int]) -> fmpz_mat:
        return fmpz_mat(len(rows), len(columns), [table[i][j] for i in rows for j in columns])

    solved = rational_solution(part(pivots, pivots), part(pivots, rest))
    complement = (fmpq_mat(part(rest, rest)) - fmpq_mat(part(rest, pivots)) * solved) * fmpq(1, scale)
    integers, denominator = complement.numer_denom()
    return integers, int(denominator)
