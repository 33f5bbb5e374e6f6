"""Which of many columns may lower a distance most, proposed by machine integers: the caller asks the exact numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt

_WORD = 62


class IntegerPricing:
    """The columns in machine integers, and their lengths.

    Parameters: `columns`, integer vectors; `fits` says whether their entries are short enough.
    Exactness: of a proposal nothing is claimed; no product overflows, because residuals are cut to the bits that are left.
    Raises: nothing. Source: none.

    >>> IntegerPricing([(1, 0), (0, 3)]).steepest(0b0011, (-5, -6))
    1
    >>> IntegerPricing([(1, 0), (0, 3)]).steepest(0b0100, (-5, -6)) is None
    True
    """

    def __init__(self, columns: Sequence[Sequence[int]]) -> None:
        import numpy as np

        largest = max((abs(value) for column in columns for value in column), default=0)
        size = len(columns[0]) if columns else 0
        self._bits = _WORD - largest.bit_length() - size.bit_length()
        self.fits = self._bits > 20
        if self.fits:
            self._table = np.array([tuple(column) for column in columns], dtype=np.int64)
            # Slopes are divided by the lengths of columns: multiplied by 2^20 / length, after a shift that leaves room.
            self._lengths = np.array([(1 << 20) // max(1, isqrt(sum(v * v for v in c))) for c in columns], dtype=np.int64)

    def steepest(self, cone: int, residual: Sequence[int]) -> int | None:
        """The column of the cone along which the distance seems to fall fastest, None if along none.

        Parameters: `cone`, a mask as in `ConeLeastSquares`; `residual`, the fit minus the target, times any positive number.
        Exactness: a proposal; what is decided with it is decided by exact numbers. Raises: nothing. Source: none.
        """
        import numpy as np

        count = len(self._table)
        # Short residuals are filled up with zeros, so that what the lengths divide does not vanish.
        cut = max((value.bit_length() for value in residual), default=0) - self._bits
        short = [value >> cut for value in residual] if cut > 0 else [value << -cut for value in residual]
        slopes = self._table @ np.array(short, dtype=np.int64)
        bits = np.frombuffer(cone.to_bytes(-(-2 * count // 8), "little"), dtype=np.uint8)
        inside = np.unpackbits(bits, count=2 * count, bitorder="little").astype(np.bool_)
        fall = np.maximum(np.where(inside[:count], -slopes, 0), np.where(inside[count:], slopes, 0))
        chosen = int(((fall >> 20) * self._lengths).argmax())
        return chosen if fall[chosen] >> 20 > 0 else None
