"""Continuous piecewise linear activations (FORMAT.md, section 2)."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd

from .arithmetic.document import Field, at
from .arithmetic.rational import Rational
from .arithmetic.table import Column, check_size, common_denominator, numerators, positions


@dataclass(frozen=True)
class Activation:
    """h(z) = slopes[m]·z + intercepts[m] on piece m, which lies between breakpoints[m−1] and breakpoints[m].

    A *position* says where a number lies: 2m inside piece m, and 2m − 1 at the breakpoint on the left of piece m.
    """

    breakpoints: list[Rational]
    slopes: list[Rational]
    intercepts: list[Rational]

    @cached_property
    def is_whole(self) -> bool:
        """Whether all slopes and intercepts are integers."""
        return all(value.denominator == 1 for value in (*self.slopes, *self.intercepts))

    def left(self, position: int) -> Rational:
        """The slope on the left of a position."""
        return self.slopes[position // 2]

    def right(self, position: int) -> Rational:
        """The slope on the right of a position."""
        return self.slopes[(position + 1) // 2]

    def is_kink(self, position: int) -> bool:
        """Whether this position is a breakpoint whose two slopes differ."""
        return self.left(position) != self.right(position)

    def positions(self, column: Column) -> list[int]:
        """Where each number of a column lies."""
        return positions(self.breakpoints, column)

    def apply(self, column: Column, positions: list[int]) -> Column:
        """h of every number of a column, with the positions of these numbers."""
        used = sorted({(position + 1) // 2 for position in positions})
        slopes, intercepts = [self.slopes[m] for m in used], [self.intercepts[m] for m in used]
        count = len(positions)
        if self.is_whole:
            # h(z) is (slope · numerator + intercept · denominator)/denominator, and what divides all of it can go.
            common = gcd(column.denominator, *map(int, slopes))
            denominator = column.denominator // common
            check_size(denominator.bit_length(), count)
            factors = {m: int(slope) // common for m, slope in zip(used, slopes, strict=True)}
            constants = {m: int(value) * denominator for m, value in zip(used, intercepts, strict=True)}
        else:
            unit = Fraction(1, column.denominator)
            slopes = [slope * unit for slope in slopes]
            denominator = common_denominator([*slopes, *intercepts], count)
            factors = dict(zip(used, numerators(slopes, denominator), strict=True))
            constants = dict(zip(used, numerators(intercepts, denominator), strict=True))
        bits = max(map(int.bit_length, column.numerators)) + max(map(int.bit_length, factors.values()))
        check_size(max(bits, *map(int.bit_length, constants.values())) + 1, count)
        pieces = [(position + 1) // 2 for position in positions]
        values = [factors[m] * z + constants[m] for m, z in zip(pieces, column.numerators, strict=True)]
        return Column(values, denominator)

    def one_sided(self, positions: list[int], direction: Column) -> Column:
        """The one-sided derivative of h at numbers with these positions, along `direction` (FORMAT.md, section 5)."""
        common = common_denominator(self.slopes, len(positions))
        slopes = numerators(self.slopes, common)
        pairs = zip(positions, direction.numerators, strict=True)
        values = [slopes[(position + (d > 0)) // 2] * d for position, d in pairs]
        return Column(values, common * direction.denominator)


def read_activation(field: Field) -> Activation:
    """The field `activation` of a problem."""
    breakpoints_field, slopes_field, value_field = field.fields("breakpoints", "slopes", "value_at_0")
    breakpoints = breakpoints_field.vector()
    for item, left, right in zip(breakpoints_field.items()[1:], breakpoints, breakpoints[1:], strict=False):
        if left >= right:
            raise item.reject("breakpoints must increase")
    slopes = slopes_field.vector(len(breakpoints) + 1)
    start = bisect_right(breakpoints, 0)
    intercepts = [value_field.number()] * len(slopes)
    with at(field.place):  # h is continuous: at a breakpoint both pieces have the same value
        for m in range(start + 1, len(slopes)):
            intercepts[m] = intercepts[m - 1] + (slopes[m - 1] - slopes[m]) * breakpoints[m - 1]
            common_denominator([intercepts[m]], len(slopes))  # for its check of the size
        for m in range(start - 1, -1, -1):
            intercepts[m] = intercepts[m + 1] + (slopes[m + 1] - slopes[m]) * breakpoints[m]
            common_denominator([intercepts[m]], len(slopes))  # for its check of the size
    return Activation(breakpoints, slopes, intercepts)
