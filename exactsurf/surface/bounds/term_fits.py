"""The least risk over cones of predictions of several outputs, exactly: the terms of the loss as rows of a cone problem."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd
from operator import mul
from typing import Any, TypeAlias

from exactsurf.errors import UnsupportedError
from exactsurf.exact.cone_huber import ConeHuber
from exactsurf.exact.cone_least_squares import ConeLeastSquares
from exactsurf.exact.cone_linear import ConeLinear
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.model.problem import Problem
from exactsurf.surface.risk_rows import RiskRows, rows_of

Column: TypeAlias = tuple[int, ...]
"""A direction of the predictions: a number for each sample and output, sample by sample."""


@dataclass(frozen=True)
class TermFit:
    """The least risk over a cone: `value`, and the dual vector `gradient` that proves it, with a number for each sample and
    output; `amounts` of the columns in the predictions that have this risk, where they are not 0; `slopes` of the prices of
    products of weights, by block, where there are such prices.
    """

    value: Fraction
    gradient: Vector
    amounts: dict[Any, Fraction]
    slopes: tuple[Matrix, ...] = ()


class TermFits:
    """The risk as a function of the predictions, to be minimised over cones.

    Parameters: a problem with a loss that is differentiable or piecewise linear, without weight decay; any outputs.
    Exactness: exact. Raises: `UnsupportedError` naming any other loss. Source: theory.md, section 4.

    >>> import exactsurf as es
    >>> fits = TermFits(es.Problem(es.Network([1, 1, 2]), es.Data.from_arrays([0, 1], [[0, 0], [2, 1]])))
    >>> fits.minimum([]).value, fits.minimum([(0, 0, 1, 0)]).value
    (Fraction(5, 4), Fraction(1, 4))
    """

    def __init__(self, problem: Problem) -> None:
        loss = problem.loss
        if not (loss.is_smooth or loss.is_piecewise_linear):
            raise UnsupportedError(
                f"no exact minimum over cones of predictions is known for the {loss.title} loss: it has kinks and curved pieces",
                "losses that are differentiable or piecewise linear have one; about one point ask decide(problem, parameters)",
            )
        self.problem = problem
        self.outputs = problem.network.widths[-1]
        pairs = [(i, k) for i in range(len(problem.data)) for k in range(self.outputs)]
        terms = [(i, k, parts) for i, k in pairs if (parts := problem.term_outputs(i, k))]
        self._terms = [tuple((i * self.outputs + output, sign) for output, sign in parts) for i, _, parts in terms]
        self.rows: RiskRows = rows_of([problem.term_function(i, k) for i, k, _ in terms], loss.is_smooth)

    @cached_property
    def biases(self) -> tuple[Column, ...]:
        """The columns of the biases of the outputs, if there are any."""
        if not self.problem.network.biases[-1]:
            return ()
        samples, outputs = len(self.problem.data), self.outputs
        return tuple(tuple(int(k == axis) for _ in range(samples) for k in range(outputs)) for axis in range(outputs))

    def minimum(self, columns: Sequence[Column], both: Sequence[Column] = (), start: Iterable[Column] = ()) -> TermFit:
        """The least risk of predictions in the cone of these columns.

        Parameters: `columns`, with amounts ≥ 0; `both`, with amounts of any sign, beside the biases of the outputs; `start`,
        columns whose fit is near. Exactness: exact. Raises: nothing. Source: Kuhn and Tucker.
        """
        loss, rows = self.problem.loss, self.rows
        pool = _Pool()
        for column, ways in [*((c, (1,)) for c in columns), *((c, (1, -1)) for c in (*both, *self.biases))]:
            pool.add(column, [sum(sign * column[place] for place, sign in parts) for parts in self._terms], ways)
        spread = [rows.spread(column) for column in pool.places]
        metric = None if set(rows.metric) <= {1} else rows.metric
        if loss.is_squared:
            squares = ConeLeastSquares(spread, rows.targets, metric, table=False)
            if spread:
                squares.propose()
            index = {column: place for (place, _), (column, _, _) in pool.owners.items()}
            support = tuple(sorted({index[column] for column in start if column in index}))
            fit = squares.minimum(pool.cone, squares.fit(support).solution if support else None)
            derivative = tuple(map(mul, fit.residual, rows.metric))
            return self._found(fit.value, derivative, fit.denominator, pool.amounts(fit.coefficients, rows.scale))
        if loss.is_smooth:
            ends = list(zip(rows.down, rows.up, strict=True))
            table: ConeHuber | ConeLinear = ConeHuber(spread, rows.targets, ends, (), metric)
        else:
            down, up = ([end for end in ends if end is not None] for ends in (rows.down, rows.up))
            table = linear = ConeLinear(spread, rows.targets, up, down)
            linear.propose()
        best = table.minimum(pool.cone)
        amounts = {k: Fraction(n, best.denominator) for k, n in zip(best.support, best.numerators, strict=True)}
        dual = rows.gathered(best.dual, len(self._terms))
        return self._found(best.value, dual, best.dual_denominator, pool.amounts(amounts, rows.scale))

    def _found(self, value: Fraction, dual: Sequence[int], denominator: int, amounts: dict[Column, Fraction]) -> TermFit:
        rows, loss = self.rows, self.problem.loss
        factor = rows.unit / (denominator * (rows.scale if loss.is_smooth else 1))
        gradient = [Fraction(0)] * (len(self.problem.data) * self.outputs)
        for parts, r in zip(self._terms, dual, strict=True):
            for place, sign in parts:
                gradient[place] += sign * factor * r
        level = rows.unit / rows.scale
        if loss.is_smooth:
            level /= 2 * rows.scale if loss.is_squared else rows.scale
        return TermFit(level * value + rows.offset, tuple(gradient), amounts)


class _Pool:
    """Different short columns of a cone problem up to their sign, the cone, and which column each signed one stands for."""

    def __init__(self) -> None:
        self.places: dict[tuple[int, ...], int] = {}
        self.owners: dict[tuple[int, int], tuple[Column, int, int]] = {}

    def add(self, column: Column, vector: Sequence[int], ways: Sequence[int]) -> None:
        """Add a column that has this vector in the terms of the loss, with amounts of these signs."""
        size = gcd(*vector)
        if not size:
            return
        short = tuple(value // size for value in vector)
        opposite = tuple(-value for value in short)
        turn = -1 if opposite in self.places else 1
        place = self.places.setdefault(short if turn > 0 else opposite, len(self.places))
        for way in ways:
            self.owners.setdefault((place, turn * way), (column, size, way))

    @property
    def cone(self) -> int:
        """The mask of the signed columns."""
        return sum(1 << (place if sign > 0 else place + len(self.places)) for place, sign in self.owners)

    def amounts(self, found: Mapping[int, Fraction], scale: int) -> dict[Column, Fraction]:
        """The amounts of the columns themselves in predictions that are `scale` times as long."""
        named: dict[Column, Fraction] = {}
        for place, amount in found.items():
            if amount:
                column, size, way = self.owners[place, 1 if amount > 0 else -1]
                named[column] = way * abs(amount) / (size * scale)
        return named
