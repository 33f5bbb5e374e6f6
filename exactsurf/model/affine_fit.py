"""The exact affine least squares fit of a data set, with its predictions and residuals."""

from __future__ import annotations

from dataclasses import dataclass

from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.rational_table import RationalTable
from exactsurf.exact.scaled_vector import ScaledVector


@dataclass(frozen=True)
class AffineFit:
    """x ↦ A x + a with the least Σ‖A x_i + a − y_i‖².

    Attributes: `slopes` A (d_y × d) and `constants` a (d_y); `predictions` ȳ and `residuals` ȳ − y, one vector over the
    samples per output. Exactness: exact. Source: papers.md, section 1.
    """

    slopes: Matrix
    constants: Vector
    predictions: tuple[ScaledVector, ...]
    residuals: tuple[ScaledVector, ...]

    @property
    def is_perfect(self) -> bool:
        """Whether every residual is zero."""
        return all(r.is_zero() for r in self.residuals)


def affine_fit(inputs: RationalTable, targets: RationalTable) -> AffineFit:
    """The fit of `targets` (N × d_y) by an affine map of `inputs` (N × d); see `RationalTable.affine_least_squares`.

    Exactness: exact. Raises: nothing. Source: standard.

    >>> from fractions import Fraction
    >>> x, y = (RationalTable.from_rows([[Fraction(v)] for v in values]) for values in ((0, 1, 2, 3), (0, 1, 0, 2)))
    >>> fit = affine_fit(x, y)
    >>> fit.slopes, fit.residuals[0].fractions()[1]
    (((Fraction(1, 2),),), Fraction(-1, 2))
    """
    slopes, constants = inputs.affine_least_squares(targets)
    predictions = inputs.affine_image(slopes, constants)
    residuals = tuple(f.minus(targets.column(k)) for k, f in enumerate(predictions))
    return AffineFit(slopes, constants, predictions, residuals)
