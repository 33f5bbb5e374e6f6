"""Is 0 in the convex hull of gradients that depend on numbers of which only a simplex is known that holds them?

Gradients are affine functions of these numbers, and are given by their values at the vertices of the simplex.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.arrangement.least_count import count_up_to
from exactsurf.effort import Effort
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.linear_algebra import Matrix, Vector, dot, pivot_columns
from exactsurf.minima.local.clarke import HullPoint, KinkMultipliers, Separator, TooManyCells, decide_hull, decide_unit_hull
from exactsurf.minima.local.local_form import Hyperplane, LocalForm
from exactsurf.minima.not_proved import NotProved

_ZERO = Fraction(0)
_OPEN = NotProved("0 is not seen to be inside or outside of the hull of the limiting gradients")


def decide_common_hull(families: Sequence[Matrix]) -> HullPoint | Separator | NotProved:
    """Whether 0 is in the convex hull of gradients γ_k, whatever point of the simplex the numbers are.

    Parameters: `families`[k][m] is γ_k at vertex m. Returns: a `HullPoint` with the gradients at vertex 0, a `Separator`, or
    `NotProved`. Exactness: exact. One set of weights for all vertices proves it; so do hull points around 0, at vertex 0, that
    are farther from 0 than any gradient moves over the simplex.
    Raises: nothing. Source: Farkas's lemma; Clarke 1983; proofs/claims/analytic_point.md.

    >>> one = Fraction(1)
    >>> decide_common_hull([((one,), (2 * one,)), ((-one,), (-2 * one,))]).weights
    (Fraction(1, 2), Fraction(1, 2))
    >>> decide_common_hull([((one,), (2 * one,))])
    Separator(direction=(Fraction(-1, 1),))
    """
    size, vertices = len(families[0][0]), len(families[0])
    columns = [(*(value for gradient in family for value in gradient), Fraction(1)) for family in families]
    target = (*(_ZERO,) * (size * vertices), Fraction(1))
    answer = solve_bounded_system(columns, target, [_ZERO] * len(columns), [None] * len(columns))
    first = [family[0] for family in families]
    if not isinstance(answer, FarkasVector):
        used = [k for k, weight in enumerate(answer.values) if weight]
        return HullPoint(tuple(answer.values[k] for k in used), tuple(first[k] for k in used))
    alone = decide_hull(first)
    if isinstance(alone, Separator):
        return alone if all(dot(alone.direction, g) < 0 for family in families for g in family) else _OPEN
    return alone if _is_surrounded(families) else _OPEN


def _is_surrounded(families: Sequence[Matrix]) -> bool:
    """Whether the hull at vertex 0 holds a cross-polytope around 0, in the span of all gradients, that outlasts the simplex."""
    kept = pivot_columns([gradient for family in families for gradient in family])
    short = [[tuple(gradient[p] for p in kept) for gradient in family] for family in families]
    first = [family[0] for family in short]
    reach: Fraction | None = None
    for p in range(len(kept)):
        for sign in (1, -1):
            axis = tuple(Fraction(sign * (p == q)) for q in range(len(kept)))
            answer = solve_bounded_system(first, axis, [_ZERO] * len(first), [None] * len(first))
            if isinstance(answer, FarkasVector):
                return False
            length = 1 / sum(answer.values, _ZERO)
            reach = length if reach is None else min(reach, length)
    moved = (
        sum((abs(a - b) for a, b in zip(gradient, family[0], strict=True)), _ZERO) for family in short for gradient in family[1:]
    )
    return reach is None or max(moved, default=_ZERO) < reach


def decide_common_unit_hull(
    forms: Sequence[LocalForm], *, effort: Effort
) -> HullPoint | KinkMultipliers | Separator | TooManyCells | NotProved:
    """`decide_unit_hull` for a form whose numbers are known by a simplex only.

    Parameters: `forms`, the form at each vertex; `effort`, whose `fan` bounds the pieces to list.
    Exactness: exact: where all kinks have one sign, multipliers at the vertices have a mean that serves at any point.
    Raises: `OutOfTime`. Source: Clarke 1983; proofs/claims/analytic_point.md.
    """
    answers = [decide_unit_hull(form, effort=effort) for form in forms]
    first = answers[0]
    signs = {plane.kink > 0 for form in forms for plane in form.hyperplanes}
    if len(signs) < 2 and all(isinstance(answer, KinkMultipliers) for answer in answers):
        return first
    if isinstance(first, Separator) and all(_bound(form, first.direction) < 0 for form in forms):
        return first
    planes = list({plane.name: plane.normal for form in forms for plane in form.hyperplanes}.values())
    count = count_up_to(planes, effort.fan, effort) if planes else 1
    if count > effort.fan:
        return TooManyCells(count)
    witnesses = [cell.witness for cell in Arrangement(planes).cells()] if planes else [(_ZERO,) * len(forms[0].gradient)]
    families = {tuple(form.gradient_at(witness) for form in forms) for witness in witnesses}
    return decide_common_hull(sorted(families))


def _bound(form: LocalForm, direction: Vector) -> Fraction:
    """The largest γ·δ over all choices of sides."""
    convex = (Hyperplane(plane.name, plane.normal, abs(plane.kink)) for plane in form.hyperplanes)
    return LocalForm(form.gradient, tuple(convex))(direction)
