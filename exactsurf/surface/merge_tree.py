"""The merge tree of the risk: how the components of its sublevel sets are born and join, modulo the order of the units.

Beside each component of the quotient the tree says how many components of the whole parameter space lie over it. They are
counted by holonomy: a walk through orbits that comes back to where it began permutes the units, these permutations form a
group H for each component, and the copies over it correspond to the cosets of H, so there are m!/|H|.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from exactsurf.surface.permutation_group import Permutation, PermutationGroup, composed, inverse
from exactsurf.surface.signed_cells import Orbit


@dataclass(frozen=True)
class TreeNode:
    """A component of the sublevel sets from `level` on, until its parent's level.

    A leaf has no children and is born at its level, with the minimum `cells` (numbers of orbits) that it then consists of.
    Another node is where its `children` (positions in the tree, always smaller) join; one child means that copies of the
    same component, which differ by the order of the units, join each other. `copies` are the components of the whole
    parameter space over it.
    """

    level: Fraction
    children: tuple[int, ...]
    copies: int
    cells: tuple[int, ...] = ()


Edge: TypeAlias = tuple[int, int, int, int, int]
"""Two orbits with a common facet: (first, second, place, kind, level). The numbers of the orbits; at `place` of the first stands
`kind` beyond the facet; the minimum over the facet, as its place among the levels."""


@dataclass
class Forest:
    """Union–find over orbits where each node knows the permutation that leads to it from its root, and each root its group."""

    units: int
    parent: dict[int, int] = field(default_factory=dict)
    moved: dict[int, Permutation] = field(default_factory=dict)
    groups: dict[int, PermutationGroup] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    full: set[int] = field(default_factory=set)

    def add(self, node: int, orbit: Orbit) -> None:
        """A component of its own; its group exchanges units at equal entries of the (sorted) orbit."""
        identity = tuple(range(self.units))
        self.parent[node], self.moved[node], self.sizes[node] = node, identity, 1
        group = self.groups[node] = PermutationGroup(self.units)
        for k in range(1, len(orbit)):
            if orbit[k] == orbit[k - 1]:
                group.add((*identity[: k - 1], k, k - 1, *identity[k + 1 :]))
        if group.is_full:
            self.full.add(node)

    def root(self, node: int) -> tuple[int, Permutation]:
        """The root of a node, and the permutation from the root to the node."""
        trail = []
        while self.parent[node] != node:
            trail.append(node)
            node = self.parent[node]
        total = self.moved[node]
        for below in reversed(trail):
            total = composed(self.moved[below], total)
            self.parent[below], self.moved[below] = node, total
        return node, total

    def is_settled(self, first: int, second: int) -> bool:
        """Whether two nodes are joined already, with all their copies."""
        parent = self.parent
        while parent[first] != first:
            first = parent[first]
        while parent[second] != second:
            second = parent[second]
        return first == second and first in self.full

    def join(self, first: int, second: int, sigma: Permutation) -> tuple[int, int | None, bool]:
        """Join two nodes; what is unit i in the first is unit sigma[i] in the second.

        Returns: the root, the root that is one no more (None if they were joined before), and whether anything changed: two
        components joined, or copies of one.
        """
        root, path = self.root(first)
        other, way = self.root(second)
        if root == other and root in self.full:
            return root, None, False
        loop = composed(inverse(way), composed(sigma, path))
        if root == other:
            grown = self.groups[root].add(loop)
            if grown and self.groups[root].is_full:
                self.full.add(root)
            return root, None, grown
        if self.sizes[root] < self.sizes[other]:
            root, other, loop = other, root, inverse(loop)
        self.parent[other], self.moved[other] = root, loop
        self.sizes[root] += self.sizes.pop(other)
        group, joining = self.groups[root], self.groups.pop(other).generators
        if root not in self.full:
            for generator in joining:
                group.add(composed(inverse(loop), composed(generator, loop)))
            if group.is_full:
                self.full.add(root)
        return root, other, True


@dataclass(frozen=True)
class MergeTree:
    """The nodes of a merge tree, root last; `homes[k]` is the node that orbit k belongs to at the level of its own minimum."""

    nodes: tuple[TreeNode, ...]
    homes: tuple[int, ...]

    def leaves_under(self, node: int) -> tuple[int, ...]:
        """The leaves of the subtree of a node."""
        leaves, walk = [], [node]
        while walk:
            here = walk.pop()
            children = self.nodes[here].children
            walk += children
            if not children:
                leaves.append(here)
        return tuple(sorted(leaves))


def merge_tree(
    units: int, named: Sequence[Orbit], births: Sequence[int], edges: Iterable[Edge], levels: Sequence[Fraction]
) -> MergeTree:
    """The merge tree of a graph of orbits.

    Parameters: `named`, the orbits, all of `units` entries; `births[k]`, the place in `levels` (increasing) of the minimum over
    orbit k; `edges`, each with the place of its own level, which is not below those of its ends. Orbits and facets of equal
    level are one event, so a plateau is one leaf. A graph that is not connected has several roots.
    Exactness: exact; levels are compared as places, and they are different rationals.
    Raises: nothing. Source: Kruskal 1956; theory.md, theorem B; the group of a component as in the module's docstring.
    """
    born: list[list[int]] = [[] for _ in levels]
    for orbit, birth in enumerate(births):
        born[birth].append(orbit)
    # There are several edges to an orbit: as machine integers they take a tenth of the memory.
    meeting = [array("Q") for _ in levels]
    for first, second, position, kind, own in edges:
        meeting[own].extend((first, second, position << 32 | kind))
    forest = Forest(units)
    nodes: list[TreeNode] = []
    homes = [0] * len(births)
    standing: dict[int, int] = {}  # the tree node of every component by root
    for place, level in enumerate(levels):
        fresh: dict[int, list[int]] = {}
        below: dict[int, set[int]] = {}
        for orbit in born[place]:
            forest.add(orbit, named[orbit])
            fresh[orbit] = [orbit]
        numbers = meeting[place]
        meeting[place] = array("Q")
        for k in range(0, len(numbers), 3):
            first, second = numbers[k], numbers[k + 1]
            if forest.is_settled(first, second):
                continue
            position, kind = divmod(numbers[k + 2], 1 << 32)
            crossed = named[first]
            # Where the units of the first orbit stand in the sorted tuple beyond the facet.
            root, gone, changed = forest.join(first, second, sorting([*crossed[:position], kind, *crossed[position + 1 :]]))
            if not changed:
                continue
            for part in (root, gone) if gone is not None else (root,):
                if part in standing:
                    below.setdefault(root, set()).add(standing.pop(part))
                if part != root:
                    below.setdefault(root, set()).update(below.pop(part, ()))
                    fresh.setdefault(root, []).extend(fresh.pop(part, ()))
        for root in sorted({*fresh, *below}):
            children = tuple(sorted(below.get(root, ())))
            copies = forest.groups[root].index
            if len(children) == 1 and nodes[children[0]].copies == copies:
                standing[root] = children[0]
                continue
            standing[root] = len(nodes)
            nodes.append(TreeNode(level, children, copies, () if children else tuple(sorted(fresh[root]))))
        for orbit in born[place]:
            homes[orbit] = standing[forest.root(orbit)[0]]
    return MergeTree(tuple(nodes), tuple(homes))


def sorting(entries: Sequence[int]) -> Permutation:
    """The place of every entry in the sorted tuple.

    >>> sorting([5, 1, 3])
    (2, 0, 1)
    """
    found = [0] * len(entries)
    for position, entry in enumerate(sorted(range(len(entries)), key=entries.__getitem__)):
        found[entry] = position
    return tuple(found)
