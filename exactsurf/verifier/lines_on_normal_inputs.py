"""Units on lines against others on standard normal inputs: kernel matrix, slopes and risk, enclosed (FORMAT.md, section 47)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .arithmetic.document import Field, one_of
from .arithmetic.effort import price, spend
from .arithmetic.interval import Interval, enclose, half_turn
from .arithmetic.rational import Rational
from .gaussian_units import Pair, length
from .submission import counted

MAX_LINES = 12
Rows = list[list[Rational]]


@dataclass(frozen=True)
class Setting:
    """The lines, how many units are on each, and the teachers."""

    lines: Rows
    units: list[int]
    teachers: Rows

    @property
    def name(self) -> str:
        """The risk, as sentences name it."""
        return (
            f"the population risk of {counted(sum(self.units), 'ReLU unit')} on {counted(len(self.lines), 'line')} against "
            f"{len(self.teachers)} on standard normal inputs of {counted(len(self.lines[0]), 'dimension')}"
        )


def read_setting(field: Field) -> Setting:
    """The field `problem`."""
    inputs, lines_field, units_field, teachers_field = field.fields("inputs", "lines", "units", "teachers")
    one_of(inputs, ("standard normal",))
    lines = _read_rows(lines_field, None)
    if len(lines) > MAX_LINES:
        raise lines_field.reject(f"expected at most {MAX_LINES} lines")
    teachers = _read_rows(teachers_field, len(lines[0]))
    units = [entry.size(1) for entry in units_field.items(len(lines))]
    for i, row in enumerate(lines):
        if any(_direction(row, other) for other in lines[:i]):
            raise lines_field.reject("two lines are parallel")
    return Setting(lines, units, teachers)


def _read_rows(field: Field, size: int | None) -> Rows:
    rows: Rows = []
    for entry in field.items():
        rows.append(entry.vector(len(rows[0]) if rows else size))
        if not any(rows[-1]):
            raise entry.reject("a row is 0")
    if not rows:
        raise field.reject("expected at least one row")
    return rows


def _direction(first: Sequence[Rational], second: Sequence[Rational]) -> int:
    """1 if two rows that are not 0 have one direction, −1 if they have opposite directions, else 0."""
    longest = max(v.numerator.bit_length() + v.denominator.bit_length() for row in (first, second) for v in row)
    spend(4 * len(first) * price(longest))
    place = next(p for p, value in enumerate(first) if value)
    if any(first[place] * b != second[place] * a for a, b in zip(first, second, strict=True)):
        return 0
    return 1 if first[place] * second[place] > 0 else -1


def _product(first: Sequence[Rational], second: Sequence[Rational]) -> Fraction:
    return sum((Fraction(a) * b for a, b in zip(first, second, strict=True)), Fraction(0))


class Rays:
    """2π times the kernel matrix of all rays, their kernels with the teachers in sum, and that of the teachers with themselves.

    Rays are u_1, −u_1, u_2, −u_2, …. Raises ValueError where these bits do not tell that two rows are not parallel.
    """

    def __init__(self, setting: Setting, bits: int) -> None:
        self.units, self.bits, self.zero = setting.units, bits, Interval(0, 0, bits)
        self.pi = half_turn(bits)
        self._exact = [*setting.lines, *setting.teachers]
        self._rows = [[enclose(value, bits) for value in row] for row in self._exact]
        self._lengths = [length(row) for row in self._rows]
        self._count = len(setting.lines)
        lines, teachers = range(self._count), range(self._count, len(self._rows))
        signs = (True, False)
        known = {(i, j): self._pair(i, j) for i in range(len(self._rows)) for j in (*lines, *teachers) if j <= i}
        self.kernel = [[known[max(i, j), min(i, j)][a is b] for j in lines for b in signs] for i in lines for a in signs]
        self.reward = [sum((known[j, i][a] for j in teachers), self.zero) for i in lines for a in signs]
        self.own = sum((known[max(i, j), min(i, j)][True] for i in teachers for j in teachers), self.zero)

    def _pair(self, i: int, j: int) -> dict[bool, Interval]:
        """2π times the kernel of two rows (True), and of one of them and the negative of the other (False)."""
        spend(20)
        product = _product(self._exact[i], self._exact[j])
        half = self.pi * enclose(abs(product), self.bits)
        way = _direction(self._exact[i], self._exact[j])
        if way:
            return {way > 0: half, way < 0: self.zero}
        same = Pair.of(self._rows[i], self._rows[j], self._lengths[i], self._lengths[j]).value
        # E max(0, w·x) v·x = w·v/2
        return {True: same, False: same - half if product > 0 else same + half}

    def mirrors(self) -> list[set[int]]:
        """Smallest sets of rays that may be turned round without a change of the risk.

        Their lines are orthogonal to all other lines, and to the sum of the teachers.
        """
        lines, teachers = self._exact[: self._count], self._exact[self._count :]
        total = [sum(map(Fraction, column)) for column in zip(*teachers, strict=True)]
        parts: list[set[int]] = []
        for i, u in enumerate(lines):
            met = [part for part in parts if any(_product(u, lines[j]) for j in part)]
            parts = [part for part in parts if part not in met] + [{i}.union(*met)]
        still = [part for part in parts if not any(_product(lines[i], total) for i in part)]
        return [{2 * i + side for i in part for side in (0, 1)} for part in still]

    def enclosed(self, value: Rational) -> Interval:
        """An interval that holds a number."""
        return enclose(value, self.bits)

    def _times(self, sums: Sequence[Rational]) -> list[Interval]:
        """2π K z."""
        spend(2 * len(sums) ** 2 * price(self.bits))
        values = [self.enclosed(value) for value in sums]
        return [sum((a * b for a, b in zip(row, values, strict=True)), self.zero) for row in self.kernel]

    def gradient(self, sums: Sequence[Rational]) -> list[Interval]:
        """2π (K z − b)."""
        return [a - b for a, b in zip(self._times(sums), self.reward, strict=True)]

    def _form(self, sums: Sequence[Rational]) -> Interval:
        """2π zᵀKz."""
        return sum((self.enclosed(v) * a for v, a in zip(sums, self._times(sums), strict=True)), self.zero)

    def risk(self, sums: Sequence[Rational]) -> Interval:
        """2π times the risk at sums of lengths."""
        linear = sum((self.enclosed(v) * a for v, a in zip(sums, self.reward, strict=True)), self.zero)
        return self._half(self._form(sums) + self.own) - linear

    def bound(self, sums: Sequence[Rational]) -> Interval:
        """2π (e − zᵀKz)/2, a lower bound of the risk of all lengths on rays along which the slopes at z are not negative."""
        return self._half(self.own - self._form(sums))

    def _half(self, value: Interval) -> Interval:
        return value.divided_by(self.enclosed(2))

    def fits_exactly(self, sums: Sequence[Rational]) -> bool:
        """Whether the units with these sums are the teachers: on every ray the teachers on it have the same sum."""
        lines, teachers = self._exact[: self._count], self._exact[self._count :]
        found = [Fraction(0)] * (2 * len(lines))
        for v in teachers:
            way = next(((i, w) for i, u in enumerate(lines) if (w := _direction(u, v))), None)
            if way is None:
                return False
            line, sign = way
            place = next(p for p, value in enumerate(v) if value)
            found[2 * line + (sign < 0)] += abs(Fraction(v[place], lines[line][place]))
        return all(a == b for a, b in zip(found, sums, strict=True))
