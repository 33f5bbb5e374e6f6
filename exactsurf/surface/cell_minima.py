"""The minimum of the risk over signed cells and their faces: for squared loss, every one is the nearest point of a cone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from operator import mul
from typing import Any, TypeAlias

from exactsurf.effort import look
from exactsurf.exact.cone_huber import ConeHuber
from exactsurf.exact.cone_least_squares import ConeLeastSquares, Fit, Solution
from exactsurf.exact.cone_linear import ConeLinear, Deviation
from exactsurf.exact.convex_pieces import ConvexPieces
from exactsurf.exact.linear_algebra import Vector, primitive
from exactsurf.model.problem import Problem
from exactsurf.surface.risk_rows import RiskRows, risk_rows, weighted_centre
from exactsurf.surface.unit_table import UnitTable

Cones: TypeAlias = ConeLeastSquares | ConeHuber | ConeLinear

Start: TypeAlias = Solution | Deviation
"""What a table of fits gave for one cone, and begins with for another."""

_SLOPES = 1_500_000
"""Slopes that the remembered fits of a search have together, at most."""


@dataclass(frozen=True)
class OptimalPredictions:
    """The predictions f at which r is a subgradient of the risk: `base` + Σ t_i · `widening[i]` · e_i, 0 ≤ t_i ≤ `lengths[i]`.

    `widening[i]` is −1, 0 or 1; a length of None is no bound. Where Σ r_i f_i ≥ 0 on all of a cone, its points with such
    predictions and Σ r_i f_i = 0 are its minimisers.
    Exactness: exact. Source: the Fenchel–Young equality.
    """

    base: Vector
    widening: tuple[int, ...]
    lengths: tuple[Fraction | None, ...]

    @property
    def columns(self) -> tuple[Vector, ...]:
        """The vectors `widening[i]` · e_i that are not zero."""
        size = range(len(self.base))
        return tuple(tuple(Fraction(way if k == i else 0) for k in size) for i, way in enumerate(self.widening) if way)

    @property
    def bounds(self) -> tuple[Fraction | None, ...]:
        """The greatest coefficients of the `columns`."""
        return tuple(length for length, way in zip(self.lengths, self.widening, strict=True) if way)


@dataclass(frozen=True)
class CellMinima:
    """What the generators of unit cells predict, as signed columns of a `ConeLeastSquares`, `ConeHuber` or `ConeLinear` problem.

    For squared loss with an output bias the columns and the targets are centred, which is what the best bias does. Columns are
    coprime integers, one a sample; generators with the same column share it. `places[g]` is the column of generator g, its
    orientation ±1 and its length in that column, None where the generator predicts nothing. `rows` are the simple functions of
    single predictions of which the risk is the sum.
    Exactness: exact. Source: theory.md, section 4.
    """

    problem: Problem
    table: UnitTable
    places: tuple[tuple[int, int, Fraction] | None, ...]
    columns: tuple[tuple[int, ...], ...]
    rows: RiskRows

    def __getstate__(self) -> dict[str, Any]:
        # FLINT's matrices, inside what is cached, do not pickle.
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @cached_property
    def cones(self) -> Cones:
        """The table of fits; one for each process."""
        return self._new_table()

    def propose(self) -> None:
        """Let floats propose where `cones` begins, for a search whose cones are far from one another."""
        cones = self.cones
        if isinstance(cones, ConeLeastSquares) and self.columns:
            cones.propose()
            cones.remember(1 + _SLOPES // (1 + len(self.columns)))
        elif isinstance(cones, ConeLinear):
            cones.propose()

    @cached_property
    def cold_cones(self) -> Cones:
        """A second table, where every search starts from nothing: among several minimisers it finds the same one always."""
        return self._new_table()

    @cached_property
    def row_columns(self) -> tuple[tuple[int, ...], ...]:
        """The columns, by rows."""
        return tuple(map(self.rows.spread, self.columns))

    def _new_table(self) -> Cones:
        loss, rows = self.problem.loss, self.rows
        metric = None if set(rows.metric) <= {1} else rows.metric
        if loss.is_squared:
            return ConeLeastSquares(self.row_columns, rows.targets, metric)
        ones = [(1,) * len(rows.targets)] if self.problem.network.biases[1] else []
        if loss.is_smooth:
            return ConeHuber(self.row_columns, rows.targets, list(zip(rows.down, rows.up, strict=True)), ones, metric)
        down, up = ([end for end in ends if end is not None] for ends in (rows.down, rows.up))
        return ConeLinear(self.row_columns, rows.targets, up, down, ones)

    @cached_property
    def seen(self) -> tuple[Vector, ...]:
        """What the generators predict, centred if there is an output bias: what the best bias leaves of it."""
        own = [generator.prediction for generator in self.table.generators]
        return tuple(map(centre, own)) if self.problem.network.biases[1] else tuple(own)

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

    def minimum(self, mask: int) -> Fit | Deviation:
        """The minimum over the cone of a mask; of several gradients at it always the same one."""
        return (self.cones if self.problem.loss.is_smooth else self.cold_cones).minimum(mask)

    def over_orbit(self, orbit: Sequence[int]) -> Fit | Deviation:
        """The minimum over a signed cell, given by the signed unit cells of its units."""
        return self.minimum(self.cone(orbit))

    def cone(self, orbit: Sequence[int]) -> int:
        """The mask of a signed cell."""
        found = 0
        for kind in orbit:
            found |= self.masks[kind]
        return found

    def risk(self, value: Fraction) -> Fraction:
        """The risk of a fit with this value (a squared distance or a deviation of scaled targets)."""
        factor, offset, divisor = self._line
        return Fraction(factor * value.numerator + offset * value.denominator, divisor * value.denominator)

    def value(self, risk: Fraction) -> Fraction:
        """The value of a fit that has this risk."""
        factor, offset, divisor = self._line
        return (risk * divisor - offset) / factor

    @cached_property
    def _line(self) -> tuple[int, int, int]:
        """(a, b, c) such that the risk is (a·value + b) / c."""
        loss, rows = self.problem.loss, self.rows
        factor = Fraction(rows.unit / rows.scale)
        if loss.is_smooth:
            factor /= 2 * rows.scale if loss.is_squared else rows.scale
        divisor = lcm(factor.denominator, rows.offset.denominator)
        return int(factor * divisor), int(rows.offset * divisor), divisor

    def gradient(self, fit: Fit | Deviation) -> Vector:
        """The subgradient r of the risk with respect to the predictions at the minimum over a cone: Σ r_i f_i ≥ 0 on the cone.

        Exactness: exact. Raises: nothing. Source: Kuhn and Tucker.
        """
        return self.gradient_of(self.derivative(fit))

    def gradient_of(self, derivative: tuple[int, tuple[int, ...]]) -> Vector:
        """The gradient of a fit with this `derivative`."""
        denominator, values = derivative
        factor = self.rows.unit / (denominator * (self.rows.scale if self.problem.loss.is_smooth else 1))
        return tuple(factor * value for value in values)

    def derivative(self, fit: Fit | Deviation) -> tuple[int, tuple[int, ...]]:
        """A denominator, and for every sample the derivative of what the cone solver minimises."""
        size = len(self.problem.data)
        if isinstance(fit, Fit):
            return fit.denominator, tuple(map(mul, fit.residual, self.rows.metric))
        return fit.dual_denominator, self.rows.gathered(fit.dual, size)

    def gradient_key(self, fit: Fit | Deviation) -> tuple[int, ...]:
        """For a differentiable loss the gradient as coprime integers behind a denominator, the same for equal gradients.

        For squared loss this is the residual f − y, times the weight. Exactness: exact. Raises: nothing. Source: none.
        """
        denominator, values = self.derivative(fit)
        denominator *= self.rows.scale
        divisor = gcd(denominator, *values)
        return (denominator // divisor, *(value // divisor for value in values))

    def gradient_of_key(self, key: Sequence[int]) -> Vector:
        """The gradient that has this `gradient_key`."""
        return tuple(self.rows.unit / key[0] * value for value in key[1:])

    def stationary(self, gradient: Sequence[Fraction]) -> int:
        """The mask of all signed columns along which the risk with this gradient is stationary."""
        found, (direction, _) = 0, primitive(gradient)
        for k, column in enumerate(self.columns):
            if not sum(map(mul, column, direction)):
                found |= 1 << k | 1 << (k + len(self.columns))
        return found

    def predictions(self, gradient: Sequence[Fraction]) -> OptimalPredictions:
        """What the network may predict where the risk has this subgradient."""
        functions = [self.problem.term_function(i, 0) for i in range(len(gradient))]
        return optimal_predictions(functions, gradient)


def start_of(fit: Fit | Deviation) -> Start:
    """What a fit is begun with over a cone nearby. Exactness: not needed. Raises: nothing. Source: none."""
    return fit.solution if isinstance(fit, Fit) else fit


def cell_minima(problem: Problem, table: UnitTable) -> CellMinima:
    """The columns of a problem with one output.

    Parameters: `table`, the `unit_table` of the problem. Exactness: exact. Raises: `UnsupportedError` as `risk_rows`.
    Source: theory.md, section 4.

    >>> import exactsurf as es
    >>> from exactsurf.surface.unit_table import unit_table
    >>> problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> minima = cell_minima(problem, unit_table(problem))
    >>> minima.risk(minima.minimum(0).value), minima.risk(minima.over_orbit((0, 3)).value)
    (Fraction(11, 8), Fraction(1, 1))
    """
    rows = risk_rows(problem)
    centred = problem.network.biases[1] and problem.loss.is_squared
    columns: dict[tuple[int, ...], int] = {}
    places: list[tuple[int, int, Fraction] | None] = []
    for generator in table.generators:
        look("the columns of the cells of a unit are made")
        own = generator.prediction
        vector, length = primitive(weighted_centre(own, problem.shares) if centred else own)
        if not length:
            places.append(None)
            continue
        opposite = tuple(-value for value in vector)
        if opposite in columns:
            places.append((columns[opposite], -1, length))
        else:
            places.append((columns.setdefault(vector, len(columns)), 1, length))
    return CellMinima(problem, table, tuple(places), tuple(columns), rows)


def optimal_predictions(functions: Sequence[ConvexPieces], gradient: Sequence[Fraction]) -> OptimalPredictions:
    """The predictions at which the risk has this subgradient.

    Parameters: `functions`, of which the risk is the sum, one of every prediction; `gradient`, numbers r_i that their
    subdifferentials take somewhere. Exactness: exact. Raises: nothing. Source: `ConvexPieces.where_slope`.

    >>> import exactsurf as es
    >>> functions = [es.absolute.of_prediction(Fraction(3)), es.absolute.of_prediction(Fraction(5))]
    >>> optimal_predictions(functions, (Fraction(1), Fraction(1, 2)))
    OptimalPredictions(base=(Fraction(3, 1), Fraction(5, 1)), widening=(1, 0), lengths=(None, Fraction(0, 1)))
    """
    base, widening, lengths = [], [], []
    for function, slope in zip(functions, gradient, strict=True):
        where = function.where_slope(slope)
        assert where is not None, "no prediction has this slope"
        low, high = where
        length = None if low is None or high is None else high - low
        start = low if low is not None else high
        assert start is not None, "the loss is constant"
        base.append(start)
        widening.append(-1 if low is None else int(length != 0))
        lengths.append(length)
    return OptimalPredictions(tuple(base), tuple(widening), tuple(lengths))


def centre(values: Sequence[Fraction]) -> Vector:
    """The values minus their mean."""
    mean = sum(values, Fraction(0)) / len(values)
    return tuple(value - mean for value in values)
