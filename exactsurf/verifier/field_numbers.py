"""Arithmetic with numbers of one number field, and their signs by enclosures (FORMAT.md, sections 61 and 62)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .algebraic_ring import Element, Ring, enclosed
from .arithmetic.effort import spend
from .arithmetic.interval import Interval
from .arithmetic.rational import Rational


@dataclass(frozen=True)
class FieldNumbers:
    """Polynomials in a number α, and where it is."""

    ring: Ring
    alpha: Interval

    def combined(self, entries: Sequence[Element], factors: Sequence[Rational]) -> Element:
        """A rational combination."""
        spend(1 + (len(entries) >> 2))
        pairs = zip(entries, factors, strict=True)
        return self.sum_of(self.ring.scaled(entry, factor) for entry, factor in pairs if factor and any(entry[0]))

    def sum_of(self, entries: Iterable[Element]) -> Element:
        """A sum."""
        total = self.ring.constant(0)
        for entry in entries:
            total = self.ring.add(total, entry)
        return total

    def product(self, *factors: Element) -> Element:
        """A product."""
        total = factors[0]
        for factor in factors[1:]:
            total = self.ring.times(total, factor)
        return total

    def minus(self, left: Element, right: Element) -> Element:
        """A difference."""
        return self.ring.add(left, self.ring.scaled(right, -1))

    def equal(self, left: Element, right: Element) -> bool:
        """Whether two numbers are equal as polynomials modulo that of α."""
        return left[0] == right[0] or not any(self.minus(left, right)[0])

    def is_positive(self, value: Element) -> bool:
        """Whether the enclosure is positive."""
        return enclosed(value[0], self.alpha).low > 0

    def is_nowhere_negative(self, value: Element) -> bool:
        """Whether a number is 0 or positive."""
        return not any(value[0]) or self.is_positive(value)
