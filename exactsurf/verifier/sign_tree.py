"""Sign trees with dual vectors at their leaves (FORMAT.md, sections 18 and 20)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from .arithmetic.document import Field, at
from .arithmetic.effort import spend
from .arithmetic.rational import Rational
from .arithmetic.region_count import Effort
from .cell_list import UnitProblem
from .dual_bounds import Bound, DualBounds, bound_by_pieces, bounded_duals
from .problem import Problem
from .submission import Note, counted
from .unit_cells import UnitCells, check_shape, unit_generators


@dataclass(frozen=True)
class Region:
    """What is required of one unit: a side of its output weight (0: none) and of walls, and the generators in the region."""

    sign: int
    walls: frozenset[tuple[int, int, int]]
    generators: int

    def named(self) -> tuple[int, frozenset[tuple[int, int, int]]]:
        """The requirements alone."""
        return self.sign, self.walls


Regions: TypeAlias = tuple[Region, ...]

SIGN_WAS_SPLIT = "this sign was already split for the unit on the way from the root"
WALL_WAS_SPLIT = "this wall was already split for the unit on the way from the root"

Leaf: TypeAlias = Callable[[Field, Regions], int]
"""What checks a node that is not split, with its regions; it gives the index of the dual vector that the node names."""


State = TypeVar("State")

Children: TypeAlias = tuple[tuple[Field, State], ...]
"""The children of a node that is split, each with what is required there."""


class Halves:
    """The generators (as bits) on the closed sides of walls."""

    def __init__(self, ranges: list[list[tuple[int, int]]]) -> None:
        self.ranges = ranges
        self.columns: list[tuple[tuple[int, int], ...]] = list(zip(*reversed(ranges), strict=True))
        self.known: dict[tuple[int, int, int], int] = {}

    def of(self, sample: int, breakpoint: int, side: int) -> int:
        """The generators on one side (1 or −1) of the wall w·x̃_i = t_k."""
        key = sample, breakpoint, side
        found = self.known.get(key)
        if found is None:
            spend(1 + len(self.ranges) >> 2)
            column = self.columns[sample] if self.columns else ()
            if side > 0:
                inside = ["1" if high > breakpoint else "0" for _, high in column]
            else:
                inside = ["1" if low <= breakpoint else "0" for low, _ in column]
            found = int("0" + "".join(inside), 2)
            self.known[key] = found
        return found

    def is_one_sided(self, generators: int, sample: int, breakpoint: int) -> bool:
        """Whether these generators lie on one closed side of the wall."""
        return any(not generators & ~self.of(sample, breakpoint, side) for side in (1, -1))


def check_sign_tree(
    problem: Problem, problem_field: Field, duals_field: Field, nodes: Field, bound: Rational, done: Note
) -> DualBounds:
    """Check that the dual vectors bound the risk at all parameters, by the tree."""
    return check_bounding_tree(problem, bound_by_pieces(problem), (problem_field, duals_field, nodes), bound, done)


def check_bounding_tree(
    problem: UnitProblem, bound_of: Bound, fields: tuple[Field, Field, Field], bound: Rational, done: Note
) -> DualBounds:
    """As `check_sign_tree`, for any loss; `fields` are the problem, `duals` and `nodes`."""
    _, _, nodes = fields
    duals, halves = bounded_tree_duals(problem, bound_of, fields, bound, done)

    def leaf(node: Field, regions: Regions) -> int:
        (dual,) = node.fields("dual")
        return check_bounded(dual, regions, duals)

    with at(nodes.place):
        leaves = walk(problem, nodes, halves, leaf)
    check_named(nodes, len(duals.bounds), leaves)
    done(f"tree of {counted(len(nodes.items()), 'node')}, {len(leaves)} of them with a dual vector that bounds all that is left")
    return duals


def read_tree_duals(
    problem: Problem, problem_field: Field, duals_field: Field, nodes: Field, bound: Rational, done: Note
) -> tuple[DualBounds, Halves]:
    """The dual vectors of a tree, each with a bound of at least `bound`, and the sides of walls."""
    return bounded_tree_duals(problem, bound_by_pieces(problem), (problem_field, duals_field, nodes), bound, done)


def bounded_tree_duals(
    problem: UnitProblem, bound_of: Bound, fields: tuple[Field, Field, Field], bound: Rational, done: Note
) -> tuple[DualBounds, Halves]:
    """As `read_tree_duals`, for any loss; `fields` are the problem, `duals` and `nodes`."""
    problem_field, duals_field, nodes = fields
    check_shape(problem, problem_field)
    effort = Effort()
    with at(nodes.place):
        predictions, ranges = unit_generators(problem, effort)
    duals = bounded_duals(problem, bound_of, UnitCells([], predictions, [], []), duals_field, bound, effort)
    done(f"{counted(len(predictions), 'generator')} of the cells of a unit")
    return duals, Halves(ranges)


def check_named(nodes: Field, duals: int, leaves: Collection[int]) -> None:
    """Reject dual vectors that no leaf names."""
    used = set(leaves)
    if len(used) != duals:
        missing = min(set(range(duals)) - used)
        raise nodes.reject(f"dual vector {missing} is named by no node")


def walk(problem: UnitProblem, nodes: Field, halves: Halves, leaf: Leaf) -> list[int]:
    """Check that the nodes are a tree whose leaves are all in order; the dual vectors that the leaves name."""
    units = problem.widths[1]
    spend(units)
    start = Region(0, frozenset(), (1 << len(halves.ranges)) - 1)

    def cut(node: Field, regions: Regions) -> Children[Regions]:
        split, plus, minus = node.fields("split", "plus", "minus")
        upper, lower = _cut(problem, split, regions, halves)
        return (plus, upper), (minus, lower)

    return walk_tree(nodes, (start,) * units, cut, leaf, 4 + units * (1 + (len(halves.ranges) >> 9)))


def walk_tree(
    nodes: Field, start: State, cut: Callable[[Field, State], Children[State]], leaf: Callable[[Field, State], int], steps: int
) -> list[int]:
    """Check that the nodes are a tree, and every leaf of it; the dual vectors that the leaves name.

    `cut` reads a node that is no leaf: its children, and what is required there. A node takes so many `steps`.
    """
    entries = nodes.items()
    if not entries:
        raise nodes.reject("node 0 is missing")
    ways: list[tuple[int, State]] = [(0, start)]
    children: set[int] = set()
    used: list[int] = []
    while ways:
        index, state = ways.pop()
        node = entries[index]
        spend(steps)
        if node.has("dual"):
            used.append(leaf(node, state))
            continue
        parts = cut(node, state)
        for child, _ in parts:
            number = child.index(len(entries))
            if number <= index or number in children:
                raise child.reject("a child has a larger index than its node, and one parent")
            children.add(number)
        ways += [(child.size(), own) for child, own in reversed(parts)]
    if len(children) != len(entries) - 1:
        orphan = min(set(range(1, len(entries))) - children)
        raise entries[orphan].reject("the child of no node")
    return used


def read_split(problem: UnitProblem, split: Field, units: int) -> tuple[int, tuple[int, int] | None]:
    """The unit of the field `split`, and the sample and the breakpoint of its wall; None for the sign of its output weight."""
    entries = split.items()
    if len(entries) not in (1, 3):
        raise split.reject("expected a unit, or a unit, a sample and a breakpoint")
    unit = entries[0].index(units)
    if len(entries) == 1:
        return unit, None
    sample, k = entries[1].index(problem.samples), entries[2].index(len(problem.activation.breakpoints))
    if not problem.biases[0] and not any(problem.x.rows[sample]):
        raise entries[1].reject("this sample has no wall: all its inputs are 0, and there is no bias")
    return unit, (sample, k)


def _cut(problem: UnitProblem, split: Field, regions: Regions, halves: Halves) -> tuple[Regions, Regions]:
    """The regions at the children `plus` and `minus`."""
    unit, wall = read_split(problem, split, len(regions))
    own = regions[unit]
    if wall is None:
        if own.sign:
            raise split.reject(SIGN_WAS_SPLIT)
        sides = {side: Region(side, own.walls, own.generators) for side in (1, -1)}
    else:
        if any((*wall, side) in own.walls for side in (1, -1)):
            raise split.reject(WALL_WAS_SPLIT)
        sides = {side: Region(own.sign, own.walls | {(*wall, side)}, own.generators & halves.of(*wall, side)) for side in (1, -1)}
    name = own.named()
    upper = (*regions[:unit], sides[1], *regions[unit + 1 :])
    return upper, tuple(sides[-1] if region.named() == name else region for region in regions)


def check_bounded(field: Field, regions: Regions, duals: DualBounds) -> int:
    """The index of the dual vector that a leaf names, which must hold on the region of each unit."""
    number = field.index(len(duals.bounds))
    for unit, region in enumerate(regions):
        if not duals.holds(number, region.generators, region.sign):
            raise field.reject(f"dual vector {number} does not hold on the region of unit {unit}")
    return number
