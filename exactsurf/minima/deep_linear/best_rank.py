"""Best linear fits of bounded rank in the squared loss, recognised without computing an eigenvalue."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING

from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import Matrix, from_flint, kernel, solve_normal_equations, to_flint
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    from flint import fmpq_mat


def is_best_of_its_rank(problem: Problem, factors: Sequence[Matrix], has_column: bool) -> bool:
    """Whether the product of a deep linear network at a critical point is a best fit among all matrices of the largest rank.

    With Σ = S_yx S_xx⁺ S_xy (centred if the constant part is free) and B, K bases of the product's column space and of its
    orthogonal complement, that is so if the rank is the largest that the widths allow and every eigenvalue of Σ on span B
    is at least every one on span K: (BᵀΣB) ⊗ (KᵀK) − (BᵀB) ⊗ (KᵀΣK) is positive semidefinite.

    Parameters: a problem with squared loss; `factors` W_1, …, W_L at a critical point, where `has_column` says that the
    first has a column for a bias. Exactness: exact; that the product is the projection of the full fit, and that the
    projection commutes with Σ, is checked. Raises: nothing for fitting shapes.
    Source: Eckart and Young 1936; Kawaguchi 2016, lemma 4.6; Achour, Malgouyres and Gerchinovitz 2024.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])
    >>> problem = es.Problem(es.Network([2, 1, 2], es.linear, biases=False), data)
    >>> is_best_of_its_rank(problem, [((Fraction(2), Fraction(0)),), ((Fraction(1),), (Fraction(0),))], False)
    True
    >>> is_best_of_its_rank(problem, [((Fraction(0), Fraction(1)),), ((Fraction(0),), (Fraction(1),))], False)
    False
    """
    slope = problem.network.activation.slopes[0] ** (problem.network.layers - 1)
    xs = [(*row, *((Fraction(1),) if has_column else ())) for row in problem.data.x]
    ys = list(problem.data.y)
    if problem.network.biases[-1]:
        xs, ys = _centred(xs), _centred(ys)
    inputs, targets = to_flint(xs), to_flint(ys)
    square, mixed = inputs.transpose() * inputs, inputs.transpose() * targets
    product = reduce(lambda done, factor: to_flint(factor) * done, factors[1:], to_flint(factors[0]))
    scaled = to_flint([[slope * value for value in row] for row in from_flint(product)])
    spread = scaled * square
    fitted = mixed.transpose() * solve_normal_equations(square, mixed)
    columns = from_flint(spread.transpose())
    reduced, found = to_flint(columns).rref()
    widths = (len(xs[0]), *(len(factor) for factor in factors))
    if int(found) < min(widths):
        return False
    basis = to_flint(from_flint(reduced)[: int(found)])
    rest = kernel(columns)
    if not rest:
        return True
    projection = basis.transpose() * (basis * basis.transpose()).inv() * basis
    if projection * mixed.transpose() != spread or projection * fitted != fitted * projection:
        return False
    other = to_flint(rest)
    gap = _kronecker(basis * fitted * basis.transpose(), other * other.transpose())
    reach = _kronecker(basis * basis.transpose(), other * fitted * other.transpose())
    return ldlt(from_flint(gap - reach)).is_positive_semidefinite


def _centred(rows: Sequence[Sequence[Fraction]]) -> list[tuple[Fraction, ...]]:
    means = [sum(column, Fraction(0)) / len(rows) for column in zip(*rows, strict=True)]
    return [tuple(value - mean for value, mean in zip(row, means, strict=True)) for row in rows]


def _kronecker(left: fmpq_mat, right: fmpq_mat) -> fmpq_mat:
    a, b = from_flint(left), from_flint(right)
    return to_flint([[p * q for p in row for q in other] for row in a for other in b])
