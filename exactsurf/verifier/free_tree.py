"""Trees over the free parameters of a restriction under which predictions are affine by regions (FORMAT.md, sections 45, 57)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeAlias

from .arithmetic.document import Field
from .arithmetic.effort import price, spend
from .arithmetic.quadratic import whole_vector
from .arithmetic.rational import Rational, display
from .arithmetic.rational_rows import bits_of, dot
from .input_network import Form, activated, combined
from .invariance import places
from .network import Parameters
from .region_tree import conjugates
from .restriction import Restriction
from .weight_decay import WeightDecay

Known: TypeAlias = "list[Form] | None"


@dataclass(frozen=True)
class Region:
    """The requirements on the way to a node; on a `wall`, where that function is 0, functions count modulo its multiples."""

    forms: tuple[Form, ...] = ()
    short: frozenset[tuple[int, ...]] = frozenset()
    wall: tuple[int, ...] = ()

    def and_also(self, form: Form) -> Region:
        """With a further requirement."""
        spend(len(self.forms) + len(self.short))
        return Region((*self.forms, form), self.short | {_short(self.on_wall(form))}, self.wall)

    def at_wall(self, form: Form) -> Region:
        """The part, of a region off all walls, at which an affine function is 0."""
        start = Region(wall=_short(form))
        for requirement in (*self.forms, form, [-value for value in form]):
            start = start.and_also(requirement)
        return start

    def on_wall(self, form: Form) -> Form:
        """The function less the multiple of that of the wall after which the first entry of the wall is 0."""
        if not self.wall:
            return form
        pivot = next(place for place, value in enumerate(self.wall) if value)
        spend(4 * len(form) * price(bits_of(form), bits_of(self.wall)))
        return [value - Fraction(form[pivot] * own, self.wall[pivot]) for value, own in zip(form, self.wall, strict=True)]

    def requires(self, form: Form) -> bool:
        """Whether an affine function is required."""
        spend(len(form))
        form = self.on_wall(form)
        return form[-1] >= 0 if not any(form[:-1]) else _short(form) in self.short


def _short(form: Form) -> tuple[int, ...]:
    """Coprime integers."""
    spend(len(form) * price(bits_of(form) * len(form)))
    return tuple(whole_vector(dict(enumerate(form)), len(form)))


class FreeNetwork:
    """The network of a restriction, as a function of the free parameters."""

    def __init__(self, restriction: Restriction) -> None:
        self.restriction = restriction
        self.problem = restriction.problem
        self.length = restriction.free + 1

    @cached_property
    def entries(self) -> list[list[list[Form]]]:
        """By layer and unit the weights, and the bias behind them, as affine functions."""
        restriction = self.restriction
        columns = list(zip(*restriction.directions, restriction.origin, strict=True))
        spend(len(columns) * self.length)
        return [[[list(columns[place]) for place in row] for row in rows] for rows in places(self.problem)]

    def layer(self, layer: int, below: list[Form]) -> list[Form]:
        """The pre-activations of a layer (from 0)."""
        return [self._unit(row, below) for row in self.entries[layer]]

    def _unit(self, row: list[Form], below: list[Form]) -> Form:
        factors: list[Rational] = []
        forms: list[Form] = []
        spend(self.length * len(row))
        for entry, reading in zip(row, below, strict=False):
            moves = any(entry[:-1])
            factors.append(reading[-1] if moves else entry[-1])
            forms.append(entry if moves else reading)
        if len(row) > len(below):
            factors.append(1)
            forms.append(row[-1])
        return combined(factors, forms, 0, self.length)

    @cached_property
    def _first(self) -> dict[int, list[Form]]:
        return {}

    def first(self, sample: int) -> list[Form]:
        """The pre-activations of layer 1 on a sample."""
        if sample not in self._first:
            x, zeros = self.problem.x, [0] * (self.length - 1)
            spend(len(x.denominators) * self.length)
            row = zip(x.rows[sample], x.denominators, strict=True)
            self._first[sample] = self.layer(0, [[*zeros, Fraction(value, unit)] for value, unit in row])
        return self._first[sample]

    def pre_activations(self, region: Region, sample: int, layer: int) -> Known:
        """Those of a layer (from 0, the outputs last) on a sample, None if they are not known."""
        forms = self.first(sample)
        for above in range(1, layer + 1):
            images = []
            for form in forms:
                image = self._image(region, form)
                if image is None:
                    return None
                images.append(image)
            forms = self.layer(above, images)
        return forms

    def _image(self, region: Region, form: Form) -> Form | None:
        """What a unit passes on, None if it is not known."""
        points = self.problem.activation.breakpoints
        for piece in range(len(points) + 1):
            low = piece == 0 or region.requires(shifted(form, points[piece - 1], 1))
            if low and (piece == len(points) or region.requires(shifted(form, points[piece], -1))):
                return activated(self.problem.activation, form, piece)
        return None

    def split(self, region: Region, field: Field) -> Form:
        """z − t of a split."""
        layer_field, unit, sample_field, breakpoint_field = field.items(4)
        problem = self.problem
        layer = layer_field.size(1)
        if layer > problem.hidden_layers:
            raise layer_field.reject(f"expected a hidden layer from 1 to {problem.hidden_layers}")
        j, sample = unit.index(problem.widths[layer]), sample_field.index(problem.samples)
        t = problem.activation.breakpoints[breakpoint_field.index(len(problem.activation.breakpoints))]
        forms = self.pre_activations(region, sample, layer - 1)
        if forms is None:
            raise field.reject("the pre-activation is not known here")
        found = shifted(forms[j], t, 1)
        if not any(found[:-1]):
            raise field.reject("the pre-activation is constant")
        return found

    def check_given(self, region: Region, node: Field) -> tuple[Field, Form]:
        """The child of a node whose further requirement follows from the others, and that requirement."""
        pair, side_field, multipliers, child = node.fields("given", "side", "multipliers", "next")
        form = self.split(region, pair)
        side = side_field.number()
        if abs(side) != 1:
            raise side_field.reject("expected 1 or -1")
        needed = [side * value for value in form]
        rest = self._less_requirements(region, multipliers, [needed], [1])
        if any(rest[:-1]) or rest[-1] < 0:
            raise node.reject("the requirements do not add up to this one")
        return child, needed

    def _less_requirements(self, region: Region, multipliers: Field, parts: list[Form], factors: list[Rational]) -> Form:
        """A sum of forms, less multiples of the requirements that are not negative."""
        chosen = multipliers.vector(len(region.forms))
        for entry, value in zip(multipliers.items(), chosen, strict=True):
            if value < 0:
                raise entry.reject("expected a number that is not negative")
        return combined([*factors, *(-value for value in chosen)], [*parts, *region.forms], 0, self.length)

    @property
    def leaf(self) -> tuple[str, ...]:
        """The fields of a leaf with a bound."""
        return ("vector", "multipliers") if self.problem.decay is None else ("vector", "multipliers", "values")

    def _tangent(self, decay: WeightDecay, values: Field) -> Form:
        """The tangent of weight decay at some values."""
        here = values.vector(self.restriction.free)
        point = self.restriction.parameters(here)
        slopes: list[Rational] = [decay.product(point, direction) for direction in self._directions]
        height = Fraction(decay.product(point, point), 2)
        return [*slopes, height - dot(slopes, here)]

    @cached_property
    def _directions(self) -> list[Parameters]:
        free = self.restriction.free
        return [self.restriction.moved([int(k == n) for k in range(free)]) for n in range(free)]

    def bound(self, region: Region, node: Field) -> Rational:
        """The bound of a leaf with a vector and multipliers."""
        vector, multipliers = node.child("vector"), node.child("multipliers")
        problem = self.problem
        rows = vector.matrix(problem.samples, problem.widths[-1])
        parts: list[Form] = []
        factors: list[Rational] = []
        for sample, row in enumerate(rows):
            if any(row):
                outputs = self.pre_activations(region, sample, problem.hidden_layers)
                if outputs is None:
                    raise vector.items()[sample].reject("the predictions on this sample are not known here")
                parts += outputs
                factors += row
        if problem.decay is not None:
            parts.append(self._tangent(problem.decay, node.child("values")))
            factors.append(1)
        total = self._less_requirements(region, multipliers, parts, factors)
        if any(total[:-1]):
            raise node.reject("the predictions less the multiples of the requirements are not constant")
        columns = [list(column) for column in zip(*rows, strict=True)]
        return total[-1] - conjugates(problem, vector, rows, columns)

    def check_bound(self, region: Region, node: Field, least: Rational) -> None:
        """Check that the bound of a leaf is at least this."""
        bound = self.bound(region, node)
        if bound < least:
            shown, needed = (display(value.numerator, value.denominator) for value in (bound, least))
            raise node.reject(f"its bound is {shown}, less than {needed}")


def shifted(form: Form, t: Rational, sign: int) -> Form:
    """form − t, or its negative."""
    spend(len(form))
    moved = [*form[:-1], form[-1] - t]
    return moved if sign > 0 else [-value for value in moved]


@dataclass(frozen=True)
class Visit:
    """A node of a tree, its region, and its children with the requirement that each adds; none at a leaf."""

    node: Field
    region: Region
    children: tuple[tuple[int, Form], ...]


def walk_free_tree(network: FreeNetwork, nodes: Field, start: Region) -> Iterator[Visit]:
    """The nodes of a tree in their order; `start`, the region of the root."""
    entries = nodes.items()
    if not entries:
        raise nodes.reject("node 0 is missing")
    waiting: dict[int, Region] = {0: start}
    for index, node in enumerate(entries):
        spend(5)
        region = waiting.pop(index, None)
        if region is None:
            raise node.reject("the child of no node before it")
        named: list[tuple[Field, Form]] = []
        if node.has("given"):
            named = [network.check_given(region, node)]
        elif node.has("split"):
            split, plus, minus = node.fields("split", "plus", "minus")
            form = network.split(region, split)
            named = [(plus, form), (minus, [-value for value in form])]
        children = []
        for child, own in named:
            number = child.index(len(entries))
            if number <= index or number in waiting:
                raise child.reject("a child has a larger index than its node, and one parent")
            waiting[number] = region.and_also(own)
            children.append((number, own))
        yield Visit(node, region, tuple(children))


def check_leaves(network: FreeNetwork, nodes: Field, check: Callable[[Field, Region], None], start: Region | None = None) -> int:
    """Check all leaves of a tree; how many there are."""
    count = 0
    for visit in walk_free_tree(network, nodes, start or Region()):
        if not visit.children:
            check(visit.node, visit.region)
            count += 1
    return count
