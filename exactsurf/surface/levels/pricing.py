"""At given slopes of the samples: what every atom would gain, which atoms are too cheap, and which stay dear nearby."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from operator import mul
from typing import TYPE_CHECKING

from exactsurf.effort import look
from exactsurf.exact.integer_pricing import IntegerPricing
from exactsurf.exact.linear_algebra import Matrix, Vector, dot, from_flint, primitive, to_flint
from exactsurf.surface.levels.atoms import AtomTable

if TYPE_CHECKING:
    from flint import fmpz_mat

_ZERO = Fraction(0)


@dataclass(frozen=True)
class Prices:
    """The atoms at slopes r of the samples, exactly.

    Bits: `valid`, the faces that hold the projection of the gradient of the gain on their span; `excess[bit]`, for a valid bit
    its gain over its price: for a ray −s·r·h − c, for a face |q|² (to be compared with λ²); `projection[bit]`, the
    coordinates of q.
    """

    valid: int
    excess: dict[int, Fraction]
    projection: dict[int, Vector]


class PriceTable:
    """The atoms of an `AtomTable` as integer matrices, so that all are priced together.

    Exactness: exact. Source: proofs/enclosed_levels.md.
    """

    def __init__(self, atoms: AtomTable) -> None:
        self.atoms = atoms
        values = [value for atom in atoms.atoms for row in atom.features for value in row]
        self._unit = lcm(*(value.denominator for value in values)) if values else 1
        self._inverse: list[Matrix] = []
        rows: list[list[int]] = []
        self._places: list[tuple[int, int, int]] = []
        for atom in atoms.atoms:
            look()
            first = len(rows)
            whole = [[int(value * self._unit) for value in row] for row in atom.features]
            rows += whole
            middle = len(rows)
            if atom.price is None:
                inverse = to_flint(atom.gram).inv()
                self._inverse.append(from_flint(inverse))
                # Of what a side says of the gradient only the sign matters.
                rows += [list(primitive(row)[0]) for row in from_flint(to_flint(atom.rows) * inverse * to_flint(whole))]
            self._places.append((first, middle, len(rows)))
        self._rows = rows

    @cached_property
    def _matrix(self) -> fmpz_mat:
        from flint import fmpz_mat

        return fmpz_mat(self._rows)

    def prices(self, slopes: Sequence[int], bits: int, scale: int) -> Prices:
        """All atoms of `bits` at the slopes r = slopes/scale."""
        found = self._products(slopes) if self._rows else []
        valid = 0
        excess: dict[int, Fraction] = {}
        projection: dict[int, Vector] = {}
        unit = self._unit * scale
        for g, (atom, (first, middle, last)) in enumerate(zip(self.atoms.atoms, self._places, strict=True)):
            pair = bits >> 2 * g & 3
            if not pair:
                continue
            gains = found[first:middle]
            if atom.price is not None:
                valid |= pair << 2 * g
                if pair & 1:
                    excess[2 * g] = Fraction(-gains[0], unit) - atom.price
                if pair & 2:
                    excess[2 * g + 1] = Fraction(gains[0], unit) - atom.price
                continue
            sides = found[middle:last]
            # The gradient of −s·r·h is on the face if it points inwards at every side; with the other sign it turns around.
            if pair & 1 and all(value <= 0 for value in sides):
                self._add(2 * g, [Fraction(-value, unit) for value in gains], excess, projection)
                valid |= 1 << 2 * g
            if pair & 2 and all(value >= 0 for value in sides):
                self._add(2 * g + 1, [Fraction(value, unit) for value in gains], excess, projection)
                valid |= 2 << 2 * g
        return Prices(valid, excess, projection)

    def are_dear(self, slopes: Sequence[int], bits: int, scale: int) -> bool:
        """Whether no atom of `bits` gains more than its price at the slopes r = slopes/scale.

        Exactness: exact. Raises: nothing. Source: proofs/enclosed_levels.md, section 3.
        """
        return next(self._too_cheap(slopes, bits, scale), None) is None

    def too_cheap(self, slopes: Sequence[int], bits: int, scale: int) -> int:
        """The bits of those of `bits` that gain more than their price at the slopes r = slopes/scale.

        Exactness: exact. Raises: nothing. Source: proofs/enclosed_levels.md, section 3.
        """
        return sum(self._too_cheap(slopes, bits, scale))

    def _too_cheap(self, slopes: Sequence[int], bits: int, scale: int) -> Iterator[int]:
        """The masks of the atoms of `bits` that gain more than their price, atom by atom."""
        if not self._rows:
            return
        value, positive, negative = self._signs(slopes)
        unit = self._unit * scale
        square = self.atoms.factor**2 * unit**2
        for g, pair in self._candidates(bits, positive, negative):
            first, middle, _ = self._places[g]
            price = self.atoms.atoms[g].price
            if price is not None:
                is_cheap = abs(value(first)) > price * unit
            else:
                table, common = self._whole_inverse[g]
                gains = [value(row) for row in range(first, middle)]
                is_cheap = sum(a * sum(map(mul, row, gains)) for a, row in zip(gains, table, strict=True)) > square * common
            if is_cheap:
                yield pair << 2 * g

    def idle(self, slopes: Sequence[int]) -> int:
        """The bits of the rays that gain exactly nothing at slopes, whatever their scale.

        Exactness: exact. Raises: nothing. Source: none needed.
        """
        if not self._rows:
            return 0
        _, positive, negative = self._signs(slopes)
        moving = positive | negative
        rays = (g for g, sides in enumerate(self._sides) if sides is None)
        return sum(3 << 2 * g for g in rays if not moving >> self._places[g][0] & 1)

    def _signs(self, slopes: Sequence[int]) -> tuple[Callable[[int], int], int, int]:
        """What gives the product of a row with slopes, and the masks of the rows with a positive and with a negative one."""
        if self._machine.fits:
            found, every = self._machine.products(slopes), (1 << len(self._rows)) - 1
            return found.value, every & ~found.falling, every & ~found.rising
        values = self._products(slopes)
        positive, negative = (sum(1 << k for k, own in enumerate(values) if side * own > 0) for side in (1, -1))
        return values.__getitem__, positive, negative

    def _products(self, slopes: Sequence[int]) -> list[int]:
        from flint import fmpz_mat

        return list(map(int, (self._matrix * fmpz_mat(len(slopes), 1, list(slopes))).entries()))

    @cached_property
    def _machine(self) -> IntegerPricing:
        return IntegerPricing(self._rows)

    def _candidates(self, bits: int, positive: int, negative: int) -> Iterator[tuple[int, int]]:
        """The atoms of `bits` that may gain more than nothing, and with which signs: rays that gain, faces with the projection.

        `positive` and `negative` are the masks of the rows with such a product.
        """
        for g, sides in enumerate(self._sides):
            pair = bits >> 2 * g & 3
            if not pair:
                continue
            if sides is None:
                first = self._places[g][0]
                pair &= (negative >> first & 1) | 2 * (positive >> first & 1)
            else:
                pair &= (not positive & sides) | 2 * (not negative & sides)
            if pair:
                yield g, pair

    @cached_property
    def _sides(self) -> list[int | None]:
        """The masks of the rows that are sides of faces; None for rays."""
        atoms = zip(self.atoms.atoms, self._places, strict=True)
        return [(1 << last) - (1 << middle) if atom.price is None else None for atom, (_, middle, last) in atoms]

    @cached_property
    def _whole_inverse(self) -> list[tuple[list[list[int]], int]]:
        """The inverses of the Gram matrices of faces, as integers over a denominator."""
        found: list[tuple[list[list[int]], int]] = []
        inverses = iter(self._inverse)
        for atom in self.atoms.atoms:
            own = () if atom.price is not None else next(inverses)
            common = lcm(*(value.denominator for row in own for value in row))
            found.append(([[int(value * common) for value in row] for row in own], common))
        return found

    def _add(self, bit: int, gains: list[Fraction], excess: dict[int, Fraction], projection: dict[int, Vector]) -> None:
        y = tuple(dot(row, gains) for row in self._inverse[bit >> 1])
        excess[bit], projection[bit] = dot(y, gains), y
