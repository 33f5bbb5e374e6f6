"""Proposed factors: near the least value for a rank-one Hessian, and where two eigenvalues meet."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from exactsurf.effort import Effort
from exactsurf.minima.floats.flattest_factors import flattest_factors_near

F = Fraction


def test_one_factor_of_a_rank_one_hessian() -> None:
    """H = ggᵀ, g = (3, 1), the first comes in: 9/c² + c² is least at c² = 3, and is 6."""
    (c,), vectors = flattest_factors_near([[F(9), F(3)], [F(3), F(1)]], [[1], [-1]], Effort.of(60).started())
    assert abs(c * c - 3) < F(1, 10**9) and len(vectors) == 1


def test_two_eigenvalues_meet() -> None:
    """diag(16, 1): 16/c² and c² meet at c = 2, where both are 4; two vectors are needed."""
    (c,), vectors = flattest_factors_near([[F(16), F(0)], [F(0), F(1)]], [[1], [-1]], Effort.of(60).started())
    assert abs(c - 2) < F(1, 10**6) and len(vectors) == 2


def test_zero() -> None:
    assert flattest_factors_near([[F(0)] * 2] * 2, [[1], [-1]], Effort.of(60).started()) == ((1,), ())


def test_largest_eigenvalue_falls() -> None:
    source = np.random.default_rng(0)
    for _ in range(5):
        rows = source.integers(-3, 4, size=(4, 6))
        table = rows.T @ rows
        hessian = [[F(int(v)) for v in row] for row in table]
        exponents = [[1, 0], [1, 0], [0, 1], [-1, 0], [0, -1], [0, 0]]
        factors, _ = flattest_factors_near(hessian, exponents, Effort.of(60).started())
        s = np.exp(np.array(exponents) @ np.log([float(c) for c in factors]))
        assert np.linalg.eigvalsh(table / np.outer(s, s))[-1] <= np.linalg.eigvalsh(table)[-1] + 1e-9
