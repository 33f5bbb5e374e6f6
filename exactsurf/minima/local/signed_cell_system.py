"""The first-order conditions of one signed cell at a point, as linear programs in the subgradients of the loss.

One hidden layer, one output. In product variables the cell's problem is convex, so these conditions decide it; what makes
them more than one linear program are units of output weight 0, for which a strict inequality may stand in for equations.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from exactsurf.certificate.rules.boundary_pair import Pair
from exactsurf.certificate.rules.cone_tree import CriticalCone
from exactsurf.errors import InternalError
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.simplex import Bound
from exactsurf.minima.local.point_on_walls import PointOnWalls

_ZERO, _ONE = Fraction(0), Fraction(1)
_Row: TypeAlias = tuple[str, int, int]
_Column: TypeAlias = dict[_Row, Fraction]
_BIAS: _Row = ("output bias", 0, 0)


@dataclass(frozen=True)
class Falling:
    """A Farkas vector as a motion: Σ_i r_i (change of prediction i) is negative, or not positive, for all subgradients r.

    `bias` and `weights` (times the sign of a unit of output weight 0) move b and v; `rows` moves the weights of the units that
    are not required to be strict; `sides`, the number for every pair that was not split at a kink of the loss.
    """

    bias: Fraction
    weights: dict[int, Fraction]
    rows: dict[int, Vector]
    sides: dict[Pair, Fraction]


@dataclass(frozen=True)
class NoLeaf:
    """Why a signed cell has no leaf.

    Attributes: `rounds`, the units of output weight 0 that were found, one round after another, not to be strict, each with a
    motion that falls if the frozen risk of this unit is positive; `last`, a motion that falls for all subgradients left.
    """

    rounds: tuple[dict[int, Falling], ...]
    last: Falling

    @property
    def motions(self) -> tuple[Falling, ...]:
        """All motions."""
        return (*(motion for found in self.rounds for motion in found.values()), self.last)


@dataclass(frozen=True)
class SignedCell:
    """A signed cell at the point, or several: `weights`, the signs of the output weights that are 0; `signs` of boundary pairs.

    Pairs without a sign are not split: there a leaf needs a slope between the two of them, on the convex side.
    Exactness: exact. Source: proofs/rules/convex_cells.md.
    """

    point: PointOnWalls
    weights: Mapping[int, int]
    signs: Mapping[Pair, int]

    def factor(self, unit: int) -> Fraction:
        """The output weight, or the sign that stands for it."""
        return Fraction(self.weights[unit]) if unit in self.weights else self.point.weights[unit]

    @cached_property
    def open_pairs(self) -> tuple[Pair, ...]:
        """The pairs that are not split, of samples whose subgradient may differ from 0."""
        return tuple(p for p in self.point.pairs if p not in self.signs and any(self.point.subgradients[p[2]]))

    def bend(self, pair: Pair) -> Fraction:
        """How much the slope grows at a pair, times the output weight."""
        _, unit, sample = pair
        left, right = self.point.slopes[unit][sample]
        return self.factor(unit) * (right - left)

    def concave(self, strict: tuple[int, ...]) -> Pair | None:
        """An open pair of a unit not in `strict` at which the frozen risk is concave whatever the subgradients."""
        pairs = (p for p in self.open_pairs if p[1] not in strict)
        return next((p for p in pairs if all(self.bend(p) * r < 0 for r in self.point.subgradients[p[2]])), None)

    def decide(self) -> CriticalCone | NoLeaf | Pair:
        """A leaf, or why there is none, or a pair that has to be split. Where every pair is split, this decides the cell.

        Exactness: exact. Raises: nothing. Source: proofs/rules/convex_cells.md.
        """
        strict = tuple(self.weights)
        falls: list[dict[int, Falling]] = []
        while True:
            pair = self.concave(strict)
            if pair is not None:
                return pair
            solved = self._solve(strict, strict)
            if isinstance(solved, CriticalCone):
                return solved
            last = self._solve(strict, ()) if strict else solved
            if isinstance(last, Falling):
                return NoLeaf(tuple(falls), last)
            out: dict[int, Falling] = {}
            for unit in strict:
                found = solved if len(strict) == 1 else self._solve(strict, (unit,))
                if isinstance(found, Falling):
                    out[unit] = found
            if not out:
                raise InternalError("a sum of solutions is strict for all units, but none was found")
            falls.append(out)
            strict = tuple(unit for unit in strict if unit not in out)

    def _solve(self, strict: tuple[int, ...], wished: tuple[int, ...]) -> CriticalCone | Falling:
        """Subgradients with s φ ≥ 0 for the units of `strict`, positive for those of `wished`, and all conditions for the others.

        Where something is wished, all conditions are taken times some t > 0, so that positive may be called ≥ 1.
        """
        program = _Program(self, strict, bool(wished))
        answer = program.solve(wished)
        if isinstance(answer, FarkasVector):
            return program.falling(answer.values)
        return program.leaf(answer)


class _Program:
    """The linear program of a signed cell: columns with names, each with its bounds, whose combination is to be 0."""

    def __init__(self, cell: SignedCell, strict: tuple[int, ...], is_scaled: bool) -> None:
        self.cell, self.strict, self.is_scaled = cell, strict, is_scaled
        point = cell.point
        self.units = tuple(j for j in range(len(point.weights)) if j not in strict)
        self.columns: dict[tuple[str, object], tuple[_Column, Bound, Bound]] = {}
        self.open = tuple(p for p in cell.open_pairs if p[1] not in strict)
        self.add(("scale", 0), self._fixed(), _ZERO, None)
        for i in point.kinks:
            low, high = point.subgradients[i]
            column = self._sample(i)
            for pair in self.open:
                if pair[2] == i:
                    column["side", pair[1], i] = -cell.bend(pair)
            if is_scaled:
                self._tie(("r", i), column, low, high, ("kink", i, 0))
            else:
                self.add(("r", i), column, low, high)
        for pair, sign in cell.signs.items():
            if pair[1] not in strict:
                self.add(("wall", pair), self._wall(pair, -sign), _ZERO, None)
        for pair in self.open:
            self._add_open(pair)
        for unit in strict:
            self.add(("phi", unit), {("weight", unit, 0): -_ONE}, _ZERO, None)

    def add(self, name: tuple[str, object], column: _Column, low: Bound, high: Bound) -> None:
        """One more column."""
        self.columns[name] = (column, low, high)

    def _tie(self, name: tuple[str, object], column: _Column, low: Fraction, high: Fraction, row: _Row) -> None:
        """A column whose multiplier lies between `low` and `high` times the scale."""
        scale = self.columns["scale", 0][0]
        for key, value in column.items():
            scale[key] = scale.get(key, _ZERO) + low * value
        scale[row] = low - high
        self.add(name, {**column, row: _ONE}, _ZERO, None)
        self.add(("rest", name), {row: _ONE}, _ZERO, None)

    def _fixed(self) -> _Column:
        """The conditions without the kinks of the loss."""
        cell, point = self.cell, self.cell.point
        column: _Column = {}
        if point.problem.network.biases[1]:
            column[_BIAS] = sum((low for low, high in point.subgradients if low == high), _ZERO)
        for j, (value,) in enumerate(point.plain[0]):
            column["weight", j, 0] = value * cell.weights.get(j, 1)
        for j in self.units:
            for place, entry in enumerate(point.plain[1][j]):
                column["row", j, place] = entry * cell.factor(j)
        for pair in point.pairs:
            _, j, i = pair
            low, high = point.subgradients[i]
            if low == high and low and j not in self.strict:
                self._add_row(column, pair, low)
        return column

    def _sample(self, i: int) -> _Column:
        """The change of the prediction on a sample: what its subgradient contributes to the conditions."""
        cell, point = self.cell, self.cell.point
        column: _Column = {_BIAS: _ONE} if point.problem.network.biases[1] else {}
        for j, values in enumerate(point.activations):
            if values[i]:
                column["weight", j, 0] = values[i] * cell.weights.get(j, 1)
        for j in self.units:
            self._add_row(column, (1, j, i), _ONE)
        return column

    def _add_row(self, column: _Column, pair: Pair, r: Fraction) -> None:
        _, j, i = pair
        left, right = self.cell.point.slopes[j][i]
        factor = r * self.cell.factor(j) * (left if self.cell.signs.get(pair, 1) < 0 else right)
        if factor:
            for place, entry in enumerate(self.cell.point.inputs[i]):
                column["row", j, place] = column.get(("row", j, place), _ZERO) + factor * entry

    def _wall(self, pair: Pair, sign: int) -> _Column:
        return {("row", pair[1], place): sign * entry for place, entry in enumerate(self.cell.point.inputs[pair[2]])}

    def _add_open(self, pair: Pair) -> None:
        """How far below the right slope the chosen one is: between 0 and the bend times the subgradient."""
        column, row = self._wall(pair, -1), ("side", pair[1], pair[2])
        low, high = self.cell.point.subgradients[pair[2]]
        if low == high:
            most = self.cell.bend(pair) * low
            if self.is_scaled:
                self._tie(("side", pair), column, _ZERO, most, row)
            else:
                self.add(("side", pair), column, _ZERO, most)
            return
        self.add(("side", pair), {**column, row: _ONE}, _ZERO, None)
        self.add(("rest", pair), {row: _ONE}, _ZERO, None)

    @cached_property
    def rows(self) -> tuple[_Row, ...]:
        """The conditions."""
        return tuple(dict.fromkeys(row for column, _, _ in self.columns.values() for row in column))

    def solve(self, wished: Iterable[int]) -> dict[tuple[str, object], Fraction] | FarkasVector:
        """Multipliers of the columns, or a Farkas vector."""
        columns = dict(self.columns)
        target: _Column = {}
        if self.is_scaled:
            for unit in wished:
                column, _, high = columns["phi", unit]
                columns["phi", unit] = (column, _ONE, high)
        else:
            target = columns.pop(("scale", 0))[0]
        vectors = [[column.get(row, _ZERO) for row in self.rows] for column, _, _ in columns.values()]
        lower, upper = [low for _, low, _ in columns.values()], [high for _, _, high in columns.values()]
        right = [-target.get(row, _ZERO) for row in self.rows]
        answer = solve_bounded_system(vectors, right, lower, upper, self.cell.point.effort)
        if isinstance(answer, FarkasVector):
            return answer
        return {("scale", 0): _ONE, **dict(zip(columns, answer.values, strict=True))}

    def falling(self, values: Vector) -> Falling:
        """A Farkas vector as a motion."""
        cell, found = self.cell, dict(zip(self.rows, values, strict=True))
        size = range(len(cell.point.inputs[0]))
        kinks = set(cell.point.kinks)
        return Falling(
            found.get(_BIAS, _ZERO),
            {j: found.get(("weight", j, 0), _ZERO) for j in range(len(cell.point.weights))},
            {j: tuple(found.get(("row", j, place), _ZERO) for place in size) for j in self.units},
            {p: found.get(("side", p[1], p[2]), _ZERO) for p in self.open if p[2] in kinks},
        )

    def leaf(self, solution: Mapping[tuple[str, object], Fraction]) -> CriticalCone:
        """A solution as a leaf."""
        cell, point = self.cell, self.cell.point
        scale = solution["scale", 0]
        r = {}
        for i in point.kinks:
            r[i] = solution["r", i] / scale + (point.subgradients[i][0] if self.is_scaled else _ZERO)
        walls = ((pair, solution["wall", pair] / scale) for pair in cell.signs if pair[1] not in self.strict)
        return CriticalCone(
            tuple((pair, value) for pair, value in walls if value),
            tuple((i, 0, value) for i, value in r.items()),
            positive=self.strict if self.is_scaled else (),
            unsplit=tuple((pair, solution["side", pair] / scale) for pair in self.open),
        )
