"""Dual vectors that were found lately, asked whether they bound the next regions, too."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class RecentDuals(Generic[T]):
    """The last dual vectors that bounded something high enough, and for each what is known of it.

    A dual vector that holds on the signed columns `allowed` bounds every cone within these.
    Parameters: `most`, how many are kept. Exactness: exact. Raises: nothing. Source: proofs/claims/global_minimum.md.

    >>> duals = RecentDuals[str](2)
    >>> duals.add(0b0011, "first")
    >>> duals.bounding(0b0001), duals.bounding(0b0101)
    ('first', None)
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._recent: list[tuple[int, T]] = []

    def bounding(self, mask: int) -> T | None:
        """What is known of a dual vector that holds on the cone of a mask, None if none does; it is kept longest."""
        for place, (allowed, known) in enumerate(self._recent):
            if not mask & ~allowed:
                self._recent.insert(0, self._recent.pop(place))
                return known
        return None

    def add(self, allowed: int, known: T) -> None:
        """Keep a dual vector that holds on `allowed`."""
        self._recent.insert(0, (allowed, known))
        del self._recent[self._most :]
