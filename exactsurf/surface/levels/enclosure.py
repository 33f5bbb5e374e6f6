"""An interval that a level is proved to lie in, and runs of intervals that meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.exact.balls import Ball


@dataclass(frozen=True, order=True)
class Enclosure:
    """A number that is known to lie between `low` and `high`; the same number as another one if both are exact and equal.

    Exactness: both ends are rational and proved. Source: proofs/enclosed_levels.md.

    >>> Enclosure(Fraction(1, 3), Fraction(1, 2)).width, Enclosure(Fraction(1, 3), Fraction(1, 3)).is_exact
    (Fraction(1, 6), True)
    """

    low: Fraction
    high: Fraction

    @property
    def width(self) -> Fraction:
        """high − low."""
        return self.high - self.low

    @property
    def is_exact(self) -> bool:
        """Whether the number is known."""
        return self.low == self.high

    @property
    def ball(self) -> Ball:
        """The interval as a ball."""
        return Ball((self.low + self.high) / 2, self.width / 2)

    def __repr__(self) -> str:
        return f"Enclosure({self.ball.text})"


@dataclass(frozen=True)
class Run:
    """Levels whose enclosures meet, one after the other, so that nothing is known of their order.

    `members` are their places; `is_tie` tells whether they may differ: several levels that are not proved to be one.
    """

    enclosure: Enclosure
    members: tuple[int, ...]
    is_tie: bool


def runs(levels: Sequence[Enclosure]) -> tuple[Run, ...]:
    """The levels in order, those that are not separated together.

    Exactness: exact. Raises: nothing. Source: none needed.

    >>> third, half = Fraction(1, 3), Fraction(1, 2)
    >>> [run.members for run in runs([Enclosure(half, half), Enclosure(third, third), Enclosure(third, third)])]
    [(1, 2), (0,)]
    >>> [run.is_tie for run in runs([Enclosure(third, half), Enclosure(half, half)])]
    [True]
    """
    found: list[Run] = []
    for place in sorted(range(len(levels)), key=lambda k: levels[k]):
        level = levels[place]
        if found and level.low <= found[-1].enclosure.high:
            last = found[-1]
            hull = Enclosure(last.enclosure.low, max(last.enclosure.high, level.high))
            same = hull.is_exact and not last.is_tie
            found[-1] = Run(hull, (*last.members, place), not same)
        else:
            found.append(Run(level, (place,), False))
    return tuple(found)
