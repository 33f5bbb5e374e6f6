"""Exact linear algebra over the rationals: rank, kernel, solve, least squares. FLINT works inside and never leaks.

This module holds the one conversion layer between `fractions.Fraction` and FLINT. Whole matrices cross it, never single
numbers in a loop of arithmetic.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING, TypeAlias, cast

from exactsurf.errors import ShapeError, SingularMatrixError
from exactsurf.exact.echelon import echelon
from exactsurf.exact.foreseen import foresee_solving

if TYPE_CHECKING:
    from flint import fmpq, fmpq_mat, fmpz_mat

Vector: TypeAlias = tuple[Fraction, ...]
Matrix: TypeAlias = tuple[Vector, ...]

_SOLVING = "a system of linear equations is solved"


def dot(left: Sequence[Fraction], right: Sequence[Fraction]) -> Fraction:
    """Σ left_k right_k.

    Parameters: two vectors of one length. Exactness: exact. Raises: `ValueError` for different lengths. Source: standard.

    >>> dot((Fraction(1, 2), Fraction(3)), (Fraction(4), Fraction(1)))
    Fraction(5, 1)
    """
    return sum((a * b for a, b in zip(left, right, strict=True)), Fraction(0))


def identity(size: int) -> Matrix:
    """The identity matrix.

    Parameters: `size`. Exactness: exact. Raises: nothing. Source: standard.

    >>> identity(2)
    ((Fraction(1, 1), Fraction(0, 1)), (Fraction(0, 1), Fraction(1, 1)))
    """
    return tuple(tuple(Fraction(int(i == j)) for j in range(size)) for i in range(size))


def transposed(rows: Sequence[Sequence[Fraction]]) -> Matrix:
    """The transposed matrix.

    Parameters: `rows`, of one length. Exactness: exact. Raises: `ValueError` for different lengths. Source: standard.

    >>> transposed([(Fraction(1), Fraction(2))])
    ((Fraction(1, 1),), (Fraction(2, 1),))
    """
    return tuple(zip(*rows, strict=True))


def scaled(rows: Sequence[Sequence[Fraction]], factor: Fraction | int) -> Matrix:
    """A matrix times a number.

    Parameters: `rows`; `factor`. Exactness: exact. Raises: nothing. Source: standard.

    >>> scaled(identity(1), 3)
    ((Fraction(3, 1),),)
    """
    return tuple(tuple(factor * value for value in row) for row in rows)


def combination(weights: Sequence[Fraction], rows: Sequence[Sequence[Fraction]]) -> Vector:
    """The sum of the rows, each times its weight.

    Exactness: exact. Raises: `ValueError` for another number of weights than of rows. Source: standard.

    >>> combination([Fraction(2), Fraction(1)], [[Fraction(1), Fraction(0)], [Fraction(1), Fraction(3)]])
    (Fraction(3, 1), Fraction(3, 1))
    """
    return tuple(dot(weights, column) for column in zip(*rows, strict=True))


def primitive(vector: Sequence[Fraction]) -> tuple[tuple[int, ...], Fraction]:
    """(u, t) with vector = t·u, u coprime integers and t > 0; t = 0 for the zero vector.

    Exactness: exact. Raises: nothing. Source: the definition.

    >>> primitive([Fraction(1, 2), Fraction(-3)])
    ((1, -6), Fraction(1, 2))
    """
    common = lcm(*[value.denominator for value in vector])
    integers = [value.numerator * (common // value.denominator) for value in vector]
    divisor = gcd(*integers)
    return tuple([value // divisor for value in integers] if divisor > 1 else integers), Fraction(divisor, common)


def to_flint(rows: Sequence[Sequence[Fraction | int]], columns: int | None = None) -> fmpq_mat:
    """`rows` as a FLINT matrix. `columns` is needed only where there may be no row."""
    from flint import fmpq, fmpq_mat

    width = len(rows[0]) if columns is None and rows else (columns or 0)
    for index, row in enumerate(rows):
        if len(row) != width:
            raise ShapeError(f"row {index} of the matrix", (width,), (len(row),))
    return fmpq_mat(len(rows), width, [fmpq(v.numerator, v.denominator) for row in rows for v in row])


def from_flint(matrix: fmpq_mat) -> Matrix:
    """A FLINT matrix as a tuple of rows of Fractions."""
    entries, width = [to_fraction(entry) for entry in matrix.entries()], matrix.ncols()
    return tuple(tuple(entries[i * width : (i + 1) * width]) for i in range(matrix.nrows()))


def to_fraction(value: fmpq) -> Fraction:
    """A FLINT rational as a Fraction."""
    return Fraction(int(value.p), int(value.q))


def rational_solution(matrix: fmpz_mat, right: fmpz_mat) -> fmpq_mat:
    """The X with A X = B, for an invertible integer matrix A. Exactness: exact."""
    # The stubs of python-flint 0.9 promise less than a matrix of rationals.
    return cast("fmpq_mat", matrix.solve(right))


def rank(rows: Sequence[Sequence[Fraction]]) -> int:
    """The rank of a rational matrix.

    Parameters: `rows`, m × n. Exactness: exact. Raises: `ShapeError` if the rows differ in length. Source: standard.

    >>> rank([[Fraction(1), Fraction(2)], [Fraction(2), Fraction(4)]])
    1
    """
    if not rows or not rows[0]:
        return 0
    # Fewer columns are free in the transpose: 200 × 800 short numbers take 6 s, and the transpose 0.02 s.
    return len(echelon(transposed(rows) if len(rows) < len(rows[0]) else rows, _SOLVING).pivots)


def pivot_columns(rows: Sequence[Sequence[Fraction | int]]) -> list[int]:
    """The first columns that are a basis of the column space: none depends on those before it.

    Parameters: `rows` of one length. Exactness: exact. Raises: `ValueError` for rows of different lengths. Source: standard.

    >>> pivot_columns([[1, 2, 0], [2, 4, 1]])
    [0, 2]
    """
    return echelon(rows, _SOLVING).pivots if rows else []


def row_echelon(rows: Sequence[Sequence[Fraction]]) -> Matrix:
    """The rows of the reduced row echelon form that are not 0: a basis of the row space, the same for the same space.

    Parameters: `rows` of one length. Exactness: exact. Raises: `ShapeError` for rows of different lengths. Source: standard.

    >>> row_echelon([[Fraction(2), Fraction(4)], [Fraction(1), Fraction(2)]])
    ((Fraction(1, 1), Fraction(2, 1)),)
    """
    return echelon(rows, _SOLVING).rows() if rows and rows[0] else ()


def kernel(rows: Sequence[Sequence[Fraction]]) -> Matrix:
    """A basis of {x : A x = 0}, from the reduced row echelon form.

    Parameters: `rows`, m × n with m ≥ 1. Returns: n − rank(A) vectors of length n. Exactness: exact.
    Raises: `ShapeError` if there is no row (the number of columns is unknown then) or the rows differ in length.
    Source: standard.

    >>> kernel([[Fraction(1), Fraction(2)]])
    ((Fraction(-2, 1), Fraction(1, 1)),)
    """
    if not rows:
        raise ShapeError("the matrix", "at least one row", "no row")
    form = echelon(rows, _SOLVING)
    basis = []
    for c, free in enumerate(form.free):
        vector = [Fraction(0)] * len(form.scales)
        vector[free] = Fraction(1)
        for k, pivot in enumerate(form.pivots):
            vector[pivot] = -form.share(k, c)
        basis.append(tuple(vector))
    return tuple(basis)


def solve(rows: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> Vector:
    """The unique x with A x = b for a square invertible A.

    Parameters: `rows`, n × n; `right`, n numbers. Exactness: exact.
    Raises: `SingularMatrixError` with the rank if A is not invertible, `ShapeError` if A is not square or b does not fit.
    Source: standard (FLINT's p-adic lifting).

    >>> solve([[Fraction(2), Fraction(1)], [Fraction(1), Fraction(3)]], [Fraction(1), Fraction(1)])
    (Fraction(2, 5), Fraction(1, 5))
    """
    size = len(rows)
    if any(len(row) != size for row in rows):
        raise ShapeError("the matrix", (size, size), (size, len(rows[0])))
    if len(right) != size:
        raise ShapeError("the right-hand side", (size,), (len(right),))
    if size == 0:
        return ()
    foresee_solving(rows, _SOLVING)
    matrix = to_flint(rows)
    try:
        solution = matrix.solve(to_flint([[value] for value in right]))
    except ZeroDivisionError:
        raise SingularMatrixError("the matrix", rank=int(matrix.rank()), size=size) from None
    return tuple(row[0] for row in from_flint(solution))


def least_squares(rows: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> Vector:
    """A minimiser of ‖A x − b‖², zero in the entries that the columns before them make redundant.

    Parameters: `rows`, m × n; `right`, m numbers. Returns: n numbers; unique if A has full column rank.
    Exactness: exact; the normal equations Aᵀ(A x − b) = 0 hold as identities of rationals.
    Raises: `ShapeError` if the shapes do not fit. Source: standard (normal equations on a column basis).

    >>> line = [[Fraction(x), Fraction(1)] for x in (0, 1, 2, 3)]
    >>> least_squares(line, [Fraction(y) for y in (0, 1, 0, 2)])
    (Fraction(1, 2), Fraction(0, 1))
    """
    if len(right) != len(rows):
        raise ShapeError("the right-hand side", (len(rows),), (len(right),))
    if not rows or not rows[0]:
        return (Fraction(0),) * (len(rows[0]) if rows else 0)
    foresee_solving(rows, _SOLVING)
    from flint import fmpq_mat, fmpz_mat

    # With one denominator per column the products run over the integers, several times faster than over the rationals.
    height, width = len(rows), len(rows[0])
    if any(len(row) != width for row in rows):
        raise ShapeError("the matrix", f"rows of {width} numbers", "rows of different lengths")
    scales = [common_denominator(column) for column in zip(*rows, strict=True)]
    entries = [v.numerator * (d // v.denominator) for row in rows for v, d in zip(row, scales, strict=True)]
    scale = common_denominator(right)
    matrix = fmpz_mat(height, width, entries)
    transposed = matrix.transpose()
    target = fmpz_mat(height, 1, [value.numerator * (scale // value.denominator) for value in right])
    solution = from_flint(solve_normal_equations(fmpq_mat(transposed * matrix), fmpq_mat(transposed * target)))
    return tuple(row[0] * d / scale for row, d in zip(solution, scales, strict=True))


def solve_normal_equations(gram: fmpq_mat, moment: fmpq_mat) -> fmpq_mat:
    """An x with G x = m for a Gram matrix G = AᵀA (any rank) and m in its column space; zero off a column basis.

    Parameters: `gram` n × n and `moment` n × k, FLINT matrices. Exactness: exact, and checked: G x = m is verified for the
    rows that were left out. Raises: `SingularMatrixError` if m is not in the column space. Source: standard.
    """
    from flint import fmpq, fmpq_mat, fmpz_mat

    integers, scale = gram.numer_denom()
    scaled = moment * fmpq(scale)
    for prime in _PRIMES:
        basis = _independent_columns(integers, prime)
        size = len(basis)
        full = fmpq_mat(integers.nrows(), moment.ncols())
        if size:
            small = integers if size == integers.nrows() else _submatrix(integers, basis)
            top, bottom = scaled.numer_denom()
            entries, k = top.entries(), top.ncols()
            right = fmpz_mat(size, k, [entries[i * k + c] for i in basis for c in range(k)])
            solution = rational_solution(small, right) * fmpq(1, bottom)
            for position, column in enumerate(basis):
                for c in range(k):
                    full[column, c] = solution[position, c]
        # A basis modulo p is independent over Q; a prime that divides the wrong minor finds too few columns, which this sees.
        if size == integers.nrows() or fmpq_mat(integers) * full == scaled:
            return full
    raise SingularMatrixError("the normal equations (right-hand side outside the column space)", size, integers.nrows())


_PRIMES = ((1 << 61) - 1, (1 << 59) - 55, (1 << 31) - 1)


def _independent_columns(matrix: fmpz_mat, prime: int) -> list[int]:
    """Pivot columns of an integer matrix modulo `prime`; columns independent modulo a prime are independent over Q."""
    from flint import nmod_mat

    reduced, found = nmod_mat(matrix, prime).rref()
    table, pivots, column = reduced.tolist(), [], 0
    for row in range(int(found)):
        while int(table[row][column]) == 0:
            column += 1
        pivots.append(column)
    return pivots


def _submatrix(matrix: fmpz_mat, chosen: list[int]) -> fmpz_mat:
    from flint import fmpz_mat

    table = matrix.tolist()
    return fmpz_mat(len(chosen), len(chosen), [table[i][j] for i in chosen for j in chosen])


def common_denominator(values: Sequence[Fraction]) -> int:
    """The least positive integer that makes all `values` integers.

    >>> common_denominator([Fraction(1, 4), Fraction(5, 6)])
    12
    """
    return lcm(*(value.denominator for value in values)) if values else 1
