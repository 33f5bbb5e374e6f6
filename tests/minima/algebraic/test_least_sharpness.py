"""Least trace and least largest eigenvalue as algebraic numbers, against SymPy."""

from __future__ import annotations

from fractions import Fraction

import sympy

from exactsurf.effort import Effort
from exactsurf.minima.algebraic.least_sharpness import least_eigenvalue_root, sum_of_square_roots

F = Fraction


def running() -> Effort:
    return Effort.of(60).started()


def test_sums_of_square_roots_have_their_minimal_polynomials() -> None:
    found = sum_of_square_roots(F(1, 2), [F(2), F(3), F(8)], running())
    assert found is not None
    t = sympy.Symbol("t")
    expected = sympy.minimal_polynomial(sympy.Rational(1, 2) + sympy.sqrt(2) + sympy.sqrt(3) + sympy.sqrt(8), t)
    assert sympy.Poly(expected, t).primitive()[1] == sympy.Poly(list(reversed(found.polynomial)), t).primitive()[1]
    near = found.narrowed(F(1, 10**12))
    assert float(near.low) < 0.5 + 2**0.5 + 3**0.5 + 8**0.5 < float(near.high) + 1e-9
    assert sum_of_square_roots(F(0), [F(p) for p in (2, 3, 5, 7, 11, 13)], running()) is None


def test_two_eigenvalues_that_meet() -> None:
    """diag(16, 1) with one coming in, one going out: 4, where the eigenvalues cross."""
    found = least_eigenvalue_root(((F(16), F(0)), (F(0), F(1))), [[1], [-1]], (F(3), F(5)), running())
    assert found is not None and found.value == 4


def test_a_smooth_least_value() -> None:
    """H of rank one: the largest eigenvalue is the trace a/x + b x, least 2√(ab)."""
    found = least_eigenvalue_root(((F(2), F(2)), (F(2), F(2))), [[1], [-1]], (F(3), F(5)), running())
    assert found is not None and found.value == 4
    root = least_eigenvalue_root(((F(1), F(2)), (F(2), F(4))), [[1], [0]], (F(3), F(5)), running())
    assert root is None or root.value == 4


def test_an_infimum_for_large_factors_is_not_taken_for_a_root() -> None:
    """Nothing goes out: the infimum is approached as what comes in grows, and the discriminant says nothing of it."""
    coupled = ((F(4), F(0), F(0), F(1)), (F(0), F(1), F(0), F(1)), (F(0),) * 4, (F(1), F(1), F(0), F(3)))
    assert least_eigenvalue_root(coupled, [[1], [1], [-1], [0]], (F(2), F(4)), running()) is None
    turned = tuple(tuple(coupled[p][q] for q in (2, 0, 1, 3)) for p in (2, 0, 1, 3))
    low, high = F(3), F(3) + F(1, 10**6)  # nothing comes in: small factors
    found = least_eigenvalue_root(turned, [[1], [-1], [-1], [0]], (low, high), running())
    assert found is not None and found.value == 3
