"""Components of orbits and how many copies each has: union–find with the permutations of units that its walks lead to."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence

from exactsurf.surface.permutation_group import Permutation, PermutationGroup, composed, inverse
from exactsurf.surface.signed_cells import Orbit, equal_bits


class Forest:
    """Union–find over orbits where each node knows the permutation that leads to it from its root, and each root its group.

    Within a component whose group is full (`full` holds its root) permutations say nothing any more and are not kept up.
    Parameters: `units`; `count`, nodes are 0, …, count − 1. Attributes: `parent`, and the groups of the roots, `groups`.
    Exactness: exact. Raises: nothing. Source: theory.md, theorem B.
    """

    def __init__(self, units: int, count: int) -> None:
        self.identity: Permutation = tuple(range(units))
        self.parent = array("i", range(count))
        self.moved = [self.identity] * count
        self.groups = [PermutationGroup(units)] * count
        self.full = bytearray(count)
        self._sizes: dict[int, int] = {}  # of roots with other nodes
        self._starting: dict[int, PermutationGroup] = {0: self.groups[0]} if count else {}
        self._crossing: dict[tuple[int, int], Permutation] = {}

    def add(self, node: int, orbit: Orbit) -> None:
        """A component of its own; its group exchanges units at equal entries of the (sorted) orbit."""
        self.groups[node], self.full[node] = self._group(equal_bits(orbit))

    def add_all(self, equal: Sequence[int]) -> None:
        """A component of its own for every node, given the `equal_bits` of all orbits."""
        found = {bits: self._group(bits) for bits in set(equal)}
        self.groups = [found[bits][0] for bits in equal]
        self.full[:] = bytes([found[bits][1] for bits in equal])

    def _group(self, equal: int) -> tuple[PermutationGroup, bool]:
        """The group of an orbit alone, and whether it is full and said to be: of one unit alone there is no other order."""
        identity = self.identity
        group = self._starting.get(equal)
        if group is None:
            group = self._starting[0]
            for k in range(1, len(identity)):
                if equal >> (k - 1) & 1:
                    group = group.extended((*identity[: k - 1], k, k - 1, *identity[k + 1 :]))
            self._starting[equal] = group
        return group, group.is_full

    def root(self, node: int) -> tuple[int, Permutation]:
        """The root of a node, and the permutation from the root to the node."""
        parent = self.parent
        above = parent[node]
        if parent[above] == above:
            return above, self.moved[node]
        trail = []
        while parent[node] != node:
            trail.append(node)
            node = parent[node]
        if self.full[node]:
            for below in trail:
                parent[below] = node
            return node, self.identity
        total = self.moved[node]
        for below in reversed(trail):
            total = composed(self.moved[below], total)
            parent[below], self.moved[below] = node, total
        return node, total

    def is_settled(self, first: int, second: int) -> bool:
        """Whether two nodes are joined already, with all their copies."""
        parent = self.parent
        root = first
        while (above := parent[root]) != root:
            root = above
        other = second
        while (above := parent[other]) != other:
            other = above
        if root != other or not self.full[root]:
            return False
        parent[first] = parent[second] = root
        return True

    def crossing(self, orbit: Orbit, place: int, beyond: int) -> Permutation:
        """Where the units of a sorted orbit stand in the sorted tuple beyond a facet, on which one entry becomes a larger one."""
        return self.moving(place, bisect_left(orbit, beyond) - 1)

    def moving(self, place: int, new: int) -> Permutation:
        """The order of the units after that at one place has moved up to another."""
        found = self._crossing.get((place, new))
        if found is None:
            between = range(place, new)
            found = (*self.identity[:place], new, *between, *self.identity[new + 1 :])
            self._crossing[place, new] = found
        return found

    def join(self, first: int, second: int, sigma: Permutation) -> tuple[int, int | None, bool]:
        """Join two nodes; what is unit i in the first is unit sigma[i] in the second.

        Returns: the root, the root that is one no more (None if they were joined before), and whether anything changed: two
        components joined, or copies of one.
        """
        root, path = self.root(first)
        other, way = self.root(second)
        full = self.full
        if root == other:
            if full[root]:
                return root, None, False
            loop = composed(inverse(way), composed(sigma, path))
            grown = self.groups[root].extended(loop)
            if grown is self.groups[root]:
                return root, None, False
            self.groups[root] = grown
            if grown.is_full:
                full[root] = True
            return root, None, True
        sizes = self._sizes
        size, added = sizes.get(root, 1), sizes.pop(other, 1)
        if size < added:
            sizes.pop(root, None)
            root, other, path, way, sigma = other, root, way, path, inverse(sigma)
        self.parent[other] = root
        sizes[root] = size + added
        joining = self.groups[other]
        if full[root]:
            return root, other, True
        if full[other]:
            self.groups[root] = joining
            full[root] = True
            return root, other, True
        loop = self.moved[other] = composed(inverse(way), composed(sigma, path))
        group = self.groups[root]
        for generator in joining.generators:
            group = group.extended(composed(inverse(loop), composed(generator, loop)))
        if group is not self.groups[root]:
            self.groups[root] = group
            if group.is_full:
                full[root] = True
        return root, other, True


def sorting(entries: Sequence[int]) -> Permutation:
    """The place of every entry in the sorted tuple.

    >>> sorting([5, 1, 3])
    (2, 0, 1)
    """
    found = [0] * len(entries)
    for position, entry in enumerate(sorted(range(len(entries)), key=entries.__getitem__)):
        found[entry] = position
    return tuple(found)
