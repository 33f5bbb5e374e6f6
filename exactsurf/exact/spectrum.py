"""Eigenvalues of symmetric rational matrices, exactly: characteristic polynomial, repeated ones, domination."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.exact.foreseen import foresee_solving
from exactsurf.exact.linear_algebra import Vector, to_flint, to_fraction


def eigenvalue_polynomial(matrix: Sequence[Sequence[Fraction]]) -> Vector:
    """The coefficients of det(tI − S), constant term first.

    Parameters: `matrix`, square. Exactness: exact. Raises: `ShapeError` if the rows differ in length. Source: standard.

    >>> eigenvalue_polynomial([[Fraction(2), Fraction(0)], [Fraction(0), Fraction(3)]])
    (Fraction(6, 1), Fraction(-5, 1), Fraction(1, 1))
    """
    foresee_solving(matrix, "a characteristic polynomial is computed")
    polynomial = to_flint(matrix, len(matrix)).charpoly()
    return tuple(to_fraction(polynomial[k]) for k in range(len(matrix) + 1))


def repeated_eigenvalues(matrix: Sequence[Sequence[Fraction]]) -> Vector | None:
    """The monic polynomial of the repeated eigenvalues, constant term first; None if all eigenvalues are distinct.

    Parameters: `matrix`, square. Exactness: exact: gcd(χ, χ′), and χ has a repeated root if and only if it is not constant.
    Raises: `ShapeError` if the rows differ in length. Source: standard (discriminant of χ).

    >>> one, zero = Fraction(1), Fraction(0)
    >>> repeated_eigenvalues([[one, zero], [zero, one]])
    (Fraction(-1, 1), Fraction(1, 1))
    >>> repeated_eigenvalues([[one, zero], [zero, zero]]) is None
    True
    """
    if not matrix:
        return None
    polynomial = to_flint(matrix, len(matrix)).charpoly()
    common = polynomial.gcd(polynomial.derivative())
    degree = int(common.degree())
    if degree == 0:
        return None
    lead = to_fraction(common[degree])
    return tuple(to_fraction(common[k]) / lead for k in range(degree + 1))


def rational_eigenvalues(matrix: Sequence[Sequence[Fraction]]) -> Vector | None:
    """The eigenvalues with their multiplicities if all of them are rational, else None.

    Parameters: `matrix`, square. Exactness: exact (factorisation of the characteristic polynomial). Raises: `ShapeError` if
    the rows differ in length. Source: standard.

    >>> rational_eigenvalues([[Fraction(2), Fraction(1)], [Fraction(1), Fraction(2)]])
    (Fraction(1, 1), Fraction(3, 1))
    >>> rational_eigenvalues([[Fraction(1), Fraction(1)], [Fraction(1), Fraction(2)]]) is None
    True
    """
    _, factors = to_flint(matrix, len(matrix)).charpoly().factor()
    found: list[Fraction] = []
    for factor, multiplicity in factors:
        if int(factor.degree()) > 1:
            return None
        found += [-to_fraction(factor[0]) / to_fraction(factor[1])] * int(multiplicity)
    return tuple(sorted(found))
