"""Factors of hidden units near those of the least largest eigenvalue of a rescaled Hessian, in floats: for proposals only."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsurf.effort import Effort
from exactsurf.exact.linear_algebra import Matrix, Vector

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]

_SHARPNESS = (10.0, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9)
_STEPS, _FAR, _SMALL, _GRID, _SHORT, _TOLD = 60, 25.0, 1e-13, 1 << 60, 1 << 10, 1 << 30


def flattest_factors_near(
    hessian: Sequence[Sequence[Fraction]], exponents: Sequence[Sequence[int]], effort: Effort
) -> tuple[Vector, Matrix]:
    """Factors of the units near the least largest eigenvalue of S⁻¹HS⁻¹, and vectors z of a bound near it from below.

    log tr exp(κ S⁻¹HS⁻¹)/κ is minimised by Newton's method in the logarithms of the factors, for growing κ.
    Parameters: `hessian`, positive semidefinite; `exponents`, for every parameter a row of 1, −1 or 0 for the units; `effort`.
    Returns: a factor for every unit, and the vectors (by eigenvectors of weight). Exactness: none, doubles; a proposal.
    Raises: `OutOfTime`. Source: proofs/claims/flattest_rescaling.md.
    """
    import numpy as np

    matrix, rows = np.array(hessian, dtype=float), np.array(exponents, dtype=float)
    units = rows.shape[1]
    place = np.zeros(units)
    top = float(np.linalg.eigvalsh(matrix)[-1])
    if top <= 0:
        return (Fraction(1),) * units, ()
    matrix = matrix / top
    kappa = 1.0
    for sharp in _SHARPNESS:
        kappa = sharp / _largest(matrix, rows, place)
        for _ in range(_STEPS):
            effort.check("the factors of the least largest eigenvalue are looked for")
            value, slope = _smooth_maximum(matrix, rows, place, kappa)
            if np.abs(slope).max() < _SMALL:
                break
            step = _newton_step(matrix, rows, place, kappa, slope)
            length = 1.0
            while length > 1e-12:
                moved = np.clip(place + length * step, -_FAR, _FAR)
                if _smooth_maximum(matrix, rows, moved, kappa)[0] < value:
                    break
                length /= 2
            else:
                break
            place = moved
    scales = np.exp(rows @ place)
    values, vectors = np.linalg.eigh(matrix / np.outer(scales, scales))
    weights = np.exp(kappa * (values - values[-1]))
    weights = weights / weights.sum()
    chosen = [k for k in range(len(values)) if weights[k] > 1e-8 and values[k] > 0]
    found = [vectors[:, k] * np.sqrt(weights[k] / values[k]) / scales for k in chosen]
    rounded = tuple(tuple(_rational(float(entry)) for entry in one) for one in found)
    return tuple(_rational(float(value)) for value in np.exp(place)), rounded


def _rational(value: float) -> Fraction:
    """A number near; a short fraction where one is as near as doubles can tell."""
    near = Fraction(value)
    short = near.limit_denominator(_SHORT)
    return short if abs(short - near) <= abs(near) / _TOLD else near.limit_denominator(_GRID)


def _largest(matrix: Floats, rows: Floats, place: Floats) -> float:
    import numpy as np

    scales = np.exp(rows @ place)
    return float(np.linalg.eigvalsh(matrix / np.outer(scales, scales))[-1])


def _smooth_maximum(matrix: Floats, rows: Floats, place: Floats, kappa: float) -> tuple[float, Floats]:
    """log tr exp(κ S⁻¹HS⁻¹)/κ at logarithms of factors, and its gradient."""
    import numpy as np

    scales = np.exp(rows @ place)
    values, vectors = np.linalg.eigh(matrix / np.outer(scales, scales))
    weights = np.exp(kappa * (values - values[-1]))
    total = float(weights.sum())
    masses = (vectors**2) @ (weights * values) / total
    return float(values[-1]) + float(np.log(total)) / kappa, -2 * rows.T @ masses


def _newton_step(matrix: Floats, rows: Floats, place: Floats, kappa: float, slope: Floats) -> Floats:
    import numpy as np

    units, width = len(place), 1e-4 / max(1.0, kappa**0.5)
    bends = np.zeros((units, units))
    for j in range(units):
        shifted = place.copy()
        shifted[j] += width
        bends[j] = (_smooth_maximum(matrix, rows, shifted, kappa)[1] - slope) / width
    bends = (bends + bends.T) / 2
    lowest = float(np.linalg.eigvalsh(bends)[0])
    bends += np.eye(units) * (max(0.0, -2 * lowest) + 1e-9)
    step: Floats = np.clip(-np.linalg.solve(bends, slope), -3, 3)
    return step
