"""Piecewise linear activations on FLINT balls: values, and values with two derivatives where no corner is near."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.exact.balls import to_arb

if TYPE_CHECKING:
    from flint import arb

    from exactsurf.model.activation import Activation
    from exactsurf.model.smooth_functions import Jet


def piecewise_value(h: Activation, z: arb) -> arb:
    """A ball that holds h of every number in z: over a breakpoint the lines of all pieces that z may touch."""
    first, last = _touched(h, z)
    slope, intercept = h.lines[first]
    found = to_arb(slope) * z + to_arb(intercept)
    for slope, intercept in h.lines[first + 1 : last + 1]:
        found = found.union(to_arb(slope) * z + to_arb(intercept))
    return found


def piecewise_jet(h: Activation, z: arb) -> Jet | None:
    """h, h′ and h″ = 0, or None if a breakpoint at which the slope changes may lie in z."""
    first, last = _touched(h, z)
    if len(set(h.slopes[first : last + 1])) > 1:
        return None
    return piecewise_value(h, z), to_arb(h.slopes[first]), to_arb(Fraction(0))


def _touched(h: Activation, z: arb) -> tuple[int, int]:
    """The first and the last piece whose closure z may meet."""
    points = [to_arb(t) for t in h.breakpoints]
    return sum(bool(z > t) for t in points), sum(not z < t for t in points)
