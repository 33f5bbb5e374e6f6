"""Global minima of deep linear networks by comparing eigenvalues (Descartes' rule): an oracle for the test by definiteness."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import exactsurf as es
from exactsurf.exact.linear_algebra import Matrix, from_flint, kernel, rank, to_flint
from exactsurf.exact.spectrum import eigenvalue_polynomial
from exactsurf.theorems.constructions.linear_network import column_projector, product, product_gradient
from exactsurf.theorems.data_conditions import explained_covariance


def is_global_by_eigenvalues(problem: es.Problem, parameters: es.Parameters) -> bool:
    """Whether the product is optimal: ∇ℓ₀ = 0, or the projector onto its column space captures the largest eigenvalues of Σ."""
    if not any(map(any, product_gradient(problem, parameters))):
        return True
    whole, widths, data = product(parameters), problem.network.widths, problem.data
    if rank(whole) < min(widths) or min(widths) == min(widths[0], widths[-1]):
        return False
    sigma, columns, projector = (to_flint(m) for m in (explained_covariance(data), column_basis(whole), column_projector(whole)))
    x, y = to_flint(data.x), to_flint(data.y)
    best = (x.transpose() * x).solve(x.transpose() * y).transpose()
    if projector * best != to_flint(whole) or projector * sigma != sigma * projector:
        return False
    inside = (columns.transpose() * columns).solve(columns.transpose() * sigma * columns)
    others = to_flint(kernel(from_flint(columns.transpose()))).transpose()
    outside = (others.transpose() * others).solve(others.transpose() * sigma * others)
    return eigenvalues_dominate(from_flint(inside), from_flint(outside))


def column_basis(rows: Matrix) -> Matrix:
    """A basis of the column space, as columns."""
    reduced, found = to_flint(tuple(zip(*rows, strict=True))).rref()
    return tuple(zip(*from_flint(reduced)[: int(found)], strict=True))


def eigenvalues_dominate(upper: Sequence[Sequence[Fraction]], lower: Sequence[Sequence[Fraction]]) -> bool:
    """Whether every eigenvalue of one matrix is ≥ every eigenvalue of another; all of them must be real.

    Without isolating roots: the differences are the eigenvalues of A ⊗ I − I ⊗ Bᵀ, and for a polynomial with real roots only
    Descartes' rule counts the negative ones exactly.
    """
    m, n = len(upper), len(lower)
    if not m or not n:
        return True
    differences = [
        [upper[i][j] * (k == p) - lower[p][k] * (i == j) for j in range(m) for p in range(n)] for i in range(m) for k in range(n)
    ]
    coefficients = [c * (-1) ** k for k, c in enumerate(eigenvalue_polynomial(differences)) if c]
    return all((a > 0) == (b > 0) for a, b in pairwise(coefficients))
