"""The tree of a search for the global minimum, and how a certificate writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, Protocol, TypeVar

from exactsurf.certificate.claims.global_minimum import SignSplit, TreeNode
from exactsurf.certificate.encoding import counted
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import near
from exactsurf.model.problem import Problem
from exactsurf.surface.cell_minima import Start
from exactsurf.surface.region_symmetries import RegionSymmetry, matched
from exactsurf.surface.regions import Regions, RegionTable, parted


class Cut(NamedTuple):
    """A unit and a wall (None: the sign of v), and a symmetry of the regions that leads to them from the first cut."""

    unit: int
    wall: int | None
    symmetry: RegionSymmetry


@dataclass(slots=True)
class SearchNode:
    """Regions of all units, a lower bound of the values over them, and what `CellMinima.gradient_of` makes a dual vector of
    that proves it: the least value of the relaxed problem, or less where that is enough.

    `cuts` are the first cut and those that symmetries of the regions lead to; `children`, the places of the part above the first
    one, and of the part below all of them, of every unit that is alike; `twin`, the place of a node that is searched instead, and
    a symmetry that leads from that to this one.
    """

    regions: Regions
    value: Fraction
    derivative: tuple[int, tuple[int, ...]]
    start: Start | None
    cuts: tuple[Cut, ...] = ()
    children: tuple[int, ...] | None = None
    twin: tuple[int, RegionSymmetry] | None = None


class Subtree(NamedTuple):
    """Nodes below the first one, with places among themselves; the value of the best signed cell, its name if it is new."""

    nodes: list[SearchNode]
    value: Fraction
    best: Regions


def search_text(name: str, problem: Problem, ends: tuple[Fraction, Fraction], regions: int, left: int) -> str:
    """A search in one line: what is known of the least risk, of how many regions, and how many may still be cut.

    Parameters: the `name` of its class; `ends`, its bounds; `left`, how many are open. Exactness: rounded numbers say so.
    Raises: nothing. Source: none.
    """
    low, high = map(near, ends)
    known = low if ends[0] == ends[1] else f"from {low} to {high}"
    return f"{name}({problem!r}: least risk {known}, {counted(regions, 'region')}, {left or 'none'} open)"


class _Node(Protocol):
    children: tuple[int, ...] | None


_AnyNode = TypeVar("_AnyNode", bound=_Node)


def graft(tree: list[_AnyNode], place: int, branch: Sequence[_AnyNode]) -> int:
    """Put a branch, with places among its own nodes, in the place of a node; how far the places of all but its first move.

    Exactness: not needed. Raises: nothing. Source: none.
    """
    shift = len(tree) - 1
    for node in branch:
        if node.children is not None:
            node.children = tuple(child + shift for child in node.children)
    tree += branch[1:]
    tree[place] = branch[0]
    return shift


def below_all(regions: Regions, cuts: Sequence[Cut]) -> Regions:
    """The part below all cuts, of every unit with the region of the one that is cut.

    Parameters: places. Exactness: exact. Raises: nothing. Source: proofs/claims/global_minimum.md, sections 4 and 14.
    """
    found = list(regions)
    for cut in cuts:
        for unit, region in enumerate(regions):
            if region == regions[cut.unit]:
                found[unit] = found[unit].cut(cut.wall, -1)
    return tuple(found)


class _Place(NamedTuple):
    """A node that is to be written at a place of the tree: the image of the node under a symmetry, in which unit j has another
    name, and what is required of the units where it is written, which may be more.
    """

    place: int
    node: int
    way: RegionSymmetry
    units: tuple[int, ...]
    regions: Regions


class WrittenTree:
    """The dual vectors and the nodes of a tree whose leaves are bounded by at least a value, as in the format.

    What a symmetry leads to is written out, with the images of walls and dual vectors: who checks it knows of no symmetry.
    Parameters: `nodes`, root first; `table`; `identity`, of the symmetries; `least`. Exactness: exact. Raises: nothing.
    Source: proofs/FORMAT.md, section 18; proofs/claims/global_minimum.md, section 14.
    """

    def __init__(self, nodes: Sequence[SearchNode], table: RegionTable, identity: RegionSymmetry, least: Fraction) -> None:
        self._nodes, self._table = nodes, table
        self._duals: dict[Vector, int] = {}
        self._tree: list[TreeNode] = [0]
        root = nodes[0].regions
        self._waiting = [_Place(0, 0, identity, tuple(range(len(root))), root)]
        while self._waiting:
            here = self._waiting.pop()
            node = nodes[here.node]
            if node.value >= least or (node.twin is None and node.children is None):
                gradient = here.way.gradient(table.minima.gradient_of(node.derivative))
                self._tree[here.place] = self._duals.setdefault(gradient, len(self._duals))
            elif node.twin is not None:
                first, symmetry = node.twin
                self._waiting.append(self._moved(here, first, symmetry, node.regions))
            else:
                self._write_cuts(here, node)

    @property
    def duals(self) -> tuple[Vector, ...]:
        """The dual vectors."""
        return tuple(self._duals)

    @property
    def tree(self) -> tuple[TreeNode, ...]:
        """The nodes."""
        return tuple(self._tree)

    def _moved(self, here: _Place, node: int, symmetry: RegionSymmetry, regions: Regions) -> _Place:
        """What is written where regions are, up to the order of the units, the images of those of a node."""
        order = matched([symmetry.region(region) for region in self._nodes[node].regions], regions)
        return here._replace(node=node, way=here.way.after(symmetry), units=tuple([here.units[j] for j in order]))

    def _write_cuts(self, here: _Place, node: SearchNode) -> None:
        """One cut after the other: above it the image of the first child, below all of them the second one."""
        assert node.children is not None
        above, below = node.children
        breakpoints = len(self._table.minima.problem.network.activation.breakpoints)
        for cut in node.cuts:
            wall = None if cut.wall is None else here.way.walls[cut.wall]
            named = None if wall is None else divmod(self._table.walls[wall].rows[0], breakpoints)
            for unit, region in enumerate(node.regions):
                own = here.units[unit]
                if region != node.regions[cut.unit] or here.regions[own].is_below(wall):
                    continue
                place = len(self._tree)
                self._tree[here.place] = SignSplit(own, named, place, place + 1)
                self._tree += [0, 0]
                plus, minus = parted(here.regions, own, wall)
                part = (*node.regions[:unit], region.cut(cut.wall, 1), *node.regions[unit + 1 :])
                self._waiting.append(self._moved(here, above, cut.symmetry, part)._replace(place=place, regions=plus))
                here = here._replace(place=place + 1, regions=minus)
        self._waiting.append(here._replace(node=below))
