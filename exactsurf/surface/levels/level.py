"""A level: the least risk over cones of atoms, enclosed with a proof, and all cones that share it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from exactsurf.exact.linear_algebra import Vector, common_denominator, dot, solve
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.atoms import AtomTable, root_above
from exactsurf.surface.levels.loss_terms import loss_terms
from exactsurf.surface.levels.pricing import Prices, PriceTable
from exactsurf.surface.levels.recession import NO_RECESSION, Recession
from exactsurf.surface.levels.terms import Term, dual_value

_ZERO = Fraction(0)


@dataclass(frozen=True)
class Level:
    """The least risk over every cone of atoms that holds `support` and lies within `allowed`: low ≤ it ≤ high.

    `gradient`, the dual vector behind `low`, which bounds the risk on every cone within `bounded`; `amounts`, by bit the
    coordinates of the point behind `high`, and its output bias. A level whose cone is not within `allowed` is that of
    its own cone only (`alone`). `away`, a direction in which `high` is approached where samples vanish; `space`, the
    predictions that the rays of the support span, which determine the level, where rays cost nothing.
    Exactness: enclosed, with proof. Source: proofs/enclosed_levels.md.
    """

    low: Fraction
    high: Fraction
    support: int
    allowed: int
    bounded: int
    gradient: Vector
    amounts: Mapping[int, Vector]
    bias: Fraction
    alone: int | None = None
    away: Recession = NO_RECESSION
    space: Hashable = None

    @property
    def key(self) -> tuple[int, int | None]:
        """Levels with equal ones are one level, found twice."""
        return self.support, self.alone

    @property
    def identity(self) -> Hashable:
        """Levels with equal ones are the same number."""
        return self.key if self.space is None else self.space

    @property
    def is_exact(self) -> bool:
        """Whether the level is a known rational number."""
        return self.low == self.high

    def serves(self, cone: int) -> bool:
        """Whether the least risk over a cone is proved to be this level."""
        if self.alone is not None:
            return cone == self.alone
        return not self.support & ~cone and not cone & ~self.allowed


@dataclass(frozen=True)
class ConeBound:
    """A lower bound `low` of the risk over one cone of atoms, with the dual vector behind it, and a point that is about the best.

    Attributes: as of `Level`; of the point nothing is claimed. Exactness: `low` is proved.
    Source: proofs/enclosed_levels.md, lemma 1.
    """

    low: Fraction
    gradient: Vector
    amounts: Mapping[int, Vector]
    bias: Fraction
    away: Recession = NO_RECESSION


@dataclass(frozen=True)
class Setting:
    """What levels of one problem are certified with: `has_bias`, and `penalty` λ if the output bias is penalised, else 0."""

    atoms: AtomTable
    prices: PriceTable
    terms: tuple[Term, ...]
    has_bias: bool
    penalty: Fraction

    def risk_above(self, amounts: Mapping[int, Vector], bias: Fraction) -> Fraction:
        """An upper bound of the risk of a point in product variables."""
        predictions = [bias] * len(self.terms)
        price = self.penalty * bias * bias / 2
        for bit, y in amounts.items():
            atom, sign = self.atoms.atoms[bit >> 1], 1 - 2 * (bit & 1)
            for share, row in zip(y, atom.features, strict=True):
                predictions = [a + sign * share * b for a, b in zip(predictions, row, strict=True)]
            if atom.price is not None:
                price += atom.price * y[0]
            else:
                price += self.atoms.factor * root_above(dot(y, tuple(dot(row, y) for row in atom.gram)), 160)
        return sum((term.value(f) for term, f in zip(self.terms, predictions, strict=True)), price)

    def bound(self, gradient: Vector) -> Fraction | None:
        """The lower bound of the risk by a dual vector, wherever it holds; None if there is none."""
        value, total = dual_value(self.terms, gradient), sum(gradient, _ZERO)
        if value is None or (self.has_bias and total and not self.penalty):
            return None
        return value - total * total / (2 * self.penalty) if self.has_bias and self.penalty else value

    def distance(self, low: Fraction, high: Fraction, gradient: Vector) -> Fraction:
        """How far a dual vector with the bound `low` may be from the best one, where a point has the risk `high`.

        Every ψ_i has ψ″ ≤ κ between here and there, so its conjugate is strongly convex with 1/κ: |r − r*|² ≤ 2κ·(high − low).
        """
        # At the best point no term exceeds what the least values of the others leave of the risk.
        left = high - sum((term.least for term in self.terms), _ZERO)
        steepest = max(term.steepest_below(left + term.least, r) for term, r in zip(self.terms, gradient, strict=True))
        return root_above(2 * steepest * (high - low), 160)

    def priced(self, gradient: Vector, bits: int) -> Prices:
        """All atoms of `bits` at a dual vector."""
        scale = 1
        for value in gradient:
            scale = max(scale, value.denominator)
        if any(scale % value.denominator for value in gradient):
            from math import lcm

            scale = lcm(*(value.denominator for value in gradient))
        return self.prices.prices([int(value * scale) for value in gradient], bits, scale)

    def holding(self, gradient: Vector) -> int:
        """The bits of the cones on which a dual vector holds: of the atoms no face of which gains more than its price."""
        unit = common_denominator(gradient)
        return self.without(self.prices.too_cheap([int(value * unit) for value in gradient], self.atoms.every, unit))

    def holds_on(self, gradient: Vector, cone: int) -> bool:
        """Whether a dual vector holds on a cone."""
        unit = common_denominator(gradient)
        return self.prices.are_dear([int(value * unit) for value in gradient], cone, unit)

    def too_cheap(self, prices: Prices, slack: Fraction = _ZERO) -> int:
        """The bits whose gain exceeds their price, or would if it were larger by `slack` (for faces of length 1)."""
        square = max(self.atoms.factor - slack, _ZERO) ** 2
        found = 0
        for bit, value in prices.excess.items():
            atom = self.atoms.atoms[bit >> 1]
            if atom.price is not None:
                found |= (value > _ZERO) << bit
            else:
                found |= (value > square) << bit
        return found

    def rests(self, own: int, generator: int, free: bool) -> bool:
        """Whether a generator predicts what its projection on the span of an atom does, at all dual vectors.

        Where constants cost nothing (`free`) they do not count.
        """
        key = own >> 1, generator, free
        found = self._resting.get(key)
        if found is None:
            atom, ray = self.atoms.atoms[own >> 1], self.atoms.rays[generator]
            shares = solve(atom.gram, [self.atoms.product(row, ray) for row in atom.basis])
            columns = zip(*atom.features, strict=True)
            seen = self.atoms.table.generators[generator].prediction
            gaps = {value - dot(shares, column) for value, column in zip(seen, columns, strict=True)}
            found = self._resting[key] = len(gaps) < 2 if free else gaps == {_ZERO}
        return found

    @cached_property
    def _resting(self) -> dict[tuple[int, int, bool], bool]:
        return {}

    def without(self, bad: int) -> int:
        """The bits of atoms no face of which is in `bad`."""
        return sum(1 << bit for bit, below in enumerate(self.atoms.below) if not below & bad)


def level_setting(problem: Problem, atoms: AtomTable) -> Setting:
    """What levels of a problem with one output are certified with.

    Parameters: `atoms` of the problem. Exactness: exact. Raises: as `loss_terms`. Source: proofs/enclosed_levels.md.
    """
    decay, has_bias = problem.decay, problem.network.biases[1]
    penalty = decay.factor if decay is not None and decay.biases and has_bias else _ZERO
    return Setting(atoms, PriceTable(atoms), loss_terms(problem), has_bias, penalty)


def allowed_nearby(setting: Setting, gradient: Vector, prices: Prices, support: int, distance: Fraction, balanced: bool) -> int:
    """The bits of the cones on which the best dual vector of the cones of `support` holds, too, so far as the distance tells.

    Parameters: `balanced`, whether the entries of the best dual vector are known to have the sum 0.
    Exactness: proved. Raises: nothing. Source: proofs/enclosed_levels.md, lemma 3.
    """
    found = support | dear_atoms(setting, prices, distance)
    if not distance:
        found |= sum(1 << bit for bit, value in prices.excess.items() if value <= 0 and not setting.atoms.faces >> bit & 1)
    if balanced:
        # Constants for nothing gain nothing, with either sign.
        found |= setting.atoms.constants
    reach = distance * setting.atoms.reach
    bits = [bit for bit in range(len(setting.atoms.below)) if setting.atoms.faces >> bit & 1]
    active = [bit for bit in bits if support >> bit & 1]
    inside = [bit for bit in active if _is_inside(setting, prices, bit, reach)]
    for bit in bits:
        if (
            found >> bit & 1
            or _extends(setting, gradient, prices, active, inside, bit, reach, balanced)
            or any(all(setting.rests(own, g, balanced) for g in setting.atoms.atoms[bit >> 1].generators) for own in inside)
        ):
            found |= 1 << bit
    # A face is allowed if the face of a support holds it.
    for bit in active:
        found |= setting.atoms.below[bit]
    return found


def dear_atoms(setting: Setting, prices: Prices, distance: Fraction) -> int:
    """The bits of atoms that cost more than they gain, at all dual vectors so near, too.

    Exactness: proved. Raises: nothing. Source: proofs/enclosed_levels.md, lemma 3.
    """
    atoms, reach = setting.atoms, distance * setting.atoms.reach
    # A gain of 0 is not dear where the price may be used up by the distance.
    dear = max(atoms.factor - reach, _ZERO) ** 2
    bad = sum(1 << bit for bit, value in prices.excess.items() if atoms.faces >> bit & 1 and value >= dear)
    found = 0
    for bit, below in enumerate(atoms.below):
        if atoms.faces >> bit & 1:
            found |= (not below & bad) << bit
        elif bit in prices.excess:
            value, (row,) = prices.excess[bit], atoms.atoms[bit >> 1].features
            found |= (value < 0 and value * value > distance * distance * dot(row, row)) << bit
    return found


def _is_inside(setting: Setting, prices: Prices, bit: int, reach: Fraction) -> bool:
    """Whether the projection of the best dual vector on the span of a face certainly lies in the face."""
    if not prices.valid >> bit & 1:
        return False
    atom, y = setting.atoms.atoms[bit >> 1], prices.projection[bit]
    for row in atom.rows:
        value = dot(row, y)
        # The projection moves by the reach at most, and a side by that times its own length.
        if value <= 0 or value * value <= reach * reach * dot(row, solve(atom.gram, row)):
            return False
    return True


def _extends(
    setting: Setting,
    gradient: Vector,
    prices: Prices,
    active: list[int],
    inside: list[int],
    bit: int,
    reach: Fraction,
    balanced: bool,
) -> bool:
    """Whether the projection on a face of the support is certainly that on a larger cone, too."""
    atoms = setting.atoms
    sign = 1 - 2 * (bit & 1)
    for own in active:
        if not atoms.below[bit] >> own & 1:
            continue
        # The projection on the closed face lies on one of its faces.
        inner = [b for b in range(len(atoms.below)) if atoms.below[own] >> b & 1 and prices.valid >> b & 1]
        if not inner:
            continue
        best = max(inner, key=lambda b: prices.excess[b])
        slope = atoms.weights(best, prices.projection[best])
        pulls = own in inside
        known = set(atoms.atoms[own >> 1].generators)
        if all(
            _falls(setting, gradient, sign, g, slope, reach) or (pulls and setting.rests(own, g, balanced))
            for g in atoms.atoms[bit >> 1].generators
            if g not in known
        ):
            return True
    return False


def _falls(setting: Setting, gradient: Vector, sign: int, generator: int, slope: Vector, reach: Fraction) -> bool:
    ray, product = setting.atoms.rays[generator], setting.atoms.product
    value = -sign * dot(gradient, setting.atoms.table.generators[generator].prediction) - product(slope, ray)
    return value < 0 and value * value > 4 * reach * reach * product(ray, ray)
