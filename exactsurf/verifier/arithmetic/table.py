"""Integers over common denominators: the only arithmetic that is done once per sample.

Fractions would take a greatest common divisor at every step. A column of a table is instead a list of integers over one
denominator, so that all work on samples is sums of products of integers.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import compress
from math import lcm
from operator import mul
from typing import cast

from .effort import spend
from .rational import Rational

# A hostile file can ask for more than fits into any memory. These limits are far above what real certificates need.
MAX_DENOMINATOR_BITS = 1 << 21  # beyond this, one greatest common divisor takes seconds
MAX_COMMON_STEPS = 1_500_000  # greatest common divisors of a second or so
MAX_COLUMN_BITS = 1 << 35
MAX_PRODUCTS = 10**10
_OBJECT_BITS = 288  # what one Python integer takes besides its digits
_FEW = 4  # breakpoints of most activations and losses: among them a number finds its place as fast as it is read
_FEW_WEIGHTS = 8  # so few are multiplied before it is seen which are 0
_SHORT = 1 << 11  # bits of a number; to multiply by it takes no longer than to read the other factor


@dataclass(frozen=True)
class Column:
    """The numbers numerators[i]/denominator, one for each sample."""

    numerators: Sequence[int]
    denominator: int


@dataclass(frozen=True)
class Table:
    """The numbers rows[i][p]/denominators[p]; `bits` bounds the length of every entry of `rows`."""

    rows: Sequence[Sequence[int]]
    denominators: Sequence[int]
    bits: int

    @classmethod
    def of_columns(cls, columns: Sequence[Column]) -> Table:
        """The table with these columns."""
        bits = max(max(map(int.bit_length, column.numerators), default=0) for column in columns)
        rows = list(zip(*(column.numerators for column in columns), strict=True))
        return cls(rows, [column.denominator for column in columns], bits)

    @classmethod
    def of_rows(cls, rows: Sequence[Sequence[Rational]]) -> Table:
        """Rows of numbers, with a common denominator for each column."""
        if all({*map(type, row)} == {int} for row in rows):
            whole = cast(Sequence[Sequence[int]], rows)
            return cls(whole, [1] * len(rows[0]), _longest(whole))
        columns = list(zip(*rows, strict=True))
        denominators = [common_denominator(column, len(rows)) for column in columns]
        scaled = [numerators(column, d) for column, d in zip(columns, denominators, strict=True)]
        return cls(list(zip(*scaled, strict=True)), denominators, _longest(scaled))

    @classmethod
    def joined(cls, tables: Sequence[Table]) -> Table:
        """One table below the other."""
        count = sum(len(table.rows) for table in tables)
        denominators = [common_multiple(ds, count) for ds in zip(*(t.denominators for t in tables), strict=True)]
        rows: list[Sequence[int]] = []
        for table in tables:
            factors = [d // own for d, own in zip(denominators, table.denominators, strict=True)]
            scale = any(factor != 1 for factor in factors)
            rows += [list(map(mul, row, factors)) for row in table.rows] if scale else table.rows
        return cls(rows, denominators, _longest(rows))

    def column(self, index: int) -> Column:
        """The column of this index."""
        return Column([row[index] for row in self.rows], self.denominators[index])

    def beside(self, other: Table) -> Table:
        """The table with the columns of both."""
        rows = [[*left, *right] for left, right in zip(self.rows, other.rows, strict=True)]
        return Table(rows, [*self.denominators, *other.denominators], max(self.bits, other.bits))


def check_size(bits: int, count: int) -> None:
    """OverflowError if `count` integers of `bits` bits are beyond the limits of this verifier."""
    if count * (bits + _OBJECT_BITS) > MAX_COLUMN_BITS:
        raise OverflowError(f"{count} numbers of {bits} bits are beyond the limits of this verifier")


def _longest(rows: Sequence[Sequence[int]]) -> int:
    return max(max(map(int.bit_length, row)) for row in rows)


def common_denominator(values: Iterable[Rational], count: int = 1) -> int:
    """The least common denominator, checked for use in `count` integers."""
    return common_multiple((value.denominator for value in values), count)


def common_multiple(denominators: Iterable[int], count: int = 1) -> int:
    """The least common multiple, checked for use as the denominator of `count` integers."""
    common, steps = 1, 0
    for denominator in sorted({*denominators}, reverse=True):
        if common % denominator:
            steps += 1 + (common.bit_length() * denominator.bit_length() >> 18)
            if steps > MAX_COMMON_STEPS:
                raise OverflowError("a common denominator of so long denominators is beyond the limits of this verifier")
            common = lcm(common, denominator)
            if common.bit_length() > MAX_DENOMINATOR_BITS:
                raise OverflowError("a common denominator is beyond the limits of this verifier")
            check_size(common.bit_length(), count)
    if steps:
        spend(steps)
    return common


def numerators(values: Iterable[Rational], denominator: int) -> list[int]:
    """The values as integers over a common denominator."""
    if denominator >> _SHORT:
        return _long_numerators(values, denominator)
    if denominator == 1:
        return _counted([value.numerator for value in values])
    factors: dict[int, int] = {}
    result = []
    for value in values:
        own = value.denominator
        if own not in factors:
            factors[own] = denominator // own
        result.append(value.numerator * factors[own])
    return _counted(result)


def over_common(tops: Sequence[int], bottoms: Sequence[int], denominator: int) -> list[int]:
    """The numbers tops[i]/bottoms[i] as integers over a common denominator."""
    spend(len(tops) * (denominator.bit_length() >> 12))
    factors = {bottom: denominator // bottom for bottom in {*bottoms}}
    return [top * factors[bottom] for top, bottom in zip(tops, bottoms, strict=True)]


def _counted(values: list[int]) -> list[int]:
    if len(values) >> 10:
        spend(len(values))
    return values


def _long_numerators(values: Iterable[Rational], denominator: int) -> list[int]:
    factors: dict[int, int] = {}
    result = []
    bits = denominator.bit_length()
    for value in values:
        top, own = value.as_integer_ratio()
        if own not in factors:
            spend(bits * own.bit_length() >> 20)
            factors[own] = denominator // own
        factor = factors[own]
        spend(1 + (top.bit_length() * factor.bit_length() >> 22))
        result.append(top * factor)
    return result


def to_denominator(column: Column, denominator: int) -> Sequence[int]:
    """The numerators of a column over a multiple of its denominator."""
    factor = denominator // column.denominator
    return column.numerators if factor == 1 else [value * factor for value in column.numerators]


def positions(breakpoints: Sequence[Rational], column: Column) -> list[int]:
    """Where each number lies among breakpoints: 2m behind m of them, and 2m − 1 at breakpoint m − 1."""
    if not breakpoints:
        return [0] * len(column.numerators)
    cuts = whole_cuts(breakpoints, column.denominator)
    if cuts == [0]:
        return [(z > 0) + (z >= 0) for z in column.numerators]
    return [bisect_left(cuts, 2 * z) + bisect_right(cuts, 2 * z) for z in column.numerators]


def whole_cuts(breakpoints: Sequence[Rational], denominator: int) -> list[int]:
    """Twice the breakpoints in units of 1/denominator; odd, so equal to nothing, if no integer."""
    cuts = []
    bits = denominator.bit_length()
    if len(breakpoints) > _FEW or bits > _SHORT:
        spend(sum(2 + (bits >> 12) + (t.numerator.bit_length() * bits >> 20) for t in breakpoints))
    for breakpoint in breakpoints:
        whole, rest = divmod(breakpoint.numerator * denominator, breakpoint.denominator)
        cuts.append(2 * whole + (rest != 0))
    return cuts


def affine(table: Table, weights: Sequence[Sequence[Rational]], biases: Sequence[Rational] | None) -> list[Column]:
    """One column for each row of weights: the weighted sum of the table's columns, plus the bias."""
    count = len(table.rows) * len(weights)
    if count * len(table.denominators) > MAX_PRODUCTS:
        raise OverflowError(f"more than {MAX_PRODUCTS} products are beyond the limits of this verifier")
    units = [None if d == 1 else Fraction(1, d) for d in table.denominators]
    columns = []
    for row, bias in zip(weights, biases or [0] * len(weights), strict=True):
        over = [w if unit is None or not w else w * unit for w, unit in zip(row, units, strict=True)]
        denominator = common_denominator([*over, bias], count)
        *factors, constant = numerators([*over, bias], denominator)
        longest = max(map(int.bit_length, factors)) + table.bits
        check_size(max(longest, constant.bit_length()) + len(factors).bit_length(), count)
        columns.append(Column(weighted_sums(table.rows, factors, constant), denominator))
    return columns


def weighted_sums(rows: Sequence[Sequence[int]], weights: Sequence[int], constant: int = 0) -> list[int]:
    """constant + Σ_p weights[p]·row[p] for every row; zeros are passed over (weights are long, data sparse)."""
    _pay(len(rows), weights)
    if len(weights) <= _FEW_WEIGHTS:
        return [sum(map(mul, weights, row), constant) for row in rows]
    return [sum(map(mul, compress(weights, row), filter(None, row)), constant) for row in rows]


def column_sums(rows: Sequence[Sequence[int]], factors: Sequence[int]) -> list[int]:
    """Σ_i factors[i]·rows[i][p] for every column p."""
    _pay(len(rows[0]) if rows else 0, factors)
    return [sum(map(mul, compress(factors, column), filter(None, column))) for column in zip(*rows, strict=True)]


def _pay(sums: int, weights: Sequence[int]) -> None:
    bits, size = max(map(int.bit_length, weights), default=0), len(weights)
    spend(sums * (1 + (size >> 4) + (size * bits >> 10)))
