"""Proposals about symmetric matrices are near what SymPy computes, and refused where there is nothing to propose."""

from __future__ import annotations

from fractions import Fraction

import sympy

from exactsurf.minima.floats.symmetric_matrix import cholesky_factor_near, least_eigenvalue_near

MATRIX = [[Fraction(v) for v in row] for row in ((4, 1, 0), (1, 3, 1), (0, 1, 2))]


def test_least_eigenvalue() -> None:
    exactly = min(sympy.Matrix(3, 3, lambda i, j: sympy.Rational(MATRIX[i][j])).eigenvals(), key=lambda v: sympy.re(v.evalf()))
    assert abs(least_eigenvalue_near(MATRIX) - Fraction(str(sympy.re(exactly.evalf(20))))) < Fraction(1, 10**12)


def test_factor() -> None:
    factor = cholesky_factor_near(MATRIX)
    assert factor is not None
    for i, row in enumerate(factor):
        assert not any(row[i + 1 :])
        for j, other in enumerate(factor):
            assert abs(sum(a * b for a, b in zip(row, other, strict=True)) - MATRIX[i][j]) < Fraction(1, 10**8)
    assert cholesky_factor_near([[Fraction(1), Fraction(2)], [Fraction(2), Fraction(1)]]) is None
