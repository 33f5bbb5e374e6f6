"""The loss on intervals, with two derivatives (FORMAT.md, sections 10 and 14)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from .arithmetic.interval import Interval
from .arithmetic.rational import Rational
from .arithmetic.table import Column, Table
from .loss import Loss


@dataclass(frozen=True)
class WeightedLoss:
    """A loss with the targets and weights of the samples; all results are in units of `unit` > 0."""

    loss: Loss
    y: Table
    weights: Column

    @cached_property
    def unit(self) -> Fraction:
        """What results are to be multiplied by."""
        return self.loss.unit * Fraction(1, self.weights.denominator)

    def terms(self, sample: int) -> list[tuple[int, int | None]]:
        """The terms of a sample: an output, and the one to take off it if the gap is `lead`."""
        row = self.y.rows[sample]
        if self.loss.gap != "lead":
            return [(k, None) for k in range(len(row))]
        right = row.index(max(row))
        return [(k, right) for k in range(len(row)) if k != right]

    def gap(self, sample: int, output: int, g: Interval, target: Interval) -> tuple[Interval, int]:
        """u at a term where g is in an interval, and how it grows with g."""
        if self.loss.gap == "difference":
            return g - target, 1
        if self.loss.gap == "margin" and self.y.rows[sample][output] < 0:
            return -g, -1
        return g, 1

    def value(self, sample: int, u: Interval) -> Interval:
        """The loss of a term: a convex function, whose values on a piece are those of its polynomial."""
        found: Interval | None = None
        first, last = self._range(u)
        for m in range(first, last + 1):
            low, high = u.low, u.high
            if m > first:
                low = max(low, _down(self.loss.breakpoints[m - 1], u.bits))
            if m < last:
                high = min(high, -_down(-self.loss.breakpoints[m], u.bits))
            a, b, c = self.loss.whole_piece(m)
            part = Interval(low, high, u.bits)
            here = part.square().times(a) + part.times(b) + Interval(c << u.bits, c << u.bits, u.bits)
            found = here if found is None else Interval(min(found.low, here.low), max(found.high, here.high), u.bits)
        assert found is not None
        return found.times(self.weights.numerators[sample])

    def slope(self, sample: int, u: Interval) -> tuple[Interval, int]:
        """The derivative in u and the second one; ValueError where the loss may not have them."""
        first, last = self._range(u)
        a, b, _ = self.loss.whole_piece(first)
        if any(self.loss.whole_piece(m)[:2] != (a, b) for m in range(first + 1, last + 1)):
            raise ValueError("a gap may be a breakpoint of the loss, where it has no second derivative")
        _, slope, curvature = self.on_piece(sample, u, first)
        return slope, curvature

    def on_piece(self, sample: int, u: Interval, piece: int) -> tuple[Interval, Interval, int]:
        """The polynomial of a piece and its two derivatives, at numbers that need not belong to it."""
        a, b, c = (self.weights.numerators[sample] * value for value in self.loss.whole_piece(piece))
        one = Interval(1 << u.bits, 1 << u.bits, u.bits)
        return u.square().times(a) + u.times(b) + one.times(c), u.times(2 * a) + one.times(b), 2 * a

    def at_predictions(self, sample: int, outputs: list[Interval], targets: list[Interval]) -> list[Interval]:
        """The derivative by every prediction of a sample."""
        found = [Interval(0, 0, outputs[0].bits)] * len(outputs)
        for k, right in self.terms(sample):
            u, sign = self.gap(sample, k, outputs[k] if right is None else outputs[k] - outputs[right], targets[k])
            slope = self.slope(sample, u)[0].times(sign)
            found[k] = found[k] + slope
            if right is not None:
                found[right] = found[right] - slope
        return found

    def _range(self, u: Interval) -> tuple[int, int]:
        """The first and the last piece that a closed interval meets."""
        low, high = Fraction(u.low, 1 << u.bits), Fraction(u.high, 1 << u.bits)
        return bisect_left(self.loss.breakpoints, low), bisect_right(self.loss.breakpoints, high)


def _down(value: Rational, bits: int) -> int:
    return (value.numerator << bits) // value.denominator
