"""Forms Σ q_i h(z_i) of hidden units that are not negative on a region: by lines, layer by layer (FORMAT.md, section 29)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import TypeAlias

from .arithmetic.document import Field, at
from .arithmetic.effort import price, spend
from .arithmetic.packed_rows import PackedRows, Products
from .arithmetic.region_count import Effort
from .arithmetic.table import common_denominator, numerators
from .cell_list import UnitProblem
from .sign_tree import Halves
from .unit_cells import unit_generators

Walls: TypeAlias = dict[tuple[int, int], int]
"""The sides (1 or −1) of walls (sample, breakpoint) that are required of a unit."""

Key: TypeAlias = tuple[tuple[int, tuple[int, ...]], ...]
"""Dual vectors, each with a vector of output weights: together they make a form."""

WholeDual: TypeAlias = tuple[list[list[int]], int]
"""The columns of a dual vector as integers over a common denominator."""

Signs: TypeAlias = tuple[tuple[tuple[int, ...], ...], ...]


class LayerLines:
    """The walls of all hidden units, the generators of the cells of the first layer, and the forms that were met."""

    def __init__(self, problem: UnitProblem, effort: Effort) -> None:
        predictions, ranges = unit_generators(problem, effort)
        self.count = len(predictions)
        self.packed, self.halves = PackedRows(predictions), Halves(ranges)
        function = problem.activation
        self.biases, self.breakpoints = problem.biases, [Fraction(t) for t in function.breakpoints]
        self.first, self.origin = Fraction(function.slopes[0]), Fraction(function.intercepts[0])
        self.turns = [Fraction(b) - a for a, b in zip(function.slopes, function.slopes[1:], strict=False)]
        first: dict[tuple[int, ...], int] = {}
        rows = [tuple(row) for row in problem.x.rows]
        spend(sum(map(len, rows)))
        self.owner = [first.setdefault(row, i) for i, row in enumerate(rows)]
        self.without_wall = {i for i, row in enumerate(rows) if not problem.biases[0] and not any(row)}
        self.forms: dict[Key, list[Fraction]] = {}
        self.products: dict[tuple[Fraction, ...], Products] = {}
        self.inside: dict[frozenset[tuple[tuple[int, int], int]], int] = {}

    def has(self, key: Key) -> bool:
        """Whether the form of this key is kept."""
        return key in self.forms

    def keep(self, key: Key, duals: Sequence[WholeDual]) -> None:
        """Keep q = Σ U v over the pairs of the key, by the first samples of all inputs; `duals` are the U of the pairs."""
        common = lcm(*(denominator for _, denominator in duals))
        found = [0] * len(self.owner)
        for (_, vector), (columns, denominator) in zip(key, duals, strict=True):
            spend(len(found) * len(vector) * price(common.bit_length(), *(value.bit_length() for value in vector)))
            for value, column in zip(vector, columns, strict=True):
                factor = value * (common // denominator)
                if factor:
                    for owner, top in zip(self.owner, column, strict=True):
                        found[owner] += factor * top
        self.forms[key] = [Fraction(top, common) for top in found]

    def wall(self, layer: int, sample: Field, k: Field) -> tuple[int, int]:
        """A wall of a unit: a sample, the first of its inputs, and a breakpoint."""
        i = sample.index(len(self.owner))
        if self.owner[i] != i:
            raise sample.reject(f"sample {self.owner[i]} has the same inputs, and is the one to name")
        if not layer and i in self.without_wall:
            raise sample.reject("this sample has no wall: all its inputs are 0, and there is no bias")
        return i, k.index(len(self.breakpoints))

    def check(self, proof: Field, layer: int, unit: int, key: Key, walls: tuple[tuple[Walls, ...], ...], signs: Signs) -> None:
        """Check that the form of a unit is not negative where its walls and those below are on the required sides."""
        self._shown(proof, layer, unit, self.forms[key], walls, signs)

    def _shown(
        self, proof: Field, layer: int, unit: int, form: Sequence[Fraction], walls: tuple[tuple[Walls, ...], ...], signs: Signs
    ) -> None:
        if not layer:
            self._check_generators(proof, unit, form, walls[0][unit])
            return
        slopes, *below = proof.fields("slopes", *(["below"] if layer > 1 else []))
        sums = self._sums(slopes, form, walls[layer][unit])
        if self.biases[layer] and sum(sums, Fraction(0)):
            raise slopes.reject(f"the coefficients do not add up to 0, and hidden layer {layer + 1} has a bias")
        own = signs[layer - 1][unit]
        entries = below[0].items(len(own)) if below else [slopes] * len(own)
        for j, (sign, entry) in enumerate(zip(own, entries, strict=True)):
            sides = [side for side in (1, -1) if sign != -side]
            deeper = entry.items(len(sides)) if below else [entry] * len(sides)
            for side, inner in zip(sides, deeper, strict=True):
                spend(len(sums))
                self._shown(inner, layer - 1, j, [side * value for value in sums], walls, signs)

    def _sums(self, slopes: Field, form: Sequence[Fraction], sides: Walls) -> list[Fraction]:
        """The coefficients of the pre-activations in lines below the form, whose constant must not be negative."""
        given: dict[tuple[int, int], Fraction] = {}
        last = (-1, -1)
        for entry in slopes.items():
            sample, k, value = entry.items(3)
            name = sample.index(len(self.owner)), k.index(len(self.breakpoints))
            if name <= last:
                raise entry.reject("the walls do not rise")
            if self.owner[name[0]] != name[0]:
                raise sample.reject(f"sample {self.owner[name[0]]} has the same inputs, and is the one to name")
            given[name], last = Fraction(value.number()), name
        with at(slopes.place):
            longest = max((value.denominator.bit_length() for value in (*form, *given.values())), default=0)
            spend(4 * len(form) * (1 + len(self.turns)) * price(longest))
        found, height = [Fraction(0)] * len(form), self.origin * sum(form)
        for i, q in enumerate(form):
            if self.owner[i] != i:
                continue
            total = self.first * q
            for piece, (turn, t) in enumerate(zip(self.turns, self.breakpoints, strict=True)):
                bend, side = q * turn, sides.get((i, piece), 0)
                g = given.get((i, piece), bend if side == 1 else Fraction(0))
                if (side >= 0 and g > bend) or (side <= 0 and g < 0):
                    raise slopes.reject(f"the line of sample {i} at breakpoint {piece} is not below the form")
                total += g
                height -= g * t
            found[i] = total
        if height < 0:
            raise slopes.reject("the lines have a negative constant")
        return found

    def _check_generators(self, place: Field, unit: int, form: Sequence[Fraction], sides: Walls) -> None:
        spend(len(form) + len(sides))
        key = tuple(form)
        products = self.products.get(key)
        if products is None:
            with at(place.place):
                common = common_denominator(form, len(form))
                products = self.packed.products(numerators(form, common))
            self.products[key] = products
        name = frozenset(sides.items())
        inside = self.inside.get(name)
        if inside is None:
            inside = self.packed.every
            for (i, k), side in name:
                inside &= self.halves.of(i, k, side)
            self.inside[name] = inside
        spend(4 + len(sides) + (self.count >> 6))
        with at(place.place):
            negative = products.negative(inside)
        if negative:
            raise place.reject(f"a form is negative on the region of unit {unit} of the first hidden layer")
