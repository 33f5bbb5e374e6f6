"""The minimum of the risk over signed cells and their faces: for squared loss, every one is the nearest point of a cone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm

from exactsurf.exact.cone_least_squares import ConeLeastSquares, Fit
from exactsurf.exact.cone_linear import ConeLinear
from exactsurf.exact.linear_algebra import Vector
from exactsurf.landscape.unit_table import UnitTable
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class CellMinima:
    """What the generators of unit cells predict, as signed columns of a `ConeLeastSquares` or `ConeLinear` problem.

    For squared loss with an output bias the columns and the targets are centred, which is what the best bias does. Columns are
    coprime integers; generators with the same column share it. `places[g]` is the column of generator g, its orientation ±1 and
    its length in that column, None where the generator predicts nothing.
    Exactness: exact. Source: theory.md, section 4.
    """

    problem: Problem
    table: UnitTable
    places: tuple[tuple[int, int, Fraction] | None, ...]
    columns: tuple[tuple[int, ...], ...]
    target: tuple[int, ...]
    target_scale: int

    @cached_property
    def cones(self) -> ConeLeastSquares | ConeLinear:
        """The table of fits; one for each process."""
        return self._new_table()

    @cached_property
    def cold_cones(self) -> ConeLeastSquares | ConeLinear:
        """A second table, where every search starts from nothing: among several minimisers it finds the same one always."""
        return self._new_table()

    @property
    def is_squared(self) -> bool:
        """Whether the loss is the squared one, so that the predictions at a minimum are unique."""
        return self.problem.loss.name == "squared"

    def _new_table(self) -> ConeLeastSquares | ConeLinear:
        if self.is_squared:
            return ConeLeastSquares(self.columns, self.target)
        signs = [row[0] for row in self.problem.data.y]
        hinge = self.problem.loss.name == "hinge"
        up = [int(not hinge or y < 0) for y in signs]
        down = [int(not hinge or y > 0) for y in signs]
        ones = [(1,) * len(signs)] if self.problem.network.biases[1] else []
        return ConeLinear(self.columns, self.target, up, down, ones)

    @cached_property
    def masks(self) -> tuple[int, ...]:
        """The mask of every signed unit cell."""
        return tuple(self.mask(members, sign) for members in self.table.members for sign in (1, -1))

    def mask(self, generators: Iterable[int], sign: int) -> int:
        """The signed columns that these generators open for an output weight of this sign (0: both signs)."""
        found, count = 0, len(self.columns)
        for g in generators:
            place = self.places[g]
            if place is not None:
                column, orientation, _ = place
                if sign * orientation >= 0:
                    found |= 1 << column
                if sign * orientation <= 0:
                    found |= 1 << (column + count)
        return found

    def minimum(self, mask: int) -> Fit:
        """The minimum over the cone of a mask, for squared loss."""
        found = self.cones.minimum(mask)
        assert isinstance(found, Fit)
        return found

    def over_orbit(self, orbit: Sequence[int]) -> Fit:
        """The minimum over a signed cell, given by the signed unit cells of its units, for squared loss."""
        return self.minimum(self.cone(orbit))

    def cone(self, orbit: Sequence[int]) -> int:
        """The mask of a signed cell."""
        found = 0
        for kind in orbit:
            found |= self.masks[kind]
        return found

    def risk(self, value: Fraction) -> Fraction:
        """The risk of a fit with this value (a squared distance or a deviation of scaled targets)."""
        scale = self.problem.loss.total_scale(len(self.problem.data)) / self.target_scale
        return scale * value / self.target_scale if self.is_squared else scale * value

    def predictions(self, fit: Fit) -> Vector:
        """What the network predicts at a fit, output bias included."""
        scale = fit.denominator * self.target_scale
        return tuple(Fraction(r, scale) + y[0] for r, y in zip(fit.residual, self.problem.data.y, strict=True))


def cell_minima(problem: Problem, table: UnitTable) -> CellMinima:
    """The columns of a problem with one output and squared, absolute or hinge loss.

    Parameters: `table`, the `unit_table` of the problem. Exactness: exact. Raises: nothing. Source: theory.md, section 4.

    >>> from exactsurf.landscape.unit_table import unit_table
    >>> from exactsurf.model.data import Data
    >>> from exactsurf.model.network import Network
    >>> problem = Problem(Network([1, 2, 1]), Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> minima = cell_minima(problem, unit_table(problem))
    >>> minima.risk(minima.minimum(0).value), minima.risk(minima.over_orbit((0, 3)).value)
    (Fraction(11, 8), Fraction(1, 1))
    """
    centred = problem.network.biases[1] and problem.loss.name == "squared"
    columns: dict[tuple[int, ...], int] = {}
    places: list[tuple[int, int, Fraction] | None] = []
    for generator in table.generators:
        vector, length = primitive(centre(generator.prediction) if centred else generator.prediction)
        if not length:
            places.append(None)
            continue
        opposite = tuple(-value for value in vector)
        if opposite in columns:
            places.append((columns[opposite], -1, length))
        else:
            places.append((columns.setdefault(vector, len(columns)), 1, length))
    targets = [row[0] for row in problem.data.y]
    moved = centre(targets) if centred else tuple(targets)
    scale = lcm(*(value.denominator for value in moved))
    return CellMinima(problem, table, tuple(places), tuple(columns), tuple(int(value * scale) for value in moved), scale)


def centre(values: Sequence[Fraction]) -> Vector:
    """The values minus their mean."""
    mean = sum(values, Fraction(0)) / len(values)
    return tuple(value - mean for value in values)


def primitive(vector: Sequence[Fraction]) -> tuple[tuple[int, ...], Fraction]:
    """(u, t) with vector = t·u, u coprime integers and t > 0; t = 0 for the zero vector.

    >>> primitive([Fraction(1, 2), Fraction(-3)])
    ((1, -6), Fraction(1, 2))
    """
    common = lcm(*(value.denominator for value in vector))
    integers = [value.numerator * (common // value.denominator) for value in vector]
    divisor = gcd(*integers)
    return tuple(value // divisor for value in integers) if divisor else tuple(integers), Fraction(divisor, common)
