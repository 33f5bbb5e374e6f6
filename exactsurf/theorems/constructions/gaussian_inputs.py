"""The squared risk of one ReLU layer against another on normal inputs: its value, gradient and Hessian in FLINT balls."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from flint import arb

    Row: TypeAlias = list[arb]


class Angle:
    """Two rows w, v, the angle t between them and E relu(w·x) relu(v·x) = |w||v| (sin t + (π − t) cos t)/(2π).

    Exactness: balls at the working precision; not finite where the rows may be parallel. Source: Cho and Saul 2009.
    """

    def __init__(self, w: Row, v: Row) -> None:
        from flint import arb

        self.w, self.v = w, v
        self.long, self.other = _dot(w, w).sqrt(), _dot(v, v).sqrt()
        self.cosine = _dot(w, v) / (self.long * self.other)
        # The ball of 1 − cos² may reach below 0, where the rows are parallel; the number does not.
        self.sine = (1 - self.cosine * self.cosine).nonnegative_part().sqrt()
        self.rest = arb.pi() - arb.atan2(self.sine, self.cosine)
        self.turn = 2 * arb.pi()

    def value(self) -> arb:
        """The expectation."""
        return self.long * self.other * (self.sine + self.rest * self.cosine) / self.turn

    def slope(self) -> Row:
        """Its gradient in w: (|v| sin t · w/|w| + (π − t) v)/(2π)."""
        factor = self.other * self.sine / self.long
        return [(factor * a + self.rest * b) / self.turn for a, b in zip(self.w, self.v, strict=True)]

    @property
    def steepness(self) -> arb:
        """|v| sin t/(2π|w|)."""
        return self.other * self.sine / (self.long * self.turn)

    def own(self) -> list[Row]:
        """Its Hessian in w: (|v| sin t/(2π|w|)) (I − ŵŵᵀ + nnᵀ), n the unit vector of v off w."""
        normal, scale, unit = self._off_w, self.steepness, self._unit_w
        size = range(len(unit))
        return [[scale * (int(p == q) - unit[p] * unit[q] + normal[p] * normal[q]) for q in size] for p in size]

    def mixed(self) -> list[Row]:
        """Its derivatives in w (rows) and v (columns): ((π − t) I + m v̂ᵀ + n ŵᵀ)/(2π), m the unit vector of w off v."""
        here, there = self._unit_w, [b / self.other for b in self.v]
        off_w = self._off_w
        off_v = [(a - self.cosine * b) / self.sine for a, b in zip(here, there, strict=True)]
        size = range(len(here))
        return [[(int(p == q) * self.rest + off_v[p] * there[q] + off_w[p] * here[q]) / self.turn for q in size] for p in size]

    @cached_property
    def _unit_w(self) -> Row:
        return [a / self.long for a in self.w]

    @cached_property
    def _off_w(self) -> Row:
        return [(b / self.other - self.cosine * a) / self.sine for a, b in zip(self._unit_w, self.v, strict=True)]


class Objective:
    """½ E (Σ_i relu(w_i·x) − Σ_j relu(v_j·x))² on x ~ N(0, I) at rows of balls, `students` w_i and `teachers` v_j.

    Exactness: balls at the working precision that is set when a method is called. Source: Safran and Shamir 2018.
    """

    def __init__(self, students: Sequence[Row], teachers: Sequence[Row]) -> None:
        self.students, self.teachers = students, teachers

    def risk(self) -> arb:
        """The risk."""
        rows = [*((w, 1) for w in self.students), *((v, -1) for v in self.teachers)]
        total = sum((_dot(w, w) for w, _ in rows), _dot(self.students[0], self.students[0]) * 0) / 4
        for i, (w, sign) in enumerate(rows):
            for v, other in rows[:i]:
                total += sign * other * Angle(w, v).value()
        return total

    def gradient(self) -> list[Row]:
        """The gradient, one row for every student."""
        found = []
        for i, w in enumerate(self.students):
            total = [a / 2 for a in w]
            for angle, sign in self._others(i):
                total = [a + sign * b for a, b in zip(total, angle.slope(), strict=True)]
            found.append(total)
        return found

    def hessian(self) -> list[Row]:
        """The Hessian in all entries of the students, row after row."""
        count, size = len(self.students), len(self.students[0])
        zero = self.students[0][0] * 0
        table = [[zero] * (count * size) for _ in range(count * size)]
        for i in range(count):
            for p in range(size):
                table[i * size + p][i * size + p] += 1 / (zero + 2)
            for angle, sign in self._others(i):
                own = angle.own()
                for p in range(size):
                    for q in range(size):
                        table[i * size + p][i * size + q] += sign * own[p][q]
            for j in range(i):
                block = Angle(self.students[i], self.students[j]).mixed()
                for p in range(size):
                    for q in range(size):
                        table[i * size + p][j * size + q] = table[j * size + q][i * size + p] = block[p][q]
        return table

    def further(self) -> list[Row]:
        """The Hessian in the entries of a further column, at 0, where all students and teachers have 0 in it."""
        count = len(self.students)
        table = [[self.students[0][0] * 0] * count for _ in range(count)]
        for i in range(count):
            table[i][i] = sum((sign * angle.steepness for angle, sign in self._others(i)), 1 / (table[i][i] + 2))
            for j in range(i):
                angle = Angle(self.students[i], self.students[j])
                table[i][j] = table[j][i] = angle.rest / angle.turn
        return table

    def _others(self, i: int) -> list[tuple[Angle, int]]:
        w = self.students[i]
        students = [(Angle(w, v), 1) for j, v in enumerate(self.students) if j != i]
        return students + [(Angle(w, v), -1) for v in self.teachers]


def _dot(a: Row, b: Row) -> arb:
    total = a[0] * b[0]
    for x, y in zip(a[1:], b[1:], strict=True):
        total += x * y
    return total
