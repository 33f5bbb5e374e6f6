"""A matrix near a positive semidefinite one as a sum of squares of vectors, with weights."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.exact.linear_algebra import Vector

BITS = 3072
_SMALL = Fraction(1, 1 << 80)


def weighted_squares(density: Sequence[Sequence[Fraction]]) -> tuple[list[Vector], Vector]:
    """Z = Σ d z zᵀ by symmetric elimination, the largest pivot first, until hardly anything is left.

    Parameters: `density`, near a positive semidefinite matrix, to many bits. Returns: the vectors z, each with an entry 1, and
    the numbers d. Exactness: none, a proposal. Raises: nothing. Source: standard.

    >>> vectors, shares = weighted_squares([[Fraction(4), Fraction(2)], [Fraction(2), Fraction(1)]])
    >>> [[str(v) for v in z] for z in vectors], [str(d) for d in shares]
    ([['1', '1/2']], ['4'])
    """
    work, size = [list(row) for row in density], len(density)
    vectors: list[Vector] = []
    shares: list[Fraction] = []
    most = max((work[k][k] for k in range(size)), default=Fraction(0))
    for _ in range(size):
        best = max(range(size), key=lambda k: work[k][k])
        pivot = work[best][best]
        if pivot <= most * _SMALL:
            break
        vector = tuple(row[best] / pivot for row in work)
        vectors.append(tuple(Fraction(round(v * (1 << BITS)), 1 << BITS) if v != 1 else v for v in vector))
        shares.append(pivot)
        work = [[entry - pivot * vector[a] * vector[b] for b, entry in enumerate(row)] for a, row in enumerate(work)]
    return vectors, tuple(shares)
