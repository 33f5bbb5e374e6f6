"""What a count adds to the risk with Poisson loss: ω(e^f − y f)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from exactsurf.exact.balls import finite, to_arb, working_precision
from exactsurf.surface.levels.conjugate_pairs import times_log
from exactsurf.surface.levels.terms import BOUND_BITS, SpanTerm, upper_bound

if TYPE_CHECKING:
    from flint import arb

_ZERO = Fraction(0)


@dataclass(frozen=True)
class CountTerm(SpanTerm):
    """`weight` times e^f − y f for a count y ≥ 0, which is `shift`.

    >>> term = CountTerm(Fraction(2), Fraction(1))
    >>> term.value(Fraction(0)), term.room, CountTerm(Fraction(1), Fraction(0)).vanishing
    (Fraction(2, 1), (Fraction(-2, 1), None), -1)
    >>> float(term.conjugate(Fraction(0))), float(term.least)
    (-2.0, 2.0)
    """

    weight: Fraction
    shift: Fraction

    sign = 1

    @property
    def steepest(self) -> Fraction:  # type: ignore[override]
        """That at the least value, or at 0."""
        return self.weight * (self.shift or Fraction(1))

    def steepest_below(self, value: Fraction, slope: Fraction) -> Fraction:
        """ψ″ = ω e^f = r + ω y; and y f ≤ ½ e^f + y log 2y − y, so that ½ ω e^f ≤ ψ(f) + ω(y log 2y − y)."""
        y = self.shift
        with working_precision(BOUND_BITS):
            rest = _ZERO if not y else upper_bound(times_log(2 * y) / 2 - to_arb(y))
        return max(2 * value + 2 * self.weight * rest, slope + self.weight * y)

    @property
    def room(self) -> tuple[Fraction | None, Fraction | None]:  # type: ignore[override]
        """No slope is below −ω y."""
        return -self.weight * self.shift, None

    @property
    def vanishing(self) -> int:  # type: ignore[override]
        """Where nothing was counted e^f falls to 0."""
        return 0 if self.shift else -1

    @cached_property
    def least(self) -> Fraction:
        """ω(y − y log y) from below."""
        with working_precision(BOUND_BITS):
            return -upper_bound(to_arb(self.weight) * (times_log(self.shift) - to_arb(self.shift)))

    def slope(self, f: arb) -> arb:
        """ω(e^f − y)."""
        return to_arb(self.weight) * (f.exp() - to_arb(self.shift))

    def curvature(self, f: arb) -> arb:
        """ω e^f."""
        return to_arb(self.weight) * f.exp()

    def about(self, f: arb) -> arb:
        """ω(e^f − y f)."""
        return to_arb(self.weight) * (f.exp() - to_arb(self.shift) * f)

    def value(self, f: Fraction) -> Fraction:
        """An upper bound, from a ball."""
        with working_precision(BOUND_BITS):
            return upper_bound(self.about(to_arb(f)))

    def conjugate(self, r: Fraction) -> Fraction | None:
        """ω(p log p − p) with p = r/ω + y, from above."""
        p = r / self.weight + self.shift
        if p < 0:
            return None
        with working_precision(BOUND_BITS):
            return upper_bound(to_arb(self.weight) * (times_log(p) - to_arb(p)))

    def slopes_within(self, f: Fraction, reach: Fraction) -> tuple[Fraction, Fraction]:
        """ψ′ at f − reach from above, and at f + reach from below."""
        with working_precision(BOUND_BITS):
            low, high = (finite(self.slope(to_arb(f + side * reach))) for side in (-1, 1))
        return low.upper, high.lower
