"""The least trace and the least largest eigenvalue of a Hessian among rescalings, as algebraic numbers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import factorial, isqrt

from exactsurf.effort import Effort
from exactsurf.exact.linear_algebra import Matrix, to_flint, to_fraction
from exactsurf.exact.real_roots import RealRoot, real_roots

_MOST_ROOTS, _MOST_PARAMETERS = 5, 8


def sum_of_square_roots(constant: Fraction, squares: Sequence[Fraction], effort: Effort) -> RealRoot | None:
    """C + Σ √q as an algebraic number; None for more than 5 numbers q.

    Parameters: `constant` C; `squares`, numbers q ≥ 0; `effort`, its clock running. Exactness: exact: the largest root of the
    product of x − C ∓ √q ∓ …. Raises: `OutOfTime`. Source: standard.

    >>> sum_of_square_roots(Fraction(1), [Fraction(2), Fraction(9, 4)], Effort.of(None).started())
    RealRoot(3 < x < 6, coefficients (17, -20, 4))
    """
    from flint import fmpq, fmpq_poly

    irrational = []
    for q in squares:
        root = Fraction(isqrt(q.numerator), isqrt(q.denominator))
        if root * root == q:
            constant += root
        else:
            irrational.append(q)
    if len(irrational) > _MOST_ROOTS:
        return None
    found = fmpq_poly([fmpq(-constant.numerator, constant.denominator), 1])
    for q in irrational:
        effort.check("the polynomial of the least trace")
        square, parts = fmpq(q.numerator, q.denominator), [fmpq_poly([0]), fmpq_poly([0])]
        derivative = found
        for k in range(int(found.degree()) + 1):
            parts[k % 2] += derivative * (square ** (k // 2)) / factorial(k)
            derivative = derivative.derivative()
        found = parts[0] * parts[0] - square * parts[1] * parts[1]
    return real_roots([to_fraction(found[k]) for k in range(int(found.degree()) + 1)], effort)[-1]


def least_eigenvalue_root(
    hessian: Matrix, exponents: Sequence[Sequence[int]], bounds: tuple[Fraction, Fraction], effort: Effort
) -> RealRoot | None:
    """The least largest eigenvalue over the factors of one unit as an algebraic number; None where it is not known.

    Parameters: `hessian`, positive semidefinite; `exponents`, for every parameter a row of 1, −1 or 0 for the units; `bounds` on
    the number; `effort`, its clock running. Exactness: exact: the one root of a discriminant between the bounds.
    Raises: `OutOfTime`. Source: proofs/claims/flattest_rescaling.md.
    """
    from flint import Ordering, fmpq, fmpq_mpoly_ctx, fmpq_poly

    size = len(hessian)
    if len(exponents[0]) != 1 or size > _MOST_PARAMETERS or not any(map(any, hessian)):
        return None
    comes, goes = (any(hessian[p][p] for p, row in enumerate(exponents) if row[0] == side) for side in (1, -1))
    if comes and not goes:
        # The infimum is approached for large factors, where the discriminant need not vanish.
        return None
    context = fmpq_mpoly_ctx.get(["x", "t"], Ordering.lex)
    x, t = context.gens()
    nodes = [fmpq(k) for k in range(1, size + 2)]
    whole = context.constant(0)
    for node in nodes:
        effort.check("the determinant of the least largest eigenvalue")
        value = Fraction(int(node.p))
        scaled = [[entry / value ** row[0] for entry in line] for line, row in zip(hessian, exponents, strict=True)]
        polynomial = to_flint(scaled, size).charpoly() * fmpq(int(node.p)) ** sum(row[0] > 0 for row in exponents)
        basis = fmpq_poly([1])
        for other in nodes:
            if other != node:
                basis *= fmpq_poly([-other, 1]) / (node - other)
        inside = sum((basis[k] * x**k for k in range(size + 1)), context.constant(0))
        whole += inside * sum((polynomial[k] * t**k for k in range(size + 1)), context.constant(0))
    _, factors = whole.factor_squarefree()
    squarefree = context.constant(1)
    for factor, _ in factors:
        squarefree *= factor
    effort.check("the discriminant of the least largest eigenvalue")
    if squarefree.degrees()[0] < 1:
        return None
    found = squarefree.discriminant("x")
    terms = {exponent[1]: to_fraction(value) for exponent, value in found.to_dict().items()}
    if not terms:
        return None
    coefficients = [terms.get(k, Fraction(0)) for k in range(max(terms) + 1)]
    low, high = bounds
    between = []
    for root in real_roots(coefficients, effort):
        near = root if root.value is not None else root.narrowed((high - low) / 8 or Fraction(1, 1 << 64))
        if near.high >= low and near.low <= high:
            between.append(near)
    return between[0] if len(between) == 1 else None
