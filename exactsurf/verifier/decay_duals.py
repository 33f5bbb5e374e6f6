"""Dual vectors of a risk with weight decay: what bounds a unit's term on its cells and facets (FORMAT.md, sections 19 and 30)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from operator import mul

from .arithmetic.document import Field, at
from .arithmetic.effort import spend
from .arithmetic.rational import Rational, display
from .arithmetic.region_count import Effort
from .arithmetic.table import common_denominator, numerators, weighted_sums
from .cell_list import UnitProblem
from .dual_bounds import MAX_DUALS, Bound
from .unit_cells import central_rays, check_shape
from .weight_decay import WeightDecay


def check_central(problem: UnitProblem, field: Field) -> None:
    """Reject a problem whose unit cells are no cones on which h is linear."""
    check_shape(problem, field)
    h = problem.activation
    if list(h.breakpoints) != [0] or any(h.intercepts):
        raise field.child("activation").reject("this claim needs the single breakpoint 0 and h(0) = 0")


@dataclass(frozen=True)
class DecayBounds:
    """The dual vectors of a certificate: their bounds, and as bits those that hold on signed unit cells and on facets.

    A facet is a pair of signed unit cells with one sign; what holds on one of the two holds on it, too, and is not repeated.
    """

    bounds: list[Fraction]
    masks: list[int]
    facets: dict[tuple[int, int], int]

    def facet(self, kind: int, other: int) -> int:
        """The dual vectors that hold where two signed unit cells meet."""
        return self.masks[kind] | self.masks[other] | self.facets.get((min(kind, other), max(kind, other)), 0)


@dataclass(frozen=True)
class Gains:
    """Σ r_i h(u·x̃_i) for a dual vector along every ray, as integers over one denominator."""

    numerators: list[int]
    denominator: int

    @cached_property
    def bits(self) -> int:
        """The length of the longest numerator."""
        return max(map(int.bit_length, self.numerators), default=0)


class DecayDuals:
    """The dual vectors of a certificate, and the rays along which they are asked."""

    def __init__(
        self, problem: UnitProblem, decay: WeightDecay, bound_of: Bound, field: Field, cells: list[list[int]], bound: Rational
    ) -> None:
        self.problem, self.decay, self.bound_of, self.cells, self.bound = problem, decay, bound_of, cells, bound
        with at(field.place):
            rays = central_rays(problem, Effort())
        if rays is None:
            raise field.child("data").reject("the inputs (with a bias, if there is one) do not span their space")
        self.rays = rays
        one = (1,) if problem.biases[0] else ()
        samples = [(*row, *one) for row in problem.x.rows]
        spend(len(rays) * len(samples) >> 2)
        self.sides = [weighted_sums(samples, ray) for ray in rays]
        self.members = [[k for k, z in enumerate(self.sides) if _is_in(z, cell)] for cell in cells]
        spend(len(cells) * len(rays) * (1 + len(samples) >> 2))

    def read(self, field: Field, *, with_facets: bool = False) -> DecayBounds:
        """The dual vectors of a field; with slopes on facets only for claims that know them."""
        entries = field.items()
        if len(entries) > MAX_DUALS:
            raise field.refuse(f"more than {MAX_DUALS} dual vectors are beyond the limits of this verifier")
        found = DecayBounds([], [0] * (2 * len(self.cells)), {})
        for number, entry in enumerate(entries):
            vector_field, slopes_field, *facets = entry.fields("vector", "slopes", *(["facets"] if with_facets else []))
            bound, gains = self.gains(vector_field)
            found.bounds.append(bound)
            seen = set()
            for slope in slopes_field.items():
                kind_field, q_field = slope.items(2)
                kind = kind_field.index(len(found.masks))
                if kind in seen:
                    raise kind_field.reject("occurs twice in this list")
                seen.add(kind)
                self.check_slope(self.members[kind // 2], kind % 2, q_field, gains)
                found.masks[kind] |= 1 << number
            for facet in facets:
                self._read_facets(facet, number, gains, found)
        return found

    def _read_facets(self, field: Field, number: int, gains: Gains, found: DecayBounds) -> None:
        for entry in field.items():
            kind_field, other_field, q_field = entry.items(3)
            kind, other = kind_field.index(len(found.masks)), other_field.index(len(found.masks))
            if kind >= other or (other - kind) % 2:
                raise other_field.reject("the second signed unit cell of a facet has a larger number, and the same sign")
            if found.facets.get((kind, other), 0) >> number & 1:
                raise kind_field.reject("this facet occurs twice in this list")
            common = sorted({*self.members[kind // 2]} & {*self.members[other // 2]})
            spend(len(self.members[kind // 2]) + len(self.members[other // 2]))
            self.check_slope(common, kind % 2, q_field, gains)
            found.facets[kind, other] = found.facets.get((kind, other), 0) | 1 << number

    def gains(self, field: Field) -> tuple[Fraction, Gains]:
        """The bound of the dual vector, which is checked, and Σ r_i h(u·x̃_i) along every ray."""
        problem, decay = self.problem, self.decay
        vector = field.vector(problem.samples)
        with at(field.place):
            common = common_denominator(vector, len(vector))
            r = numerators(vector, common)
            bits = max(common.bit_length(), *map(int.bit_length, r))
            spend(len(self.rays) * len(r) * (1 + (bits >> 10)))
        bound, total = self.bound_of(field, r, common), Fraction(sum(r), common)
        if problem.biases[1] and total:
            if not decay.biases:
                raise field.reject("the sum of all r_i is not 0, and the output has a bias that is not penalised")
            bound -= Fraction(total * total, 2 * decay.factor)
        if bound < self.bound:
            shown, needed = (display(value.numerator, value.denominator) for value in (bound, self.bound))
            raise field.reject(f"its bound is {shown}, less than {needed}")
        parts = common_denominator(problem.activation.slopes)
        low, high = numerators(problem.activation.slopes, parts)
        spend(len(self.rays) * ((bits >> 12) + (bits * parts.bit_length() >> 20)))
        gains = []
        for sides in self.sides:
            below = sum(a * z for a, z in zip(r, sides, strict=True) if z < 0)
            above = sum(a * z for a, z in zip(r, sides, strict=True) if z > 0)
            gains.append(low * below + high * above)
        return bound, Gains(gains, common * parts)

    def check_slope(self, rays: Sequence[int], negative: int, field: Field, gains: Gains) -> None:
        """Check a slope that bounds a dual vector along some rays, with v ≤ 0 if `negative`."""
        problem, decay = self.problem, self.decay
        q = field.vector(len(problem.x.denominators) + problem.biases[0])
        spend(1 + len(q) * (1 + len(rays)))
        with at(field.place):
            common = common_denominator(q, len(q))
            whole = numerators(q, common)
        bits, factor = max(map(int.bit_length, whole)), Fraction(decay.factor)
        spend(len(q) * (bits * bits >> 20))
        squares = sum(value * value for value in whole)
        spend(bits * factor.denominator.bit_length() + common.bit_length() * factor.numerator.bit_length() >> 19)
        if squares * factor.denominator**2 > (factor.numerator * common) ** 2:
            raise field.reject("longer than the factor of the weight decay")
        if problem.biases[0] and not decay.biases and q[-1]:
            raise field.reject("its last entry belongs to a bias that is not penalised, and is not 0")
        whole[: len(problem.x.denominators)] = map(mul, whole, problem.x.denominators)
        long = max(map(int.bit_length, whole)) * gains.denominator.bit_length() + common.bit_length() * gains.bits
        spend(len(rays) * ((len(q) * bits >> 10) + (long >> 20)))
        sign = -common if negative else common
        for k in rays:
            if sum(map(mul, whole, self.rays[k])) * gains.denominator + sign * gains.numerators[k] < 0:
                raise field.reject("does not bound the dual vector on all rays of this cell or facet")


def _is_in(sides: list[int], cell: list[int]) -> bool:
    """Whether a ray lies in a closed cell, by the signs of its pre-activations and the pieces of the cell."""
    return all(z >= 0 if piece else z <= 0 for z, piece in zip(sides, cell, strict=True))
