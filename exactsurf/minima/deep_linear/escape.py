"""Ways down from a saddle of a deep linear network, also where the Hessian sees none: polynomial curves of lower risk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce

from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.linear_algebra import Matrix, Vector, from_flint, kernel, to_flint, transposed
from exactsurf.minima.local.risk_series import descend_along
from exactsurf.model.parameter_vector import parameters_of, vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem


def find_escape(
    point: Point,
    factors: Sequence[Matrix],
    gradient: Matrix,
    rebuilt: Callable[[Sequence[Matrix]], Parameters],
    effort: Effort = UNBOUNDED,
) -> DescentCurve | None:
    """A curve from a critical point along which the risk falls, or None if this construction finds none.

    Above a factor W_k every W_j gains t·u_j u_{j−1}ᵀ with u_jᵀ W_j…W_1 = 0 (the last one t·w u_{L−1}ᵀ with a column w of the
    gradient in the product), so that the product stays, while the gradient of W_k becomes t^q D + …; then W_k loses
    t^(q+1) D, and the risk t^(2q+1) |D|² + …. The same is tried from above, with everything transposed.

    Parameters: `factors` W_1, …, W_L of the product; `gradient`, the derivative of the risk in W_L…W_1; `rebuilt`, the
    parameters with given factors, of the same constant part.
    Exactness: the curve is checked and its lower point substituted. It is found whenever the gradient is not 0 and no layer
    is narrower than both ends. Raises: `OutOfTime`.
    Source: Laurent and von Brecht 2018 (the perturbation); Yun, Sra and Jadbabaie 2019, theorem 4.
    """
    for turned in (False, True):
        chain = [transposed(f) for f in reversed(factors)] if turned else list(factors)
        slope = transposed(gradient) if turned else gradient
        for k in range(len(chain) - 1):
            effort.check()
            gains = _gains(chain, slope, k)
            if gains is None:
                continue
            found = _curve(point.problem, chain, slope, k, gains, rebuilt, turned)
            if found is None:
                continue
            curve, order = found
            evidence = descend_along(point, curve, order)
            if evidence is not None:
                return evidence
    return None


def _gains(chain: Sequence[Matrix], slope: Matrix, k: int) -> list[Matrix] | None:
    """u_j u_{j−1}ᵀ for every factor above k, if there are such u_j."""
    column = next((column for column in zip(*slope, strict=True) if any(column)), None)
    lefts: list[Vector] = []
    for j in range(k, len(chain) - 1):
        basis = kernel(transposed(product_of(chain[: j + 1])))
        if not basis:
            return None
        lefts.append(basis[0])
    if column is None:
        return None
    return [tuple(tuple(t * u for u in left) for t in target) for left, target in zip(lefts, [*lefts[1:], column], strict=True)]


def _curve(
    problem: Problem,
    chain: Sequence[Matrix],
    slope: Matrix,
    k: int,
    gains: Sequence[Matrix],
    rebuilt: Callable[[Sequence[Matrix]], Parameters],
    turned: bool,
) -> tuple[list[Parameters], int] | None:
    def moved(t: int) -> list[Matrix]:
        return [*chain[: k + 1], *(_added(f, g, Fraction(t)) for f, g in zip(chain[k + 1 :], gains, strict=True))]

    def gradient_at(t: int) -> Vector:
        value = to_flint(product_of(moved(t)[k + 1 :])).transpose() * to_flint(slope)
        if k:
            value = value * to_flint(product_of(chain[:k])).transpose()
        return tuple(entry for row in from_flint(value) for entry in row)

    parts = _coefficients([gradient_at(t) for t in range(len(gains) + 1)])
    order = next((q for q, part in enumerate(parts) if any(part)), None)
    if order is None:
        return None
    width = len(chain[k][0])
    step = tuple(tuple(parts[order][start : start + width]) for start in range(0, len(parts[order]), width))

    def point(t: int) -> Vector:
        trial = moved(t)
        trial[k] = _added(trial[k], step, -(Fraction(t) ** (order + 1)))
        return vector_of(rebuilt([transposed(f) for f in reversed(trial)] if turned else trial))

    path = _coefficients([point(t) for t in range(len(gains) + order + 2)])
    return [parameters_of(problem.network, part) for part in path[1:]], 2 * order + 1


def _coefficients(values: Sequence[Vector]) -> list[Vector]:
    """The coefficients of the polynomials with these values at 0, 1, 2, …"""
    powers = to_flint([[Fraction(t) ** power for power in range(len(values))] for t in range(len(values))])
    return list(from_flint(powers.inv() * to_flint(values)))


def product_of(factors: Sequence[Matrix]) -> Matrix:
    """The product of at least one factor, the last one leftmost. Exactness: exact. Raises: nothing. Source: standard."""
    return from_flint(reduce(lambda product, factor: to_flint(factor) * product, factors[1:], to_flint(factors[0])))


def _added(matrix: Matrix, other: Matrix, factor: Fraction) -> Matrix:
    return tuple(tuple(a + factor * b for a, b in zip(p, q, strict=True)) for p, q in zip(matrix, other, strict=True))
