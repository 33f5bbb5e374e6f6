"""Trees over free parameters that part what is below a level into two sides, and the walls between these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.cells.affine_network import Form
from exactsurf.certificate.claims.free_tree import FreeSide, FreeSplit
from exactsurf.certificate.claims.restricted_paths import SidedTree
from exactsurf.exact.least_on_polyhedron import value_at
from exactsurf.exact.linear_algebra import Vector
from exactsurf.surface.restricted.free_graph import FreeGraph
from exactsurf.surface.restricted.free_region import FreeRegion, opposite
from exactsurf.surface.restricted.tree_growth import NEUTRAL, Grown, Pair, Settled, TreeGrowth

_CROSSED = 2
"""The label of a facet with the two sides on its two sides."""


@dataclass(frozen=True)
class SidedSearch:
    """The tree of a level; `side` are cells whose points below the level are on side 0, all others on side 1.

    With `least` leaves of side 0 have a bound, of at least this. Exactness: exact.
    Source: proofs/FORMAT.md, section 57; proofs/claims/restricted_paths.md.
    """

    graph: FreeGraph
    side: frozenset[int]
    level: Fraction
    least: Fraction | None = None

    def tree(self) -> SidedTree:
        """The tree with its walls."""
        graph = self.graph
        witnesses = [cell.witness for cell in graph.cells.cells]
        labels = [NEUTRAL if risk >= self.level else int(cell not in self.side) for cell, risk in enumerate(graph.risks)]

        def settle(region: FreeRegion, places: Sequence[int]) -> Settled:
            found = {labels[place] for place in places} - {NEUTRAL}
            if len(found) > 1:
                return Settled()
            needed = self.level
            if found:
                (own,) = found
                if own or self.least is None:
                    return Settled(FreeSide(own))
                needed = self.least
            least = region.least(witnesses[places[0]], graph.effort)
            if least.value < needed:
                return Settled(None, least)
            bound = region.leaf(least, graph.effort)
            return Settled(FreeSide(0, bound) if found else bound, least)

        growth = TreeGrowth(graph.cells.network, witnesses, labels, settle, effort=graph.effort)
        nodes = growth.grow(FreeRegion(graph.cells.network))
        main = _Main(nodes)
        walls = [self._wall(main, node) for node in nodes if main.divides(node)]
        return SidedTree(_evidence(nodes), tuple(walls))

    def _wall(self, main: _Main, parent: Grown) -> Any:
        """The tree over the wall of a split."""
        cells, form = self.graph.cells, parent.form
        facets = list(self._facets(parent))
        places = [_between(cells.cells[a].witness, cells.cells[b].witness, form) for a, b in facets]
        labels = [_label({main.sides[a], main.sides[b]} - {NEUTRAL}) for a, b in facets]

        def settle(region: FreeRegion, own: Sequence[int]) -> Settled:
            found = {labels[place] for place in own}
            if _CROSSED in found:
                least = region.least(places[own[0]], self.graph.effort)
                return Settled(region.leaf(least, self.graph.effort) if least.value >= self.level else None, least)
            reached = main.reached(parent, region)
            for side in (0, 1):
                if 1 - side not in reached:
                    return Settled(FreeSide(side))
            return Settled()

        def further(region: FreeRegion) -> Iterator[tuple[Pair, Form]]:
            for pair in main.unclear(parent, region):
                known = region.form_of(pair)
                if known is not None:
                    yield pair, known

        growth = TreeGrowth(cells.network, places, labels, settle, further, self.graph.effort)
        return _evidence(growth.grow(parent.region.at_wall(form)))

    def _facets(self, parent: Grown) -> Iterator[tuple[int, int]]:
        """The cells on the two sides of the wall of a split that have a facet in it."""
        cells = self.graph.cells
        for cell in parent.places:
            if value_at(parent.form, cells.cells[cell].witness) > 0:
                hyperplane = cells.hyperplane_of(parent.form)
                beyond = cells.beyond(cell, hyperplane)
                if beyond is not None:
                    yield cell, beyond


class _Main:
    """The nodes of the tree, the sides that occur under each, and the side of the leaf of every cell."""

    def __init__(self, nodes: list[Grown]) -> None:
        self.nodes = nodes
        self.below: list[frozenset[int]] = [frozenset()] * len(nodes)
        self.sides: dict[int, int] = {}
        for number in range(len(nodes) - 1, -1, -1):
            node = nodes[number]
            if node.children:
                self.below[number] = frozenset().union(*(self.below[child] for child in node.children))
                continue
            side = node.node.side if isinstance(node.node, FreeSide) else NEUTRAL
            self.below[number] = frozenset({side})
            self.sides.update(dict.fromkeys(node.places, side))

    def divides(self, node: Grown) -> bool:
        """Whether the two sides occur under the two children of a split."""
        if len(node.children) < 2:
            return False
        one, other = (self.below[child] for child in node.children)
        return (0 in one and 1 in other) or (1 in one and 0 in other)

    def reached(self, parent: Grown, region: FreeRegion) -> set[int]:
        """The sides of the leaves that points beside a region of the wall of a split may be in."""
        return {self.below_leaf(node) for node in self._walk(parent, region) if not node.children} - {NEUTRAL}

    def below_leaf(self, node: Grown) -> int:
        """The side of a leaf."""
        return node.node.side if isinstance(node.node, FreeSide) else NEUTRAL

    def unclear(self, parent: Grown, region: FreeRegion) -> Iterator[Pair]:
        """Where splits under that of a wall have no sure side on a region of the wall."""
        for node in self._walk(parent, region):
            if isinstance(node.node, FreeSplit) and len(_sides(node, parent, region, 1)) == 2:
                yield node.node.pair

    def _walk(self, parent: Grown, region: FreeRegion) -> Iterator[Grown]:
        waiting = [(child, side) for child, side in zip(parent.children, (1, -1), strict=True)]
        while waiting:
            number, side = waiting.pop()
            node = self.nodes[number]
            yield node
            waiting += [(child, side) for child in _sides(node, parent, region, side)]


def _sides(node: Grown, parent: Grown, region: FreeRegion, side: int) -> tuple[int, ...]:
    """The children that points on a side of a wall, beside a region of it, may be in."""
    if len(node.children) < 2:
        return node.children
    reduced = region.on_wall(node.form)
    if not any(reduced):
        same = next(a * b for a, b in zip(node.form, parent.form, strict=True) if b) > 0
        return node.children[:1] if same == (side > 0) else node.children[1:]
    if region.requires(node.form):
        return node.children[:1]
    return node.children[1:] if region.requires(opposite(node.form)) else node.children


def _label(sides: set[int]) -> int:
    return NEUTRAL if not sides else sides.pop() if len(sides) == 1 else _CROSSED


def _between(one: Vector, other: Vector, form: Form) -> Vector:
    """Where the segment between two points meets the zeros of a form."""
    high, low = value_at(form, one), value_at(form, other)
    share = high / (high - low)
    return tuple(a + share * (b - a) for a, b in zip(one, other, strict=True))


def _evidence(nodes: Sequence[Grown]) -> Any:
    return tuple(node.node for node in nodes)
