"""Best linear fits of bounded rank in the squared loss, recognised without computing an eigenvalue."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING

from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import (
    Matrix,
    dot,
    from_flint,
    kernel,
    rank,
    row_echelon,
    solve_normal_equations,
    to_flint,
)
from exactsurf.minima.local.matrix_slice import MatrixSlice
from exactsurf.model.point import Point
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
    product = reduce(lambda done, factor: to_flint(factor) * done, factors[1:], to_flint(factors[0]))
    scaled = to_flint([[slope * value for value in row] for row in from_flint(product)])
    largest = min(len(xs[0]), *(len(factor) for factor in factors))
    return _is_best(inputs.transpose() * inputs, inputs.transpose() * targets, scaled, largest)


def is_best_on_slice(point: Point, piece: MatrixSlice) -> bool:
    """Whether the matrix of a slice is a best fit among all those of the largest rank that nearby parameters allow.

    Parameters: a `point` of a problem with squared loss, and its slice. Exactness: exact. Raises: nothing.
    Source: proofs/rules/low_rank.md.
    """
    weights = [point.problem.shares[i] for i in piece.kept]
    xs, ys = list(piece.inputs), [point.problem.data.targets.row(i) for i in piece.kept]
    if point.problem.network.biases[-1]:
        if any(low.sum() for low, _ in point.subdifferentials):
            return False
        xs, ys = _centred(xs, weights), _centred(ys, weights)
    weighted = to_flint([[w * value for value in row] for w, row in zip(weights, xs, strict=True)]).transpose()
    square = weighted * to_flint(xs)
    size = square.nrows()
    largest = min(
        most + (rank([row[start:] for row in from_flint(square)[start:]]) if start < size else 0) for most, start in piece.cuts
    )
    return _is_best(square, weighted * to_flint(ys), to_flint(piece.product), largest)


def _is_best(square: fmpq_mat, mixed: fmpq_mat, product: fmpq_mat, largest: int) -> bool:
    """Whether a matrix is the best fit of the largest rank, with Σ x xᵀ and Σ x yᵀ."""
    spread = product * square
    fitted = mixed.transpose() * solve_normal_equations(square, mixed)
    columns = from_flint(spread.transpose())
    independent = row_echelon(columns)
    if len(independent) < largest:
        return False
    basis = to_flint(independent, spread.nrows())
    rest = kernel(columns)
    projection = basis.transpose() * (basis * basis.transpose()).inv() * basis
    if projection * mixed.transpose() != spread or projection * fitted != fitted * projection:
        return False
    if not rest:
        return True
    other = to_flint(rest)
    gap = _kronecker(basis * fitted * basis.transpose(), other * other.transpose())
    reach = _kronecker(basis * basis.transpose(), other * fitted * other.transpose())
    return ldlt(from_flint(gap - reach)).is_positive_semidefinite


def _centred(rows: Sequence[Sequence[Fraction]], weights: Sequence[Fraction] | None = None) -> list[tuple[Fraction, ...]]:
    shares = weights or [Fraction(1)] * len(rows)
    means = [dot(shares, column) / sum(shares) for column in zip(*rows, strict=True)]
    return [tuple(value - mean for value, mean in zip(row, means, strict=True)) for row in rows]


def _kronecker(left: fmpq_mat, right: fmpq_mat) -> fmpq_mat:
    a, b = from_flint(left), from_flint(right)
    return to_flint([[p * q for p in row for q in other] for row in a for other in b])
