"""First-order stationarity from the list of all tangent cones: for kinks above the first layer, and kinks of the loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.effort import Effort, OutOfTime
from exactsurf.errors import InternalError, UnsupportedError
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.linear_algebra import Vector, dot
from exactsurf.minima.local.clarke import HullPoint, Separator, decide_hull
from exactsurf.minima.local.limiting_gradients import LimitingCone, limiting_cones, selections
from exactsurf.minima.local.tangent_fan import TangentFan
from exactsurf.minima.not_proved import NotProved


@dataclass(frozen=True)
class FanSenses:
    """What the tangent cones say, as vectors in the coordinates of the fan.

    `crowded` is empty, or says that there are too many cones (then only `clarke` and `descent` may say something);
    `gradient`, if all cones agree, else `kinked`: inner points of two cones and a step short enough to stay in both, along
    which their derivatives change differently; `clarke`, or in words why it is open; `descent`, a direction, if there is one.
    """

    crowded: str
    gradient: Vector | None
    kinked: tuple[Vector, Vector, Vector] | None
    clarke: HullPoint | Separator | NotProved
    descent: Vector | None


def fan_senses(fan: TangentFan, *, effort: Effort) -> FanSenses:
    """List the tangent cones at a point of any depth and read off the senses of first-order stationarity.

    Parameters: `fan`, at the point; `effort`, whose `fan` bounds the cones.
    Exactness: exact. Raises: `OutOfTime`. Source: theory.md, section 6; Clarke 1983.
    """
    cones: list[LimitingCone] = []
    crowded = ""
    try:
        cones.extend(limiting_cones(fan, effort=effort))
    except (UnsupportedError, OutOfTime) as error:
        crowded = str(error)
    descent = next((found for cone in cones if (found := descent_in(cone)) is not None), None)
    clarke = _clarke(fan, cones, crowded, effort)
    if isinstance(clarke, Separator) and descent is None:
        descent = clarke.direction
    if crowded:
        return FanSenses(crowded, None, None, clarke, descent)
    first = cones[0]
    other = next((cone for cone in cones if cone.gradient != first.gradient), None)
    if other is None:
        return FanSenses("", first.gradient, None, clarke, descent)
    return FanSenses("", None, bend(first, other), clarke, descent)


def descent_in(cone: LimitingCone) -> Vector | None:
    """A d in the cone with gradient·d < 0, or None if the gradient is a combination of the walls with weights ≥ 0.

    Exactness: exact. Raises: nothing. Source: Farkas's lemma.
    """
    answer = solve_bounded_system(cone.walls, cone.gradient, [Fraction(0)] * len(cone.walls), [None] * len(cone.walls))
    return tuple(-value for value in answer.values) if isinstance(answer, FarkasVector) else None


def _clarke(fan: TangentFan, cones: Sequence[LimitingCone], crowded: str, effort: Effort) -> HullPoint | Separator | NotProved:
    limits = sorted({cone.gradient for cone in cones if cone.is_limit})
    inner = decide_hull(limits) if limits else None
    if isinstance(inner, HullPoint):
        return inner
    if inner is not None and not crowded and all(cone.is_limit and cone.is_transversal for cone in cones):
        return inner
    try:
        outer = decide_hull(sorted(set(selections(fan, effort=effort))))
    except (UnsupportedError, OutOfTime) as error:
        return NotProved(crowded or str(error))
    if isinstance(outer, Separator):
        return outer
    return NotProved(crowded or "walls that may be curved touch each other, and not all cells at the point were found")


def bend(first: LimitingCone, other: LimitingCone) -> tuple[Vector, Vector, Vector]:
    """Inner points of two cones, and a step from each along which the derivatives change differently.

    Exactness: exact. Raises: nothing for cones with two gradients. Source: standard.
    """
    step = tuple(a - b for a, b in zip(first.gradient, other.gradient, strict=True))
    slopes = [abs(dot(wall, step)) for cone in (first, other) for wall in cone.walls]
    scale = 1 / (2 * max(slopes, default=Fraction(0)) + 1)
    return inner_point(first), inner_point(other), tuple(scale * value for value in step)


def inner_point(cone: LimitingCone) -> Vector:
    """A d with wall·d ≥ 1 for all walls of the cone.

    Exactness: exact. Raises: `InternalError` if there is none. Source: a linear system with bounds.
    """
    count = len(cone.walls)
    if not count:
        return (Fraction(0),) * len(cone.gradient)
    columns = list(zip(*cone.walls, strict=True))
    slack = [tuple(Fraction(-int(p == q)) for q in range(count)) for p in range(count)]
    lower = [*[None] * len(columns), *[Fraction(0)] * count]
    answer = solve_bounded_system([*columns, *slack], (Fraction(1),) * count, lower, [None] * len(lower))
    if isinstance(answer, FarkasVector):
        raise InternalError("a tangent cone has no inner point")
    return answer.values[: len(columns)]
