"""At given slopes of the samples: what every atom would gain, which atoms are too cheap, and which stay dear nearby."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from operator import mul
from typing import TYPE_CHECKING

from exactsurf.exact.linear_algebra import Matrix, Vector, dot, solve
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
            first = len(rows)
            rows += [[int(value * self._unit) for value in row] for row in atom.features]
            middle = len(rows)
            if atom.price is None:
                inverse = _inverse(atom.gram)
                self._inverse.append(inverse)
                for side in atom.rows:
                    shares = [dot(side, column) for column in zip(*inverse, strict=True)]
                    seen = [dot(shares, column) * self._unit for column in zip(*atom.features, strict=True)]
                    scale = lcm(*(value.denominator for value in seen))
                    rows.append([int(value * scale) for value in seen])
            self._places.append((first, middle, len(rows)))
        self._rows = rows

    @cached_property
    def _matrix(self) -> fmpz_mat:
        from flint import fmpz_mat

        return fmpz_mat(self._rows)

    def prices(self, slopes: Sequence[int], bits: int, scale: int) -> Prices:
        """All atoms of `bits` at the slopes r = slopes/scale."""
        from flint import fmpz_mat

        found = list(map(int, (self._matrix * fmpz_mat(len(slopes), 1, list(slopes))).entries())) if self._rows else []
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
        from flint import fmpz_mat

        found = list(map(int, (self._matrix * fmpz_mat(len(slopes), 1, list(slopes))).entries())) if self._rows else []
        unit = self._unit * scale
        square = self.atoms.factor**2 * unit**2
        for g, (first, middle, last) in enumerate(self._places):
            pair = bits >> 2 * g & 3
            if not pair:
                continue
            price = self.atoms.atoms[g].price
            if price is not None:
                gain, cost = found[first], price * unit
                if (pair & 1 and -gain > cost) or (pair & 2 and gain > cost):
                    return False
                continue
            sides = found[middle:last]
            if (pair & 1 and max(sides, default=0) <= 0) or (pair & 2 and min(sides, default=0) >= 0):
                table, common = self._whole_inverse[g]
                gains = found[first:middle]
                if sum(a * sum(map(mul, row, gains)) for a, row in zip(gains, table, strict=True)) > square * common:
                    return False
        return True

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


def _inverse(gram: Matrix) -> Matrix:
    size = len(gram)
    unit = [tuple(Fraction(int(p == q)) for q in range(size)) for p in range(size)]
    return tuple(solve(gram, row) for row in unit)
