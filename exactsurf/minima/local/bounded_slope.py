"""Is a local form at most λ times the length of the penalised part of its direction? A tree over cones, a slope at each leaf."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from exactsurf.certificate.rules.unitwise_decay import BoundLeaf
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import InternalError, SingularMatrixError
from exactsurf.exact.linear_algebra import Vector, dot, solve
from exactsurf.minima.local.cone_tree import Cone, ConeTree, TooManyCones, tree_over_cones
from exactsurf.minima.local.local_form import LocalForm

_ZERO = Fraction(0)


def decide_bounded(
    form: LocalForm, factor: Fraction, has_free_entry: bool, *, effort: Effort = UNBOUNDED
) -> ConeTree[BoundLeaf] | TooManyCones | Vector:
    """Decide whether F(δ) ≤ λ|δ′| everywhere, where δ′ is δ, or δ without its last entry if that one is free.

    Parameters: a `LocalForm`; `factor` λ; `has_free_entry`; `effort`, whose `cones` bound the leaves.
    Returns: a `ConeTree`, or a δ with F(δ) > λ|δ′|, or `TooManyCones`. Exactness: exact; on a cone where F is linear the
    largest F(δ) − ½|δ′|² is at a δ whose δ′ is the shortest slope that bounds F there. Raises: `OutOfTime`.
    Source: proofs/rules/unitwise_decay.md.

    >>> from exactsurf.minima.local.local_form import Hyperplane
    >>> form = LocalForm((Fraction(1),), (Hyperplane(0, (Fraction(1),), Fraction(1)),))
    >>> decide_bounded(form, Fraction(1), False)
    (Fraction(2, 1),)
    >>> len(decide_bounded(form, Fraction(2), False).nodes)
    3
    """
    return tree_over_cones(form.hyperplanes, lambda cone: _leaf(form, cone, factor, has_free_entry, effort), effort)


def _leaf(form: LocalForm, split: Cone, factor: Fraction, free: bool, effort: Effort) -> BoundLeaf | Vector:
    """The shortest slope that bounds F on the cone of `split`, or a δ in it where F is too steep."""
    columns = [tuple(sign * value for value in h.normal) for h, sign in split]
    slope = list(form.gradient)
    for (h, _), column in zip(split, columns, strict=True):
        slope = [a + h.kink * u for a, u in zip(slope, column, strict=True)]
    if free and slope[-1]:
        for end in (1, -1):
            along = (*[_ZERO] * (len(slope) - 1), Fraction(end))
            if slope[-1] * end > 0 and all(column[-1] * end >= 0 for column in columns):
                return along
    nearest, shares = _shortest(columns, slope, free, effort)
    length = sum((q * q for q in (nearest[:-1] if free else nearest)), _ZERO)
    if length > factor * factor:
        return nearest
    bound = (*nearest[:-1], _ZERO) if free else nearest
    # bound − F = Σ (τ ν) u on the cone, and every ν is ≥ 0; F's own kinks are in the multipliers too.
    pairs = [(h.name, sign * (share + h.kink)) for (h, sign), share in zip(split, shares, strict=True)]
    return BoundLeaf(bound, tuple((name, value) for name, value in pairs if value))


def _shortest(columns: Sequence[Vector], slope: Sequence[Fraction], free: bool, effort: Effort) -> tuple[Vector, Vector]:
    """δ in the cone {c·δ ≥ 0} and ν ≥ 0 with q = slope + Σ ν c, where q is δ, or δ with 0 in the place of a free last entry.

    These are the conditions of Kuhn and Tucker for the shortest q; one of the supports of at most d columns has them.
    """
    for support in _supports(len(columns), len(slope)):
        effort.check()
        chosen = [columns[k] for k in support]
        found = _stationary(chosen, slope, free, columns)
        if found is None:
            continue
        delta, values = found
        if all(value >= 0 for value in values) and all(dot(column, delta) >= 0 for column in columns):
            shares = dict(zip(support, values, strict=True))
            return delta, tuple(shares.get(k, _ZERO) for k in range(len(columns)))
    raise InternalError("a cone has no shortest slope")


def _supports(count: int, size: int) -> Iterator[tuple[int, ...]]:
    for number in range(min(count, size) + 1):
        yield from combinations(range(count), number)


def _stationary(
    chosen: Sequence[Vector], slope: Sequence[Fraction], free: bool, columns: Sequence[Vector]
) -> tuple[Vector, Vector] | None:
    """δ orthogonal to the chosen columns, and ν with slope + Σ ν c equal to δ (but for the free entry, where it is 0)."""
    if not free:
        return _solved(chosen, slope, len(slope))
    if any(column[-1] for column in chosen):
        return _solved(chosen, slope, len(slope) - 1)
    if slope[-1]:
        return None
    found = _solved([column[:-1] for column in chosen], slope[:-1], len(slope) - 1)
    if found is None:
        return None
    # No chosen column sees the free entry: any value will do at which the others are not negative.
    delta, values = found
    bounds = [(column[-1], -dot(column[:-1], delta) / column[-1]) for column in columns if column[-1]]
    low, high = [b for end, b in bounds if end > 0], [b for end, b in bounds if end < 0]
    entry = max(low) if low else min(high, default=_ZERO)
    return (*delta, entry), values


def _solved(chosen: Sequence[Vector], slope: Sequence[Fraction], penalised: int) -> tuple[Vector, Vector] | None:
    size, count = len(slope), len(chosen)
    # Unknowns: δ, then ν. Rows: δ_p − Σ ν c_p = slope_p (without δ_p at a free entry), and c·δ = 0.
    rows = [
        (*(Fraction(int(p == q and p < penalised)) for q in range(size)), *(-column[p] for column in chosen)) for p in range(size)
    ]
    rows += [(*column, *[_ZERO] * count) for column in chosen]
    try:
        values = solve(rows, (*slope, *[_ZERO] * count))
    except SingularMatrixError:
        return None
    return values[:size], values[size:]
