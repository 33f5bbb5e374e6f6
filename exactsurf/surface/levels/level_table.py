"""Levels over cones of atoms, proposed in FLINT's numbers, proved in rational numbers, and shared by all cones that have them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from math import lcm, log2
from typing import Any

from exactsurf.errors import SingularMatrixError
from exactsurf.exact.balls import rounded, to_arb, working_precision
from exactsurf.exact.convex_pieces import ConvexPieces, Piece
from exactsurf.exact.linear_algebra import Vector, dot, solve
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.atoms import AtomTable
from exactsurf.surface.levels.floats.fineness import FINE
from exactsurf.surface.levels.floats.relaxed_minimum import RelaxedMinimum
from exactsurf.surface.levels.level import ConeBound, Level, allowed_nearby, level_setting
from exactsurf.surface.levels.level_symmetries import level_symmetries, orbit
from exactsurf.surface.levels.proposal import BITS, SCALE, Proposal, Proposer
from exactsurf.surface.levels.recession import Recession
from exactsurf.surface.levels.terms import PieceTerm
from exactsurf.surface.levels.unpriced import UnpricedLevels

_ZERO = Fraction(0)
_SPARED, _SHORTER = 4, 3
"""Bits by which slopes are moved further than atoms gain too much, as a part of what they cost; and those of a second try."""


class LevelTable:
    """The least risk over cones of atoms of one problem; every level is found once.

    Levels that symmetries of the data lead to each other are found once.
    Parameters: a problem with one output; its `AtomTable`; `use_symmetries`, which saves time. Attributes: `symmetries`,
    generators of those of the data. Exactness: enclosed, with proof. Raises: `UnsupportedError` as `loss_terms`.
    Source: proofs/enclosed_levels.md.
    """

    def __init__(self, problem: Problem, atoms: AtomTable, use_symmetries: bool = True) -> None:
        self.problem = problem
        self.symmetries = level_symmetries(problem, atoms) if use_symmetries else ()
        self.setting = level_setting(problem, atoms)
        self.levels: list[Level] = []
        self._starts: list[Proposal] = []
        self._of: dict[int, int] = {}
        self._by_key: dict[tuple[int, int | None], int] = {}
        with working_precision(BITS):
            setting = self.setting
            self._proposer = Proposer(atoms, setting.prices, setting.terms, setting.has_bias, setting.penalty)
        self._unpriced = None if atoms.factor else UnpricedLevels(setting)

    def __reduce__(self) -> tuple[Any, ...]:
        # FLINT's matrices do not pickle; another process finds its levels anew.
        return LevelTable, (self.problem, self.setting.atoms, bool(self.symmetries))

    def place(self, cone: int, near: int | None = None) -> int:
        """The place in `levels` of the least risk over a cone; `near` is the place of the level of a cone like it."""
        found = self._of.get(cone)
        if found is None:
            found = self._of[cone] = self._found(cone, near)
        return found

    def _found(self, cone: int, near: int | None) -> int:
        if near is not None and self.levels[near].serves(cone):
            return near
        for place, level in enumerate(self.levels):
            if level.serves(cone):
                return place
        with working_precision(BITS):
            if self._unpriced is not None:
                level, start = self._unpriced.level(cone, None if near is None else (self.levels[near], self._starts[near]))
            else:
                start = self._proposer.propose(cone, None if near is None else self._starts[near])
                level = self._certified(start, cone)
            found = orbit(level, start, self.symmetries)
        for own, near_it in found:
            if self._by_key.setdefault(own.key, len(self.levels)) == len(self.levels):
                self.levels.append(own)
                self._starts.append(near_it)
        return self._by_key[level.key]

    def alone(self, cone: int) -> Level:
        """The level of a cone with a dual vector that holds on it, whatever other cones share it."""
        with working_precision(BITS):
            if self._unpriced is not None:
                return self._unpriced.level(cone, None)[0]
            return self._certified(self._proposer.propose(cone, None), cone)

    def relaxed(self, cone: int, near: Level | ConeBound | None, fine: float | None = None) -> Level:
        """The least value over a cone, enclosed for this cone alone; the same whatever other cones were asked about.

        Parameters: `cone`; `near`, the level of a cone that holds this one; `fine`, by which part of
        their price atoms may gain too much where floats propose, which is faster (None: they do not). Exactness: enclosed, with
        proof. Raises: nothing. Source: proofs/enclosed_levels.md, lemma 1.
        """
        with working_precision(BITS):
            # Points that floats propose do not go to infinity, where rays cost nothing.
            about = None if fine is None or self._vanishing or self._unpriced is not None else self._about(cone, near, fine)
            if about is not None:
                return self._alone(about, cone)
            # Floats propose points so far away that nothing is left of slopes there, where samples vanish.
            is_usable = near is not None and (self._unpriced is None or isinstance(near, Level))
            active, bias = (near.amounts, near.bias) if near is not None and is_usable else ({}, _ZERO)
            start = Proposal({bit: list(map(to_arb, y)) for bit, y in active.items()}, to_arb(bias), [], False)
            if self._unpriced is not None:
                # Over a smaller cone nothing vanishes that does not over a larger one.
                among = near.away.samples if isinstance(near, Level) else None
                return self._unpriced.relaxed(cone, start, among)
            if self._vanishing:
                return self._vanished()
            amounts, bias, gradient = self._proposed(self._proposer.propose(cone, start), cone)
            low = self.setting.bound(gradient)
            assert low is not None, "the gradient is feasible"
            return self._alone(ConeBound(low, gradient, amounts, bias), cone)

    def bounded(self, cone: int, near: Level | ConeBound | None, fine: float | None = FINE) -> Level | ConeBound:
        """A lower bound of the risk over a cone, at least that over a larger cone; of the point in it nothing is proved.

        Parameters: as of `relaxed`. Exactness: proved. Raises: nothing. Source: as of `relaxed`.
        """
        with working_precision(BITS):
            about = None if fine is None or self._vanishing else self._about(cone, near, fine)
        found = self.relaxed(cone, near) if about is None else about
        if near is not None and found.low < near.low:
            return replace(found, low=near.low, gradient=near.gradient)
        return found

    def lower(self, cone: int, near: Level | ConeBound | None, most: Fraction, fine: float | None = FINE) -> Level | None:
        """The level of a cone if it is lower than `most`, else None; None, too, where it is lower by next to nothing.

        Parameters: as of `relaxed`. Exactness: enclosed, with proof. Raises: nothing. Source: as of `relaxed`.
        """
        found = self.bounded(cone, near, fine)
        if found.low >= most or isinstance(found, Level):
            return found if isinstance(found, Level) and found.low < most else None
        about = self._alone(found, cone)
        if self._unpriced is None:
            return about
        return None if about.high >= most else self.relaxed(cone, found)

    def _alone(self, bound: ConeBound, cone: int) -> Level:
        high, support = self.setting.risk_above(bound.amounts, bound.bias), sum(1 << bit for bit in bound.amounts)
        return Level(bound.low, high, support, cone, cone, bound.gradient, bound.amounts, bound.bias, cone)

    def _about(self, cone: int, near: Level | ConeBound | None, fine: float) -> ConeBound | None:
        """A bound on a cone from a point that floats propose; None where they do not, or are of no use."""
        if near is None:
            found = self._floats.propose(cone, {}, _ZERO, fine)
        else:
            found = self._floats.propose(cone, near.amounts, near.bias, fine, near.low)
        if found is None:
            return None
        amounts = {bit: y for bit, y in found.amounts.items() if self._is_inside(bit, y)}
        if near is not None and found.risk <= near.low:
            # Of the larger cone as much is known as can be of this one.
            return ConeBound(near.low, near.gradient, amounts, found.bias if self.setting.has_bias else _ZERO)
        digits = int(-log2(fine)) - _SPARED
        if self._unpriced is not None:
            gradient = self._unpriced.nearby(found.slopes, list(amounts), cone, digits)
        else:
            gradient = self._nearby(found.slopes, cone, digits)
        low = None if gradient is None else self.setting.bound(gradient)
        if low is None or gradient is None:
            return None
        least = self._least
        if least is not None and low < least:
            low, gradient = least, (_ZERO,) * len(gradient)
        return ConeBound(low, gradient, amounts, found.bias if self.setting.has_bias else _ZERO)

    @cached_property
    def _least(self) -> Fraction | None:
        """The bound of the dual vector 0, which holds everywhere."""
        return self.setting.bound((_ZERO,) * len(self.setting.terms))

    @cached_property
    def _floats(self) -> RelaxedMinimum:
        setting = self.setting
        return RelaxedMinimum(setting.atoms, setting.terms, setting.has_bias, setting.penalty)

    def _nearby(self, slopes: Vector, cone: int, digits: int) -> Vector | None:
        """Slopes of floats, moved a little, so that they are a dual vector that holds on the cone; None where more is needed.

        The first try moves them towards 0 by a part of 2^−digits.
        """
        setting = self.setting
        if (setting.has_bias and not setting.penalty) or cone & setting.atoms.constants:
            slopes = self.balanced(slopes)
        unit = lcm(*(value.denominator for value in slopes))
        whole = [int(value * unit) for value in slopes]
        for shift in (0, _SHORTER):
            scale = 1 << digits - shift
            if setting.prices.are_dear([(scale - 1) * value for value in whole], cone, unit * scale):
                return tuple(value * Fraction(scale - 1, scale) for value in slopes)
        return None

    def _proposed(self, start: Proposal, cone: int) -> tuple[dict[int, Vector], Fraction, Vector]:
        """Amounts, output bias, and a dual vector that holds on the cone."""
        amounts = {bit: tuple(rounded(value, 112) for value in y) for bit, y in start.active.items()}
        amounts = self._on_least_faces({bit: y for bit, y in amounts.items() if self._is_inside(bit, y)})
        bias = rounded(start.bias, 112) if self.setting.has_bias else _ZERO
        return amounts, bias, self._feasible(tuple(Fraction(value, SCALE) for value in start.slopes), cone)

    def _certified(self, start: Proposal, cone: int) -> Level:
        if self._vanishing:
            return self._vanished()
        exactly = self._solved(start, cone)
        if exactly is not None:
            return exactly
        amounts, bias, gradient = self._proposed(start, cone)
        return self._level(gradient, amounts, bias, cone)

    @cached_property
    def _vanishing(self) -> int:
        """The direction of a free output bias in which the losses of all samples fall to 0, if there is one."""
        ways = {term.vanishing for term in self.setting.terms}
        return ways.pop() if self.setting.has_bias and not self.setting.penalty and len(ways) == 1 else 0

    def _vanished(self) -> Level:
        every, none = self.setting.atoms.every, (_ZERO,) * len(self.setting.terms)
        away = Recession({}, Fraction(self._vanishing), frozenset(range(len(none))))
        return Level(_ZERO, _ZERO, 0, every, every, none, {}, _ZERO, None, away)

    def _level(self, gradient: Vector, amounts: dict[int, Vector], bias: Fraction, cone: int) -> Level:
        setting = self.setting
        low, high = setting.bound(gradient), setting.risk_above(amounts, bias)
        if low is None:
            raise ArithmeticError("a dual vector without a bound")
        prices = setting.priced(gradient, setting.atoms.every)
        bounded = setting.without(setting.too_cheap(prices))
        support = sum(1 << bit for bit in amounts)
        balanced = self._is_balanced(support, high)
        allowed = allowed_nearby(setting, gradient, prices, support, setting.distance(low, high, gradient), balanced)
        alone = cone if cone & ~allowed else None
        return Level(low, high, support, allowed, bounded, gradient, amounts, bias, alone)

    def _is_balanced(self, support: int, high: Fraction) -> bool:
        """Whether the best dual vector of a support has the sum 0: constants cost nothing, and are used."""
        setting = self.setting
        if setting.has_bias:
            return not setting.penalty
        constants = setting.atoms.constants
        if not support & constants:
            return False
        return self.levels[self.place(support & ~constants)].low > high

    def _on_least_faces(self, amounts: dict[int, Vector]) -> dict[int, Vector]:
        """The same point, each part of it in the least face that holds it: points on a side of a face lie in a smaller one."""
        found: dict[int, Vector] = {}
        for bit, y in amounts.items():
            own, part = self._least_face(bit, y)
            before = found.get(own)
            found[own] = part if before is None else tuple(a + b for a, b in zip(before, part, strict=True))
        return found

    def _least_face(self, bit: int, y: Vector) -> tuple[int, Vector]:
        atoms = self.setting.atoms
        atom = atoms.atoms[bit >> 1]
        if len(y) == 1 or all(dot(row, y) for row in atom.rows):
            return bit, y
        weights = atoms.weights(bit, y)
        for h in sorted(atom.below, key=lambda face: len(atoms.atoms[face].basis)):
            other = atoms.atoms[h]
            part = solve(other.gram, [atoms.product(row, weights) for row in other.basis])
            if atoms.weights(2 * h, part) == weights and all(dot(row, part) >= 0 for row in other.rows):
                return 2 * h + bit % 2, part
        return bit, y

    def _is_inside(self, bit: int, y: Vector) -> bool:
        return any(y) and all(dot(row, y) >= 0 for row in self.setting.atoms.atoms[bit >> 1].rows)

    def _feasible(self, gradient: Vector, cone: int) -> Vector:
        """The slopes, moved a little, so that they are a dual vector that holds on the cone."""
        setting = self.setting
        constants = cone & setting.atoms.constants
        if (setting.has_bias and not setting.penalty) or not setting.holds_on(gradient, constants):
            gradient = self.balanced(gradient)
        shrink = Fraction(1, 1 << 104)
        while True:
            scaled = tuple((1 - shrink) * value for value in gradient)
            if setting.bound(scaled) is not None and setting.holds_on(scaled, cone):
                return scaled
            if shrink == 1:
                raise ArithmeticError("no dual vector holds on the cone")
            shrink = min(shrink * 16, Fraction(1))

    def direction(self, cone: int, away: Recession) -> Recession:
        """A direction of a cone in which the same samples vanish as in another one, and about as fast as one another."""
        return away if self._unpriced is None else self._unpriced.direction(cone, away)

    def kept(self, level: Level | ConeBound, gradient: Vector) -> Vector:
        """Slopes near those of a level, moved a little so that they keep what equations the level's own ones satisfy."""
        if self._unpriced is not None:
            return self._unpriced.kept(level, gradient)
        free = self.setting.has_bias and not self.setting.penalty
        return self.balanced(gradient) if free or not sum(level.gradient, _ZERO) else gradient

    def balanced(self, gradient: Vector) -> Vector:
        """The slopes with the sum 0: what they add up to is taken from the sample that has the most room."""
        total = sum(gradient, _ZERO)
        rooms = [_room(term.room, value) for term, value in zip(self.setting.terms, gradient, strict=True)]
        place = max(range(len(rooms)), key=lambda i: (rooms[i] is None, rooms[i] or _ZERO))
        return tuple(value - total if i == place else value for i, value in enumerate(gradient))

    def _solved(self, start: Proposal, cone: int) -> Level | None:
        """The level as a rational number: where prices are rational and the loss has pieces, one linear system."""
        setting = self.setting
        pieces = [term.function for term in setting.terms if isinstance(term, PieceTerm)]
        if not setting.atoms.priced or len(pieces) < len(setting.terms):
            return None
        predictions = [rounded(value, 112) for value in self._proposer._predictions(start)]
        chosen = [function.pieces[function.sides(f)[0]] for function, f in zip(pieces, predictions, strict=True)]
        bits = tuple(start.active)
        # Columns that depend on one another say one thing in several ways; without one of them there is still a minimiser.
        for fewer in (bits, *((*bits[:k], *bits[k + 1 :]) for k in range(len(bits)))):
            found = self._solved_on(fewer, pieces, chosen, cone)
            if found is not None:
                return found
        return None

    def _solved_on(self, bits: tuple[int, ...], pieces: list[ConvexPieces], chosen: list[Piece], cone: int) -> Level | None:
        setting = self.setting
        rows = [setting.atoms.signed_features(bit)[0] for bit in bits]
        right = [-(setting.atoms.atoms[bit >> 1].price or _ZERO) for bit in bits]
        if setting.has_bias:
            rows.append((Fraction(1),) * len(pieces))
            right.append(_ZERO)
        values: Vector = ()
        if rows:
            table = [
                [sum((2 * piece[0] * a * b for piece, a, b in zip(chosen, row, other, strict=True)), _ZERO) for other in rows]
                for row in rows
            ]
            if setting.has_bias:
                table[-1][-1] += setting.penalty
            starts = (sum((piece[1] * a for piece, a in zip(chosen, row, strict=True)), _ZERO) for row in rows)
            try:
                values = solve(table, [value - start for value, start in zip(right, starts, strict=True)])
            except SingularMatrixError:
                return None
        if any(value < 0 for value in values[: len(bits)]):
            return None
        amounts: dict[int, Vector] = {bit: (value,) for bit, value in zip(bits, values, strict=False) if value}
        predictions = [sum((v * row[i] for v, row in zip(values, rows, strict=True)), _ZERO) for i in range(len(pieces))]
        gradient = tuple(function.slopes(f)[0] for function, f in zip(pieces, predictions, strict=True))
        if setting.bound(gradient) is None or not setting.holds_on(gradient, cone):
            return None
        return self._level(gradient, amounts, values[-1] if setting.has_bias else _ZERO, cone)


def _room(ends: tuple[Fraction | None, Fraction | None], value: Fraction) -> Fraction | None:
    """How far a slope is from its ends; None where there are none."""
    below = None if ends[0] is None else value - ends[0]
    above = None if ends[1] is None else ends[1] - value
    return min((gap for gap in (below, above) if gap is not None), default=None)
