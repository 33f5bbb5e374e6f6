"""Where the risk over a cone of atoms is least, in floats: Newton's method on active faces. Nothing is concluded from it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from exactsurf.effort import look
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.floats.loss_functions import Jet
from exactsurf.surface.levels.atoms import AtomTable
from exactsurf.surface.levels.floats.active_faces import ActiveFaces, Block
from exactsurf.surface.levels.floats.fineness import FINE
from exactsurf.surface.levels.floats.float_terms import FloatTerms, numbers_of
from exactsurf.surface.levels.terms import Term

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[Any]

_ROUNDS, _STALE = 300, 12
"""Changes of the active atoms, at most: altogether, and without any fall of the risk."""
_STEPS = 60
_LOOSE_GAIN = 1e-3
_LOOSE_FALL = 1e-5
"""The same, and the part of the risk that a step promises, as long as it is not known which atoms are active at last."""
_TOGETHER = 3
"""Atoms that come in at a time, at most."""
_FLAT = 1e-13
"""Where a step promises to lower the risk by no more than this part of it, floats do not see whether it does."""
_NEARBY = 1000
"""How much more than what is flat the risk of a point may exceed a lower bound and be as good."""
_POLISHED = 3
"""Steps that are taken there, for the sake of the slopes."""
_TIGHT = 1e-13
_SLOPE_BITS = 56
"""Bits of proposed slopes."""
_LONGEST = 300
"""Bits of numbers that floats can hold, and multiply."""


@dataclass(frozen=True)
class ProposedPoint:
    """Coordinates of active atoms by bit, output bias, short slopes of the samples near those there, risk less what is flat."""

    amounts: Mapping[int, Vector]
    bias: Fraction
    slopes: Vector
    risk: Fraction


@dataclass
class FloatPoint:
    """Coordinates of active atoms by bit, and the output bias."""

    active: dict[int, Floats]
    bias: float


class RelaxedMinimum:
    """Minimisers over cones of atoms of one problem, in floats.

    Parameters: `atoms`; `terms`; `has_bias`, whether there is an output bias; `penalty`, λ if it is penalised, else 0.
    Exactness: none, proposals. Raises: nothing. Source: as of `Proposer`.
    """

    def __init__(self, atoms: AtomTable, terms: Sequence[Term], has_bias: bool, penalty: Fraction) -> None:
        import numpy as np

        rows = (row for atom in atoms.atoms for row in (*atom.basis, *atom.features, *atom.gram, *atom.rows))
        prices = (atom.price for atom in atoms.atoms if atom.price is not None)
        exact = chain(chain.from_iterable(rows), prices, (penalty, atoms.factor), chain.from_iterable(map(numbers_of, terms)))
        self.fits = bool(atoms.atoms) and _are_short(exact)
        if not self.fits:
            return
        self.atoms, self.terms = atoms, FloatTerms(terms)
        self.has_bias, self.penalty, self.factor = has_bias, float(penalty), float(atoms.factor)
        self._count = len(terms)
        self._features = [_table(atom.features) for atom in atoms.atoms]
        self._gram = [_table(atom.gram) for atom in atoms.atoms]
        self._rows = [_table(atom.rows) if atom.rows else np.zeros((1, len(atom.basis))) for atom in atoms.atoms]
        self._inverse = [np.linalg.inv(gram) for gram in self._gram]
        self._basis = [_table([atoms.penalised(row) for row in atom.basis]) for atom in atoms.atoms]
        self._price = np.array([0.0 if atom.price is None else float(atom.price) for atom in atoms.atoms])
        self._is_ray = np.array([atom.price is not None for atom in atoms.atoms])
        self._all_features = np.vstack(self._features)
        self._all_shares = np.vstack([i @ f for i, f in zip(self._inverse, self._features, strict=True)])
        self._all_sides = np.vstack([r @ i @ f for r, i, f in zip(self._rows, self._inverse, self._features, strict=True)])
        self._dims = np.cumsum([0, *(len(f) for f in self._features)])
        self._sides = np.cumsum([0, *(len(r) for r in self._rows)])
        self._size = np.array([max(1e-300, float(np.abs(f).max())) for f in self._features])
        self._above: list[int] = [0] * len(atoms.atoms)
        for h, atom in enumerate(atoms.atoms):
            for g in atom.below:
                self._above[g] |= 1 << 2 * h
        # Without prices a risk may fall to 0: sizes are then those where all predictions are 0.
        nothing = self.terms.at(np.zeros(self._count))
        self._steepest, self._highest = (
            0.0 if self.factor else float(np.abs(own).sum()) / 10 for own in (nothing.slope, nothing.value)
        )
        self._blocks: dict[int, Block] = {}
        self._smaller: dict[tuple[int, tuple[bool, ...]], tuple[int, Floats] | None] = {}

    def propose(
        self,
        cone: int,
        start: Mapping[int, Vector],
        bias: Fraction,
        fine: float = FINE,
        known: Fraction | None = None,
    ) -> ProposedPoint | None:
        """A minimiser over the cone of the atoms `cone` (bits), from a point of a larger cone; None where floats find none.

        Parameters: `fine`, how much more than its price an atom may gain, as a part of it, at least `FINE`; `known`, a lower
        bound of the risk over the cone: a point whose risk is as good as that is enough, and its `risk` is not above it.
        Exactness: none; its numbers are those of floats, exactly. Raises: nothing. Source: see the class.
        """
        if not self.fits or not _are_short(chain((bias, known or bias), *start.values())):
            return None
        end = self._good(known, fine)
        point = self._found(cone, start, bias, fine, end)
        if point is None:
            return None
        found, risk = point
        worth = risk - self._flat(fine) * max(abs(risk), self._highest)
        slopes = self._jets(found).slope
        largest = float(abs(slopes).max())
        if not 0 < largest < 2.0**_LONGEST:
            return None
        unit = Fraction(2) ** (math.frexp(largest)[1] - _SLOPE_BITS)
        return ProposedPoint(
            {bit: tuple(Fraction(float(v)) for v in y) for bit, y in found.active.items()},
            Fraction(found.bias),
            tuple(round(Fraction(float(v)) / unit) * unit for v in slopes),
            min(Fraction(worth), known) if known is not None and risk <= end else Fraction(worth),
        )

    def _found(
        self, cone: int, start: Mapping[int, Vector], bias: Fraction, fine: float, end: float
    ) -> tuple[FloatPoint, float] | None:
        import numpy as np

        now = FloatPoint({b: np.array([float(v) for v in y]) for b, y in start.items() if cone >> b & 1}, float(bias))
        ways = self._ways(cone)
        is_near, lowest, stale = False, math.inf, 0
        with np.errstate(all="ignore"):
            if self._highest and not float(self._jets(now).value.sum()) < 10 * self._highest:
                # Without those parts that are not in the cone, others that lie far away are of no use.
                now = FloatPoint({}, 0.0)
            suspects = list(now.active)
            for _ in range(_ROUNDS):
                look()
                found = self._minimise(now, suspects, self._flat(fine), is_near, end)
                if found is None or not found[1] < math.inf:
                    return None
                slopes, risk = found
                if risk <= end:
                    return now, risk
                worth = self._flat(fine) * max(abs(risk), self._highest) if is_near else _LOOSE_FALL * _LOOSE_FALL * abs(risk)
                # Where length has a price the last changes are for the slopes: they lower the risk by less than floats see.
                stale = 0 if risk < lowest - worth or (is_near and self.factor) else stale + 1
                lowest = min(lowest, risk)
                entering = self._entering(slopes, ways, now, fine if is_near else None)
                suspects = []
                if stale > _STALE:
                    if is_near and entering:
                        return None
                    entering = []
                elif entering and is_near and stale:
                    # Several that come in together may keep one another from moving: so one at a time, in turn.
                    entering = [entering[stale % len(entering)]]
                if entering:
                    for bit, direction in entering:
                        self._enter(now, bit, direction, cone)
                elif is_near:
                    return now, risk
                else:
                    is_near, stale = True, 0
        return None

    def _flat(self, fine: float) -> float:
        """The part of the risk that is not worth a step: without prices, where points go to infinity, as fine as is asked for."""
        return _FLAT if self.factor else _FLAT / FINE * fine

    def _good(self, known: Fraction | None, fine: float) -> float:
        """The risk from which on a point is as good as a lower bound; where length has a price all of it is worth its steps."""
        return (
            -math.inf
            if known is None or self.factor
            else float(known) + _NEARBY * self._flat(fine) * max(abs(float(known)), self._highest)
        )

    def _ways(self, cone: int) -> tuple[Floats, Floats]:
        import numpy as np

        count = len(self.atoms.atoms)
        bits = np.frombuffer(cone.to_bytes(-(-2 * count // 8), "little"), dtype=np.uint8)
        inside = np.unpackbits(bits, count=2 * count, bitorder="little").reshape(count, 2) > 0
        return inside[:, 0], inside[:, 1]

    def _entering(
        self, slopes: Floats, ways: tuple[Floats, Floats], now: FloatPoint, least: float | None
    ) -> list[tuple[int, Floats]]:
        """Atoms that gain more than their price by at least this part of it, the best ones; None as long as any will do."""
        import numpy as np

        gains, shares = self._all_features @ slopes, self._all_shares @ slopes
        squares = np.add.reduceat(gains * shares, self._dims[:-1])
        sides = self._all_sides @ slopes
        slack = 1e-13 * float(np.abs(self._all_sides).max()) * float(np.abs(slopes).max())
        low, high = np.minimum.reduceat(sides, self._sides[:-1]), np.maximum.reduceat(sides, self._sides[:-1])
        lengths = np.sqrt(np.maximum(squares, 0))
        first = gains[self._dims[:-1]]
        norm = max(float(np.abs(slopes).sum()), self._steepest) + 1e-300
        found: list[tuple[float, int, Floats]] = []
        for side, (sign, valid) in enumerate(((-1, high <= slack), (1, low >= -slack))):
            face = np.where(valid, (lengths - self.factor) / (self.factor + norm * self._size / 10), -1.0)
            ray = (sign * first - self._price) / (self._price + norm * self._size / 10)
            excess = np.where(self._is_ray, ray, face)
            excess = np.where(ways[side], excess, -1.0)
            for bit in now.active:
                if bit & 1 == side and (self._is_ray[bit >> 1] or least is None):
                    excess[bit >> 1] = -1.0
            for g in np.argsort(-excess, kind="stable")[:_TOGETHER]:
                if excess[g] > (_LOOSE_GAIN if least is None else least):
                    shares_of = sign * shares[self._dims[g] : self._dims[g + 1]]
                    found.append((float(excess[g]), 2 * int(g) + side, shares_of))
        found.sort(key=lambda entry: (-entry[0], entry[1]))
        return [(bit, direction) for value, bit, direction in found[:_TOGETHER] if value > found[0][0] / 2]

    def _enter(self, now: FloatPoint, bit: int, direction: Floats, cone: int) -> None:
        import numpy as np

        jets = self._jets(now)
        seen = direction @ self._features[bit >> 1]
        bend = float((jets.curvature * seen * seen).sum()) + 1e-9 * float((seen * seen).sum()) + 1e-300
        if self._is_ray[bit >> 1]:
            # It does not start from 0, where rays that a step would shorten are dropped.
            gain = abs(float(jets.slope @ self._features[bit >> 1][0])) - self._price[bit >> 1]
            now.active[bit] = np.array([max(gain, 0.0) * float(direction @ direction) / bend])
            return
        length = float(np.sqrt(direction @ self._gram[bit >> 1] @ direction))
        y = direction * ((length - self.factor) * length / bend)
        while True:
            partner = next((b for b in now.active if (b ^ bit) & 1 == 0 and self._joined(b, bit, cone) is not None), None)
            if partner is None:
                break
            joined = self._joined(partner, bit, cone)
            assert joined is not None
            total = y @ self._basis[bit >> 1] + now.active.pop(partner) @ self._basis[partner >> 1]
            bit, y = joined, self._inverse[joined >> 1] @ (self._basis[joined >> 1] @ total)
        now.active[bit] = y

    def _joined(self, first: int, second: int, cone: int) -> int | None:
        """The least face of the cone that holds both."""
        if self._is_ray[first >> 1] or self._is_ray[second >> 1]:
            return None
        common = self._above[first >> 1] & self._above[second >> 1] & (cone >> (first & 1))
        best = None
        while common:
            lowest = common & -common
            g = lowest.bit_length() - 1 >> 1
            if best is None or len(self.atoms.atoms[g].below) < len(self.atoms.atoms[best].below):
                best = g
            common ^= lowest
        return None if best is None else 2 * best + (first & 1)

    def _jets(self, now: FloatPoint) -> Jet:
        return self.terms.at(self._predictions(now))

    def _predictions(self, now: FloatPoint) -> Floats:
        import numpy as np

        total = np.full(self._count, now.bias)
        for bit, y in now.active.items():
            total += (-1 if bit & 1 else 1) * (y @ self._features[bit >> 1])
        return total

    def _minimise(
        self, now: FloatPoint, suspects: list[int], flat: float, is_near: bool, end: float
    ) -> tuple[Floats, float] | None:
        """Newton's method on the spans of the active faces, to the boundary of a face at most: slopes of the samples, and risk.

        Only as far as is worth it unless all atoms are known (`is_near`), or to a risk of `end`. None where floats fail.
        """
        import numpy as np

        polished, faces, place = 0, None, None
        for _ in range(_STEPS):
            if faces is None:
                bits = list(now.active)
                if not bits and not self.has_bias:
                    jets = self._jets(now)
                    return jets.slope, float(jets.value.sum())
                blocks = [self._block(bit) for bit in bits]
                faces = ActiveFaces(blocks, self.terms, self.has_bias, self.penalty, self.factor)
                place = faces.at(np.concatenate([*now.active.values(), *[[now.bias]] * self.has_bias]))
            assert place is not None
            worthless = faces.worthless(place, [bits.index(bit) for bit in suspects if bit in now.active])
            if worthless is not None:
                del now.active[bits[worthless]]
                faces = None
                continue
            found = faces.newton_step(place)
            if found is None:
                return None
            step, fall = found
            suspects = [bits[k] for k in faces.crossing(place, step)]
            unseen = flat * max(float(np.abs(place.jets.value).sum()), self._highest)
            polished += -fall <= unseen
            longest, blocked = faces.room(place, step)
            reached = True
            if longest > 0:
                after = faces.moved(place, step, longest, fall, unseen)
                if after is None:
                    return place.jets.slope, place.risk
                place, reached = after
                for bit, first, last in zip(bits, faces.starts, faces.starts[1:], strict=False):
                    now.active[bit] = place.coordinates[first:last]
                if self.has_bias:
                    now.bias = float(place.coordinates[-1])
            if blocked >= 0 and reached:
                if self._shrink(now, bits[blocked]):
                    faces = None
                elif longest <= 0:
                    return place.jets.slope, place.risk
            is_loose = blocked < 0 and not is_near and -fall < _LOOSE_FALL * max(abs(place.risk), self._highest)
            if polished == _POLISHED or is_loose or place.risk <= end:
                break
        # Points that have gone to smaller faces are where they were, but for rounding.
        return self._jets(now).slope, math.inf if place is None else place.risk

    def _block(self, bit: int) -> Block:
        found = self._blocks.get(bit)
        if found is None:
            g = bit >> 1
            features = -self._features[g] if bit & 1 else self._features[g]
            found = Block(features, self._gram[g], self._rows[g], bool(self._is_ray[g]), float(self._price[g]))
            self._blocks[bit] = found
        return found

    def _shrink(self, now: FloatPoint, blocked: int) -> bool:
        """Active points on a side of their face go to the smaller face that holds them; a ray that blocked is dropped."""
        import numpy as np

        moved = False
        for bit in list(now.active):
            y, g = now.active[bit], bit >> 1
            heights = self._rows[g] @ y
            tight = tuple(bool(v) for v in heights <= _TIGHT * (np.abs(self._rows[g]) @ np.abs(y)))
            if bit == blocked and not any(tight):
                least = int(heights.argmin())
                tight = tuple(k == least for k in range(len(heights)))
            if not any(tight):
                continue
            moved = True
            del now.active[bit]
            target = self._face_with(g, tight)
            if target is not None:
                own, table = 2 * target[0] + (bit & 1), target[1]
                part = table @ y
                now.active[own] = now.active[own] + part if own in now.active else part
        return moved

    def _face_with(self, g: int, tight: tuple[bool, ...]) -> tuple[int, Floats] | None:
        """The largest face in the boundary on which these sides are 0, and what takes coordinates to those on it."""
        import numpy as np

        key = g, tight
        if key not in self._smaller:
            best: tuple[int, Floats] | None = None
            if not self._is_ray[g]:
                sides = [row for row, is_tight in zip(self.atoms.atoms[g].rows, tight, strict=True) if is_tight]
                for h in self.atoms.atoms[g].below:
                    if h == g or (best is not None and len(self._basis[h]) <= len(self._basis[best[0]])):
                        continue
                    inner = self._inverse[g] @ self._basis[g] @ self._basis[h].T
                    if float(np.abs(_table(sides) @ inner).max()) < 1e-9 * float(
                        np.abs(_table(sides)).max() * np.abs(inner).max()
                    ):
                        best = h, self._inverse[h] @ self._basis[h] @ self._basis[g].T
            self._smaller[key] = best
        return self._smaller[key]


def _are_short(values: Iterable[Fraction]) -> bool:
    return all(abs(value.numerator).bit_length() < _LONGEST and value.denominator.bit_length() < _LONGEST for value in values)


def _table(rows: Sequence[Sequence[Fraction]]) -> Floats:
    import numpy as np

    return np.array([[float(value) for value in row] for row in rows])
