"""Least squares over cones of signed integer columns, exactly: the nearest point of a cone to a target, many cones in a row.

A cone is an integer mask: bit k allows column c_k with a coefficient ≥ 0, bit n + k allows −c_k; both bits leave the sign
free. The minimum over many cones that share their columns is found by the active set method of Lawson and Hanson in exact
arithmetic, on a table of the supports met so far: whether a support is optimal for a further cone is one comparison of masks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd
from operator import mul
from typing import NamedTuple, TypeAlias

from exactsurf.effort import look
from exactsurf.errors import InternalError, ShapeError
from exactsurf.exact.floats.cone_support import ConeSupports
from exactsurf.exact.integer_pricing import IntegerPricing, Products
from exactsurf.exact.linear_algebra import Vector, rational_solution

_TABLE = 300_000
"""Supports that are remembered; the table is emptied when it is full, which changes no answer."""

_SLOPES = 1 << 21
"""Slopes that are remembered, and as many older ones: a fit has one for every column, which takes far more room than itself."""

_CONES = 4
"""For each of these the cones whose minimum is remembered: that takes little more than their masks."""

_MANY = 2_000
"""Columns beyond which no table of their products is made, and machine integers propose which one comes in."""

_FEW = 24
"""Columns up to which products with them are not worth machine integers."""


LOOKED_FOR = "the minimum over a cone is looked for"
"""What was tried when the time of an effort is over."""


Slopes: TypeAlias = Products | tuple[int, ...]
"""A number for every column."""


class Solution(NamedTuple):
    """The coefficients `numerators` / `denominator` ≠ 0 of the columns `support`, and the mask of these with their signs."""

    support: tuple[int, ...]
    numerators: tuple[int, ...]
    denominator: int
    signed: int

    @property
    def coefficients(self) -> dict[int, Fraction]:
        """The coefficient of every column of the support."""
        return {k: Fraction(n, self.denominator) for k, n in zip(self.support, self.numerators, strict=True)}


@dataclass(frozen=True, slots=True)
class Fit:
    """The least squares fit of the target by the columns `support`, all with coefficients ≠ 0.

    Column `support[p]` has the coefficient `numerators[p] / denominator`; `value` is ‖Ax − y‖², and `residual / denominator` is
    Ax − y. `signed` is the mask of the support with the signs of the coefficients, `allowed` the mask of all signed columns along
    which the distance does not fall, `orthogonal` of those along which it is stationary.
    """

    support: tuple[int, ...]
    numerators: tuple[int, ...]
    denominator: int
    residual: tuple[int, ...]
    signed: int
    allowed: int
    orthogonal: int
    value: Fraction

    @property
    def solution(self) -> Solution:
        """What it is without residual and masks, which are long where there are many samples or columns."""
        return Solution(self.support, self.numerators, self.denominator, self.signed)

    @property
    def coefficients(self) -> dict[int, Fraction]:
        """The coefficient of every column of the support."""
        return self.solution.coefficients


class ConeLeastSquares:
    """The columns c_0, …, c_{n−1} and the target y, and the fits found so far.

    Parameters: `columns`, n integer vectors of the length of `target`, none of them zero; `metric`, positive integers m with
    ‖u‖² = Σ m_i u_i² (default: all 1); `table`, whether products of columns are kept, which pays for many cones.
    Exactness: exact. Raises: `ShapeError` if the lengths differ.
    Source: Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23. In exact arithmetic every outer step lowers
    the distance and its columns are independent, so the method ends without a rule against cycling.

    >>> plane = ConeLeastSquares([(1, 0), (0, 1)], (3, -2))
    >>> plane.minimum(0b0011).value, plane.minimum(0b1011).value
    (Fraction(4, 1), Fraction(0, 1))
    """

    def __init__(
        self,
        columns: Sequence[Sequence[int]],
        target: Sequence[int],
        metric: Sequence[int] | None = None,
        *,
        table: bool = True,
    ) -> None:
        from flint import fmpz_mat

        self.columns = [tuple(column) for column in columns]
        self.target = tuple(target)
        for k, column in enumerate(self.columns):
            if len(column) != len(self.target):
                raise ShapeError(f"column {k}", (len(self.target),), (len(column),))
            if not any(column):
                raise InternalError(f"column {k} of a cone is zero")
        self.count = len(self.columns)
        plain = fmpz_mat(self.count, len(self.target), [value for column in self.columns for value in column])
        weighed = self.columns if metric is None else [tuple(map(mul, column, metric)) for column in self.columns]
        self._weighed = weighed
        self._all = fmpz_mat(self.count, len(self.target), [value for column in weighed for value in column])
        self._moments = [sum(map(mul, column, self.target)) for column in weighed]
        self._norms = [sum(map(mul, *both)) for both in zip(weighed, self.columns, strict=True)]
        few = table and 0 < self.count <= _MANY
        self._gram = [list(map(int, row)) for row in (self._all * plain.transpose()).tolist()] if few else []
        self._pricing = self._machine if self.count > _MANY else None
        self._floats: ConeSupports | None = None
        self._metric = metric
        self._length = sum(map(mul, self.target, self.target if metric is None else map(mul, self.target, metric)))
        self._most = _TABLE
        self._solutions: dict[tuple[int, ...], Solution] = {}
        self._fits: dict[tuple[int, ...], Fit] = {}
        self._minima: dict[int, Fit] = {}
        # Those asked for lately, and those asked for before them: what is asked for again and again stays.
        self._slopes: dict[tuple[int, ...], Slopes] = {}
        self._older_slopes: dict[tuple[int, ...], Slopes] = {}

    @cached_property
    def _machine(self) -> IntegerPricing:
        return IntegerPricing(self._weighed)

    def remember(self, most: int) -> None:
        """Remember at most so many fits from now on; a fit holds masks of all columns."""
        self._most = most

    def propose(self) -> None:
        """Let floats propose supports, and machine integers the column that comes in: for cones far from one another."""
        self._pricing = self._machine
        self._floats = ConeSupports(self.columns, self.target, self._metric)

    def known(self, cone: int) -> Fit | None:
        """The minimum over a cone that was asked for before, as long as it is remembered."""
        return self._minima.get(cone)

    def minimum(self, cone: int, start: Fit | Solution | None = None) -> Fit:
        """The fit that is nearest to the target among the points of the cone.

        Parameters: `cone`, a mask; `start`, the minimum over another cone, from where the search is short: columns of it that
        would leave this cone are dropped.
        Returns: a `Fit` with `signed` within the cone and the cone within `allowed` (the conditions of Kuhn and Tucker).
        Exactness: exact. Raises: nothing. Source: as for the class.

        >>> fit = ConeLeastSquares([(1, 0), (1, 1)], (1, 2)).minimum(0b11)
        >>> fit.coefficients, fit.residual, fit.denominator
        ({1: Fraction(3, 2)}, (1, -1), 2)
        """
        found = self._minima.get(cone)
        if found is not None:
            return found
        fit = self._started(cone, start)
        while descending := cone & ~fit.allowed:
            look(LOOKED_FOR)
            fit = self._evaluated(self._priced(self._exchanged(fit.solution, self._entering(fit, descending), cone), cone))
        if len(self._minima) >= _CONES * self._most:
            self._minima.clear()
        self._minima[cone] = fit
        return fit

    def fit(self, support: tuple[int, ...]) -> Fit:
        """The least squares fit by the columns `support`, which must be independent and in order; signs are free.

        Exactness: exact. Raises: nothing. Source: normal equations.
        """
        found = self._fits.get(support)
        return self._evaluated(self._solution(support)) if found is None else found

    def _started(self, cone: int, start: Fit | Solution | None) -> Fit:
        """A fit in the cone, near `start`, or near what floats propose."""
        if self._floats is not None:
            proposed = self._floats.support(cone, () if start is None else start.support)
            found = None if proposed is None else self._independent(proposed)
            if found is not None:
                return self._evaluated(self._inside(found, cone))
        if start is None:
            return self.fit(()) if self._pricing is None else self._evaluated(self._priced(self._solution(()), cone))
        if isinstance(start, Fit) and not start.signed & ~cone:
            return start
        found = start.solution if isinstance(start, Fit) else start
        return self._evaluated(self._priced(self._inside(found, cone), cone))

    def _independent(self, support: tuple[int, ...]) -> Solution | None:
        """The solution on columns of which it is not known whether they are independent; None if they are not."""
        try:
            return self._solution(support)
        except ZeroDivisionError:
            return None

    def _inside(self, found: Solution, cone: int) -> Solution:
        """The solution on those columns that leave it in the cone."""
        while outside := found.signed & ~cone:
            found = self._solution(tuple(k for k in found.support if not (outside >> k | outside >> (k + self.count)) & 1))
        return found

    def _priced(self, found: Solution, cone: int) -> Solution:
        """Where there are many columns: a better solution in the cone, as far as machine integers see one."""
        if self._pricing is None or not self._pricing.fits:
            return found
        while True:
            look(LOOKED_FOR)
            residual = self._residual(found)
            entering = self._pricing.steepest(cone, residual)
            if entering is None:
                return found
            slope = sum(map(mul, self._weighed[entering], residual))
            if not (slope < 0 and cone >> entering & 1) and not (slope > 0 and cone >> (entering + self.count) & 1):
                return found
            found = self._exchanged(found, entering, cone)

    def _solution(self, support: tuple[int, ...]) -> Solution:
        found = self._solutions.get(support)
        if found is None:
            numerators, denominator = self._solved(support)
            kept = tuple(k for k, value in zip(support, numerators, strict=True) if value)
            values = tuple(value for value in numerators if value)
            signed = sum(1 << (k if value > 0 else k + self.count) for k, value in zip(kept, values, strict=True))
            found = Solution(kept, values, denominator, signed)
            if len(self._solutions) >= self._most:
                self._solutions.clear()
            self._solutions[support] = self._solutions[kept] = found
        return found

    def _residual(self, found: Solution) -> list[int]:
        residual = [-value * found.denominator for value in self.target]
        for k, value in zip(found.support, found.numerators, strict=True):
            residual = [r + value * c for r, c in zip(residual, self.columns[k], strict=True)]
        return residual

    def _solved(self, support: tuple[int, ...]) -> tuple[list[int], int]:
        gram, moments = self._gram, self._moments
        if not support:
            return [], 1
        if not gram:
            return self._solved_alone(support)
        if len(support) == 1:
            return [moments[support[0]]], gram[support[0]][support[0]]
        if len(support) == 2:
            i, k = support
            a, b, d = gram[i][i], gram[i][k], gram[k][k]
            return [d * moments[i] - b * moments[k], a * moments[k] - b * moments[i]], a * d - b * b
        from flint import fmpz_mat

        size = len(support)
        rows = [gram[i] for i in support]
        matrix = fmpz_mat(size, size, [row[k] for row in rows for k in support])
        solution, denominator = rational_solution(matrix, fmpz_mat(size, 1, [moments[i] for i in support])).numer_denom()
        return list(map(int, solution.entries())), int(denominator)

    def _solved_alone(self, support: tuple[int, ...]) -> tuple[list[int], int]:
        """As `_solved`, without a table of all products of columns."""
        from flint import fmpz_mat

        size = len(support)
        weighed, plain = (
            fmpz_mat(size, len(self.target), [value for k in support for value in of[k]]) for of in (self._weighed, self.columns)
        )
        moments = fmpz_mat(size, 1, [self._moments[k] for k in support])
        solution, denominator = rational_solution(weighed * plain.transpose(), moments).numer_denom()
        return list(map(int, solution.entries())), int(denominator)

    def _evaluated(self, found: Solution) -> Fit:
        known = self._fits.get(found.support)
        if known is None:
            if len(self._fits) >= self._most:
                self._fits.clear()
            known = self._fits[found.support] = self._with_masks(found)
        return known

    def _with_masks(self, found: Solution) -> Fit:
        support, numerators, denominator, signed = found
        residual = tuple(self._residual(found))
        slopes = self._slopes_of(support, residual)
        if isinstance(slopes, Products):
            rising, falling = slopes.rising, slopes.falling
        else:
            rising = sum(1 << k for k, value in enumerate(slopes) if value >= 0)
            falling = sum(1 << k for k, value in enumerate(slopes) if value <= 0)
        both = rising & falling
        explained = sum(value * self._moments[k] for k, value in zip(support, numerators, strict=True))
        return Fit(
            support,
            numerators,
            denominator,
            residual,
            signed,
            rising | falling << self.count,
            both | both << self.count,
            Fraction(self._length * denominator - explained, denominator),
        )

    def _slopes_of(self, support: tuple[int, ...], residual: tuple[int, ...]) -> Slopes:
        """The slopes of ½‖Ax − y‖² along the columns, times the denominator, for a fit with this support and residual."""
        found = self._slopes.get(support)
        if found is None:
            found = self._older_slopes.get(support) or self._products(residual)
            if len(self._slopes) * self.count >= _SLOPES:
                self._slopes, self._older_slopes = {}, self._slopes
            self._slopes[support] = found
        return found

    def _products(self, residual: tuple[int, ...]) -> Slopes:
        from flint import fmpz_mat

        if self.count > _FEW and self._machine.fits:
            return self._machine.products(residual)
        return tuple(map(int, (self._all * fmpz_mat(len(residual), 1, residual)).entries())) if self.count else ()

    def _entering(self, fit: Fit, descending: int) -> int:
        """The column along which the distance falls fastest (to first order, for columns of length 1, roughly)."""
        norms, count = self._norms, self.count
        slopes = self._slopes_of(fit.support, fit.residual)
        slope = slopes.value if isinstance(slopes, Products) else slopes.__getitem__
        chosen, best, best_norm = -1, 0, 1
        while descending:
            bit = descending & -descending
            descending ^= bit
            k = bit.bit_length() - 1
            if k >= count:
                k -= count
            square = slope(k) ** 2
            if chosen < 0 or square * best_norm > best * norms[k]:
                chosen, best, best_norm = k, square, norms[k]
        return chosen

    def _exchanged(self, fit: Solution, entering: int, cone: int) -> Solution:
        """The fit after column `entering` has come in and those that would leave the cone have gone out."""
        support = tuple(sorted((*fit.support, entering)))
        point: dict[int, int] | None = None
        common = fit.denominator
        while True:
            goal = self._solution(support)
            outside = goal.signed & ~cone
            if not outside:
                return goal
            if point is None:
                point = {**dict(zip(fit.support, fit.numerators, strict=True)), entering: 0}
            aim, divisor = dict(zip(goal.support, goal.numerators, strict=True)), goal.denominator
            # From the point towards the fit until the first coefficient would change its sign. A coefficient that comes in
            # starts at zero and moves the way it may.
            step, whole = 1, 1
            for k, target in aim.items():
                if outside >> k & 1 or outside >> (k + self.count) & 1:
                    here = abs(point[k] * divisor)
                    way = here + abs(target) * common
                    if here * whole < step * way:
                        step, whole = here, way
            rest = (whole - step) * divisor
            moved = {k: value * rest + aim.get(k, 0) * common * step for k, value in point.items()}
            common *= divisor * whole
            shared = gcd(common, *moved.values())
            common //= shared
            point = {k: value // shared for k, value in moved.items() if value}
            support = tuple(sorted(point))


def nearest_point(columns: Sequence[Sequence[int]], target: Sequence[int]) -> tuple[Vector, Fraction]:
    """Non-negative coefficients x that minimise ‖Σ x_k c_k − y‖², and the minimum.

    Parameters: `columns`, n integer vectors; `target`, an integer vector y of their length. Exactness: exact; Kuhn and Tucker's
    conditions hold as identities of integers. Raises: `ShapeError` if the lengths differ. Source: see `ConeLeastSquares`.

    >>> nearest_point([(1, 0), (1, 1)], (1, 2))
    ((Fraction(0, 1), Fraction(3, 2)), Fraction(1, 2))
    """
    kept = [k for k, column in enumerate(columns) if any(column)]
    table = ConeLeastSquares([columns[k] for k in kept], target)
    fit = table.minimum((1 << len(kept)) - 1)
    coefficients = {kept[k]: value for k, value in fit.coefficients.items()}
    return tuple(coefficients.get(k, Fraction(0)) for k in range(len(columns))), fit.value
