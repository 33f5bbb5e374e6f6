"""The loss at the predictions: the risk, its derivatives and subdifferentials (FORMAT.md, sections 2, 4, 5 and 14)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from operator import mul

from .arithmetic.document import Field
from .arithmetic.effort import price, spend
from .arithmetic.rational import Rational
from .arithmetic.table import (
    Column,
    Table,
    check_size,
    common_denominator,
    common_multiple,
    numerators,
    positions,
    to_denominator,
)
from .loss import Loss

NO_TERM = -1
Name = tuple[int, int]
"""A term (i, k): a sample and an output."""


@dataclass(frozen=True)
class Subgradient:
    """The numbers r_ik = values[k][i]·factor for all predictions, factor > 0."""

    values: list[list[int]]
    factor: Rational


@dataclass(frozen=True)
class Residuals:
    """The gaps u_ik = gaps[k][i]/denominator, and where they lie among the breakpoints of the loss.

    A position is that of `arithmetic.table.positions`, NO_TERM where there is no term. `signs[k][i]` is how u_ik grows with
    g_ik, 1 or −1; `right` has the classes of the samples if the gap is `lead`.
    """

    loss: Loss
    weights: Column
    gaps: list[Sequence[int]]
    denominator: int
    positions: list[list[int]]
    signs: list[Sequence[int]]
    right: Sequence[int] = ()

    @cached_property
    def _slopes(self) -> tuple[list[list[int]], dict[Name, int], Rational]:
        """The derivatives of the terms on the left of g_ik, those on the right at kinks, and their unit."""
        over = self.denominator if self.loss.is_curved else 1
        wholes = {m: self.loss.whole_piece(m) for m in self._pieces_met}
        bits = max(max(a.bit_length(), b.bit_length()) for a, b, _ in wholes.values()) + over.bit_length()
        bits += max(map(int.bit_length, self.weights.numerators)) + self.denominator.bit_length()
        check_size(bits, len(self.gaps) * len(self.positions[0]))
        spend((len(wholes) + len(self.gaps) * len(self.positions[0])) * price(bits))
        # 2a and b in units of the content, which is twice the unit of the pieces
        doubled = {m: a for m, (a, _, _) in wholes.items()}
        constants = {m: over * (b // 2) for m, (_, b, _) in wholes.items()}
        unit = self.loss.content * Fraction(1, over * self.weights.denominator)
        left: list[list[int]] = []
        jumps: dict[Name, int] = {}
        if self._is_one_piece:
            a, b = doubled[0], constants[0]
            for gaps, signs in zip(self.gaps, self.signs, strict=True):
                terms = zip(gaps, signs, self.weights.numerators, strict=True)
                left.append([sign * weight * (a * u + b) for u, sign, weight in terms])
            return left, jumps, unit
        for k, (gaps, where, signs) in enumerate(zip(self.gaps, self.positions, self.signs, strict=True)):
            column = []
            for i, (u, p, sign, weight) in enumerate(zip(gaps, where, signs, self.weights.numerators, strict=True)):
                if p == NO_TERM:
                    column.append(0)
                    continue
                piece = p // 2
                value = weight * (doubled[piece] * u + constants[piece])
                if p % 2:
                    after = weight * (doubled[piece + 1] * u + constants[piece + 1])
                    if after != value:
                        value, jumps[i, k] = (value, after) if sign > 0 else (-after, -value)
                        column.append(value)
                        continue
                column.append(sign * value)
            left.append(column)
        return left, jumps, unit

    @cached_property
    def _pieces_met(self) -> list[int]:
        """The pieces of the loss on which gaps lie, at a breakpoint both; at least one."""
        if not self.loss.breakpoints:
            return [0]
        met = {m for where in self.positions for p in where if p != NO_TERM for m in (p // 2, (p + 1) // 2)}
        return sorted(met or {0})

    @cached_property
    def _longest(self) -> int:
        return max(max(map(int.bit_length, gaps)) for gaps in self.gaps)

    @property
    def _is_one_piece(self) -> bool:
        """Whether one polynomial is the loss of all predictions."""
        return not self.loss.breakpoints and not self.right

    @property
    def kinks(self) -> list[Name]:
        """The terms at which the loss is not differentiable."""
        return sorted(self._slopes[1])

    def interval(self, sample: int, output: int) -> tuple[Rational, Rational]:
        """The subdifferential of a term."""
        left, jumps, unit = self._slopes
        low = left[output][sample]
        return low * unit, jumps.get((sample, output), low) * unit

    def curvature(self, sample: int, output: int) -> Rational:
        """The second derivative of a term; where it jumps, the smaller one of those left and right."""
        p = self.positions[output][sample]
        a = min(self.loss.pieces[p // 2][0], self.loss.pieces[(p + 1) // 2][0])
        return 2 * a * Fraction(self.weights.numerators[sample], self.weights.denominator)

    def terms(self, sample: int) -> Iterator[int]:
        """The outputs k at which the sample has a term."""
        return (k for k in range(len(self.gaps)) if not self.right or k != self.right[sample])

    @cached_property
    def derivative(self) -> Subgradient:
        """The derivative of the risk at every prediction; kinks contribute 0."""
        left, jumps, unit = self._slopes
        values = [list(column) for column in left]
        for i, k in jumps:
            values[k][i] = 0
        for i, c in enumerate(self.right):
            values[c][i] = -sum(column[i] for column in values)
        return Subgradient(values, unit)

    def risk(self) -> tuple[int, int]:
        """Numerator and denominator of the risk, not reduced: a greatest common divisor would take longer than the sum."""
        unit, weights = self.loss.unit, self.weights.numerators
        wholes = {m: self.loss.whole_piece(m) for m in self._pieces_met}
        d, total = self.denominator, 0
        bits = max(d.bit_length() + self._longest, *(max(map(int.bit_length, piece)) for piece in wholes.values()))
        spend((len(wholes) + len(self.gaps) * len(weights)) * price(bits))
        lift = d if self.loss.is_curved else 1
        pieces = {m: (a, b * lift, c * d * lift) for m, (a, b, c) in wholes.items()}
        if self._is_one_piece:
            a, b, c = pieces[0]
            for gaps in self.gaps:
                weighted = list(map(mul, weights, gaps))
                total += a * sum(map(mul, weighted, gaps)) + (b * sum(weighted) if b else 0) + c * sum(weights)
        else:
            for gaps, where in zip(self.gaps, self.positions, strict=True):
                for u, p, weight in zip(gaps, where, weights, strict=True):
                    if p != NO_TERM:
                        a, b, c = pieces[(p + 1) // 2]
                        total += weight * ((a * u + b) * u + c)
        return total * unit.numerator, unit.denominator * self.weights.denominator * d * lift

    def one_sided(self, directions: list[Column]) -> tuple[int, int]:
        """The one-sided derivative of the risk when prediction k moves along directions[k]; not reduced."""
        left, jumps, unit = self._slopes
        common = common_multiple((column.denominator for column in directions), len(directions) * len(self.positions[0]))
        moves = [to_denominator(column, common) for column in directions]
        if self.right:
            known = [moves[c][i] for i, c in enumerate(self.right)]
            moves = [[a - b for a, b in zip(column, known, strict=True)] for column in moves]
        pairs = zip(left, moves, strict=True)
        total = sum(r * move for values, column in pairs for r, move in zip(values, column, strict=True))
        for (i, k), after in jumps.items():
            if moves[k][i] > 0:
                total += (after - left[k][i]) * moves[k][i]
        return total * unit.numerator, common * unit.denominator

    def read_subgradient(self, evidence: Field) -> Subgradient:
        """The subgradient r (FORMAT.md, section 4): given exactly if some prediction sits at a kink of the loss."""
        smooth, corners = self.derivative, self._slopes[1]
        field = evidence.child("subgradient")
        if not corners:
            if evidence.has("subgradient"):
                raise field.reject("must not be given, because the loss is differentiable at every prediction")
            return smooth
        if not evidence.has("subgradient"):
            i, k = min(corners)
            raise field.reject(f"missing field: the loss is not differentiable at output {k} of sample {i}")
        given = field.matrix(len(self.gaps[0]), len(self.gaps))
        for i, row in enumerate(given):
            for k, r in enumerate(row):
                if (i, k) in corners:
                    low, high = self.interval(i, k)
                    inside = low <= r <= high
                elif self.right and k == self.right[i]:
                    inside = not sum(row)
                else:
                    inside = r == smooth.values[k][i] * smooth.factor
                if not inside:
                    raise Field(None, f"{field.place}[{i}][{k}]").reject("not in the subdifferential of the loss")
        common = common_denominator((r for row in given for r in row), len(given) * len(given[0]))
        return Subgradient([numerators(column, common) for column in zip(*given, strict=True)], Fraction(1, common))


def residuals(loss: Loss, weights: Column, predictions: list[Column], targets: Table) -> Residuals:
    """The gaps as integers over one denominator."""
    samples = len(targets.rows)
    count = samples * len(predictions)
    own = [column.denominator for column in predictions]
    common = common_multiple([*own, *(targets.denominators if loss.gap == "difference" else ())], count)
    longest = max(max(map(int.bit_length, column.numerators)) for column in predictions)
    check_size(max(longest, targets.bits) + common.bit_length(), count)
    outputs = [to_denominator(column, common) for column in predictions]
    signs: list[Sequence[int]] = [[1] * samples] * len(outputs)
    right: list[int] = []
    gaps: list[Sequence[int]]
    if loss.gap == "difference":
        wanted = [to_denominator(targets.column(k), common) for k in range(len(outputs))]
        gaps = [[p - q for p, q in zip(f, y, strict=True)] for f, y in zip(outputs, wanted, strict=True)]
    elif loss.gap == "margin":
        signs = [[1 if y > 0 else -1 for y in targets.column(k).numerators] for k in range(len(outputs))]
        gaps = [[p if sign > 0 else -p for p, sign in zip(f, y, strict=True)] for f, y in zip(outputs, signs, strict=True)]
    else:
        right = [row.index(max(row)) for row in targets.rows]
        known = [outputs[c][i] for i, c in enumerate(right)]
        gaps = [[p - q for p, q in zip(f, known, strict=True)] for f in outputs]
    where = [positions(loss.breakpoints, Column(column, common)) for column in gaps]
    for i, c in enumerate(right):
        where[c][i] = NO_TERM
    return Residuals(loss, weights, gaps, common, where, signs, right)
