"""Trees whose leaves lie on two sides of a level, and trees over the walls between them (FORMAT.md, section 57)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .arithmetic.document import Field
from .arithmetic.effort import price, spend
from .arithmetic.rational import Rational
from .arithmetic.rational_rows import bits_of, dot
from .free_tree import FreeNetwork, Region, Visit, check_leaves, walk_free_tree
from .input_network import Form

BOUNDED = -1
"""In the place of a side: the risk is at least the level on the region."""


@dataclass(frozen=True)
class SidedTree:
    """The nodes of a tree; `sides` of its leaves, and of each node those that occur under it."""

    visits: list[Visit]
    sides: dict[int, int]
    below: list[frozenset[int]]

    def dividing(self) -> Iterator[int]:
        """The splits under which both sides occur, one at each child."""
        for index, visit in enumerate(self.visits):
            if len(visit.children) == 2:
                one, other = (self.below[child] for child, _ in visit.children)
                if (0 in one and 1 in other) or (1 in one and 0 in other):
                    yield index

    def side_at(self, values: Sequence[Rational]) -> set[int]:
        """The sides of all leaves in whose regions a point is."""
        here, waiting, found = [*values, 1], [0], set[int]()
        while waiting:
            index = waiting.pop()
            children = self.visits[index].children
            spend(5 + len(here) * price(bits_of(here)))
            if not children:
                found.add(self.sides[index])
            for child, form in children:
                if len(children) == 1 or dot(form, here) >= 0:
                    waiting.append(child)
        return found

    def reached(self, start: int, region: Region, wall: Form, side: int) -> set[int]:
        """The sides of the leaves under a node that points near a region on a wall can be in, on one side of the wall."""
        waiting, found = [start], set[int]()
        while waiting:
            index = waiting.pop()
            children = self.visits[index].children
            spend(5)
            if not children:
                found.add(self.sides[index])
            elif len(children) == 1:
                waiting.append(children[0][0])
            else:
                waiting += _met(region, children, wall, side)
        return found


def _met(region: Region, children: Sequence[tuple[int, Form]], wall: Form, side: int) -> list[int]:
    """The children of a split that points near a region on a wall can be in."""
    (plus, form), (minus, opposite) = children
    if not any(region.on_wall(form)):
        spend(len(form))
        pivot = next(place for place, value in enumerate(wall) if value)
        return [plus if form[pivot] * wall[pivot] * side > 0 else minus]
    if region.requires(form):
        return [plus]
    return [minus] if region.requires(opposite) else [plus, minus]


def read_sided_tree(network: FreeNetwork, nodes: Field, level: Rational, least: Rational | None) -> SidedTree:
    """A tree whose leaves have a side, or a bound of at least `level`; on side 0 one of at least `least`, if that is given."""
    visits, sides = list[Visit](), dict[int, int]()
    for index, visit in enumerate(walk_free_tree(network, nodes, Region())):
        visits.append(visit)
        node = visit.node
        if visit.children:
            continue
        if not node.has("side"):
            node.fields(*network.leaf)
            network.check_bound(visit.region, node, level)
            sides[index] = BOUNDED
            continue
        sides[index] = node.child("side").index(2)
        if least is None or sides[index]:
            node.fields("side")
        else:
            node.fields("side", *network.leaf)
            network.check_bound(visit.region, node, least)
    below = [frozenset[int]()] * len(visits)
    for index in range(len(visits) - 1, -1, -1):
        children = visits[index].children
        below[index] = frozenset({sides[index]}) if not children else frozenset().union(*(below[child] for child, _ in children))
    return SidedTree(visits, sides, below)


def check_walls(network: FreeNetwork, tree: SidedTree, walls: Field, level: Rational) -> int:
    """Check the trees over the walls of all splits under which both sides occur; how many there are."""
    dividing = list(tree.dividing())
    for index, nodes in zip(dividing, walls.items(len(dividing)), strict=True):
        visit = tree.visits[index]
        (plus, form), (minus, _) = visit.children

        def check(node: Field, region: Region, plus: int = plus, minus: int = minus, form: Form = form) -> None:
            if not node.has("side"):
                node.fields(*network.leaf)
                network.check_bound(region, node, level)
                return
            (side_field,) = node.fields("side")
            other = 1 - side_field.index(2)
            for child, sign in ((plus, 1), (minus, -1)):
                if other in tree.reached(child, region, form, sign):
                    raise node.reject(f"a leaf of side {other} may be met here")

        check_leaves(network, nodes, check, visit.region.at_wall(form))
    return len(dividing)
