"""Products of integer columns with a vector in machine integers: exact ones in several words, and proposals from the first."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WORD = 62


class Products(NamedTuple):
    """Products of all columns with a vector: Σ_k words[k] 2^(bits·k), where all words but the last are ≥ 0 and below 2^bits.

    `rising` and `falling` are the masks of the columns with a product ≥ 0 and ≤ 0.
    """

    words: NDArray[np.int64]
    bits: int
    rising: int
    falling: int

    def value(self, column: int) -> int:
        """The product of one column."""
        total = 0
        for word in self.words[::-1, column].tolist():
            total = (total << self.bits) + word
        return total


class IntegerPricing:
    """The columns in machine integers, and their lengths.

    Parameters: `columns`, integer vectors; `fits` says whether their entries are short enough.
    Exactness: `products` are exact; of a proposal nothing is claimed, because residuals are cut to the bits that are left.
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
            self._rows = np.ascontiguousarray(self._table.reshape(len(self._table), size).T)
            # Slopes are divided by the lengths of columns: multiplied by 2^20 / length, after a shift that leaves room.
            self._lengths = np.array([(1 << 20) // max(1, isqrt(sum(v * v for v in c))) for c in columns], dtype=np.int64)

    def products(self, vector: Sequence[int]) -> Products:
        """The products of all columns with an integer vector.

        Exactness: exact: the vector is cut into words so short that no product and no sum overflows. Raises: nothing.
        Source: none.

        >>> found = IntegerPricing([(1, 0), (-3, 1), (1, -1)]).products((5, 1 << 90))
        >>> found.value(1) == (1 << 90) - 15, bin(found.rising), bin(found.falling)
        (True, '0b11', '0b100')
        """
        import numpy as np

        bits = self._bits
        longest = max((value.bit_length() for value in vector), default=0)
        count = longest // bits + 1
        low = (1 << bits) - 1
        if longest < 64:
            whole = np.array(vector, dtype=np.int64)
            parts = [whole >> bits * k & low for k in range(count - 1)] + [whole >> bits * (count - 1)]
        else:
            lists = [[value >> bits * k & low for value in vector] for k in range(count - 1)]
            parts = [np.array(part, dtype=np.int64) for part in (*lists, [value >> bits * (count - 1) for value in vector])]
        # For integers sums over the first axis are quicker than a product of matrices.
        words = np.array([np.einsum("ij,i->j", self._rows, part) for part in parts])
        rest = words[0] if count == 1 else np.zeros(words.shape[1], dtype=np.int64)
        for k in range(count - 1):
            words[k + 1] += words[k] >> bits
            words[k] &= low
            rest |= words[k]
        last = words[-1]
        negative = last < 0
        zero = (last == 0) & (rest == 0)
        return Products(words, bits, _mask(~negative), _mask(negative | zero))

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


def _mask(flags: NDArray[np.bool_]) -> int:
    import numpy as np

    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")
