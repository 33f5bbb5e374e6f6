"""What a network predicts at the minimisers of the risk over a signed cell: one vector, or for some losses a polyhedron."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.exact.convex_pieces import ConvexPieces
from exactsurf.exact.linear_algebra import Vector


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
