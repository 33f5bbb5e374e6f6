"""What a sample adds to the risk with the loss (f − y)^p, p even: everything about it is rational."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.exact.balls import to_arb
from exactsurf.surface.levels.terms import BOUND_BITS, SpanTerm

if TYPE_CHECKING:
    from flint import arb


@dataclass(frozen=True)
class PowerTerm(SpanTerm):
    """`weight` times (f − y)^p for a target y, which is `shift`, and an even `power` p ≥ 4.

    >>> term = PowerTerm(Fraction(2), Fraction(1), 4)
    >>> term.value(Fraction(3)), term.steepest, term.room
    (Fraction(32, 1), Fraction(24, 1), (None, None))
    >>> term.conjugate(Fraction(8)), term.steepest_below(Fraction(2), Fraction(0))
    (Fraction(14, 1), Fraction(24, 1))
    """

    weight: Fraction
    shift: Fraction
    power: int

    sign = 1
    room = (None, None)

    @property
    def steepest(self) -> Fraction:  # type: ignore[override]
        """The curvature at the gap 1."""
        return self.weight * self.power * (self.power - 1)

    def steepest_below(self, value: Fraction, slope: Fraction) -> Fraction:
        """ω p (p − 1) |u|^{p − 2} for the larger |u|: that with this value, and that with this slope."""
        p = self.power
        far = max(root_over(value / self.weight, p), root_over(abs(slope) / (self.weight * p), p - 1))
        return self.steepest * far ** (p - 2)

    def slope(self, f: arb) -> arb:
        """ω p u^{p − 1}."""
        return to_arb(self.weight * self.power) * (f - to_arb(self.shift)) ** (self.power - 1)

    def curvature(self, f: arb) -> arb:
        """ω p (p − 1) u^{p − 2}."""
        return to_arb(self.steepest) * (f - to_arb(self.shift)) ** (self.power - 2)

    def about(self, f: arb) -> arb:
        """ω u^p."""
        return to_arb(self.weight) * (f - to_arb(self.shift)) ** self.power

    def value(self, f: Fraction) -> Fraction:
        """Exact."""
        return self.weight * (f - self.shift) ** self.power

    def conjugate(self, r: Fraction) -> Fraction:
        """ω (p − 1) x^{p/(p − 1)} + r y with x = |r|/(ω p), from above."""
        p = self.power
        return self.weight * (p - 1) * root_over(abs(r) / (self.weight * p), p - 1) ** p + r * self.shift

    def slopes_within(self, f: Fraction, reach: Fraction) -> tuple[Fraction, Fraction]:
        """ψ′ at f − reach and at f + reach, exactly."""
        p = self.power
        low, high = (self.weight * p * (f + side * reach - self.shift) ** (p - 1) for side in (-1, 1))
        return low, high


def root_over(value: Fraction, degree: int) -> Fraction:
    """A number not below the root of this degree of a value ≥ 0, and near it.

    Exactness: proved. Raises: nothing. Source: Newton's method for whole numbers, from above.

    >>> root_over(Fraction(27), 3), root_over(Fraction(2), 3) ** 3 >= 2
    (Fraction(3, 1), True)
    """
    if not value:
        return value
    # Small values need digits of their own.
    bits = BOUND_BITS + max(0, value.denominator.bit_length() - value.numerator.bit_length()) // degree
    whole = -(-(value.numerator << bits * degree) // value.denominator)
    root = 1 << -(-whole.bit_length() // degree)
    while True:
        lower = ((degree - 1) * root + whole // root ** (degree - 1)) // degree
        if lower >= root:
            break
        root = lower
    return Fraction(root + (root**degree < whole), 1 << bits)
