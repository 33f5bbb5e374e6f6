"""The merge tree of the risk: how the components of its sublevel sets are born and join, modulo the order of the units.

Beside each component of the quotient the tree says how many components of the whole parameter space lie over it. They are
counted by holonomy: a walk through orbits that comes back to where it began permutes the units, these permutations form a
group H for each component, and the copies over it correspond to the cosets of H, so there are m!/|H|.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.surface.forest import Forest
from exactsurf.surface.permutation_group import Permutation
from exactsurf.surface.signed_cells import Orbit, equal_bits

if TYPE_CHECKING:
    import networkx


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
`kind`, a larger one, beyond the facet; the minimum over the facet, as its place among the levels."""

Meeting: TypeAlias = tuple[int, int, Permutation]
"""Two orbits with a common facet, and where the units of the first stand in the second."""


@dataclass(frozen=True)
class MergeTree:
    """The nodes of a merge tree, root last; `homes[k]` is the node that orbit k belongs to at the level of its own minimum."""

    nodes: tuple[TreeNode, ...]
    homes: tuple[int, ...]

    @cached_property
    def parents(self) -> dict[int, int]:
        """The parent of every node that has one."""
        return {child: place for place, node in enumerate(self.nodes) for child in node.children}

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

    def graph(self, valley_of: Mapping[int, int]) -> networkx.DiGraph[int]:
        """The tree with edges from every node to its parent.

        Nodes are the places in `nodes`, with the attributes `level`, `copies` and, on leaves, `valley`. Parameters:
        `valley_of`, the places of valleys by nodes. Exactness: exact. Raises: nothing.
        """
        import networkx

        graph: networkx.DiGraph[int] = networkx.DiGraph()
        for k, node in enumerate(self.nodes):
            graph.add_node(k, level=node.level, copies=node.copies)
            if k in valley_of:
                graph.nodes[k]["valley"] = valley_of[k]
            graph.add_edges_from((child, k) for child in node.children)
        return graph


class GrowingTree:
    """A merge tree as far as the levels have come: it is told level by level, rising, what is born and what meets.

    Parameters: `units`; `equal[k]`, the bits at which entries of orbit k are equal to the next. Exactness: exact.
    Raises: nothing. Source: Kruskal 1956; theory.md, theorem B; the group of a component as in the module's docstring.
    """

    def __init__(self, units: int, equal: Sequence[int]) -> None:
        self.forest = Forest(units, len(equal))
        self.forest.add_all(equal)
        self._nodes: list[TreeNode] = []
        self._homes = array("q", bytes(8 * len(equal)))
        self._standing: dict[int, int] = {}  # the tree node of every component by root

    def rise(self, level: Fraction, born: Sequence[int], meetings: Iterable[Meeting]) -> None:
        """Everything of one level is one event: the orbits `born` at it, and then the `meetings` over facets of this level.

        A meeting of orbits that are joined with all their copies changes nothing and may be left out.
        """
        forest, standing, nodes = self.forest, self._standing, self._nodes
        fresh: dict[int, list[int]] = {}  # by root, what consists of orbits born now alone
        below: dict[int, set[int]] = {}  # by root, the tree nodes of what joined, where they are several
        changed: set[int] = set()  # other roots of components that have changed
        for orbit in born:
            fresh[orbit] = [orbit]
        for first, second, sigma in meetings:
            root, gone, is_new = forest.join(first, second, sigma)
            if not is_new:
                continue
            changed.add(root)
            if gone is None:
                continue
            changed.discard(gone)
            cells = fresh.pop(gone, None)
            if cells is not None:
                if root in fresh:
                    fresh[root] += cells
            elif fresh.pop(root, None) is not None:
                if gone in below:
                    below[root] = below.pop(gone)
                else:
                    standing[root] = standing.pop(gone)
            else:
                older = [below.pop(part) if part in below else {standing.pop(part)} for part in (root, gone)]
                below[root] = older[0] | older[1]
        for root in sorted(changed.union(fresh)):
            copies = forest.groups[root].index
            children: tuple[int, ...] = ()
            if root not in fresh:
                children = tuple(sorted(below[root])) if root in below else (standing[root],)
                if len(children) == 1 and nodes[children[0]].copies == copies:
                    continue
            standing[root] = len(nodes)
            nodes.append(TreeNode(level, children, copies, () if children else tuple(sorted(fresh[root]))))
        parent = forest.parent
        for orbit in born:
            root = parent[orbit]
            self._homes[orbit] = standing[root if parent[root] == root else forest.root(orbit)[0]]

    def grown(self) -> MergeTree:
        """The tree, after the last level."""
        return MergeTree(tuple(self._nodes), tuple(self._homes))


def merge_tree(
    units: int, named: Sequence[Orbit], births: Sequence[int], edges: Iterable[Edge], levels: Sequence[Fraction]
) -> MergeTree:
    """The merge tree of a graph of orbits.

    Parameters: `named`, the orbits, all of `units` entries; `births[k]`, the place in `levels` (increasing) of the minimum over
    orbit k; `edges`, each with the place of its own level, which is not below those of its ends. Orbits and facets of equal
    level are one event, so a plateau is one leaf. A graph that is not connected has several roots.
    Exactness: exact; levels are compared as places, and they are different rationals.
    Raises: nothing. Source: as for `GrowingTree`.
    """
    born: list[list[int]] = [[] for _ in levels]
    for orbit, birth in enumerate(births):
        born[birth].append(orbit)
    # There are several edges to an orbit: as machine integers they take a tenth of the memory.
    meeting = [array("Q") for _ in levels]
    for first, second, position, kind, own in edges:
        meeting[own].extend((first, second, position << 32 | kind))
    tree = GrowingTree(units, [equal_bits(orbit) for orbit in named])
    for place, level in enumerate(levels):
        tree.rise(level, born[place], _open(tree.forest, named, meeting[place]))
        meeting[place] = array("Q")
    return tree.grown()


def _open(forest: Forest, named: Sequence[Orbit], numbers: array[int]) -> Iterator[Meeting]:
    for k in range(0, len(numbers), 3):
        first, second = numbers[k], numbers[k + 1]
        if not forest.is_settled(first, second):
            yield first, second, forest.crossing(named[first], *divmod(numbers[k + 2], 1 << 32))
