"""The minimum of a sum of convex piecewise quadratic functions of affine forms on a polyhedron, exactly, with its multipliers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import InternalError
from exactsurf.exact.bounded_system import Multipliers, solve_bounded_system
from exactsurf.exact.convex_pieces import ConvexPieces
from exactsurf.exact.least_sum import least_sum
from exactsurf.exact.linear_algebra import Vector, dot
from exactsurf.exact.simplex import Bound

_ZERO, _ONE = Fraction(0), Fraction(1)
_GROWTH = 64


@dataclass(frozen=True)
class Term:
    """φ(a·u + c), for a convex piecewise quadratic φ and the form (a_1, …, a_p, c)."""

    function: ConvexPieces
    form: Vector

    def at(self, point: Vector) -> Fraction:
        """The value at u."""
        return self.function.value(value_at(self.form, point))


@dataclass(frozen=True)
class LeastOnPolyhedron:
    """A minimiser and the least value."""

    point: Vector
    value: Fraction


@dataclass(frozen=True)
class Optimality:
    """Slopes r_t ∈ ∂φ_t at a point, and multipliers λ_s ≥ 0 with Σ r_t a_t = Σ λ_s g_s, 0 where the side is not 0."""

    slopes: Vector
    multipliers: Vector


def value_at(form: Sequence[Fraction], point: Vector) -> Fraction:
    """a·u + c. Exactness: exact."""
    return dot(form[:-1], point) + form[-1]


def least_on_polyhedron(
    terms: Sequence[Term], sides: Sequence[Vector], walls: Sequence[Vector], start: Vector, effort: Effort = UNBOUNDED
) -> LeastOnPolyhedron:
    """The minimum of Σ φ_t over {u : g ≥ 0 for all sides g, g = 0 for all walls g}, which is not empty.

    What a side is below 0 and what a wall is beside it costs a multiple of it, which grows until the minimiser is in the
    polyhedron: then it is one there. For a large enough multiple it is, as the problem has multipliers.
    Parameters: `terms`, whose functions have least values; `sides` and `walls`, forms in p variables; `start`, a point, best
    one of the polyhedron; `effort`, whose time is asked after. Exactness: exact. Raises: `OutOfTime`.
    Source: exact penalties (Zangwill 1967); a minimum exists as the sum is bounded below on each of finitely many polyhedra on
    which it is quadratic (Frank and Wolfe 1956).

    >>> parabola = ConvexPieces((), ((_ONE, _ZERO, _ZERO),))
    >>> least_on_polyhedron([Term(parabola, (_ONE, _ONE))], [(_ONE, Fraction(-2))], [], (Fraction(5),))
    LeastOnPolyhedron(point=(Fraction(2, 1),), value=Fraction(9, 1))
    """
    constant = sum((term.function.value(term.form[-1]) for term in terms if not any(term.form[:-1])), _ZERO)
    moving = [term for term in terms if any(term.form[:-1])]
    sides = [form for form in sides if any(form[:-1])]
    walls = [form for form in walls if any(form[:-1])]
    functions = [term.function.of_affine(_ONE, term.form[-1]) for term in moving]
    rows = [term.form[:-1] for term in moving] + [form[:-1] for form in walls]
    cost, point = Fraction(_GROWTH), start
    taken: list[int] = []  # the sides that have counted so far: few ever matter
    while True:
        effort.check("the minimum on a cell was not yet found")
        own = [sides[s] for s in taken]
        penalties = [_beside(cost, form[-1]) for form in walls] + [_below(cost, form[-1]) for form in own]
        own_rows = [*rows, *(form[:-1] for form in own)]
        point = least_sum([*functions, *penalties], own_rows, point, effort).point if own_rows else start
        broken = [s for s, form in enumerate(sides) if value_at(form, point) < 0]
        if not broken and all(value_at(form, point) == 0 for form in walls):
            value = sum((f.value(dot(row, point)) for f, row in zip(functions, rows, strict=False)), constant)
            return LeastOnPolyhedron(point, value)
        if set(broken) <= set(taken):
            cost *= _GROWTH
        taken = sorted({*taken, *broken})


def optimality(terms: Sequence[Term], sides: Sequence[Vector], point: Vector, effort: Effort = UNBOUNDED) -> Optimality:
    """Why a minimiser over the polyhedron of these sides is one.

    Parameters: as for `least_on_polyhedron`; `point`, a minimiser. Exactness: exact. Raises: `OutOfTime`; `InternalError` if
    it is no minimiser. Source: Kuhn and Tucker; Rockafellar 1970, theorem 28.2.

    >>> parabola = ConvexPieces((), ((_ONE, _ZERO, _ZERO),))
    >>> optimality([Term(parabola, (_ONE, _ONE))], [(_ONE, Fraction(-2))], (Fraction(2),))
    Optimality(slopes=(Fraction(6, 1),), multipliers=(Fraction(6, 1),))
    """
    slopes = [term.function.slopes(value_at(term.form, point)) for term in terms]
    kinks = [t for t, (low, high) in enumerate(slopes) if low != high]
    active = [s for s, form in enumerate(sides) if value_at(form, point) == 0]
    target = [_ZERO] * len(point)
    for term, (low, high) in zip(terms, slopes, strict=True):
        if low == high and low:
            target = [a - low * b for a, b in zip(target, term.form, strict=False)]
    vectors = [terms[t].form[:-1] for t in kinks] + [tuple(-value for value in sides[s][:-1]) for s in active]
    lower: list[Bound] = [*(slopes[t][0] for t in kinks), *(_ZERO for _ in active)]
    upper: list[Bound] = [*(slopes[t][1] for t in kinks), *(None for _ in active)]
    found = solve_bounded_system(vectors, target, lower, upper, effort)
    if not isinstance(found, Multipliers):
        raise InternalError("a minimiser has no multipliers")
    chosen = [low for low, _ in slopes]
    multipliers = [_ZERO] * len(sides)
    for t, value in zip(kinks, found.values, strict=False):
        chosen[t] = value
    for s, value in zip(active, found.values[len(kinks) :], strict=True):
        multipliers[s] = value
    return Optimality(tuple(chosen), tuple(multipliers))


def implied_or_beyond(form: Vector, sides: Sequence[Vector], inside: Vector, effort: Effort = UNBOUNDED) -> Multipliers | Vector:
    """Multipliers λ ≥ 0 such that g − Σ λ_s g_s is a constant ≥ 0, or an inner point of the polyhedron of the sides at which g
    < 0.

    Parameters: `form` g; `sides` g_s; `inside`, a point at which g and all sides are positive. Exactness: exact. Raises:
    `OutOfTime`. Source: Farkas's lemma.

    >>> one = Fraction(1)
    >>> implied_or_beyond((one, one), [(one, _ZERO)], (one,))
    Multipliers(values=(Fraction(1, 1),))
    >>> implied_or_beyond((one, -one), [(one, _ZERO)], (Fraction(2),))
    (Fraction(1, 2),)
    """
    vectors = [*sides, (*[_ZERO] * len(inside), _ONE)]
    found = solve_bounded_system(vectors, form, [_ZERO] * len(vectors), [None] * len(vectors), effort)
    if isinstance(found, Multipliers):
        return Multipliers(found.values[:-1])
    *step, height = (-value for value in found.values)
    # The point (step, height) is in the cone over the polyhedron, height ≥ 0, and g < 0 there; half of the way from the wall
    # to it.
    here, there = value_at(form, inside), dot(form, (*step, height))
    share = -2 * here / there
    if not height:
        return tuple(a + share * b for a, b in zip(inside, step, strict=True))
    ends = [value / height for value in step]
    met = here / (here - there / height)
    return tuple(a + (1 + met) / 2 * (b - a) for a, b in zip(inside, ends, strict=True))


def _below(cost: Fraction, constant: Fraction) -> ConvexPieces:
    return ConvexPieces((-constant,), ((_ZERO, -cost, -cost * constant), (_ZERO, _ZERO, _ZERO)))


def _beside(cost: Fraction, constant: Fraction) -> ConvexPieces:
    return ConvexPieces((-constant,), ((_ZERO, -cost, -cost * constant), (_ZERO, cost, cost * constant)))
