"""Trees of regions of all parameters, for several outputs and several hidden layers (FORMAT.md, sections 29, 53)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from .arithmetic.document import Field, at
from .arithmetic.effort import price, spend
from .arithmetic.rational import Rational, display
from .arithmetic.region_count import Effort
from .arithmetic.table import Column, common_denominator, numerators
from .cell_list import UnitProblem
from .dual_bounds import MAX_DUALS, conjugate_sum
from .joint_cones import bisected, chains
from .layer_lines import Key, LayerLines, Walls, WholeDual
from .price_trees import PriceTrees
from .problem import Problem
from .sign_tree import Children, check_named, walk_tree
from .submission import Note, counted

Whole: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Regions:
    """What is required: sides of walls by hidden layer and unit, signs of weights between hidden layers, cones of outputs.

    `signs[l]` are those of the weights from hidden layer l to hidden layer l + 1, counted from 0, by row; 0 where nothing is
    required. `cones` are generators of a cone for each unit of the last hidden layer; where they are joined, what it has at each
    corner.
    """

    walls: tuple[tuple[Walls, ...], ...]
    signs: tuple[tuple[Whole, ...], ...]
    cones: tuple[tuple[Whole, ...], ...]
    is_joint: bool = False

    def of_unit(self, layer: int, unit: int) -> tuple[object, ...]:
        """All that is required of one unit: units of which that is the same may be exchanged."""
        into = self.signs[layer - 1][unit] if layer else ()
        last = layer == len(self.walls) - 1
        out = self.cones[unit] if last else tuple(row[unit] for row in self.signs[layer])
        return self.walls[layer][unit], into, out

    def alike(self, layer: int, unit: int) -> list[int]:
        """The units of the layer of which the same is required as of this one."""
        own = self.of_unit(layer, unit)
        return [j for j in range(len(self.walls[layer])) if self.of_unit(layer, j) == own]

    def with_wall(self, layer: int, units: Sequence[int], wall: tuple[int, int], side: int) -> Regions:
        """With one more side of a wall for some units."""
        rows = [{**walls, wall: side} if j in units else walls for j, walls in enumerate(self.walls[layer])]
        return replace(self, walls=(*self.walls[:layer], tuple(rows), *self.walls[layer + 1 :]))

    def with_cone(self, units: Sequence[int], cone: tuple[Whole, ...]) -> Regions:
        """With this cone for some units of the last hidden layer."""
        return replace(self, cones=tuple(cone if j in units else own for j, own in enumerate(self.cones)))

    def with_sign(self, layer: int, unit: int, below: int, side: int) -> Regions:
        """With the sign of the weight from unit `below` of a layer to `unit` of the next one."""
        rows = [list(row) for row in self.signs[layer]]
        rows[unit][below] = side
        return replace(self, signs=(*self.signs[:layer], tuple(map(tuple, rows)), *self.signs[layer + 1 :]))


def check_region_tree(
    problem: Problem, problem_field: Field, duals_field: Field, tree: Field, bound: Rational, done: Note
) -> int:
    """Check that the dual vectors bound the risk at all parameters, by the fields `duals` and `tree`; how many."""
    check_layers(problem, problem_field)
    duals = read_matrices(problem, duals_field, bound)
    walk_regions(problem, tree, duals, None, done)
    return len(duals)


def check_layers(problem: UnitProblem, problem_field: Field) -> None:
    """Reject a problem without hidden layers or breakpoints."""
    if not problem.hidden_layers:
        raise problem_field.child("widths").reject("expected a hidden layer")
    if not problem.activation.breakpoints:
        raise problem_field.child("activation").child("breakpoints").reject("expected at least one breakpoint")


def walk_regions(
    problem: UnitProblem, tree: Field, duals: list[list[list[Rational]]], prices: PriceTrees | None, done: Note
) -> None:
    """Check that the tree covers all parameters, and that at every leaf the dual vector of that leaf holds."""
    with at(tree.place):
        lines = LayerLines(problem, Effort())
    done(f"{counted(lines.count, 'generator')} of the cells of a unit of the first hidden layer")
    hidden, outputs = problem.widths[1:-1], problem.widths[-1]
    # Every node copies what is required of all units and weights.
    size = sum(a * b for a, b in zip(hidden, [*hidden[1:], 2 * outputs * outputs], strict=True))
    spend(size)
    axes = [tuple(side * (k == axis) for k in range(outputs)) for axis in range(outputs) for side in (1, -1)]
    start = Regions(
        tuple(({},) * width for width in hidden),
        tuple(((0,) * below,) * width for below, width in pairwise(hidden)),
        (tuple(axes),) * hidden[-1],
    )
    check = _Leaves(duals, lines, hidden, prices, set(), {})
    leaves = walk_tree(tree, start, lambda node, state: _cut(problem, lines, node, state), check.leaf, 8 + size)
    check_named(tree, len(duals), check.named)
    done(f"tree of {counted(len(tree.items()), 'node')}, {len(leaves)} of them with a dual vector that bounds all that is left")


def read_matrices(problem: Problem, field: Field, least: Rational) -> list[list[list[Rational]]]:
    """The field `duals`: matrices of a row for each sample, each with a bound of at least `least`; their columns."""
    entries = field.items()
    if len(entries) > MAX_DUALS:
        raise field.refuse(f"more than {MAX_DUALS} dual vectors are beyond the limits of this verifier")
    found = []
    for entry in entries:
        rows = entry.matrix(problem.samples, problem.widths[-1])
        columns = [list(column) for column in zip(*rows, strict=True)]
        for k, column in enumerate(columns):
            if problem.biases[-1] and sum(column):
                raise entry.reject(f"the sum of column {k} is not 0, and the outputs have a bias")
        bound = -conjugates(problem, entry, rows, columns)
        if bound < least:
            shown, needed = (display(value.numerator, value.denominator) for value in (bound, least))
            raise entry.reject(f"its bound is {shown}, less than {needed}")
        found.append(columns)
    return found


def conjugates(problem: Problem, entry: Field, rows: list[list[Rational]], columns: list[list[Rational]]) -> Fraction:
    """Σ ψ*(r_ik) over the terms of the loss."""
    total = Fraction(0)
    for k, column in enumerate(columns):
        targets = problem.y.column(k)
        samples = [i for i, y in enumerate(targets.numerators) if problem.loss.gap != "lead" or not y]
        if not samples:
            continue
        with at(entry.place):
            values = [column[i] for i in samples]
            common = common_denominator(values, len(values))
            r = numerators(values, common)
        spend(len(r) * price(common.bit_length()))
        weights = Column([problem.weights.numerators[i] for i in samples], problem.weights.denominator)
        own = Column([targets.numerators[i] for i in samples], targets.denominator)

        def place(n: int, k: int = k, samples: list[int] = samples) -> Field:
            return entry.items()[samples[n]].items()[k]

        total += conjugate_sum(problem.loss, weights, own, place, r, common)
    if problem.loss.gap == "lead":
        for i, row in enumerate(rows):
            if sum(row):
                raise entry.items()[i].reject("the sum of this row is not 0, and the loss is one of leads")
    return total


def _cut(problem: UnitProblem, lines: LayerLines, node: Field, state: Regions) -> Children[Regions]:
    """The children of a node that is split."""
    hidden = problem.widths[1:-1]
    if node.has("wall"):
        split, plus, minus = node.fields("wall", "plus", "minus")
        layer_field, unit_field, sample, k = split.items(4)
        layer = _layer(layer_field, 1, len(hidden)) - 1
        unit = unit_field.index(hidden[layer])
        wall = lines.wall(layer, sample, k)
        if wall in state.walls[layer][unit]:
            raise split.reject("this wall was already split for the unit on the way from the root")
        spend(2 * sum(map(len, state.walls[layer])) + sum(map(len, state.cones)))
        alike = state.alike(layer, unit)
        return (plus, state.with_wall(layer, [unit], wall, 1)), (minus, state.with_wall(layer, alike, wall, -1))
    if node.has("weight"):
        split, plus, minus = node.fields("weight", "plus", "minus")
        layer_field, row, column = split.items(3)
        layer = _layer(layer_field, 2, len(hidden)) - 2
        unit, below = row.index(hidden[layer + 1]), column.index(hidden[layer])
        if state.signs[layer][unit][below]:
            raise split.reject("this sign was already split on the way from the root")
        return (plus, state.with_sign(layer, unit, below, 1)), (minus, state.with_sign(layer, unit, below, -1))
    if node.has("chains"):
        (children,) = node.fields("chains")
        if len(hidden) > 1:
            raise children.reject("chains are for networks with one hidden layer")
        if state.is_joint:
            raise children.reject("the output weights were already joined on the way from the root")
        return tuple((child, replace(state, cones=cones, is_joint=True)) for child, cones in chains(children, state.cones))
    if state.is_joint:
        split, plus, minus = node.fields("edge", "plus", "minus")
        first_part, second_part = bisected(split, state.cones)
        return (plus, replace(state, cones=first_part)), (minus, replace(state, cones=second_part))
    split, plus, minus = node.fields("cone", "plus", "minus")
    unit_field, first, second, *shares = split.items(5)
    unit = unit_field.index(hidden[-1])
    cone = state.cones[unit]
    a, b = first.index(len(cone)), second.index(len(cone))
    if a == b:
        raise second.reject("expected another generator than the first")
    alpha, beta = (share.size(1) for share in shares)
    middle = tuple(alpha * p + beta * q for p, q in zip(cone[a], cone[b], strict=True))
    with at(split.place):
        spend(len(middle) * price(*(value.bit_length() for value in middle)))
    upper, lower = (tuple(middle if n == place else v for n, v in enumerate(cone)) for place in (b, a))
    spend(sum(map(len, state.walls[-1])))
    alike = state.alike(len(hidden) - 1, unit)
    return (plus, state.with_cone([unit], upper)), (minus, state.with_cone(alike, lower))


def _layer(field: Field, least: int, most: int) -> int:
    """A hidden layer, counted from 1."""
    layer = field.size()
    if not least <= layer <= most:
        raise field.reject(f"expected a hidden layer from {least} to {most}")
    return layer


@dataclass(frozen=True)
class _Leaves:
    """What checks the leaves."""

    duals: list[list[list[Rational]]]
    lines: LayerLines
    hidden: list[int]
    prices: PriceTrees | None
    named: set[int]
    whole: dict[int, WholeDual]

    def leaf(self, node: Field, state: Regions) -> int:
        if state.is_joint:
            return self._joint(node, state)
        number = self._number(node, state)
        self.named.add(number)
        return number

    def _joint(self, node: Field, state: Regions) -> int:
        """A leaf below chains: for each unit the forms of all pairs of corners are not negative."""
        (field,) = node.fields("dual")
        corners = range(len(state.cones[0]))
        numbers = [entry.index(len(self.duals)) for entry in field.items(len(corners))]
        self.named.update(numbers)
        for unit, own in enumerate(state.cones):
            for s in corners:
                for t in corners[: s + 1]:
                    if s == t:
                        self._check(field, unit, ((numbers[s], own[s]),), state)
                    else:
                        self._check(field, unit, ((numbers[s], own[t]), (numbers[t], own[s])), state)
        return numbers[0]

    def _check(self, place: Field, unit: int, key: Key, state: Regions) -> None:
        """Check that the form of these dual vectors with these vectors is not negative at a unit of the last hidden layer."""
        spend(1)
        if not any(any(vector) for _, vector in key):
            return
        if not self.lines.has(key):
            self.lines.keep(key, [self._whole(place, number) for number, _ in key])
        self.lines.check(place, len(self.hidden) - 1, unit, key, state.walls, state.signs)

    def _whole(self, place: Field, number: int) -> WholeDual:
        """A dual vector as integers over a common denominator."""
        found = self.whole.get(number)
        if found is None:
            columns = self.duals[number]
            values = [value for column in columns for value in column]
            with at(place.place):
                common = common_denominator(values, len(values))
                found = self.whole[number] = [numerators(column, common) for column in columns], common
        return found

    def _number(self, node: Field, state: Regions) -> int:
        if self.prices is not None and node.has("prices"):
            dual, named = node.fields("dual", "prices")
            number = dual.index(len(self.duals))
            for walls, cone, price in zip(state.walls[-1], state.cones, named.items(self.hidden[-1]), strict=True):
                self.prices.check(price, self.duals[number], number, walls, cone)
            return number
        deep = len(self.hidden) > 1
        dual, *given = node.fields("dual", *(["lines"] if deep else []))
        number = dual.index(len(self.duals))
        proofs = given[0].items(self.hidden[-1]) if deep else [dual] * self.hidden[-1]
        for unit, (proof, cone) in enumerate(zip(proofs, state.cones, strict=True)):
            own = proof.items(len(cone)) if deep else [dual] * len(cone)
            for vector, entry in zip(cone, own, strict=True):
                self._check(entry, unit, ((number, vector),), state)
        return number
