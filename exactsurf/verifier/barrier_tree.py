"""Trees of regions on two sides of a barrier, and the places where the sides meet (FORMAT.md, section 9.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .arithmetic.document import Field
from .arithmetic.effort import spend
from .arithmetic.rational import Rational
from .arithmetic.region_count import Effort
from .dual_bounds import read_duals
from .problem import Point, Problem
from .sign_tree import SIGN_WAS_SPLIT, WALL_WAS_SPLIT, read_split
from .submission import Note, counted
from .unit_cells import UnitCells, check_shape
from .unit_forms import ON_WALL, UnitForm, read_forms

Wall: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class UnitRegion:
    """What is required of one unit: a side of its output weight (0: none, 2: both) and of walls (2: both)."""

    sign: int
    sides: dict[Wall, int]

    def meet(self, other: UnitRegion) -> UnitRegion:
        """All requirements of both."""
        sides = dict(self.sides)
        for wall, side in other.sides.items():
            sides[wall] = side if sides.get(wall, side) == side else ON_WALL
        sign = other.sign if self.sign in (0, other.sign) else self.sign if not other.sign else ON_WALL
        return UnitRegion(sign, sides)


Regions: TypeAlias = tuple[UnitRegion, ...]


@dataclass(frozen=True)
class BarrierTree:
    """The dual vectors and forms of a barrier."""

    problem: Problem
    duals: int
    forms: list[UnitForm]

    def check_high(self, node: Field, regions: Regions) -> None:
        """Check that the named forms show that a dual vector holds on these regions."""
        dual, named = node.fields("dual", "forms")
        number = dual.index(self.duals)
        for unit, (region, own) in enumerate(zip(regions, named.items(len(regions)), strict=True)):
            chosen = [self.forms[entry.index(len(self.forms))] for entry in own.items()]
            spend(len(chosen) * (1 + len(region.sides)))
            for sign in (1, -1):
                needed = region.sign in (0, sign)
                if needed and not any(form.dual == number and form.sign == sign and _implied(form, region) for form in chosen):
                    side = "≥" if sign > 0 else "≤"
                    raise own.reject(f"no form shows that dual vector {number} holds for unit {unit} with v {side} 0")

    def halves(self, split: Field, regions: Regions) -> tuple[Regions, Regions]:
        """The regions at the children `plus` and `minus`."""
        unit, wall = read_split(self.problem, split, len(regions))
        own = regions[unit]
        if wall is None:
            if own.sign:
                raise split.reject(SIGN_WAS_SPLIT)
            above, below = UnitRegion(1, own.sides), UnitRegion(-1, own.sides)
        else:
            if wall in own.sides:
                raise split.reject(WALL_WAS_SPLIT)
            above, below = UnitRegion(own.sign, {**own.sides, wall: 1}), UnitRegion(own.sign, {**own.sides, wall: -1})
        first, last = regions[:unit], regions[unit + 1 :]
        return (*first, above, *last), (*first, below, *last)

    def sides(self, nodes: Field) -> tuple[list[Regions], list[Regions]]:
        """The regions of the leaves on the side of the first point and of the last, once the nodes are checked."""
        entries = nodes.items()
        if not entries:
            raise nodes.reject("node 0 is missing")
        found: tuple[list[Regions], list[Regions]] = [], []
        waiting: dict[int, Regions] = {0: (UnitRegion(0, {}),) * self.problem.widths[1]}
        for index, node in enumerate(entries):
            regions = waiting.pop(index, None)
            if regions is None:
                raise node.reject("the child of no node before it")
            spend(4 + len(regions))
            if node.has("side"):
                (side,) = node.fields("side")
                found[side.index(2)].append(regions)
                continue
            if node.has("dual"):
                self.check_high(node, regions)
                continue
            split, plus, minus = node.fields("split", "plus", "minus")
            for child, own in zip((plus, minus), self.halves(split, regions), strict=True):
                number = child.index(len(entries))
                if number <= index or number in waiting:
                    raise child.reject("a child has a larger index than its node, and one parent")
                waiting[number] = own
        return found


def _implied(form: UnitForm, region: UnitRegion) -> bool:
    return all(region.sides.get((i, k)) in (side, ON_WALL) for i, k, side in form.walls)


def check_barrier_tree(
    problem: Problem, problem_field: Field, evidence: Field, level: Rational, ends: Sequence[Point], done: Note
) -> None:
    """Check that a path between the two ends reaches the level, by the fields of the evidence."""
    _, duals_field, forms_field, nodes, meetings = evidence.fields("path", "duals", "forms", "nodes", "meetings")
    check_shape(problem, problem_field)
    count = len(read_duals(problem, UnitCells([], [], [], []), duals_field, level, Effort()).bounds)
    duals = [entry.vector(problem.samples) for entry in duals_field.items()]
    forms = read_forms(problem, duals, forms_field, on_walls=True)
    done(f"{counted(count, 'dual vector')} at the barrier, {counted(len(forms), 'form')} of a unit proved by sums of lines")
    tree = BarrierTree(problem, count, forms)
    sides = tree.sides(nodes)
    for point, own, name in zip(ends, sides, ("first", "last"), strict=True):
        if not any(_contains(regions, point) for regions in own):
            raise nodes.reject(f"the {name} point is in no region on its side")
    pairs = [(a, b) for a in sides[0] for b in sides[1]]
    for entry, (a, b) in zip(meetings.items(len(pairs)), pairs, strict=True):
        spend(sum(4 + len(own.sides) + len(other.sides) for own, other in zip(a, b, strict=True)))
        tree.check_high(entry, tuple(own.meet(other) for own, other in zip(a, b, strict=True)))
    one, other = (counted(len(own), "region") for own in sides)
    done(f"{one} on the side of the first point, {other} on that of the last; where they meet the risk is at the level or above")


def _contains(regions: Regions, point: Point) -> bool:
    (outputs,) = point.parameters.weights[1]
    spend(sum(1 + len(region.sides) for region in regions))
    for region, v, positions in zip(regions, outputs, point.forward.positions[0], strict=True):
        if region.sign * v < 0:
            return False
        for (i, k), side in region.sides.items():
            if (positions[i] + 1) // 2 <= k if side > 0 else positions[i] // 2 > k:
                return False
    return True
