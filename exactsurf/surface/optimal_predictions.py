"""What a network predicts at the minimisers of the risk over a signed cell: one vector, or for some losses a polyhedron."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.loss import Loss


@dataclass(frozen=True)
class OptimalPredictions:
    """The predictions f at which r is a subgradient of the risk: `base` + Σ t_i · `widening[i]` · e_i with t_i ≥ 0.

    `widening[i]` is −1, 0 or 1. Where Σ r_i f_i ≥ 0 on all of a cone, its points with such predictions and Σ r_i f_i = 0 are
    its minimisers.
    Exactness: exact. Source: the Fenchel–Young equality.
    """

    base: Vector
    widening: tuple[int, ...]

    @property
    def columns(self) -> tuple[Vector, ...]:
        """The vectors `widening[i]` · e_i that are not zero."""
        size = range(len(self.base))
        return tuple(tuple(Fraction(way if k == i else 0) for k in size) for i, way in enumerate(self.widening) if way)


def optimal_predictions(
    loss: Loss, scale: Fraction, targets: Sequence[Fraction], gradient: Sequence[Fraction]
) -> OptimalPredictions:
    """The predictions at which the risk has this subgradient.

    Parameters: `scale`, what multiplies Σ ℓ; `gradient`, numbers r_i that the subdifferential of the loss takes somewhere.
    Exactness: exact. Raises: nothing. Source: the definition of the losses.

    >>> from exactsurf.model.losses import absolute
    >>> optimal_predictions(absolute, Fraction(1), (Fraction(3), Fraction(5)), (Fraction(1), Fraction(1, 2)))
    OptimalPredictions(base=(Fraction(3, 1), Fraction(5, 1)), widening=(1, 0))
    """
    base, widening = [], []
    for y, own in zip(targets, gradient, strict=True):
        slope = own / scale
        if loss.name == "squared":
            base.append(y + slope / 2)
            widening.append(0)
        elif loss.name == "hinge":
            base.append(y)
            widening.append(_sign(y) * ((slope == 0) - (slope == -y)))
        else:
            base.append(y + (slope if loss.delta is not None else 0))
            limit = Fraction(1) if loss.delta is None else loss.delta
            widening.append(_sign(slope) * (abs(slope) == limit))
    return OptimalPredictions(tuple(base), tuple(widening))


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)
