"""Groups of permutations given by generators: membership and order, by a table of coset representatives."""

from __future__ import annotations

from collections.abc import Iterator
from math import factorial, prod
from typing import TypeAlias

Permutation: TypeAlias = tuple[int, ...]


def composed(outer: Permutation, inner: Permutation) -> Permutation:
    """i ↦ outer[inner[i]]."""
    return tuple([outer[i] for i in inner])


def inverse(permutation: Permutation) -> Permutation:
    """The inverse permutation."""
    found = [0] * len(permutation)
    for i, image in enumerate(permutation):
        found[image] = i
    return tuple(found)


class PermutationGroup:
    """The group that the permutations added so far generate, within the permutations of 0, …, degree − 1.

    Level k of the table holds, for every point that it can move k to, one element that fixes 0, …, k − 1.
    Exactness: exact. Raises: nothing. Source: Sims 1970; Furst, Hopcroft and Luks 1980 (the table is closed under products).

    >>> rotations = PermutationGroup(3)
    >>> rotations.add((1, 2, 0)), rotations.order, (1, 0, 2) in rotations
    (True, 3, False)
    """

    def __init__(self, degree: int) -> None:
        self.degree = degree
        self.generators: list[Permutation] = []
        self._table: list[dict[int, Permutation]] = [{} for _ in range(degree)]
        self._extended: dict[Permutation, PermutationGroup] = {}

    @property
    def order(self) -> int:
        """The number of elements."""
        return prod(len(level) + 1 for level in self._table)

    @property
    def is_full(self) -> bool:
        """Whether it holds all permutations."""
        return all(len(level) == self.degree - k - 1 for k, level in enumerate(self._table))

    @property
    def index(self) -> int:
        """The number of its cosets among all permutations."""
        return factorial(self.degree) // self.order

    def __contains__(self, permutation: Permutation) -> bool:
        return self._sifted(permutation) is None

    def add(self, permutation: Permutation) -> bool:
        """Take a generator in; whether the group grew."""
        if permutation in self:
            return False
        self.generators.append(permutation)
        waiting = [permutation]
        while waiting:
            rest = self._sifted(waiting.pop())
            if rest is None:
                continue
            level = next(k for k, image in enumerate(rest) if image != k)
            self._table[level][rest[level]] = rest
            for other in list(self._elements()):
                waiting.append(composed(rest, other))
                waiting.append(composed(other, rest))
        return True

    def extended(self, permutation: Permutation) -> PermutationGroup:
        """The group that has this generator too: itself if it holds it, else a group of its own, the same one each time.

        So the many components of a landscape share a few groups, which are not to be changed by `add`.
        """
        found = self._extended.get(permutation)
        if found is None:
            found = self
            if permutation not in self:
                found = PermutationGroup(self.degree)
                found.generators = list(self.generators)
                found._table = [dict(level) for level in self._table]
                found.add(permutation)
            self._extended[permutation] = found
        return found

    def _elements(self) -> Iterator[Permutation]:
        for level in self._table:
            yield from level.values()

    def _sifted(self, permutation: Permutation) -> Permutation | None:
        """What is left of a permutation when the table has fixed as many points as it can; None if nothing."""
        for k, level in enumerate(self._table):
            image = permutation[k]
            if image != k:
                representative = level.get(image)
                if representative is None:
                    return permutation
                permutation = composed(inverse(representative), permutation)
        return None
