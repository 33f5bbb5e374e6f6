"""A minimiser over a cone of atoms, about: Newton's method on active faces, in FLINT's numbers, which prove nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.effort import look
from exactsurf.exact.balls import rounded, to_arb
from exactsurf.surface.levels.atoms import AtomTable
from exactsurf.surface.levels.pricing import PriceTable
from exactsurf.surface.levels.terms import Term

if TYPE_CHECKING:
    from flint import arb

BITS = 128
"""Bits of the numbers that propose."""

SCALE = 1 << 112
"""Slopes are rounded to multiples of 1/SCALE."""

_ROUNDS = 400
_STEPS = 80
_HALVINGS = 400
_FAR = 1 << 50


@dataclass
class Proposal:
    """Coordinates of active atoms by bit, the output bias, and the slopes of the samples as multiples of 1/SCALE."""

    active: dict[int, list[arb]]
    bias: arb
    slopes: list[int]
    settled: bool


class Proposer:
    """Minimisers over cones of atoms of one problem.

    Parameters: `terms`; `free`, whether there is an output bias; `penalty`, λ if it is penalised, else 0.
    Exactness: none; whoever asks decides exactly. Source: Lawson and Hanson 1974, chapter 23, with faces in the place of columns.
    """

    def __init__(self, atoms: AtomTable, prices: PriceTable, terms: Sequence[Term], has_bias: bool, penalty: Fraction) -> None:
        from flint import arb

        self.atoms, self.prices, self.terms = atoms, prices, terms
        self.has_bias, self.penalty, self.factor = has_bias, to_arb(penalty), to_arb(atoms.factor)
        self._zero = arb(0)
        self._features = [[[to_arb(v) for v in row] for row in atom.features] for atom in atoms.atoms]
        self._gram = [[[to_arb(v) for v in row] for row in atom.gram] for atom in atoms.atoms]
        self._rows = [[[to_arb(v) for v in row] for row in atom.rows] for atom in atoms.atoms]
        self._price = [None if atom.price is None else to_arb(atom.price) for atom in atoms.atoms]
        self._steepest = [to_arb(term.steepest) for term in terms]
        self._tolerance = Fraction(1, 1 << 80)

    def propose(self, cone: int, start: Proposal | None = None) -> Proposal:
        """A minimiser over the cone of the atoms `cone` (bits), from active atoms of another one."""
        now = Proposal({}, self._zero, [], False)
        if start is not None:
            now.bias = start.bias
            now.active = {bit: list(y) for bit, y in start.active.items() if cone >> bit & 1}
        for _ in range(_ROUNDS):
            self._minimise(now)
            found = self.prices.prices(now.slopes, cone, SCALE)
            entering = self._entering(found.excess, now)
            if entering is None:
                now.settled = True
                break
            self._enter(now, entering, found.projection.get(entering), cone)
        return now

    def _entering(self, excess: dict[int, Fraction], now: Proposal) -> int | None:
        square = self.atoms.factor**2
        best, chosen = self._tolerance, None
        for bit, value in excess.items():
            atom = self.atoms.atoms[bit >> 1]
            own = value if atom.price is not None else value - square
            if own > best and not (atom.price is not None and bit in now.active):
                best, chosen = own, bit
        return chosen

    def _enter(self, now: Proposal, bit: int, projection: Sequence[Fraction] | None, cone: int) -> None:
        from flint import arb

        if projection is None:
            now.active[bit] = [self._zero]
            return
        y = [to_arb(value) for value in projection]
        square = sum((a * b for a, b in zip(y, self._times(self._gram[bit >> 1], y), strict=True)), self._zero)
        predictions = self._values(bit, y)
        bend = sum((c * p * p for c, p in zip(self._steepest, predictions, strict=True)), self._zero)
        length = square.sqrt()
        step = (length - self.factor) * length / (bend + square * arb(2) ** -40)
        y = self._falling(now, bit, [(step * value).mid() for value in y])
        # What is active on a face of a cone that has this one too becomes one point of that cone: it is shorter there.
        sign = bit & 1
        while True:
            partner = next((b for b in now.active if b & 1 == sign and self._joined(b, bit, cone) is not None), None)
            if partner is None:
                break
            joined = self._joined(partner, bit, cone)
            assert joined is not None
            weights = [a + b for a, b in zip(self._weights(bit, y), self._weights(partner, now.active.pop(partner)), strict=True)]
            bit, y = joined, self._coordinates(joined, weights)
        now.active[bit] = y

    def _falling(self, now: Proposal, bit: int, y: list[arb]) -> list[arb]:
        """A first step of an atom, so short that the risk falls: where curvatures exceed `steepest` it may go too far."""
        here, own = self._risk(now), now.active.get(bit)
        for _ in range(_HALVINGS):
            active = {**now.active, bit: y if own is None else [a + b for a, b in zip(own, y, strict=True)]}
            if self._risk(Proposal(active, now.bias, [], False)) < here:
                break
            y = [(value / 2).mid() for value in y]
        return y

    def _joined(self, first: int, second: int, cone: int) -> int | None:
        """The least face of the cone that holds both."""
        below = self.atoms.below
        found = [b for b in range(first & 1, len(below), 2) if cone >> b & 1 and below[b] >> first & 1 and below[b] >> second & 1]
        return min(found, key=lambda b: below[b].bit_count(), default=None)

    def _minimise(self, now: Proposal) -> None:
        """Newton's method on the spans of the active faces, to the boundary of a face at most."""
        from flint import arb

        tiny = arb(2) ** -200
        for _ in range(_STEPS):
            look()
            self._drop_zeros(now)
            bits = list(now.active)
            rows, gradient = self._gradient(now, bits)
            if not rows:
                break
            step = self._newton_step(now, bits, rows, gradient)
            fall = self._product(gradient, step)
            if not fall < -tiny or not self._move(now, bits, step, fall):
                break
        now.slopes = [int(rounded(slope, 112) * SCALE) for slope in self._slopes(now)]

    def _newton_step(self, now: Proposal, bits: list[int], rows: list[list[arb]], gradient: list[arb]) -> list[arb]:
        from flint import arb

        bends = [term.curvature(f) for term, f in zip(self.terms, self._predictions(now), strict=True)]
        step = self._solved(now, bits, rows, gradient, bends)
        if any(abs(value) > _FAR for value in step):
            # Where pieces are straight nothing bends: as if they bent a little, the step stays in sight.
            bends = [c if c > 0 else most * arb(2) ** -40 for c, most in zip(bends, self._steepest, strict=True)]
            step = self._solved(now, bits, rows, gradient, bends)
        return step

    def _solved(self, now: Proposal, bits: list[int], rows: list[list[arb]], gradient: list[arb], bends: list[arb]) -> list[arb]:
        """The step to where the slope would be 0 with these curvatures of the samples."""
        from flint import arb, arb_mat

        table = [[a * c for a, c in zip(row, bends, strict=True)] for row in rows]
        hessian = (arb_mat(table) * arb_mat(rows).transpose()).tolist()
        self._add_curvatures(now, bits, hessian)
        size = sum((hessian[k][k] for k in range(len(rows))), self._zero) / len(rows) + arb(2) ** -60
        for k in range(len(rows)):
            hessian[k][k] += size * arb(2) ** -70
        matrix = arb_mat([[v.mid() for v in row] for row in hessian])
        try:
            return list(matrix.solve(arb_mat([[-v] for v in gradient])).mid().entries())
        except ZeroDivisionError:
            return [-v for v in gradient]

    def _move(self, now: Proposal, bits: list[int], step: list[arb], fall: arb) -> bool:
        """Go along a step as far as the faces allow, or to where the risk hardly falls any more; whether anything moved."""
        from flint import arb

        longest, blocked, place = arb(1), -1, 0
        parts = {}
        for bit in bits:
            size = len(now.active[bit])
            parts[bit] = step[place : place + size]
            place += size
            for row in self._rows[bit >> 1]:
                here, sinking = self._product(row, now.active[bit]), self._product(row, parts[bit])
                if sinking < 0 and here + longest * sinking < 0:
                    longest, blocked = (-here / sinking).mid(), bit

        def at(t: arb) -> Proposal:
            active = {b: [(a + t * d).mid() for a, d in zip(now.active[b], parts[b], strict=True)] for b in bits}
            return Proposal(active, (now.bias + t * step[-1]).mid() if self.has_bias else now.bias, [], False)

        if not longest > 0:
            self._shrink(now, blocked)
            return True
        low, high, t = arb(0), longest, longest
        for _ in range(_HALVINGS):
            trial = at(t)
            slope = self._product(self._gradient(trial, bits)[1], step)
            if t is longest and not slope > -fall / 4:
                break
            if abs(slope) < -fall / 4:
                break
            if slope > 0:
                high = t
            else:
                low = t
            t = ((low + high) / 2).mid() if low > 0 else (high / 2).mid()
        else:
            return False
        now.active, now.bias = trial.active, trial.bias
        if blocked >= 0 and t is longest:
            self._shrink(now, blocked)
        return True

    def _gradient(self, now: Proposal, bits: list[int]) -> tuple[list[list[arb]], list[arb]]:
        """What every coordinate adds to the predictions, and the slope of the risk along it."""
        from flint import arb

        rows = [[-v for v in row] if bit & 1 else row for bit in bits for row in self._features[bit >> 1]]
        if self.has_bias:
            rows.append([arb(1)] * len(self.terms))
        slopes = self._slopes(now)
        gradient = [self._product(row, slopes) for row in rows]
        place = 0
        for bit in bits:
            y, price = now.active[bit], self._price[bit >> 1]
            if price is not None:
                gradient[place] += price
            else:
                pull = self._times(self._gram[bit >> 1], y)
                length = self._product(pull, y).sqrt()
                for a in range(len(y)):
                    gradient[place + a] += self.factor * pull[a] / length
            place += len(y)
        if self.has_bias:
            gradient[-1] += self.penalty * now.bias
        return rows, [value.mid() for value in gradient]

    def _shrink(self, now: Proposal, blocked: int) -> None:
        """Active points on a side of their face go to the smaller face that holds them; a ray that blocked is dropped."""
        from flint import arb

        if len(now.active[blocked]) == 1:
            del now.active[blocked]
        for bit in list(now.active):
            y, g = now.active[bit], bit >> 1
            scale = sum((abs(v) for v in y), self._zero) + arb(2) ** -100
            tight = [row for row in self._rows[g] if not self._product(row, y) > scale * arb(2) ** -90]
            if not tight:
                continue
            weights = self._weights(bit, now.active.pop(bit))
            if len(y) == 1:
                continue
            target = self._face_at(g, y, scale)
            if target is None:
                continue
            own = 2 * target + (bit & 1)
            coordinates = self._coordinates(own, weights)
            if own in now.active:
                coordinates = [a + b for a, b in zip(coordinates, now.active[own], strict=True)]
            now.active[own] = coordinates

    def _face_at(self, g: int, y: list[arb], scale: arb) -> int | None:
        from flint import arb

        atom = self.atoms.atoms[g]
        exactly = [rounded(v, 120) for v in y]
        found = None
        for h in atom.below:
            other = self.atoms.atoms[h]
            if h == g:
                continue
            # The face holds the point if its distance from the span is nothing.
            weights = [to_arb(v) for v in self.atoms.weights(2 * g, exactly)]
            near = self._coordinates(2 * h, weights)
            back = self._weights(2 * h, near)
            gap = sum((abs(a - b) for a, b in zip(weights, back, strict=True)), self._zero)
            inside = all(self._product(row, near) > -scale * arb(2) ** -80 for row in self._rows[h])
            if (
                gap < scale * arb(2) ** -70
                and inside
                and (found is None or len(other.basis) < len(self.atoms.atoms[found].basis))
            ):
                found = h
        return found

    def _drop_zeros(self, now: Proposal) -> None:
        """Points of faces for which 0 is better are dropped: length is not smooth there."""
        for bit in list(now.active):
            if self._price[bit >> 1] is not None:
                continue
            y = now.active.pop(bit)
            without = self._risk(now)
            now.active[bit] = y
            if without <= self._risk(now):
                del now.active[bit]

    def _add_curvatures(self, now: Proposal, bits: list[int], hessian: list[list[arb]]) -> None:
        place = 0
        for bit in bits:
            y = now.active[bit]
            if self._price[bit >> 1] is None:
                gram = self._gram[bit >> 1]
                pull = self._times(gram, y)
                length = self._product(pull, y).sqrt()
                for a in range(len(y)):
                    for b in range(len(y)):
                        hessian[place + a][place + b] += self.factor * (gram[a][b] - pull[a] * pull[b] / length**2) / length
            place += len(y)
        if self.has_bias:
            hessian[-1][-1] += self.penalty

    def _predictions(self, now: Proposal) -> list[arb]:
        total = [now.bias] * len(self.terms)
        for bit, y in now.active.items():
            total = [a + b for a, b in zip(total, self._values(bit, y), strict=True)]
        return [value.mid() for value in total]

    def _slopes(self, now: Proposal) -> list[arb]:
        return [term.slope(f).mid() for term, f in zip(self.terms, self._predictions(now), strict=True)]

    def _risk(self, now: Proposal) -> arb:
        total = sum((term.about(f) for term, f in zip(self.terms, self._predictions(now), strict=True)), self._zero)
        for bit, y in now.active.items():
            price = self._price[bit >> 1]
            if price is not None:
                total += price * y[0]
            else:
                total += self.factor * self._product(self._times(self._gram[bit >> 1], y), y).sqrt()
        return (total + self.penalty * now.bias**2 / 2).mid()

    def _values(self, bit: int, y: Sequence[arb]) -> list[arb]:
        total = [self._zero] * len(self.terms)
        for share, row in zip(y, self._features[bit >> 1], strict=True):
            own = -share if bit & 1 else share
            total = [a + own * b for a, b in zip(total, row, strict=True)]
        return total

    def _weights(self, bit: int, y: Sequence[arb]) -> list[arb]:
        basis = self.atoms.atoms[bit >> 1].basis
        return [sum((to_arb(b[k]) * v for b, v in zip(basis, y, strict=True)), self._zero) for k in range(len(basis[0]))]

    def _coordinates(self, bit: int, weights: Sequence[arb]) -> list[arb]:
        from flint import arb_mat

        basis = [self.atoms.penalised(row) for row in self.atoms.atoms[bit >> 1].basis]
        right = [sum((to_arb(b) * w for b, w in zip(row, weights, strict=True)), self._zero) for row in basis]
        return list(arb_mat(self._gram[bit >> 1]).solve(arb_mat([[v] for v in right])).mid().entries())

    def _times(self, matrix: Sequence[Sequence[arb]], y: Sequence[arb]) -> list[arb]:
        return [self._product(row, y) for row in matrix]

    def _product(self, first: Sequence[arb], second: Sequence[arb]) -> arb:
        return sum((a * b for a, b in zip(first, second, strict=True)), self._zero)
