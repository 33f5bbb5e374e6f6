"""Least weighted absolute deviation over cones of signed integer columns, exactly: many cones over the same columns.

The twin of `cone_least_squares` for Σ_i max(up_i (f_i − y_i), −down_i (f_i − y_i)) with f in the cone, which is the absolute loss
with up = down = 1 and the hinge loss with up or down 0. Cones are masks as there; the simplex method with Bland's rule runs on
a table of the bases met so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.effort import look
from exactsurf.exact.cone_least_squares import LOOKED_FOR
from exactsurf.exact.floats.linear_bases import LinearBases
from exactsurf.exact.linear_algebra import rational_solution
from exactsurf.exact.reduced_costs import CostPricing, ReducedCosts

_TABLE = 200_000
"""Bases that are remembered; the table is emptied when it is full, which changes no answer."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """A vertex of the linear program: f = Σ coefficient · column + the free part, with its deviation and its dual vector.

    `basis` is that of the simplex; `support`, `numerators` and `denominator` are those of the columns (without the free ones,
    which `free` has, as rationals), `signed` the mask of what is used. `dual[i] / dual_denominator` is a subgradient ρ of the
    deviation at f with ρ·c ≥ 0 for all signed columns c in `allowed`: so it proves that no f in a cone within `allowed` has a
    smaller deviation.
    """

    basis: tuple[int, ...]
    support: tuple[int, ...]
    numerators: tuple[int, ...]
    denominator: int
    free: tuple[Fraction, ...]
    signed: int
    allowed: int
    dual: tuple[int, ...]
    dual_denominator: int
    value: Fraction

    def basis_within(self, allowed: int) -> tuple[int, ...]:
        """The basis, to start from where only variables of a mask may be used; empty if it uses another one."""
        return self.basis if all(allowed >> k & 1 for k in self.basis) else ()


@dataclass(frozen=True, slots=True)
class _Vertex:
    values: tuple[int, ...]
    denominator: int
    reduced: ReducedCosts
    deviation: Deviation


class ConeLinear:
    """The columns c_0, …, c_{n−1}, the target y, the weights of deviations, and the bases found so far.

    Parameters: `columns`, n integer vectors; `target`; `up` and `down`, non-negative integer weights of f_i > y_i and f_i < y_i;
    `free`, columns with a coefficient of any sign in every cone.
    Exactness: exact; it always ends (Bland's rule). Raises: nothing for fitting shapes. Source: Bland 1977.

    >>> median = ConeLinear([(1, 0, 2)], (0, 1, 5), (1, 1, 1), (1, 1, 1), free=[(1, 1, 1)])
    >>> median.minimum(0).value, median.minimum(1).value
    (Fraction(5, 1), Fraction(3, 1))
    """

    def __init__(
        self,
        columns: Sequence[Sequence[int]],
        target: Sequence[int],
        up: Sequence[int],
        down: Sequence[int],
        free: Sequence[Sequence[int]] = (),
    ) -> None:
        self.count, self.size = len(columns), len(target)
        self.target = tuple(target)
        self._free = len(free)
        units = [tuple(int(i == k) for i in range(self.size)) for k in range(self.size)]
        # Signed variables: columns, their opposites, free columns, their opposites, and deviations f < y and f > y.
        opposite = [tuple(-v for v in column) for column in columns]
        loose = [tuple(column) for column in free]
        below = [tuple(-v for v in unit) for unit in units]
        self._variables = [*map(tuple, columns), *opposite, *loose, *(tuple(-v for v in c) for c in loose), *units, *below]
        self._costs = [0] * (2 * self.count + 2 * self._free) + [*down, *up]
        many = 2 * self.count
        self._pricing = CostPricing(self._variables[: self.count], self._variables[many:], self._costs[many:])
        self._always = ((1 << (2 * self._free + 2 * self.size)) - 1) << 2 * self.count
        self._vertices: dict[tuple[int, ...], _Vertex] = {}
        self._minima: dict[int, _Vertex] = {}
        first = len(self._variables) - 2 * self.size
        self._first = tuple(sorted(first + i + (self.size if y < 0 else 0) for i, y in enumerate(target)))
        self._floats: LinearBases | None = None

    def propose(self) -> None:
        """Let floats propose bases: for cones far from one another."""
        self._floats = LinearBases(self._variables, self._costs, self.target, self._first)

    def known(self, cone: int) -> Deviation | None:
        """The minimum over a cone that was asked for before, as long as it is remembered."""
        found = self._minima.get(cone)
        return None if found is None else found.deviation

    def minimum(self, cone: int, start: Deviation | None = None) -> Deviation:
        """A point of least deviation in the cone.

        Parameters: `cone`, a mask; `start`, what this table gave for another cone: one within this cone saves time, or around it
        where floats propose.
        Returns: a `Deviation` with `signed` within the cone and the cone within `allowed`.
        Exactness: exact. Raises: nothing. Source: as for the class.
        """
        found = self._minima.get(cone)
        if found is None:
            allowed = cone | self._always
            basis = () if start is None else start.basis_within(allowed)
            vertex = None if self._floats is None else self._proposed(self._floats, allowed, () if start is None else start.basis)
            found = self._descended(vertex or self._vertex(basis or self._first), allowed)
            if len(self._minima) >= _TABLE:
                self._minima.clear()
            self._minima[cone] = found
        return found.deviation

    def _proposed(self, floats: LinearBases, allowed: int, start: Sequence[int]) -> _Vertex | None:
        """The vertex of the basis that floats propose, None if there is none in the cone."""
        basis = floats.basis(allowed, start)
        if basis is None or any(not allowed >> k & 1 for k in basis):
            return None
        try:
            vertex = self._vertex(basis)
        except ZeroDivisionError:
            return None
        return vertex if min(vertex.values) >= 0 else None

    def _descended(self, vertex: _Vertex, allowed: int) -> _Vertex:
        from flint import fmpz_mat

        while True:
            look(LOOKED_FOR)
            falling = vertex.reduced.negative & allowed
            if not falling:
                return vertex
            entering = (falling & -falling).bit_length() - 1
            here = vertex.deviation.basis
            rows = fmpz_mat(self.size, self.size, [value for k in here for value in self._variables[k]])
            slopes, _ = rational_solution(rows.transpose(), fmpz_mat(self.size, 1, list(self._variables[entering]))).numer_denom()
            leaving, best = -1, None
            for row, slope in enumerate(map(int, slopes.entries())):
                if slope > 0:
                    ratio = Fraction(vertex.values[row], slope)
                    # The basis is sorted, so the first of equal ratios is Bland's.
                    if best is None or ratio < best:
                        leaving, best = row, ratio
            vertex = self._vertex(tuple(sorted((*here[:leaving], *here[leaving + 1 :], entering))))

    def _vertex(self, basis: tuple[int, ...]) -> _Vertex:
        found = self._vertices.get(basis)
        if found is None:
            if len(self._vertices) >= _TABLE:
                self._vertices.clear()
            found = self._vertices[basis] = self._solved(basis)
        return found

    def _solved(self, basis: tuple[int, ...]) -> _Vertex:
        from flint import fmpz_mat

        rows = fmpz_mat(self.size, self.size, [value for k in basis for value in self._variables[k]])
        solution, common = rational_solution(rows.transpose(), fmpz_mat(self.size, 1, list(self.target))).numer_denom()
        prices, scale = rational_solution(rows, fmpz_mat(self.size, 1, [self._costs[k] for k in basis])).numer_denom()
        values, denominator = tuple(map(int, solution.entries())), int(common)
        dual, dual_denominator = [-int(value) for value in prices.entries()], int(scale)
        reduced = self._pricing.reduced(dual, dual_denominator)
        count = self.count
        coefficients: dict[int, int] = {}
        free = [Fraction(0)] * self._free
        signed = 0
        for k, value in zip(basis, values, strict=True):
            if not value:
                continue
            if k < 2 * count:
                coefficients[k % count] = value if k < count else -value
                signed |= 1 << k
            elif k < 2 * count + 2 * self._free:
                place = k - 2 * count
                free[place % self._free] += Fraction(value if place < self._free else -value, denominator)
        support = tuple(sorted(coefficients))
        allowed = ~reduced.negative & ((1 << 2 * count) - 1)
        cost = Fraction(sum(self._costs[k] * value for k, value in zip(basis, values, strict=True)), denominator)
        deviation = Deviation(
            basis,
            support,
            tuple(coefficients[k] for k in support),
            denominator,
            tuple(free),
            signed,
            allowed,
            tuple(dual),
            dual_denominator,
            cost,
        )
        return _Vertex(values, denominator, reduced, deviation)
