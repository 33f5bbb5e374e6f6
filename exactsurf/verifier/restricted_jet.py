"""Risk, gradient and Hessian in the free parameters of a restriction, and flows of the network (FORMAT.md, section 60)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .arithmetic.document import Field
from .arithmetic.effort import price, spend
from .arithmetic.interval import Interval, enclose
from .arithmetic.quadratic import null_space, whole_vector
from .arithmetic.rational import Rational
from .arithmetic.rational_rows import bits_of
from .network import vector_of
from .restriction import Restriction
from .risk_jet import Jet
from .smooth_problem import SmoothProblem

Row = list[Rational]


@dataclass(frozen=True)
class FreeCoordinates:
    """The free parameters as coordinates."""

    problem: SmoothProblem
    restriction: Restriction
    bits: int

    def box(self, values: Sequence[Rational], radii: Sequence[Rational]) -> list[Interval]:
        """θ(u) for all u that differ from the values by at most the radii."""
        centre = vector_of(self.restriction.parameters(values))
        spend(2 * len(values) * len(centre) * price(bits_of(list(radii))))
        sides: Row = [0] * len(centre)
        for radius, direction in zip(radii, self.restriction.directions, strict=True):
            if radius:
                sides = [side + radius * (-value if value < 0 else value) for side, value in zip(sides, direction, strict=True)]
        return [enclose(value, self.bits, side) for value, side in zip(centre, sides, strict=True)]

    def gradient(self, jet: Jet) -> list[Interval]:
        """The derivatives of the risk by the free parameters."""
        spend(3 * self.restriction.free * len(jet.gradient) * price(self.bits))
        return [self._along(direction, jet.gradient) for direction in self.restriction.directions]

    def hessian(self, jet: Jet) -> list[list[Interval]]:
        """The second derivatives of the risk by the free parameters."""
        spend(
            3
            * self.restriction.free
            * (2 * len(jet.hessian) + self.restriction.free * len(self.restriction.origin))
            * price(self.bits)
        )
        images = [self._image(direction, jet) for direction in self.restriction.directions]
        return [[self._along(direction, image) for image in images] for direction in self.restriction.directions]

    def _along(self, direction: Sequence[Rational], entries: dict[int, Interval]) -> Interval:
        total = Interval(0, 0, self.bits)
        for place, value in entries.items():
            if factor := direction[place]:
                total = total + _times(value, factor)
        return total

    def _image(self, direction: Sequence[Rational], jet: Jet) -> dict[int, Interval]:
        image: dict[int, Interval] = {}
        for (p, q), value in jet.hessian.items():
            for row, column in {(p, q), (q, p)}:
                if factor := direction[column]:
                    term = _times(value, factor)
                    image[row] = image[row] + term if row in image else term
        return image

    def flow(self, field: Field) -> list[Row]:
        """A sum of the flows of the list, by its numbers: X(θ₀), and A b_1, …, A b_p, in the coordinates u."""
        numbers = field.vector(self.numbers_of_a_flow)
        found = [self._coordinates(self._moved(numbers, self.restriction.origin, constant=True), field)]
        return [*found, *(self._coordinates(self._moved(numbers, b, constant=False), field) for b in self.restriction.directions)]

    @property
    def numbers_of_a_flow(self) -> int:
        """How many numbers a sum of flows has: one for each unit that can be rescaled, and for what is common to outputs."""
        return self._units + len(self._common)

    @property
    def _units(self) -> int:
        rescaled = self.problem.activation.is_homogeneous and self.problem.decay is None
        return sum(self.problem.widths[1:-1]) if rescaled else 0

    @property
    def _common(self) -> list[list[int]]:
        """The places that can be moved alike, for each column of the last layer."""
        kept = {*self.problem.common}
        return [list(column) for column in zip(*self.problem.places[-1], strict=True) if column[-1] in kept]

    def _moved(self, numbers: Sequence[Rational], vector: Sequence[Rational], *, constant: bool) -> Row:
        """A·vector, or A·vector + c."""
        spend(4 * len(vector) * price(bits_of(list(numbers)), bits_of(list(vector))))
        degree = 2 if self.problem.activation.name == "quadratic" else 1
        places, moved, k = self.problem.places, list[Rational]([0] * len(vector)), 0
        for layer, rows in enumerate(places[:-1] if self._units else []):
            for j, row in enumerate(rows):
                for place in row:
                    moved[place] += numbers[k] * vector[place]
                for above in places[layer + 1]:
                    moved[above[j]] -= degree * numbers[k] * vector[above[j]]
                k += 1
        for column, number in zip(self._common, numbers[self._units :], strict=True):
            for place in column if constant else ():
                moved[place] += number
        return moved

    def _coordinates(self, vector: Row, field: Field) -> Row:
        """The u with Σ u_k b_k = the vector."""
        rows = [
            whole_vector(dict(enumerate([*entries, value])), self.restriction.free + 1)
            for *entries, value in zip(*self.restriction.directions, vector, strict=True)
            if value or any(entries)
        ]
        kernel = null_space(rows, self.restriction.free + 1)
        # The directions are independent, so that the last entry of a vector of the kernel is not 0.
        if not kernel:
            raise field.reject("the flow does not stay in the restriction")
        (found,) = kernel
        return [Fraction(-entry, found[-1]) for entry in found[:-1]]


def _times(value: Interval, factor: Rational) -> Interval:
    return value.times(factor.numerator) if factor.denominator == 1 else value * enclose(factor, value.bits)
