"""Points of lower risk than a point of a smooth risk, seen by balls."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.rules.smooth.descent import SmoothDescent
from exactsurf.effort import Effort
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint
from exactsurf.model.parameter_vector import parameters_of

HALVINGS = 200
"""How often a step is halved before a descent is given up."""


def lower_point_along(point: EnclosedPoint, direction: Vector, order: int, effort: Effort) -> SmoothDescent | None:
    """Evidence from a direction that is known to descend to this order: with the first lower point along it, or None.

    Exactness: proved by balls. Raises: `OutOfTime`. Source: proofs/FORMAT.md, section 13.
    """
    step = parameters_of(point.problem.network, direction)
    for halvings in range(HALVINGS):
        effort.check("steps along a direction of descent")
        for sign in (1, -1)[:order]:
            lower = lower_point(point.moved(step, Fraction(sign, 1 << halvings)), point.risk.lower)
            if lower is not None:
                return SmoothDescent(order, step, lower)
    return None


def lower_point(point: EnclosedPoint, bound: Fraction) -> LowerPoint | None:
    """The point with an upper bound of its risk halfway to `bound`, if its risk is lower than that; else None.

    Exactness: proved by balls. Raises: `UnsupportedError` for values beyond all bounds.
    Source: proofs/FORMAT.md, section 10.
    """
    if point.risk.upper >= bound:
        return None
    stated = (point.risk.upper + bound) / 2
    scale = 4 * (1 / (bound - stated)).__ceil__()
    return LowerPoint(point.parameters, Fraction((stated * scale).__floor__(), scale))
