"""Eigenvalues: SymPy as an oracle."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.exact.spectrum import eigenvalue_polynomial, rational_eigenvalues, repeated_eigenvalues
from tests.papers.spectral_global import eigenvalues_dominate

entries = st.integers(-3, 3)


@st.composite
def symmetric(draw: st.DrawFn, size: int) -> list[list[Fraction]]:
    upper = {(i, j): draw(entries) for i in range(size) for j in range(i, size)}
    return [[Fraction(upper[min(i, j), max(i, j)]) for j in range(size)] for i in range(size)]


@settings(max_examples=40, deadline=None)
@given(symmetric(3))
def test_polynomials_against_sympy(matrix: list[list[Fraction]]) -> None:
    t = sympy.Symbol("t")
    expected = sympy.Matrix(3, 3, [sympy.Rational(v.numerator, v.denominator) for row in matrix for v in row]).charpoly(t)
    assert [sympy.Rational(c.numerator, c.denominator) for c in eigenvalue_polynomial(matrix)] == expected.all_coeffs()[::-1]
    common = repeated_eigenvalues(matrix)
    assert (common is None) == (sympy.discriminant(expected.as_expr(), t) != 0)
    found = rational_eigenvalues(matrix)
    roots = sympy.roots(expected.as_expr(), t, filter="Q")
    assert (found is None) == (sum(roots.values()) < 3)
    if found is not None:
        assert sorted(found) == sorted(Fraction(int(r.p), int(r.q)) for r, m in roots.items() for _ in range(m))


@settings(max_examples=30, deadline=None)
@given(symmetric(2), symmetric(2))
def test_domination_against_sympy(upper: list[list[Fraction]], lower: list[list[Fraction]]) -> None:
    def ends(matrix: list[list[Fraction]]) -> tuple[sympy.Expr, sympy.Expr]:
        (a, b), (_, d) = ([sympy.Rational(v.numerator, v.denominator) for v in row] for row in matrix)
        root = sympy.sqrt((a - d) ** 2 + 4 * b**2)
        return (a + d - root) / 2, (a + d + root) / 2

    assert eigenvalues_dominate(upper, lower) == bool(sympy.simplify(ends(upper)[0] - ends(lower)[1]) >= 0)


@pytest.mark.parametrize("shift", [Fraction(0), Fraction(1, 10**30), Fraction(-1, 10**30)])
def test_near_ties_of_irrational_eigenvalues(shift: Fraction) -> None:
    golden = [[Fraction(1), Fraction(1)], [Fraction(1), Fraction(2)]]
    smaller = [[Fraction(1) - 3 - shift, Fraction(1)], [Fraction(1), Fraction(2) - 3 - shift]]
    # The eigenvalues are (3 ± √5)/2, and those less 3: dominated; the same matrix shifted by its gap would tie.
    assert eigenvalues_dominate(golden, smaller)
    assert not eigenvalues_dominate(smaller, golden)
    one = [[Fraction(1)]]
    assert eigenvalues_dominate(one, [[Fraction(1) + shift]]) == (shift <= 0)


def test_empty_matrices() -> None:
    assert eigenvalues_dominate([], [[Fraction(1)]]) and repeated_eigenvalues([]) is None
