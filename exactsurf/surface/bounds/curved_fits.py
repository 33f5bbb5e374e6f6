"""Lower bounds of the least risk over cones of predictions for every convex loss with a known conjugate, and with weight decay.

Floats propose slopes of the loss and of the prices of products of weights; the nearest point of the cone of those that bound
everything is found exactly, and its bound is enclosed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from math import floor, gcd
from typing import NamedTuple

from exactsurf.exact.cone_least_squares import ConeLeastSquares
from exactsurf.exact.ldlt import ldlt
from exactsurf.exact.linear_algebra import Matrix, Vector, dot
from exactsurf.model.floats.loss_values import LossValues
from exactsurf.model.problem import Problem
from exactsurf.surface.bounds.floats.curved_proposal import Proposal, Relaxed, propose, share_below
from exactsurf.surface.bounds.output_terms import OutputTerms
from exactsurf.surface.bounds.term_fits import Column, TermFit

_ZERO = Fraction(0)
_DIGITS = 30
"""Bits behind the point, relative to the largest number, to which slopes that floats propose are rounded."""

_ROUND = 1 << 30
_BITS = 64


class PricedColumn(NamedTuple):
    """A direction of the predictions that costs something: `values`, a number for each sample and output.

    Its unit belongs to the units with the price `block` (−1: it costs nothing), and has output weights along `vector` and the
    penalised weights `weights`, in units of the problem.
    """

    values: Column
    block: int = -1
    vector: tuple[int, ...] = ()
    weights: tuple[int, ...] = ()

    @property
    def products(self) -> tuple[int, ...]:
        """What it adds to the products of output weights and weights, by output."""
        return tuple(v * w for v in self.vector for w in self.weights)


class CurvedFits:
    """The risk as a function of predictions, bounded from below over cones.

    Parameters: a problem, whose weight decay counts if `priced`: then `minimum_with_prices` knows it.
    Exactness: bounds are proved. Raises: `UnsupportedError` for losses without a known conjugate.
    Source: proofs/claims/enclosed_least_risk.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0, 1], [[1, 0], [0, 1]])
    >>> fits = CurvedFits(es.Problem(es.Network([1, 1, 2], biases=False), data, "cross_entropy"))
    >>> float(fits.minimum([]).value), float(fits.minimum([(1, 0, -1, 0)]).value) < 0.001
    (1.3862943611198906, True)
    """

    def __init__(self, problem: Problem, priced: bool = False) -> None:
        self.problem, self.outputs = problem, problem.network.widths[-1]
        self.terms = OutputTerms(problem)
        self.factor = problem.decay.factor if priced and problem.decay is not None else _ZERO
        penalised = priced and problem.decay is not None and problem.decay.biases
        self.priced_biases = problem.network.biases[-1] and penalised
        self.unit = 1
        """By what the weights of priced columns are multiplied."""

    @cached_property
    def biases(self) -> tuple[Column, ...]:
        """The columns of the biases of the outputs, if there are any."""
        if not self.problem.network.biases[-1]:
            return ()
        samples, outputs = len(self.problem.data), self.outputs
        return tuple(tuple(int(k == axis) for _ in range(samples) for k in range(outputs)) for axis in range(outputs))

    @cached_property
    def nothing(self) -> tuple[Fraction, Vector]:
        """The bound of the slopes 0, and these: a least value of the loss alone."""
        value = self.terms.bound((_ZERO,) * len(self.terms.places))
        assert value is not None, "a convex loss with a least value has the slope 0"
        return value, (_ZERO,) * (len(self.problem.data) * self.outputs)

    @cached_property
    def _values(self) -> LossValues:
        return LossValues(self.problem, smooths=True)

    def minimum(self, columns: Sequence[Column], both: Sequence[Column] = (), start: Iterable[Column] = ()) -> TermFit:
        """A bound of the risk of predictions in the cone of these columns; parameters as of `TermFits.minimum`.

        Exactness: `value` is a proved lower bound; `amounts` are about those of a minimum. Raises: `OverflowError` for numbers
        beyond doubles. Source: see the class.
        """
        known = {PricedColumn(c): amount for c, amount in start.items()} if isinstance(start, Mapping) else {}
        found = self.minimum_with_prices([PricedColumn(c) for c in columns], [PricedColumn(c) for c in both], known)
        return TermFit(found.value, found.gradient, {column.values: amount for column, amount in found.amounts.items()})

    def minimum_with_prices(
        self,
        columns: Sequence[PricedColumn],
        both: Sequence[PricedColumn] = (),
        start: Mapping[PricedColumn, Fraction] | None = None,
    ) -> TermFit:
        """A bound of the risk, weight decay included if it counts, for units in the cones of these columns.

        Exactness: as of `minimum`; the `slopes` of the blocks are exact. Raises: as `minimum`. Source: see the class.
        """
        named = dict.fromkeys([*columns, *both, *(PricedColumn(column) for column in self.biases)])
        kept = [column for column in named if any(self.terms.spread(column.values)) or any(column.products)]
        free = {*both, *(PricedColumn(column) for column in self.biases)}
        blocks = sorted({column.block for column in kept if column.block >= 0})
        found = propose(self._values, self._relaxed(kept, free, blocks, start or {}))
        if found is None:
            own = max((len(column.products) for column in kept), default=0) // self.outputs
            empty = (((_ZERO,) * own,) * self.outputs,) * len(blocks)
            found = Proposal((_ZERO,) * len(kept), (_ZERO,) * len(self.terms.places), empty)
        slopes, prices = self._dual(kept, free, blocks, found)
        size = len(self.problem.data) * self.outputs
        value, least = self._bound(slopes), self.nothing[0]
        if value is None or least > value:
            slopes, value = (_ZERO,) * len(self.terms.places), least
            prices = tuple(tuple((_ZERO,) * len(row) for row in matrix) for matrix in prices)
        amounts = {column: x for column, x in zip(kept, found.amounts, strict=True) if x}
        return TermFit(short_below(value), self.terms.gathered(slopes, size), amounts, prices)

    def _relaxed(
        self,
        kept: Sequence[PricedColumn],
        free: set[PricedColumn],
        blocks: Sequence[int],
        start: Mapping[PricedColumn, Fraction],
    ) -> Relaxed:
        # Blocks have other numbers where regions were cut.
        known = {(column.values, column.products): amount for column, amount in start.items()}
        biases = self.biases if self.priced_biases else ()
        return Relaxed(
            [self.terms.spread(column.values) for column in kept],
            [column in free for column in kept],
            [column.products for column in kept],
            [known.get((column.values, column.products), _ZERO) for column in kept],
            [[k for k, column in enumerate(kept) if column.block == block] for block in blocks],
            [k for k, column in enumerate(kept) if column.block < 0 and column.values in biases],
            self.factor,
            self.unit,
        )

    def _dual(
        self, kept: Sequence[PricedColumn], free: set[PricedColumn], blocks: Sequence[int], found: Proposal
    ) -> tuple[Vector, tuple[Matrix, ...]]:
        """Slopes near those that floats propose, with prices, that bound every column and are in their rooms, exactly."""
        terms, unit, gone = self.terms, self.unit, self.biases if self.priced_biases else ()
        own = max((len(column.products) for column in kept), default=0)
        count, zeros = len(terms.places), (0,) * (own * len(blocks))
        first = {block: own * n for n, block in enumerate(blocks)}
        rows: dict[tuple[int, ...], int] = {}
        for column in kept:
            if column.values in gone and column.block < 0:
                continue
            parts = list(zeros)
            if column.block >= 0:
                parts[first[column.block] : first[column.block] + own] = column.products
            add_row(rows, (*terms.spread(column.values), *parts), 3 if column in free else 1)
        for group in terms.shifts:
            add_row(rows, (*(int(t in group) for t in range(count)), *zeros), 3)
        for t, (low, high) in enumerate(terms.rooms):
            for end, sign in ((low, 1), (high, -1)):
                if end == 0:
                    add_row(rows, (*(sign * int(n == t) for n in range(count)), *zeros), 1)
        proposed = [*found.slopes, *(q / unit for matrix in found.prices for row in matrix for q in row)]
        exact = nearest(rows, proposed)
        slopes, flat, width = exact[:count], exact[count:], own // self.outputs
        matrices = [
            [[unit * q for q in flat[start + width * k : start + width * (k + 1)]] for k in range(self.outputs)]
            for start in first.values()
        ]
        share = min([terms.share_within(slopes) or _ZERO, *map(self._share, matrices)])
        if share < 1:
            share = Fraction(int(share * _ROUND), _ROUND)
        return tuple(share * r for r in slopes), tuple(tuple(tuple(share * q for q in row) for row in m) for m in matrices)

    def _share(self, matrix: Sequence[Sequence[Fraction]]) -> Fraction:
        """A number up to 1 by which a matrix may be multiplied so that none of its singular values is above the price."""
        share = share_below(matrix, self.factor)
        while share and not self._is_below(matrix, share):
            share = share * 3 / 4 if share < Fraction(1, 1 << 20) else share - share / 1024
        return share

    def _is_below(self, matrix: Sequence[Sequence[Fraction]], share: Fraction) -> bool:
        """Whether λ² − share² Q Qᵀ is nowhere negative."""
        square, own = self.factor**2, share * share
        rows = [[(square if a is b else _ZERO) - own * dot(a, b) for b in matrix] for a in matrix]
        return ldlt(rows).inertia[1] == 0

    def _bound(self, slopes: Sequence[Fraction]) -> Fraction | None:
        """The bound that slopes of the terms give, with penalised biases."""
        bound = self.terms.bound(slopes)
        if bound is None or not self.priced_biases:
            return bound
        gradient = self.terms.gathered(slopes, len(self.problem.data) * self.outputs)
        sums = [sum(gradient[k :: self.outputs], _ZERO) for k in range(self.outputs)]
        return bound - sum((total * total for total in sums), _ZERO) / (2 * self.factor)


def nearest(rows: Mapping[tuple[int, ...], int], proposed: Sequence[Fraction]) -> list[Fraction]:
    """The vector nearest to one that floats propose whose products with all rows are ≥ 0, or 0 for those with both ways."""
    top = max(map(abs, proposed), default=_ZERO)
    scale = Fraction(2) ** (_DIGITS - top.numerator.bit_length() + top.denominator.bit_length())
    target = [round(value * scale) for value in proposed]
    fitted = ConeLeastSquares(list(rows), [-value for value in target], table=False)
    if rows:
        fitted.propose()
    cone = sum((ways & 1) << k | (ways >> 1) << (k + len(rows)) for k, ways in enumerate(rows.values()))
    fit = fitted.minimum(cone)
    return [Fraction(value, fit.denominator) / scale for value in fit.residual]


def short_below(value: Fraction) -> Fraction:
    """A number with few digits that is hardly below this one."""
    unit = Fraction(2) ** (_BITS - value.numerator.bit_length() + value.denominator.bit_length())
    return value if value.denominator.bit_length() <= _BITS else Fraction(floor(value * unit)) / unit


def add_row(rows: dict[tuple[int, ...], int], row: tuple[int, ...], ways: int) -> None:
    """Add a column with amounts ≥ 0 (1) or of any sign (3), in short numbers."""
    size = gcd(*row)
    if size:
        short = tuple(value // size for value in row)
        rows[short] = rows.get(short, 0) | ways


__all__ = ["CurvedFits", "PricedColumn", "add_row", "nearest", "short_below"]
