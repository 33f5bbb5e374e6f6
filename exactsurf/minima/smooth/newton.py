"""Newton's method for a critical point of a smooth risk: it proposes a point, and proves nothing."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.effort import Effort
from exactsurf.exact.balls import from_arb, rounded, to_arb
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.hessian_box import is_positive_definite
from exactsurf.minima.smooth.smooth_derivatives import Derivatives

if TYPE_CHECKING:
    from flint import arb, arb_mat

_NEWTON_STEPS = 50
_HALVINGS = 8
_FAR = 1 << 20
_DESCENT_STEPS = 200
_SMALL = Fraction(1, 1 << 16)
DIVERGED = NotProved("Newton's method does not converge from the candidate; start nearer to a critical point")
_STUCK = "Newton's method makes no progress: the candidate is far from a critical point, or the Hessian is singular there"
_SINGULAR = "the Hessian may be singular: a critical point that is not isolated lies in no such box"


def newton_limit(derivatives: Derivatives, start: Vector, free: Sequence[int], bits: int, effort: Effort) -> Vector | NotProved:
    """The limit of damped Newton's method for a critical point, or why there is none.

    Parameters: `derivatives`; `start`, a vector of their coordinates; `free`, the coordinates that vary; `bits`, the working
    precision, to half of which the limit is found. Returns: the limit, or the reason (`DIVERGED` if more bits do
    not help). Exactness: none is claimed; whoever uses the limit proves what it is. Raises: `OutOfTime`. Source: standard.
    """
    point = tuple(start)
    found = _slope(derivatives, point, free, effort)
    for _ in range(_NEWTON_STEPS):
        if found is None:
            return NotProved("a pre-activation is at a corner on the way, where the activation has no second derivative")
        gradient, hessian, size = found
        step = _step(hessian, gradient, bits)
        if step is None:
            return NotProved(_SINGULAR)
        largest = max(map(abs, step))
        if largest < Fraction(1, 1 << (bits // 2)):
            return _moved(point, free, step, Fraction(1), bits)
        if largest > _FAR:
            return DIVERGED
        for halvings in range(_HALVINGS):
            attempt = _moved(point, free, step, Fraction(1, 1 << halvings), bits)
            found = _slope(derivatives, attempt, free, effort)
            if found is not None and found[2] < size:
                break
        else:
            return NotProved(_STUCK)
        point = attempt
    return DIVERGED


def descended(derivatives: Derivatives, start: Vector, free: Sequence[int], bits: int, effort: Effort) -> Vector:
    """A point nearer to a local minimum: Newton's steps, shortened by a multiple of the identity until the risk falls.

    Parameters: as for `newton_limit`. Returns: the last point. Exactness: none is claimed. Raises: `OutOfTime`.
    Source: Levenberg 1944, Marquardt 1963.
    """
    from flint import arb_mat

    point, shift = tuple(start), to_arb(Fraction(1))
    found = derivatives([to_arb(value) for value in point], effort)
    for _ in range(_DESCENT_STEPS):
        if found is None:
            return point
        risk, gradient, hessian = found
        matrix = arb_mat([[hessian[p, q].mid() + (shift if p == q else 0) for q in free] for p in free])
        step = _step(matrix, [gradient[p].mid() for p in free], bits) if is_positive_definite(matrix, effort) else None
        if step is not None:
            attempt = _moved(point, free, step, Fraction(1), bits)
            lower = derivatives([to_arb(value) for value in attempt], effort)
            if lower is not None and lower[0].mid() < risk.mid():
                point, found, shift = attempt, lower, (shift / 4).mid()
                if max(map(abs, step)) < _SMALL:
                    return point
                continue
        shift = (shift * 4).mid()
        if shift > _FAR**2:
            return point
    return point


def _step(matrix: arb_mat, gradient: Sequence[arb], bits: int) -> list[Fraction] | None:
    """An approximate solution of matrix · step = gradient, None if the matrix may be singular."""
    from flint import arb_mat

    try:
        solved = matrix.mid().solve(arb_mat([[value] for value in gradient]))
    except ZeroDivisionError:
        return None
    return [rounded(entry, bits) for entry in solved.entries()] if all(e.is_finite() for e in solved.entries()) else None


def _slope(
    derivatives: Derivatives, point: Vector, free: Sequence[int], effort: Effort
) -> tuple[list[arb], arb_mat, Fraction] | None:
    """Midpoints of gradient and Hessian in the coordinates `free`, and the squared length of the gradient."""
    from flint import arb_mat

    found = derivatives([to_arb(value) for value in point], effort)
    if found is None:
        return None
    gradient = [found[1][p].mid() for p in free]
    size = from_arb(sum((value * value for value in gradient), to_arb(Fraction(0))))
    return None if size is None else (gradient, arb_mat([[found[2][p, q].mid() for q in free] for p in free]), size.midpoint)


def _moved(point: Vector, free: Sequence[int], step: Sequence[Fraction], share: Fraction, bits: int) -> Vector:
    changes = dict(zip(free, step, strict=True))
    return tuple(rounded(to_arb(v - share * changes[p]), bits) if p in changes else v for p, v in enumerate(point))
