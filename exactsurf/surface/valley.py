"""Valleys of the risk: the leaves of the merge tree, and the global minimum among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol, TypeVar

from exactsurf.model.parameters import Parameters
from exactsurf.surface.cell_minima import CellMinima
from exactsurf.surface.merge_tree import MergeTree
from exactsurf.surface.product_variables import face_minimiser
from exactsurf.surface.signed_cells import Orbit, Orbits


@dataclass(frozen=True)
class Valley:
    """A component of a sublevel set that is born at `risk`: nothing in it is lower, and a descent that is caught there stays.

    `barrier`, the lowest level at which it is connected with a point of strictly lower risk, None for a global minimum;
    `merges_at`, the lowest level at which it is connected with another valley, perhaps of the same risk or a copy of itself
    (the length of its line in the disconnectivity graph), None if it is alone;
    `multiplicity`, the number of such components in parameter space (they differ by the order of the units);
    `parameters`, a rational point of it, None if `risk` is only approached (`is_attained` false); `cells`, the numbers of the
    orbits of signed cells whose minimum it is; `node`, its place in the merge tree; `barrier_at_least`, in a landscape below a
    level, that level where the barrier is not below it.
    Exactness: exact. Source: theory.md, theorem B.
    """

    risk: Fraction
    barrier: Fraction | None
    merges_at: Fraction | None
    multiplicity: int
    parameters: Parameters | None
    cells: tuple[int, ...]
    node: int
    barrier_at_least: Fraction | None = None

    @property
    def is_global(self) -> bool:
        """Whether no point has a lower risk."""
        return self.barrier is None and self.barrier_at_least is None

    @property
    def is_spurious(self) -> bool:
        """Whether some point has a strictly lower risk."""
        return not self.is_global

    @property
    def is_attained(self) -> bool:
        """Whether a point has this risk; if not, it is an infimum at infinity (v → 0 while the weights grow)."""
        return self.parameters is not None

    @property
    def persistence(self) -> Fraction | None:
        """The height of the barrier over the valley; None for a global minimum, and where the barrier is not known."""
        return None if self.barrier is None else self.barrier - self.risk


class Placed(Protocol):
    """A valley among others, whose level is a number or an enclosure."""

    @property
    def is_global(self) -> bool:
        """Whether no valley is lower."""

    @property
    def is_attained(self) -> bool | None:
        """Whether a point of least risk exists; None where it is not known."""


V = TypeVar("V", bound=Placed)


def lowest_of(valleys: Sequence[V]) -> V:
    """The first global valley that is attained; the first global one if none is. Raises: nothing, where there is a global one."""
    lowest = [valley for valley in valleys if valley.is_global]
    return next((valley for valley in lowest if valley.is_attained), lowest[0])


def find_barriers(tree: MergeTree) -> dict[int, Fraction | None]:
    """For every leaf the lowest level at which it is connected with something strictly lower, None if there is none.

    Parameters: a merge tree. Exactness: exact. Raises: nothing. Source: the definition.
    """
    lowest = [node.level for node in tree.nodes]
    open_leaves: dict[int, list[int]] = {}
    found: dict[int, Fraction | None] = {}
    for k, node in enumerate(tree.nodes):
        if not node.children:
            found[k] = None
            open_leaves[k] = [k]
            continue
        lowest[k] = min(lowest[child] for child in node.children)
        waiting = [leaf for child in node.children for leaf in open_leaves.pop(child)]
        for leaf in waiting:
            if tree.nodes[leaf].level > lowest[k]:
                found[leaf] = node.level
        open_leaves[k] = [leaf for leaf in waiting if tree.nodes[leaf].level == lowest[k]]
    return found


def find_valleys(
    minima: CellMinima, orbits: Orbits | Sequence[Orbit], tree: MergeTree, level: Fraction | None = None
) -> tuple[Valley, ...]:
    """The leaves of the merge tree as valleys, lowest first.

    Parameters: the tree of the problem of `minima`, and the orbits by their numbers; `level`, if the tree is that below it.
    Exactness: exact. Raises: nothing. Source: theory.md, theorem B.
    """
    lowest = min((node.level for node in tree.nodes), default=None)
    barriers = find_barriers(tree)
    parents = {child: node.level for node in tree.nodes for child in node.children}
    valleys = []
    for k, barrier in barriers.items():
        node = tree.nodes[k]
        points = (minimiser(minima, orbits[cell]) for cell in node.cells)
        parameters = next((point for point in points if point is not None), None)
        high = level if barrier is None and node.level != lowest else None
        valleys.append(Valley(node.level, barrier, parents.get(k), node.copies, parameters, node.cells, k, high))
    return tuple(sorted(valleys, key=lambda valley: (valley.risk, valley.node)))


def minimiser(minima: CellMinima, orbit: Orbit) -> Parameters | None:
    """A rational point of minimal risk in a signed cell, None if its infimum is not attained.

    Parameters: an orbit of signed cells of the problem of `minima`. Exactness: exact. Raises: nothing.
    Source: theory.md, section 4.
    """
    members = [minima.table.members[kind // 2] for kind in orbit]
    return face_minimiser(minima, orbit, members, minima.cone(orbit))
