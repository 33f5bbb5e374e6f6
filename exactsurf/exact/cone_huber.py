"""Least Huber deviation over cones of signed integer columns, exactly: many cones over the same columns.

Huber's loss of u is the least ½(u − s)² + δ|s| over s. So the minimum over a cone is a least squares fit by its columns and by
unit vectors that cost δ each, which is found by the active set method in exact arithmetic on a table of the bases met so far.
With weights m_i, and other costs up than down, this is every differentiable loss with one curved piece (its slope is cut off at
the costs), and a sum of such rows is every differentiable convex piecewise quadratic one. Cones are masks as in
`cone_least_squares`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from operator import mul

from exactsurf.effort import look
from exactsurf.exact.cone_least_squares import LOOKED_FOR
from exactsurf.exact.cone_linear import Deviation
from exactsurf.exact.reduced_costs import CostPricing, ReducedCosts

_TABLE = 200_000
"""Bases that are remembered; the table is emptied when it is full, which changes no answer."""


@dataclass(frozen=True, slots=True)
class _Point:
    values: dict[int, Fraction]
    reduced: ReducedCosts
    deviation: Deviation


class ConeHuber:
    """The columns c_0, …, c_{n−1}, the target y, the width δ of Huber's loss, and the fits found so far.

    Parameters: `columns`, n integer vectors; `target`; `delta`, a positive integer, or for every entry of the target the
    integers ≥ 0 at which the slope is cut off below and above, None for no end; `free`, columns with a coefficient of any sign in
    every cone; `metric`, the curvatures m_i of the entries, positive integers (default: all 1).
    The `dual` of a `Deviation` is here the derivative at f, which is the same at all minimisers.
    Exactness: exact. Raises: nothing for fitting shapes.
    Source: Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23, with linear costs: a column that depends on the
    basis comes in along the line on which the residual stays, until another goes out. In exact arithmetic every step lowers the
    deviation and ends at the best fit on independent columns, so the method ends.

    >>> line = ConeHuber([(1, 0, 2)], (0, 0, 9), 1)
    >>> line.minimum(0).value, line.minimum(1).value, line.minimum(1).dual, line.minimum(1).dual_denominator
    (Fraction(17, 2), Fraction(31, 8), (4, 0, -2), 4)
    """

    def __init__(
        self,
        columns: Sequence[Sequence[int]],
        target: Sequence[int],
        delta: int | Sequence[tuple[int | None, int | None]],
        free: Sequence[Sequence[int]] = (),
        metric: Sequence[int] | None = None,
    ) -> None:
        self.count, self.size = len(columns), len(target)
        self._metric = tuple(metric or (1,) * self.size)
        ends = [(delta, delta)] * self.size if isinstance(delta, int) else list(delta)
        self.target = tuple(target)
        self._free = len(free)
        # Signed variables: columns, their opposites, free columns, their opposites, and what lies beyond δ below and above.
        both = [(i, sign, pair[side]) for sign, side in ((1, 0), (-1, 1)) for i, pair in enumerate(ends)]
        sides = [(i, sign, end) for i, sign, end in both if end is not None]
        units = [tuple(sign * int(i == k) for k in range(self.size)) for i, sign, _ in sides]
        one_way = [*map(tuple, columns), *(tuple(-v for v in c) for c in columns)]
        loose = [*map(tuple, free), *(tuple(-v for v in c) for c in free)]
        self._variables = [*one_way, *loose, *units]
        self._weighed = [tuple(map(mul, v, self._metric)) for v in self._variables]
        self._costs = [0] * len(one_way + loose) + [end for _, _, end in sides]
        self._norms = [sum(map(mul, v, w)) for v, w in zip(self._variables, self._weighed, strict=True)]
        self._moments = [sum(map(mul, v, self.target)) for v in self._weighed]
        many = 2 * self.count
        self._pricing = CostPricing(self._weighed[: self.count], self._weighed[many:], self._costs[many:])
        self._always = ((1 << (2 * self._free + len(units))) - 1) << 2 * self.count
        self._points: dict[tuple[int, ...], _Point] = {}
        self._minima: dict[int, Deviation] = {}

    def known(self, cone: int) -> Deviation | None:
        """The minimum over a cone that was asked for before, as long as it is remembered."""
        return self._minima.get(cone)

    def minimum(self, cone: int, start: Deviation | None = None) -> Deviation:
        """A point of least deviation in the cone.

        Parameters: `cone`, a mask; `start`, what this table gave for another cone: one within this cone, or little beyond it,
        saves time.
        Returns: a `Deviation` with `signed` within the cone and the cone within `allowed` (the conditions of Kuhn and Tucker).
        Exactness: exact. Raises: nothing. Source: as for the class.
        """
        found = self._minima.get(cone)
        if found is None:
            allowed = cone | self._always
            point = self._point(()) if start is None else self._begun(start.basis, allowed)
            while (entering := self._entering(point, allowed)) is not None:
                look(LOOKED_FOR)
                point = self._exchanged(point, entering)
            if len(self._minima) >= _TABLE:
                self._minima.clear()
            found = self._minima[cone] = point.deviation
        return found

    def _begun(self, basis: tuple[int, ...], allowed: int) -> _Point:
        """The point of a basis; what of it is not allowed goes out."""
        here = self._point(basis)
        own = {k: value for k, value in here.values.items() if allowed >> k & 1}
        return here if len(own) == len(here.values) else self._settled(own)

    def _entering(self, point: _Point, allowed: int) -> int | None:
        """The variable along which the deviation falls fastest, for columns of length 1; None if it falls along none."""
        chosen, best, best_norm = None, 0, 1
        falling = point.reduced.negative & allowed
        while falling:
            bit = falling & -falling
            falling ^= bit
            k = bit.bit_length() - 1
            r = point.reduced.value(k)
            if r * r * best_norm > best * self._norms[k]:
                chosen, best, best_norm = k, r * r, self._norms[k]
        return chosen

    def _exchanged(self, here: _Point, entering: int) -> _Point:
        """The best fit after `entering` has come in and those variables that would become negative have gone out."""
        point = dict(here.values)
        dependence = self._combination(sorted(point), entering)
        if dependence is None:
            point[entering] = Fraction(0)
        else:
            # The residual stays and the costs fall, which are not negative: so something goes out.
            step = min(point[k] / m for k, m in dependence.items() if m > 0)
            moved = {k: value - step * dependence[k] for k, value in point.items()}
            point = {entering: step, **{k: value for k, value in moved.items() if value}}
        return self._settled(point)

    def _settled(self, point: dict[int, Fraction]) -> _Point:
        """The best fit by independent variables, or by those that stay positive on the way there."""
        while True:
            goal = self._best(tuple(sorted(point)))
            blocked = [k for k, value in goal.items() if value < 0]
            if not blocked:
                return self._point(tuple(k for k, value in goal.items() if value))
            step = min(point[k] / (point[k] - goal[k]) for k in blocked)
            moved = {k: value + step * (goal[k] - value) for k, value in point.items()}
            point = {k: value for k, value in moved.items() if value}

    def _combination(self, basis: Sequence[int], entering: int) -> dict[int, Fraction] | None:
        """The coefficients with which the basis combines to a further variable; None if it does not."""
        column = self._variables[entering]
        found = self._solved(basis, [sum(map(mul, self._weighed[k], column)) for k in basis])
        common = lcm(*(value.denominator for value in found.values()))
        rest = [-value * common for value in column]
        for k, value in found.items():
            factor = value.numerator * (common // value.denominator)
            rest = [r + factor * v for r, v in zip(rest, self._variables[k], strict=True)]
        return None if any(rest) else found

    def _best(self, basis: tuple[int, ...]) -> dict[int, Fraction]:
        """The best coefficients, of any sign, of independent variables."""
        return self._solved(basis, [self._moments[k] - self._costs[k] for k in basis])

    def _solved(self, basis: Sequence[int], right: Sequence[int]) -> dict[int, Fraction]:
        from flint import fmpz_mat

        if not basis:
            return {}
        rows, weighed = (
            fmpz_mat(len(basis), self.size, [value for k in basis for value in of[k]]) for of in (self._variables, self._weighed)
        )
        solution = (rows * weighed.transpose()).solve(fmpz_mat(len(basis), 1, list(right)))
        return {k: Fraction(int(v.p), int(v.q)) for k, v in zip(basis, solution.entries(), strict=True)}

    def _point(self, basis: tuple[int, ...]) -> _Point:
        found = self._points.get(basis)
        if found is None:
            if len(self._points) >= _TABLE:
                self._points.clear()
            found = self._points[basis] = self._evaluated(basis)
        return found

    def _evaluated(self, basis: tuple[int, ...]) -> _Point:
        values = self._best(basis)
        denominator = lcm(*(value.denominator for value in values.values()))
        scaled = {k: value.numerator * (denominator // value.denominator) for k, value in values.items()}
        residual = [-denominator * y for y in self.target]
        for k, value in scaled.items():
            residual = [r + value * v for r, v in zip(residual, self._variables[k], strict=True)]
        reduced = self._pricing.reduced(residual, denominator)
        count = self.count
        used = {k % count: value if k < count else -value for k, value in scaled.items() if k < 2 * count}
        support = tuple(sorted(used))
        free = [
            values.get(2 * count + p, Fraction(0)) - values.get(2 * count + self._free + p, Fraction(0))
            for p in range(self._free)
        ]
        beyond = sum(self._costs[k] * value for k, value in scaled.items())
        deviation = Deviation(
            basis,
            support,
            tuple(used[k] for k in support),
            denominator,
            tuple(free),
            sum(1 << k for k in scaled if k < 2 * count),
            ~reduced.negative & ((1 << 2 * count) - 1),
            tuple(map(mul, residual, self._metric)),
            denominator,
            Fraction(sum(map(mul, map(mul, residual, residual), self._metric)), 2 * denominator * denominator)
            + Fraction(beyond, denominator),
        )
        return _Point(values, reduced, deviation)
