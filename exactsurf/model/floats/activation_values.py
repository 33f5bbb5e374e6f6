"""An activation in floats, with its slopes: for proposals only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from exactsurf.errors import UnsupportedError
from exactsurf.model.activation import Activation
from exactsurf.model.smooth_activation import SmoothActivation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]


def values_and_slopes(h: Activation) -> Callable[[Floats], tuple[Floats, Floats]]:
    """h and a slope of it at many numbers: where there are two, the one on the left.

    Parameters: `h`, piecewise linear, ELU or SELU. Exactness: none, doubles.
    Raises: `UnsupportedError` for other activations, `OverflowError` for numbers beyond doubles. Source: the definitions.

    >>> import numpy as np
    >>> import exactsurf as es
    >>> [part.tolist() for part in values_and_slopes(es.selu(2, 3))(np.array([-np.log(2), 0, 1]))]
    [[-3.0, 0.0, 2.0], [3.0, 6.0, 2.0]]
    """
    import numpy as np

    if not isinstance(h, SmoothActivation):
        breakpoints, lines = (np.array(part, dtype=float) for part in (h.breakpoints, h.lines))

        def pieces(z: Floats) -> tuple[Floats, Floats]:
            piece = np.searchsorted(breakpoints, z)
            slope: Floats = lines[piece, 0]
            return slope * z + lines[piece, 1], slope

        return pieces
    if not h.has_corner:
        raise UnsupportedError(f"{h!r} has no values in floats here")
    *scale, alpha = map(float, h.constants)
    right = scale[0] if scale else 1.0
    left = right * alpha

    def corner(z: Floats) -> tuple[Floats, Floats]:
        below = np.minimum(z, 0)
        return np.where(z > 0, right * z, left * np.expm1(below)), np.where(z > 0, right, left * np.exp(below))

    return corner
