"""Forms of one unit that are proved not to be negative on a region, by sums of lines (FORMAT.md, section 25)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from operator import mul
from typing import TypeAlias

from .arithmetic.document import Field, at
from .arithmetic.effort import price, spend
from .arithmetic.rational import Rational
from .arithmetic.table import common_denominator, common_multiple, numerators
from .cell_list import UnitProblem
from .problem import Problem

Sides: TypeAlias = Mapping[tuple[int, int], int]
"""The walls (sample, breakpoint) with a requirement, and its side: 1, −1, or `ON_WALL` for both."""

ON_WALL = 2


@dataclass(frozen=True)
class UnitForm:
    """A form: its dual vector, its sign and what its region requires, as (sample, breakpoint, side)."""

    dual: int
    sign: int
    walls: frozenset[tuple[int, int, int]]


@dataclass(frozen=True)
class Lines:
    """The sum of the lines of slopes: the coefficient of every sample and the sum of g t, times `common`."""

    coefficients: list[int]
    height: Fraction
    common: int


class UnitWalls:
    """The walls of a unit: the columns of the samples, the breakpoints, and the changes of slope there."""

    def __init__(self, problem: UnitProblem) -> None:
        function = problem.activation
        self.samples, self.breakpoints = problem.samples, function.breakpoints
        self.turns = [Fraction(b) - a for a, b in zip(function.slopes, function.slopes[1:], strict=False)]
        self.first = Fraction(function.slopes[0])
        # On the far left h(z) is its first slope times z plus this.
        self.origin = Fraction(function.intercepts[0])
        self.columns: list[Sequence[int]] = list(zip(*problem.x.rows, strict=True))
        if problem.biases[0]:
            self.columns.append([1] * problem.samples)

    def wall(self, field: Field) -> tuple[int, int]:
        """A wall [i, k]."""
        sample, k = field.items(2)
        return sample.index(self.samples), k.index(len(self.breakpoints))

    def free(self, field: Field, sides: Sides) -> tuple[int, int]:
        """A wall without a requirement."""
        wall = self.wall(field)
        if wall in sides:
            raise field.reject("this wall has a requirement already")
        return wall

    def listed(self, field: Field) -> dict[tuple[int, int], tuple[Field, Field]]:
        """A list of [i, k, …], the walls rising, with the field of the whole entry and of what stands behind the wall."""
        found: dict[tuple[int, int], tuple[Field, Field]] = {}
        last = (-1, -1)
        for entry in field.items():
            sample, k, value = entry.items(3)
            name = sample.index(self.samples), k.index(len(self.breakpoints))
            if name <= last:
                raise entry.reject("the walls do not rise")
            found[name] = entry, value
            last = name
        return found

    def lines(self, field: Field, sides: Sides, bends: Sequence[int], common: int) -> Lines:
        """The sum of the lines of `slopes`, which are below the numbers c_ik = (r_i of `bends`/common) (a_{k+1} − a_k)."""
        given = {name: value.number() for name, (_, value) in self.listed(field).items()}
        turns = common_denominator(self.turns)
        with at(field.place):
            whole = common_multiple([common * turns, *(g.denominator for g in given.values())], self.samples)
        spend(self.samples * len(self.turns) * price(whole.bit_length()))
        changes = [turn * (whole // (common * turns)) for turn in numerators(self.turns, turns)]
        sums = [0] * self.samples
        heights = [0] * len(self.turns)
        for i, r in enumerate(bends):
            for k, change in enumerate(changes):
                c, side, name = r * change, sides.get((i, k), 0), (i, k)
                listed = given.get(name)
                usual = c if side == 1 else 0
                g = usual if listed is None else listed.numerator * (whole // listed.denominator)
                if (side in (0, 1) and g > c) or (side in (0, -1) and g < 0):
                    raise field.reject(f"the line of sample {i} at breakpoint {k} is not below the form")
                sums[i] += g
                heights[k] += g
        height = sum((Fraction(t) * g for t, g in zip(self.breakpoints, heights, strict=True)), Fraction(0))
        return Lines(sums, height, whole)

    def check_constant(self, coefficients: Sequence[int], field: Field) -> None:
        """Reject coefficients of the samples whose sum with the samples is not 0."""
        spend(len(self.columns) * len(coefficients))
        if any(sum(map(mul, coefficients, column)) for column in self.columns):
            raise field.reject("the lines do not add up to a constant")


@dataclass(frozen=True)
class FormCheck:
    """A form that is checked: s r_i as integers over `common`."""

    walls: UnitWalls
    signed: list[int]
    common: int

    def leaf(self, node: Field, sides: Sides) -> None:
        """Check `slopes`: a constant below the form that is not negative."""
        (slopes,) = node.fields("slopes")
        lines = self.walls.lines(slopes, sides, self.signed, self.common)
        factor = lines.common // self.common
        spend(len(self.signed))
        first = self.walls.first
        coefficients = [
            first.denominator * g + first.numerator * factor * r for g, r in zip(lines.coefficients, self.signed, strict=True)
        ]
        self.walls.check_constant(coefficients, slopes)
        if self.walls.origin * factor * sum(self.signed) < lines.height:
            raise slopes.reject("the lines add up to a negative constant")

    def flat(self, slopes: Field, sides: Sides) -> Fraction:
        """Check slopes below 0 that add up to a constant; its opposite, Σ g t, up to a positive factor."""
        lines = self.walls.lines(slopes, sides, [0] * self.walls.samples, 1)
        self.walls.check_constant(lines.coefficients, slopes)
        return lines.height

    def step(self, node: Field, sides: dict[tuple[int, int], int]) -> list[tuple[Field, dict[tuple[int, int], int]]]:
        """Check a node; its children with their requirements."""
        if node.has("split"):
            split, plus, minus = node.fields("split", "plus", "minus")
            wall = self.walls.free(split, sides)
            return [(plus, {**sides, wall: 1}), (minus, {**sides, wall: -1})]
        if node.has("implied"):
            implied, slopes, then = node.fields("implied", "slopes", "then")
            wall = self.walls.free(implied, sides)
            entry = self.walls.listed(slopes).get(wall)
            number = entry[1].number() if entry else 0
            if not number:
                raise slopes.reject("the implied wall has no slope here other than 0")
            side = 1 if number > 0 else -1
            if self.flat(slopes, {**sides, wall: -side}) > 0:
                raise slopes.reject("the lines add up to a negative constant")
            return [(then, {**sides, wall: side})]
        if node.has("empty"):
            (slopes,) = node.fields("empty")
            if self.flat(slopes, sides) >= 0:
                raise slopes.reject("the lines do not add up to a positive constant")
            return []
        self.leaf(node, sides)
        return []


def read_forms(problem: Problem, duals: Sequence[Sequence[Rational]], field: Field, *, on_walls: bool = False) -> list[UnitForm]:
    """The field `forms`, every form proved; with `on_walls` a region may require both sides of a wall."""
    walls = UnitWalls(problem)

    @cache
    def whole(number: int) -> tuple[list[int], int]:
        common = common_denominator(duals[number], walls.samples)
        return numerators(duals[number], common), common

    def read(entry: Field) -> UnitForm:
        dual, sign_field, region, nodes = entry.fields("dual", "sign", "region", "nodes")
        number, sign = dual.index(len(duals)), side_of(sign_field)
        sides = {name: side_of(value, on_walls) for name, (_, value) in walls.listed(region).items()}
        with at(entry.place):
            r, common = whole(number)
        check_tree(nodes, sides, FormCheck(walls, [sign * value for value in r], common).step)
        return UnitForm(number, sign, frozenset((*name, side) for name, side in sides.items()))

    return list(map(read, field.items()))


def side_of(field: Field, on_walls: bool = False) -> int:
    """A side, or a sign: 1 or −1, and with `on_walls` also `ON_WALL`."""
    return (-1, 1, ON_WALL)[field.index(3 if on_walls else 2)]


Step: TypeAlias = Callable[[Field, dict[tuple[int, int], int]], list[tuple[Field, dict[tuple[int, int], int]]]]


def check_tree(nodes: Field, start: dict[tuple[int, int], int], step: Step) -> None:
    """Check that the nodes are a tree, and each of them; `step` gives the children of a node."""
    entries = nodes.items()
    if not entries:
        raise nodes.reject("node 0 is missing")
    open_nodes = {0: start}
    for index, node in enumerate(entries):
        sides = open_nodes.pop(index, None)
        if sides is None:
            raise node.reject("the child of no node before it")
        spend(4 + len(sides))
        for child, own in step(node, sides):
            number = child.index(len(entries))
            if number <= index or number in open_nodes:
                raise child.reject("a child has a larger index than its node, and one parent")
            open_nodes[number] = own
