"""Boxes with one critical point near a candidate: Newton's method proposes where, and what is found on a box is proved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.effort import Effort
from exactsurf.exact.balls import working_precision
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.hessian_box import BoxFinding, check_box, exponents
from exactsurf.minima.smooth.newton import DIVERGED, descended, newton_limit
from exactsurf.minima.smooth.smooth_derivatives import Derivatives


@dataclass(frozen=True)
class BoxNear:
    """A box with exactly one critical point: its centre, its radius in the coordinates that vary, and what was found on it."""

    centre: Vector
    radius: Fraction
    tested: BoxFinding


def boxes_near(
    derivatives: Derivatives,
    start: Vector,
    free: Sequence[int],
    precisions: Sequence[int],
    effort: Effort,
    above: Fraction | None = None,
) -> Iterator[tuple[int, BoxNear | NotProved]]:
    """What each precision gives, until more bits do not help.

    Parameters: `derivatives`; `start`, a vector of their coordinates; `free`, those that vary; `precisions` in bits;
    `above`, a risk below which no point of the box should be, where a smaller box can show that.
    Returns: pairs of the bits and the largest box on which the Hessian has a sign, else the largest one with exactly one
    critical point, or why there is none. Exactness: what is said of a box is proved in ball arithmetic. Raises: `OutOfTime`.
    Source: proofs/smooth.md.

    >>> from functools import partial
    >>> import exactsurf as es
    >>> from exactsurf.minima.smooth.smooth_derivatives import flint_derivatives
    >>> problem = es.Problem(es.Network([1, 1], "tanh", biases=False), es.Data.from_arrays([1], [1]))
    >>> ((bits, found),) = boxes_near(partial(flint_derivatives, problem), (Fraction(1, 3),), [0], [64], Effort())
    >>> bits, found.centre, found.tested.is_positive_definite
    (64, (Fraction(1, 1),), True)
    """
    near = start
    for bits in precisions:
        with working_precision(bits):
            limit = newton_limit(derivatives, near, free, bits, effort)
            if isinstance(limit, NotProved) and near == start:
                near = descended(derivatives, near, free, bits, effort)
                limit = newton_limit(derivatives, near, free, bits, effort)
            found = limit if isinstance(limit, NotProved) else _best_box(derivatives, limit, free, bits, effort, above)
        yield bits, found
        if limit == DIVERGED:
            return
        near = near if isinstance(limit, NotProved) else limit


def _best_box(
    derivatives: Derivatives, limit: Vector, free: Sequence[int], bits: int, effort: Effort, above: Fraction | None
) -> BoxNear | NotProved:
    """The largest box on which the Hessian has a sign; else the largest one with exactly one critical point."""
    chosen = set(free)
    unsigned: BoxNear | None = None
    signed: BoxNear | None = None
    for exponent in exponents(bits):
        scale = 1 << (exponent + 7)
        centre = tuple(Fraction(round(v * scale), scale) if p in chosen else v for p, v in enumerate(limit))
        radius = Fraction(1, 1 << exponent)
        tested = check_box(derivatives, centre, radius, free, effort)
        if tested is None:
            continue
        found = BoxNear(centre, radius, tested)
        if tested.is_positive_definite and above is not None and tested.risk.lower <= above:
            signed = signed or found
            continue
        if tested.is_positive_definite or tested.direction is not None:
            return found
        unsigned = unsigned or found
    return (
        signed
        or unsigned
        or NotProved("Krawczyk's operator maps no box around the limit of Newton's method into itself: it may be degenerate")
    )
