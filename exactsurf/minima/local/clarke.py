"""Is 0 in the Clarke subdifferential, the convex hull of the limits of gradients? Multipliers, or a separating direction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.arrangement.least_count import count_up_to
from exactsurf.effort import Effort
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.linear_algebra import Vector, dot
from exactsurf.minima.local.local_form import LocalForm

_IN_SIGHT = 8
"""Axes into which it is looked for limiting gradients."""


@dataclass(frozen=True)
class HullPoint:
    """0 = Σ weights[k] · gradients[k] with weights > 0 of sum 1."""

    weights: Vector
    gradients: tuple[Vector, ...]


@dataclass(frozen=True)
class KinkMultipliers:
    """0 = g + Σ_C μ_C u_C with |μ_C| ≤ |κ_C|: `multipliers` are (name of C, μ_C).

    It shows that 0 is in the hull if all kinks κ_C have one sign, for then every choice of |μ_C| ≤ |κ_C| is in it.
    """

    multipliers: tuple[tuple[int, Fraction], ...]


@dataclass(frozen=True)
class Separator:
    """A direction δ with γ·δ < 0 for every γ of the hull."""

    direction: Vector


@dataclass(frozen=True)
class TooManyCells:
    """The unit's local arrangement has at least this many cells, more than allowed."""

    count: int


def decide_hull(gradients: Sequence[Vector]) -> HullPoint | Separator:
    """Whether 0 is in the convex hull of `gradients` (at least one).

    Parameters: vectors of one length. Exactness: exact. Raises: `ShapeError`. Source: Farkas's lemma.

    >>> decide_hull([(Fraction(1),), (Fraction(-2),)])
    HullPoint(weights=(Fraction(2, 3), Fraction(1, 3)), gradients=((Fraction(1, 1),), (Fraction(-2, 1),)))
    >>> decide_hull([(Fraction(1),), (Fraction(2),)])
    Separator(direction=(Fraction(-1, 1),))
    """
    target = (*(Fraction(0),) * len(gradients[0]), Fraction(1))
    vectors = [(*gradient, Fraction(1)) for gradient in gradients]
    answer = solve_bounded_system(vectors, target, [Fraction(0)] * len(vectors), [None] * len(vectors))
    if isinstance(answer, FarkasVector):
        # δ·γ + δ_0 ≤ 0 for all γ, and δ_0 > 0.
        return Separator(answer.values[:-1])
    used = [k for k, weight in enumerate(answer.values) if weight]
    return HullPoint(tuple(answer.values[k] for k in used), tuple(gradients[k] for k in used))


def decide_unit_hull(form: LocalForm, *, effort: Effort) -> HullPoint | KinkMultipliers | Separator | TooManyCells:
    """Whether 0 is in the convex hull of the gradients of F(δ) = g·δ + Σ_C κ_C |u_C·δ| over its linear pieces.

    Parameters: `form`, the local form F; `effort`, whose `fan` bounds the pieces to list where kinks of both signs make that
    necessary.
    Exactness: exact. The choices |μ_C| ≤ |κ_C| contain the hull, and are the hull if all kinks have one sign (F or −F is
    then convex). Otherwise a few limiting gradients may have 0 in their hull; if not, all are listed.
    Raises: nothing. Source: Clarke 1983; theory.md, section 3.

    >>> import exactsurf as es
    >>> from exactsurf.minima.local.local_form import Hyperplane
    >>> wedge = (Hyperplane(3, (Fraction(1),), Fraction(-2)),)
    >>> decide_unit_hull(LocalForm((Fraction(1),), wedge), effort=es.Effort())
    KinkMultipliers(multipliers=((3, Fraction(-1, 1)),))
    """
    bounds = [abs(plane.kink) for plane in form.hyperplanes]
    normals = [plane.normal for plane in form.hyperplanes]
    # F(δ) with all kinks positive is the largest γ·δ of the choices; one direction often separates.
    steepest = tuple(-g for g in form.gradient)
    if LocalForm(form.gradient, tuple(replace(p, kink=abs(p.kink)) for p in form.hyperplanes)).falls([steepest])[0]:
        return Separator(steepest)
    answer = solve_bounded_system(normals, [-g for g in form.gradient], [-b for b in bounds], bounds, effort)
    if isinstance(answer, FarkasVector):
        return Separator(answer.values)
    if len({plane.kink > 0 for plane in form.hyperplanes}) < 2:
        return KinkMultipliers(tuple((p.name, value) for p, value in zip(form.hyperplanes, answer.values, strict=True)))
    seen = _gradients_in_sight(form, effort)
    near = decide_hull(seen) if seen else None
    if isinstance(near, HullPoint):
        return near
    count = count_up_to(normals, effort.fan, effort)
    if count > effort.fan:
        return TooManyCells(count)
    return decide_hull(sorted({form.gradient_at(cell.witness) for cell in Arrangement(normals).cells()}))


def _gradients_in_sight(form: LocalForm, effort: Effort) -> list[Vector]:
    """Limiting gradients that cost no search: those in cells that an axis, or the steepest way down or up, points into.

    Where a unit may be turned off by its bias alone, one of them is often 0.
    """
    size = len(form.gradient)
    found: set[Vector] = set()
    axes = (k for k in range(size) if all(plane.normal[k] for plane in form.hyperplanes))
    directions = [tuple(Fraction(int(k == j)) for k in range(size)) for j in islice(axes, _IN_SIGHT)]
    if all(dot(plane.normal, form.gradient) for plane in form.hyperplanes):
        directions.append(form.gradient)
    for direction in directions:
        for delta in (tuple(-value for value in direction), direction):
            effort.check("limiting gradients are looked at")
            gradient = form.gradient_at(delta)
            if not any(gradient):
                return [gradient]
            found.add(gradient)
    return sorted(found)
