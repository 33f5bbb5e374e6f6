"""Loss functions of one number in floats, at many numbers at once: value, slope and curvature. For proposals only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[Any]

_SMOOTHING = 1e-3
"""How much of its slope a kink is moved where it is smoothed, so that there is a curvature."""


class Jet(NamedTuple):
    """Values, slopes and curvatures, of one shape."""

    value: Floats
    slope: Floats
    curvature: Floats


def logistic(u: Floats) -> Jet:
    """log(1 + e^−u)."""
    import numpy as np

    share = 1 / (1 + np.exp(u))
    return Jet(np.logaddexp(0, -u), -share, share / (1 + np.exp(-u)))


def exponential(u: Floats) -> Jet:
    """e^−u."""
    import numpy as np

    power = np.exp(-u)
    return Jet(power, -power, power)


def log_cosh(u: Floats) -> Jet:
    """log cosh u."""
    import numpy as np

    return Jet(np.logaddexp(u, -u) - np.log(2), np.tanh(u), 1 / np.cosh(u) ** 2)


def count(f: Floats, y: Floats) -> Jet:
    """e^f − y f, the loss of counts y."""
    import numpy as np

    power = np.exp(f)
    return Jet(power - y * f, power - y, power)


def power_of(exponent: int) -> Callable[[Floats], Jet]:
    """u^p."""
    p = exponent
    return lambda u: Jet(u**p, p * u ** (p - 1), p * (p - 1) * u ** (p - 2))


class FunctionsByPieces:
    """Functions by pieces, one for each entry of the last axis.

    Parameters: `breakpoints` and `pieces` (a, b, c) of each function. Exactness: none, doubles. Raises: `OverflowError` for
    numbers beyond doubles. Source: proofs/FORMAT.md, section 14.

    >>> import numpy as np
    >>> square, size = ([], [(1, 0, 0)]), ([0], [(0, -1, 0), (0, 1, 0)])
    >>> FunctionsByPieces([square[0], size[0]], [square[1], size[1]]).jets(np.array([3.0, -2.0])).value.tolist()
    [9.0, 2.0]
    """

    def __init__(
        self, breakpoints: Sequence[Sequence[Fraction]], pieces: Sequence[Sequence[tuple[Fraction, Fraction, Fraction]]]
    ) -> None:
        import numpy as np

        most = max((len(own) for own in pieces), default=1)
        self._stops = np.full((len(pieces), most - 1), np.inf)
        self._table = np.zeros((len(pieces), most, 3))
        for i, (stops, own) in enumerate(zip(breakpoints, pieces, strict=True)):
            self._stops[i, : len(stops)] = [float(t) for t in stops]
            self._table[i, : len(own)] = [[float(v) for v in piece] for piece in own]
        self._rows = np.arange(len(pieces))

    def jets(self, u: Floats) -> Jet:
        """At numbers of shape (…, functions); at a breakpoint those of the piece on its left."""
        if self._stops.shape[-1]:
            piece = (u[..., None] > self._stops).sum(axis=-1)
            a, b, c = (self._table[self._rows, piece, n] for n in range(3))
        else:
            a, b, c = self._table[:, 0].T
        return Jet((a * u + b) * u + c, 2 * a * u + b, 2 * a + 0 * u)

    def smoothed(self, u: Floats) -> Jet:
        """The same with kinks smoothed in slope and curvature."""
        import numpy as np

        value, slope, curvature = self.jets(u)
        for n in range(self._stops.shape[-1]):
            t = self._stops[:, n]
            low, high = (2 * self._table[:, m, 0] * t + self._table[:, m, 1] for m in (n, n + 1))
            width = _SMOOTHING * (high - low)
            inside = (np.abs(u - t) < width) & (width > 0)
            share = np.where(inside, (u - t) / np.where(width > 0, width, 1), 0)
            slope = np.where(inside, (low + high) / 2 + (high - low) / 2 * share, slope)
            curvature = np.where(inside, 0.5 / _SMOOTHING, curvature)
        return Jet(value, slope, curvature)
