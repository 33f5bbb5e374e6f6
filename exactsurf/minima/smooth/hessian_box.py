"""Tests on the Hessian over a box: one critical point (Krawczyk), positive definite, negative in a direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.balls import Ball, from_arb, matrix_to_arb, rounded_matrix, to_arb
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.minima.smooth.smooth_derivatives import Derivatives

if TYPE_CHECKING:
    from flint import arb, arb_mat

_EXTRA_BITS = 10
_DIRECTION_BITS = (10, 20, 40)


@dataclass(frozen=True)
class BoxFinding:
    """What the tests found on a box.

    Attributes: `risk` on the box; `inverse`, the matrix with which Krawczyk's operator maps the box into its interior;
    `is_positive_definite` Hessian on the whole box; `direction` of length `free` in which it is negative on the whole box.
    Exactness: proved in ball arithmetic. Source: proofs/smooth.md.
    """

    risk: Ball
    inverse: Matrix
    is_positive_definite: bool
    direction: Vector | None


def check_box(
    derivatives: Derivatives, centre: Vector, radius: Fraction, free: Sequence[int], effort: Effort = UNBOUNDED
) -> BoxFinding | None:
    """Test the box at the working precision; None unless Krawczyk's operator proves exactly one critical point.

    Parameters: `derivatives`; `centre`, a vector of their coordinates; `radius` in the coordinates `free`, the others are held.
    Exactness: what is returned is proved. Raises: `OutOfTime`. Source: Krawczyk 1969; proofs/smooth.md.
    """
    sides = {p: Ball(centre[p], radius) for p in free}
    around = derivatives([to_arb(sides.get(p, value)) for p, value in enumerate(centre)], effort)
    at_centre = derivatives([to_arb(value) for value in centre], effort)
    risk = from_arb(around[0]) if around is not None else None
    if around is None or at_centre is None or risk is None:
        return None
    hessian, middle = (_free_part(found[2], free) for found in (around, at_centre))
    inverse = approximate_inverse(middle)
    if inverse is None or not contracts(inverse, [at_centre[1][p] for p in free], hessian, radius):
        return None
    definite = is_positive_definite(hessian, effort)
    return BoxFinding(risk, inverse, definite, None if definite else negative_direction(middle, hessian))


def _free_part(matrix: arb_mat, free: Sequence[int]) -> arb_mat:
    from flint import arb_mat

    return arb_mat([[matrix[p, q] for q in free] for p in free])


def approximate_inverse(matrix: arb_mat) -> Matrix | None:
    """A rational matrix near the inverse, None if the matrix may be singular.

    Exactness: none is needed; whoever uses the matrix proves what it does. Raises: nothing. Source: standard.
    """
    try:
        found = matrix.mid().inv()
    except ZeroDivisionError:
        return None
    largest = max((abs(ball.midpoint) for ball in map(from_arb, matrix.entries()) if ball is not None), default=Fraction(1))
    bits = (largest.__ceil__() * matrix.nrows()).bit_length() + _EXTRA_BITS
    return rounded_matrix(found, bits) if all(entry.is_finite() for entry in found.entries()) else None


def contracts(inverse: Matrix, gradient: Sequence[arb], hessian: arb_mat, radius: Fraction) -> bool:
    """Whether |Y g(m)| + |I − Y H(X)| r < r in every coordinate.

    Parameters: `inverse`, Y; `gradient` at the centre m of a box X of this `radius`, and `hessian` over it, as balls.
    Exactness: True is proved: g has exactly one zero in X; False is no statement. Raises: nothing.
    Source: Krawczyk 1969; proofs/smooth.md.
    """
    from flint import arb_mat

    y, size, side = matrix_to_arb(inverse), len(gradient), to_arb(radius)
    shift = y * arb_mat([[value] for value in gradient])
    spread = y * hessian
    for i in range(size):
        total = sum((abs(spread[i, j] - (1 if i == j else 0)).upper() for j in range(size)), to_arb(Fraction(0)))
        if not abs(shift[i, 0]).upper() + total * side < side:
            return False
    return True


def is_positive_definite(matrix: arb_mat, effort: Effort = UNBOUNDED) -> bool:
    """Whether all pivots of symmetric elimination are positive, hence every symmetric matrix in the balls is definite.

    Exactness: True is proved; False is no statement. Raises: `OutOfTime`. Source: Sylvester.
    """
    size = matrix.nrows()
    rows = [[matrix[i, j] for j in range(size)] for i in range(size)]
    for k in range(size):
        effort.check("the pivots of a Hessian")
        if not rows[k][k] > 0:
            return False
        for i in range(k + 1, size):
            factor = rows[i][k] / rows[k][k]
            for j in range(k + 1, i + 1):
                rows[i][j] = rows[i][j] - factor * rows[j][k]
    return True


def negative_direction(middle: arb_mat, hessian: arb_mat) -> Vector | None:
    """A short rational d with dᵀHd < 0 for every matrix in the balls, None if none is found.

    Parameters: `middle`, a matrix whose direction is proposed; `hessian`, the balls. Exactness: what is returned is proved.
    Raises: nothing. Source: Sylvester.
    """
    exact_middle = rounded_matrix(middle, 40)
    proposed = ldlt([[exact_middle[max(i, j)][min(i, j)] for j in range(len(exact_middle))] for i in range(len(exact_middle))])
    vector = proposed.negative_direction
    if vector is None:
        return None
    largest = max(map(abs, vector))
    for bits in _DIRECTION_BITS:
        direction = tuple(Fraction(round(value / largest * (1 << bits)), 1 << bits) for value in vector)
        d = matrix_to_arb([direction])
        if (d * hessian * d.transpose())[0, 0] < 0:
            return direction
    return None


def exponents(bits: int, first: int = 1) -> Iterator[int]:
    """The e of the radii 2^−e that are tried at a working precision, the largest radius first."""
    exponent = first
    while exponent < bits // 2 - 8:
        yield exponent
        exponent += 1 + exponent // 4


def short_ends(risk: Ball, bits: int) -> tuple[Fraction, Fraction]:
    """Numbers of few bits around a ball, with room for an enclosure that is a little wider.

    Parameters: `risk`; `bits`, the working precision. Exactness: the ball lies strictly between them. Raises: nothing.
    Source: none.

    >>> short_ends(Ball(Fraction(1, 3), Fraction(1, 100)), 16)
    (Fraction(199, 628), Fraction(55, 157))
    """
    margin = risk.radius / 4 + Fraction(1, 1 << (bits // 2))
    scale = 4 * (1 / margin).__ceil__()
    return (
        Fraction(((risk.lower - margin) * scale).__floor__(), scale),
        Fraction(((risk.upper + margin) * scale).__ceil__(), scale),
    )
