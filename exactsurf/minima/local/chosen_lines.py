"""The network near a point with one line for every unit and sample: sums over paths, and what a unit adds to outputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from exactsurf.certificate.rules.boundary_pair import Pair
from exactsurf.effort import look
from exactsurf.errors import UnsupportedError
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.point import Point

MAX_VECTORS = 10_000
"""Most distinct products of slopes in a layer (as in proofs/FORMAT.md, section 4.1)."""

_ZERO, _ONE = Fraction(0), Fraction(1)

Line = tuple[Fraction, Fraction]
"""Slope and intercept."""


@dataclass(frozen=True)
class ChosenLines:
    """Every hidden unit on one line z ↦ a z + c on every kept sample, which at boundary pairs is one through the breakpoint.

    Attributes: `point`; `kept` samples; the slopes `chosen` at boundary pairs. Vectors have one entry for each kept sample.
    Exactness: exact. Source: proofs/rules/kinked_paths.md.
    """

    point: Point
    kept: tuple[int, ...]
    chosen: Mapping[Pair, Fraction]

    @cached_property
    def lines(self) -> tuple[tuple[tuple[Line, ...], ...], ...]:
        """[layer][unit]: the lines on the kept samples."""
        h = self.point.problem.network.activation
        found = []
        for layer, units in enumerate(self.point.forward.pre_activations, start=1):
            rows = []
            for j, z in enumerate(units):
                pieces = h.pieces(z)
                rows.append(tuple(self._line((layer, j, i), h.lines[pieces[i][0]], z[i]) for i in self.kept))
            found.append(tuple(rows))
        return tuple(found)

    def _line(self, pair: Pair, piece: Line, z: Fraction) -> Line:
        slope, intercept = piece
        if pair not in self.chosen:
            return piece
        return self.chosen[pair], (slope - self.chosen[pair]) * z + intercept

    @cached_property
    def products(self) -> list[frozenset[Vector]]:
        """products[l]: of layer l + 1, the vectors of products of slopes from there up to an output, those that are not 0."""
        found = [frozenset([(_ONE,) * len(self.kept)])]
        for units in reversed(self.lines):
            look("paths are collected")
            slopes = {tuple(slope for slope, _ in unit) for unit in units}
            found.insert(0, _products(slopes, found[0]))
        return found

    @cached_property
    def sums(self) -> frozenset[Vector]:
        """Vectors p such that Σ p_i s_i is the coefficient of a monomial of Σ s_i f_i, for one output; all of them must be 0."""
        data, biases = self.point.problem.data, self.point.problem.network.biases
        found: set[Vector] = set()
        for has_bias, products in zip(biases, self.products, strict=True):
            found |= products if has_bias else set()
        columns = {tuple(data.x[i][p] for i in self.kept) for p in range(len(data.x[0]))}
        found |= _products(columns, self.products[0])
        for units, above in zip(self.lines, self.products[1:], strict=True):
            found |= _products({tuple(intercept for _, intercept in unit) for unit in units}, above)
        return frozenset(found)

    def is_reached(self, pair: Pair) -> bool:
        """Whether a path from a unit to an output has slopes that are not 0 on the sample."""
        layer, _, i = pair
        n = self.kept.index(i)
        return any(product[n] for product in self.products[layer])

    def effects(self, pair: Pair) -> Vector:
        """For every output its derivative by what the unit of a pair puts out."""
        layer, unit, i = pair
        n, weights = self.kept.index(i), self.point.parameters.weights
        found = []
        for row in weights[-1]:
            back: Sequence[Fraction] = row
            for above in range(len(weights) - 2, layer - 1, -1):
                scaled = [b * lines[n][0] for b, lines in zip(back, self.lines[above], strict=True)]
                columns = zip(*weights[above], strict=True)
                back = [sum((s * w for s, w in zip(scaled, column, strict=True)), _ZERO) for column in columns]
            found.append(back[unit])
        return tuple(found)


def _products(left: Iterable[Vector], right: Iterable[Vector]) -> frozenset[Vector]:
    """The entrywise products that are not 0."""
    right = list(right)
    found: set[Vector] = set()
    for a in left:
        if any(a):
            found |= {tuple(x * y for x, y in zip(a, b, strict=True)) for b in right}
            if len(found) > MAX_VECTORS:
                raise UnsupportedError(f"the path test needs more than {MAX_VECTORS} slope products in one layer")
    return frozenset(vector for vector in found if any(vector))
