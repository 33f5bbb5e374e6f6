"""Second derivatives of the loss at the predictions, from below where they jump."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from exactsurf.minima.local.risk_series import output_series
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point

Squares: TypeAlias = Sequence[Sequence[tuple[tuple[tuple[int, int], ...], Fraction]]]
"""For every sample, sums of outputs (pairs of an output and 1 or −1) and the second derivative of the loss along each."""


@dataclass(frozen=True)
class GivenSquares:
    """Squares in the place of the second derivatives of a loss, at a point whose squared loss has its first ones.

    Attributes: `rows`; `bounded`, the samples whose loss is known to have its minimum at the point if its derivatives are 0;
    `has_common`, whether nothing changes where all outputs of a sample change alike; `is_convex`, whether the loss is known to
    be. Exactness: exact.
    Source: proofs/FORMAT.md, section 37.
    """

    rows: Squares
    bounded: frozenset[int]
    has_common: bool
    is_convex: bool = True

    def series(self, point: Point, curve: Sequence[Parameters], order: int) -> tuple[Fraction, ...]:
        """The coefficients of t, …, t^order of Σ r_ik Δ_ik and the squares along θ + t c_1 + …, behind a 0.

        Exactness: exact. Raises: `ShapeError`. Source: proofs/FORMAT.md, section 37.
        """
        total = [Fraction(0)] * (order + 1)
        slopes = [low.fractions() for low, _ in point.undecayed.subdifferentials]
        for i, row in enumerate(point.problem.data.x):
            outputs = output_series(point.problem, [point.parameters, *curve][: order + 1], row, order)
            for n in range(1, order + 1):
                total[n] += sum((slope[i] * f[n] for slope, f in zip(slopes, outputs, strict=True)), Fraction(0))
            for parts, q in self.rows[i]:
                moves = [sum((sign * outputs[k][n] for k, sign in parts), Fraction(0)) for n in range(order + 1)]
                for n in range(2, order + 1):
                    total[n] += q / 2 * sum((moves[m] * moves[n - m] for m in range(1, n)), Fraction(0))
        return tuple(total)


def curvatures(point: Point) -> tuple[tuple[Fraction, ...], ...]:
    """[term][sample]: the second derivative of the loss with its full scale, the smaller one where it jumps, 0 at kinks.

    Parameters: `point`, where the predictions are; terms as of `Problem.loss_terms`. Exactness: exact. Raises: nothing.
    Source: proofs/FORMAT.md, section 4.3.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    >>> curvatures(Point(problem, problem.parameters(W1=[[1]], b1=[0])))
    ((Fraction(1, 1), Fraction(1, 1)),)
    """
    zero = Fraction(0)
    rows = point.problem.terms_at(point.forward.outputs)
    return tuple(tuple(zero if u in function.kinks else min(function.curvatures(u)) for function, u in row) for row in rows)
