"""ReLU units against others on standard normal inputs: the risk and its derivatives, enclosed (FORMAT.md, section 26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from .arithmetic.effort import price, spend
from .arithmetic.interval import Interval, arctan, half_turn, increasing, square_root

Row = list[Interval]
_STEPS = 5  # of the series of an angle, for every bit
MAX_COORDINATES = 1_000


@dataclass(frozen=True)
class Pair:
    """Two rows w and v with their lengths and the angle t between them, 0 < t < π: cos t, sin t and π − t."""

    w: Row
    v: Row
    long: Interval
    other: Interval
    cosine: Interval
    sine: Interval
    rest: Interval

    @classmethod
    def of(cls, w: Row, v: Row, long: Interval, other: Interval) -> Pair:
        """The pair of two rows; ValueError if they may be parallel."""
        bits = long.bits
        spend((_STEPS * bits + 4 * len(w)) * price(bits))
        cosine = dot(w, v).divided_by(long * other)
        square = Interval(1 << bits, 1 << bits, bits) - cosine.square()
        if square.low <= 0:
            raise ValueError("two rows may be parallel")
        sine = square_root(square)
        # π − t = π/2 + arctan(cot t)
        rest = increasing(arctan, cosine.divided_by(sine)) + _half(half_turn(bits))
        return cls(w, v, long, other, cosine, sine, rest)

    @property
    def turned(self) -> Pair:
        """The same pair, seen from its second row."""
        return Pair(self.v, self.w, self.other, self.long, self.cosine, self.sine, self.rest)

    @property
    def value(self) -> Interval:
        """2π E max(0, w·x) max(0, v·x) = |w||v| (sin t + (π − t) cos t)."""
        return self.long * self.other * (self.sine + self.rest * self.cosine)

    @property
    def steepness(self) -> Interval:
        """|v| sin t/|w|."""
        return (self.other * self.sine).divided_by(self.long)

    @cached_property
    def normal(self) -> Row:
        """The unit vector of v off w: (v/|v| − cos t · w/|w|)/sin t."""
        return self._off(self.w, self.long, self.v, self.other)

    def mixed(self) -> list[Row]:
        """2π times the derivatives by w (rows) and by v (columns): (π − t) I + m (v/|v|)ᵀ + n (w/|w|)ᵀ.

        m is the unit vector of w off v, n that of v off w.
        """
        spend(6 * len(self.w) ** 2 * price(self.long.bits))
        here, there = [a.divided_by(self.long) for a in self.w], [b.divided_by(self.other) for b in self.v]
        off_w, off_v = self.normal, self._off(self.v, self.other, self.w, self.long)
        table = [[m * b + n * a for b, a in zip(there, here, strict=True)] for m, n in zip(off_v, off_w, strict=True)]
        for p, row in enumerate(table):
            row[p] = row[p] + self.rest
        return table

    def _off(self, first: Row, long: Interval, second: Row, other: Interval) -> Row:
        return [
            (b.divided_by(other) - self.cosine * a.divided_by(long)).divided_by(self.sine)
            for a, b in zip(first, second, strict=True)
        ]


class Units:
    """2π·½ E (Σ_i max(0, w_i·x) − Σ_j max(0, v_j·x))² at rows of intervals w_i, for the rows v_j, x standard normal.

    Raises ValueError where two rows may be parallel, or one of them 0.
    """

    def __init__(self, students: Sequence[Row], teachers: Sequence[Row]) -> None:
        self.rows = [*students, *teachers]
        self.count, self.bits = len(students), students[0][0].bits
        self.pi = half_turn(self.bits)
        self.lengths = [length(row) for row in self.rows]
        self.pairs = {
            (i, j): Pair.of(self.rows[i], self.rows[j], self.lengths[i], self.lengths[j])
            for i in range(len(self.rows))
            for j in range(i)
        }

    def _sign(self, i: int) -> int:
        return 1 if i < self.count else -1

    def _others(self, i: int) -> list[tuple[Pair, int]]:
        """All pairs with row i, which is their first, and the signs of the other rows."""
        return [(self.pairs[i, j] if j < i else self.pairs[j, i].turned, self._sign(j)) for j in range(len(self.rows)) if j != i]

    def value(self) -> Interval:
        """2π times the risk."""
        total = Interval(0, 0, self.bits)
        for row in self.rows:
            total = total + _half(self.pi * _squares(row))
        for (i, j), pair in self.pairs.items():
            total = total + _signed(pair.value, self._sign(i) * self._sign(j))
        return total

    def gradient(self) -> list[Row]:
        """2π times the gradient, one row for every w_i: π w_i + Σ ±(|v| sin t · w_i/|w_i| + (π − t) v)."""
        rows = []
        for i, w in enumerate(self.rows[: self.count]):
            others = self._others(i)
            spend(2 * len(others) * len(w) * price(self.bits))
            factor = sum((_signed(pair.steepness, sign) for pair, sign in others), self.pi)
            row = [factor * a for a in w]
            for pair, sign in others:
                row = [a + _signed(pair.rest * b, sign) for a, b in zip(row, pair.v, strict=True)]
            rows.append(row)
        return rows

    def hessian(self) -> list[Row]:
        """2π times the Hessian by all entries, row after row."""
        size = len(self.rows[0])
        if self.count * size > MAX_COORDINATES:
            raise OverflowError(f"more than {MAX_COORDINATES} coordinates are beyond the limits of this verifier")
        spend((self.count * size) ** 2)
        table = [[Interval(0, 0, self.bits)] * (self.count * size) for _ in range(self.count * size)]
        for i in range(self.count):
            for p, row in enumerate(self._own(i)):
                table[i * size + p][i * size : i * size + len(row)] = row
            for j in range(i):
                for p, row in enumerate(self.pairs[i, j].mixed()):
                    table[i * size + p][j * size : (j + 1) * size] = row
        return table

    def _own(self, i: int) -> list[Row]:
        """The lower half of the derivatives by row i twice: (π + Σ s) I − Σ s · uuᵀ + Σ s nnᵀ, u the unit vector of the row.

        Summed over the other rows v, with s = ±|v| sin t/|w| and n the unit vector of v off the row.
        """
        others, row = self._others(i), self.rows[i]
        spend(2 * len(others) * len(row) ** 2 * price(self.bits))
        unit = [a.divided_by(self.lengths[i]) for a in row]
        weights = [_signed(pair.steepness, sign) for pair, sign in others]
        total = sum(weights, Interval(0, 0, self.bits))
        table = [[-(total * a * b) for b in unit[: p + 1]] for p, a in enumerate(unit)]
        for (pair, _), weight in zip(others, weights, strict=True):
            for p, a in enumerate(pair.normal):
                factor = weight * a
                table[p] = [entry + factor * b for entry, b in zip(table[p], pair.normal, strict=False)]
        for p, entries in enumerate(table):
            entries[p] = entries[p] + self.pi + total
        return table

    def further(self) -> list[Row]:
        """The lower half of 2π times the Hessian by the entries of a further column, at 0, where all rows have 0 there."""
        table = []
        for i in range(self.count):
            total = sum((_signed(pair.steepness, sign) for pair, sign in self._others(i)), self.pi)
            table.append([*(self.pairs[i, j].rest for j in range(i)), total])
        return table


def dot(a: Row, b: Row) -> Interval:
    """The inner product."""
    return sum((x * y for x, y in zip(a[1:], b[1:], strict=True)), a[0] * b[0])


def length(row: Row) -> Interval:
    """The Euclidean norm; ValueError if it may be 0."""
    found = square_root(_squares(row))
    if found.low <= 0:
        raise ValueError("a row may be 0")
    return found


def _squares(row: Row) -> Interval:
    return sum((a.square() for a in row[1:]), row[0].square())


def _signed(value: Interval, sign: int) -> Interval:
    return value if sign > 0 else -value


def _half(value: Interval) -> Interval:
    return Interval(value.low >> 1, -(-value.high >> 1), value.bits)
