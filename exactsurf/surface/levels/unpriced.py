"""Levels over cones whose rays cost nothing: the risk without weight decay, whose minimisers may lie at infinity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from exactsurf.exact.balls import rounded, to_arb
from exactsurf.exact.linear_algebra import Matrix, Vector, common_denominator, dot, rank, row_echelon, solve
from exactsurf.surface.levels.level import ConeBound, Level, Setting
from exactsurf.surface.levels.level_space import space_name
from exactsurf.surface.levels.proposal import Proposal, Proposer
from exactsurf.surface.levels.recession import NO_RECESSION, Recession, balanced_recession, find_recession
from exactsurf.surface.levels.terms import NoTerm, SpanTerm

_ZERO, _ONE = Fraction(0), Fraction(1)
_DIGITS = 112
_NEARNESS = tuple(Fraction(1, 1 << bits) for bits in (90, 60, 40))
"""How small the gain of a ray may be for a trial in which it counts as 0."""
_REACHES = tuple(Fraction(1, 1 << bits) for bits in (40, 24, 12, 6))
"""How far predictions may be from those of a minimiser, tried one after the other."""


class UnpricedLevels:
    """Levels over cones of rays without a price, one after the other.

    Parameters: `setting` whose rays cost nothing and whose terms all have a conjugate in closed form.
    Exactness: enclosed, with proof. Source: proofs/enclosed_levels.md, section 5.
    """

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self._terms = [term for term in setting.terms if isinstance(term, SpanTerm)]
        assert len(self._terms) == len(setting.terms)
        self._features = {
            2 * g + side: tuple(-v for v in atom.features[0]) if side else atom.features[0]
            for g, atom in enumerate(setting.atoms.atoms)
            for side in (0, 1)
        }
        self._proposers: dict[frozenset[int], Proposer] = {}

    def level(self, cone: int, near: tuple[Level, Proposal] | None) -> tuple[Level, Proposal]:
        """The level over a cone, and what proposed it; `near` are those of a cone like it."""
        away = self._away(cone)
        rest = [i for i in range(len(self._terms)) if i not in away.samples]
        same = near is not None and near[0].away.samples == away.samples
        start = self._proposer(away.samples).propose(cone, near[1] if near is not None and same else None)
        amounts = {bit: (value,) for bit, (y,) in start.active.items() if (value := rounded(y, _DIGITS)) > 0}
        bias = rounded(start.bias, _DIGITS) if self.setting.has_bias else _ZERO
        predictions = self._predictions(amounts, bias)
        # Rays of a direction to infinity may be used with either sign: what is missing is added along the direction.
        span = self._span([*amounts, *away.shares], rest)
        gradient = self._gradient(predictions, span, cone, rest)
        low, high = self.setting.bound(gradient), sum((self._terms[i].value(predictions[i]) for i in rest), _ZERO)
        assert low is not None, "the slopes lie in the room of the terms, and have the sum 0"
        distance = self.setting.distance(low, high, gradient)
        prices = self.setting.priced(gradient, self.setting.atoms.every)
        bounded = self.setting.without(self.setting.too_cheap(prices))
        support = sum(1 << bit for bit in {*amounts, *away.shares})
        allowed = self._in_span(span, rest)
        for bit, value in prices.excess.items():
            seen = [self._features[bit][i] for i in rest]
            if value < 0 and value * value > distance * distance * dot(seen, seen):
                allowed |= 1 << bit
        held = [bit for bit in amounts if bit not in away.shares]
        proved = not cone & ~allowed and self._is_inside(
            [amounts[bit][0] for bit in held],
            [*self._columns(held, rest), *self._span(list(away.shares), rest)],
            predictions,
            gradient,
            distance,
            rest,
        )
        return (
            Level(
                low,
                high,
                support,
                allowed,
                bounded,
                gradient,
                amounts,
                bias,
                None if proved else cone,
                away,
                space_name([self._terms[i] for i in rest], span) if proved else None,
            ),
            start,
        )

    def relaxed(self, cone: int, start: Proposal, among: frozenset[int] | None) -> Level:
        """The least value over a cone, enclosed for this cone alone.

        Parameters: `start`, a point to begin from; `among`, samples of which it is known that no others vanish (None: unknown).
        """
        away = NO_RECESSION if among is not None and not among else self._away(cone, among)
        rest = [i for i in range(len(self._terms)) if i not in away.samples]
        found = self._proposer(away.samples).propose(cone, start)
        amounts = {bit: (value,) for bit, (y,) in found.active.items() if (value := rounded(y, _DIGITS)) > 0}
        bias = rounded(found.bias, _DIGITS) if self.setting.has_bias else _ZERO
        predictions = self._predictions(amounts, bias)
        gradient = self._gradient(predictions, self._span([*amounts, *away.shares], rest), cone, rest)
        low, high = self.setting.bound(gradient), sum((self._terms[i].value(predictions[i]) for i in rest), _ZERO)
        assert low is not None, "the slopes lie in the room of the terms, and have the sum 0"
        support = sum(1 << bit for bit in {*amounts, *away.shares})
        return Level(low, high, support, cone, cone, gradient, amounts, bias, cone, away)

    def kept(self, level: Level | ConeBound, gradient: Vector) -> Vector:
        """Slopes near those of a level that gain nothing along the rays along which the level's own ones gain nothing."""
        rest = [i for i, value in enumerate(level.gradient) if value]
        unit = common_denominator(level.gradient)
        idle = self.setting.prices.idle([int(value * unit) for value in level.gradient])
        span = self._span([bit for bit in range(0, idle.bit_length(), 2) if idle >> bit & 1], rest)
        return self._lifted(_orthogonal(tuple(gradient[i] for i in rest), span), rest)

    def direction(self, cone: int, away: Recession) -> Recession:
        """A direction of a cone in which the same samples vanish, and about as fast as one another."""
        return balanced_recession(self._inside(cone), [term.vanishing for term in self._terms], self.setting.has_bias, away)

    def _away(self, cone: int, among: frozenset[int] | None = None) -> Recession:
        return find_recession(self._inside(cone), [term.vanishing for term in self._terms], self.setting.has_bias, among)

    def _inside(self, cone: int) -> dict[int, Vector]:
        return {bit: feature for bit, feature in self._features.items() if cone >> bit & 1}

    def _proposer(self, vanished: frozenset[int]) -> Proposer:
        found = self._proposers.get(vanished)
        if found is None:
            setting = self.setting
            terms = [NoTerm() if i in vanished else term for i, term in enumerate(self._terms)]
            found = Proposer(setting.atoms, setting.prices, terms, setting.has_bias, _ZERO)
            self._proposers[vanished] = found
        return found

    def _predictions(self, amounts: Mapping[int, Vector], bias: Fraction) -> Vector:
        found = [bias] * len(self._terms)
        for bit, (y,) in amounts.items():
            found = [f + y * v for f, v in zip(found, self._features[bit], strict=True)]
        return tuple(found)

    def _columns(self, bits: Sequence[int], rest: Sequence[int]) -> list[Vector]:
        """What coordinates add to the predictions of the samples that do not vanish."""
        return [tuple(self._features[bit][i] for i in rest) for bit in bits]

    def _span(self, bits: Sequence[int], rest: Sequence[int]) -> Matrix:
        """The reduced echelon form of the columns, and of constants if there is an output bias: it names the space."""
        return row_echelon([*self._columns(bits, rest), *[(_ONE,) * len(rest)] * self.setting.has_bias])

    def _in_span(self, span: Matrix, rest: Sequence[int]) -> int:
        """The bits of rays whose predictions lie in the span."""
        pivots = [next(k for k, value in enumerate(row) if value) for row in span]
        found = 0
        for bit, feature in self._features.items():
            seen = [feature[i] for i in rest]
            shares = [seen[k] for k in pivots]
            if all(v == sum((s * row[k] for s, row in zip(shares, span, strict=True)), _ZERO) for k, v in enumerate(seen)):
                found |= 1 << bit
        return found

    def nearby(self, slopes: Vector, bits: Sequence[int], cone: int, digits: int) -> Vector | None:
        """A dual vector that holds on a cone, near slopes that floats propose at a point with these rays; None if none is found.

        Samples with next to no slope are left out, as if they vanished: less than a part of about 2^−digits of the steepest one.
        Exactness: that it holds is proved. Raises: nothing.
        Source: proofs/enclosed_levels.md, section 5.
        """
        near = [Fraction(1, 1 << bits) for bits in (digits + 1, 2 * (digits + 1) // 3)]
        least = max(map(abs, slopes)) * near[0]
        rest = [i for i, value in enumerate(slopes) if abs(value) > least]
        return self._orthogonal_near(tuple(slopes[i] for i in rest), self._span(bits, rest), cone, rest, near)

    def _gradient(self, predictions: Vector, span: Matrix, cone: int, rest: Sequence[int]) -> Vector:
        """Slopes near those at the predictions, orthogonal to the span, that hold on the cone; 0 if none are found."""
        found = self._orthogonal_near(self._slopes(predictions, rest), span, cone, rest, _NEARNESS)
        return (_ZERO,) * len(self._terms) if found is None else found

    def _orthogonal_near(
        self, about: Vector, span: Matrix, cone: int, rest: Sequence[int], nearness: Sequence[Fraction]
    ) -> Vector | None:
        found = self._lifted(_orthogonal(about, span), rest)
        for near in (None, *nearness):
            if near is not None:
                # Rays that gain nothing although they are not used: slopes that are orthogonal to them hold, too.
                prices = self.setting.priced(found, cone)
                flat = [bit for bit, value in prices.excess.items() if abs(value) < near]
                wider = self._span(flat, rest)
                found = self._lifted(_orthogonal(about, row_echelon([*span, *wider])), rest)
            if self._holds(found, cone):
                return found
        return None

    def _slopes(self, predictions: Vector, rest: Sequence[int]) -> Vector:
        return tuple(rounded(self._terms[i].slope(to_arb(predictions[i])), _DIGITS) for i in rest)

    def _lifted(self, values: Vector, rest: Sequence[int]) -> Vector:
        found = [_ZERO] * len(self._terms)
        for i, value in zip(rest, values, strict=True):
            found[i] = value
        return tuple(found)

    def _holds(self, gradient: Vector, cone: int) -> bool:
        return self.setting.bound(gradient) is not None and self.setting.holds_on(gradient, cone)

    def _is_inside(
        self,
        amounts: Sequence[Fraction],
        columns: Sequence[Vector],
        predictions: Vector,
        gradient: Vector,
        distance: Fraction,
        rest: Sequence[int],
    ) -> bool:
        """Whether the minimiser over the span of the columns certainly has positive coordinates on the first ones."""
        if not rest:
            return True
        gram = [[dot(a, b) for b in columns] for a in columns]
        if rank(gram) < len(columns):
            return False
        inverse = [solve(gram, column) for column in zip(*columns, strict=True)] if columns else []
        for reach in _REACHES:
            if all(self._is_within(i, predictions[i], gradient[i], distance, reach) for i in rest):
                # The coordinates of the minimiser: the left inverse times its predictions.
                moves = [reach * sum((abs(row[k]) for row in inverse), _ZERO) for k in range(len(amounts))]
                return all(y > move for y, move in zip(amounts, moves, strict=True))
        return False

    def _is_within(self, i: int, f: Fraction, slope: Fraction, distance: Fraction, reach: Fraction) -> bool:
        below, above = self._terms[i].slopes_within(f, reach)
        return below < slope - distance and slope + distance < above


def _orthogonal(vector: Vector, span: Matrix) -> Vector:
    """The part of a vector that is orthogonal to the rows of a matrix, which are independent."""
    if not span:
        return vector
    gram = [[dot(a, b) for b in span] for a in span]
    shares = solve(gram, [dot(row, vector) for row in span])
    for share, row in zip(shares, span, strict=True):
        vector = tuple(a - share * b for a, b in zip(vector, row, strict=True))
    return vector
