"""Least eigenvalue and Cholesky factor of a symmetric matrix, in floats: for proposals only."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.exact.linear_algebra import Matrix, Vector

_GRID = 1 << 30


def least_eigenvalue_near(matrix: Sequence[Sequence[Fraction]]) -> Fraction:
    """A number near the least eigenvalue of a symmetric matrix.

    Parameters: `matrix`, square. Exactness: none, doubles; a proposal. Raises: nothing. Source: none.

    >>> abs(least_eigenvalue_near([[Fraction(2), Fraction(1)], [Fraction(1), Fraction(2)]]) - 1) < Fraction(1, 10**9)
    True
    """
    import numpy as np

    return Fraction(float(np.linalg.eigvalsh(np.array(matrix, dtype=float))[0]))


def cholesky_factor_near(matrix: Sequence[Sequence[Fraction]]) -> Matrix | None:
    """A lower triangular L with L Lᵀ near a symmetric matrix, on a grid of 2⁻³⁰; None where it is not positive definite.

    Parameters: `matrix`, square. Exactness: none, doubles; a proposal. Raises: nothing. Source: none.

    >>> cholesky_factor_near([[Fraction(4), Fraction(2)], [Fraction(2), Fraction(2)]])
    ((Fraction(2, 1), Fraction(0, 1)), (Fraction(1, 1), Fraction(1, 1)))
    """
    import numpy as np

    try:
        factor = np.linalg.cholesky(np.array(matrix, dtype=float))
    except np.linalg.LinAlgError:
        return None
    return tuple(tuple(Fraction(round(value * _GRID), _GRID) for value in row) for row in factor.tolist())


def largest_eigenvector_near(matrix: Sequence[Sequence[Fraction]]) -> Vector:
    """A vector near an eigenvector of the largest eigenvalue of a symmetric matrix, on a grid of 2⁻³⁰.

    Parameters: `matrix`, square. Exactness: none, doubles; a proposal. Raises: nothing. Source: none.

    >>> largest_eigenvector_near([[Fraction(3), Fraction(0)], [Fraction(0), Fraction(1)]])
    (Fraction(1, 1), Fraction(0, 1))
    """
    import numpy as np

    vector = np.linalg.eigh(np.array(matrix, dtype=float))[1][:, -1]
    vector = vector / vector[np.argmax(np.abs(vector))]
    return tuple(Fraction(round(value * _GRID), _GRID) for value in vector.tolist())
