"""First and second order of all pre-activations at a point, with chosen pieces: gradients, and Hessians of their sums.

On one cell every pre-activation is linear in each layer's weights, so its Hessian has mixed entries of two different
layers only: what the lower weight adds to an activation, times what that activation's weight adds above. Nothing is
expanded: the cost is that of the values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.linear_algebra import Matrix, Vector, from_flint
from exactsurf.minima.local.coordinate_vector import dimension, row_positions
from exactsurf.model.point import Point

if TYPE_CHECKING:
    from flint import fmpq, fmpq_mat

Pieces: TypeAlias = tuple[tuple[int, ...], ...]
"""For one sample: the piece of every unit of every hidden layer."""


class Accumulator:
    """A symmetric matrix and a vector that grow sample by sample, inside FLINT's numbers.

    What is added to the matrix may wait until it is asked for: first order needs none of it, and is much the cheaper one.
    """

    def __init__(self, size: int, effort: Effort = UNBOUNDED, base: Accumulator | None = None) -> None:
        from flint import fmpq

        self.size, self.effort = size, effort
        self.vector: list[fmpq] = [fmpq(0)] * size if base is None else list(base.vector)
        self._upper: dict[tuple[int, int], fmpq] = {}
        self._base = base
        self._waiting: list[Callable[[Accumulator], None]] = []

    def copy(self) -> Accumulator:
        """One that grows from here; this one may not grow any more."""
        return Accumulator(self.size, self.effort, self)

    def later(self, addition: Callable[[Accumulator], None]) -> None:
        """Add to the matrix when it is asked for."""
        self._waiting.append(addition)

    def _entries(self) -> dict[tuple[int, int], fmpq]:
        """All entries, once what waited is added."""
        if self._base is not None:
            own, self._upper = self._upper, dict(self._base._entries())
            self._base = None
            for (p, q), value in own.items():
                self.add(p, q, value)
        waiting, self._waiting = self._waiting, []
        for addition in waiting:
            self.effort.check()
            addition(self)
        return self._upper

    def add_gradient(self, gradient: Mapping[int, fmpq], factor: fmpq) -> None:
        """Add factor · gradient to the vector."""
        for index, value in gradient.items():
            self.vector[index] += factor * value

    def add_square(self, gradient: Mapping[int, fmpq], factor: fmpq) -> None:
        """Add factor · gradient · gradientᵀ to the matrix."""
        for p, a in gradient.items():
            self.effort.check()
            scaled = factor * a
            for q, b in gradient.items():
                if p <= q:
                    self.add(p, q, scaled * b)

    def add(self, p: int, q: int, value: fmpq) -> None:
        """Add `value` to entries (p, q) and (q, p) (once if p = q)."""
        key = (p, q) if p <= q else (q, p)
        known = self._upper.get(key)
        self._upper[key] = value if known is None else known + value

    def gradient(self) -> Vector:
        """The vector as Fractions."""
        return tuple(Fraction(int(v.p), int(v.q)) for v in self.vector)

    def matrix(self) -> fmpq_mat:
        """The symmetric matrix."""
        from flint import fmpq_mat

        full = fmpq_mat(self.size, self.size)
        for (p, q), value in self._entries().items():
            full[p, q] = value
            full[q, p] = value
        return full

    def hessian(self) -> Matrix:
        """The matrix as Fractions."""
        return from_flint(self.matrix())


@dataclass(frozen=True)
class SampleForm:
    """One sample with chosen pieces: `below[l]` is what layer l + 1 reads, its last entry the 1 of a bias if there is one.

    `slopes[l][j]` is the slope of unit j of hidden layer l + 1, `weights[l]` are the weights above it.
    Exactness: exact. Source: theory.md, section 6.
    """

    below: tuple[tuple[fmpq, ...], ...]
    slopes: tuple[tuple[fmpq, ...], ...]
    weights: tuple[tuple[tuple[fmpq, ...], ...], ...]
    positions: tuple[tuple[tuple[int, ...], ...], ...]

    @cached_property
    def _transfers(self) -> dict[tuple[int, int], list[list[fmpq]]]:
        """[m, l]: the derivative of the pre-activations of layer m + 1 with respect to those of layer l + 1, l < m."""
        found: dict[tuple[int, int], list[list[fmpq]]] = {}
        depth = len(self.weights)
        for low in range(depth):
            for high in range(low + 1, depth):
                slopes = self.slopes[high - 1]
                step = [[w * a for w, a in zip(row, slopes, strict=True)] for row in self.weights[high]]
                if high > low + 1:
                    known = found[high - 1, low]
                    step = [[_dot(row, column) for column in zip(*known, strict=True)] for row in step]
                found[high, low] = step
        return found

    def gradient(self, layer: int, unit: int) -> dict[int, fmpq]:
        """∇z of a unit of layer `layer` (from 1; the last one are the outputs): its entries that are not zero."""
        top, found = layer - 1, {}
        for low in range(layer):
            weights = None if low == top else self._transfers[top, low][unit]
            for a, positions in enumerate(self.positions[low]):
                factor = (a == unit) if weights is None else weights[a]
                if factor:
                    for position, value in zip(positions, self.below[low], strict=True):
                        if value:
                            found[position] = factor * value if weights is not None else value
        return found

    def sum_gradient(self, layer: int, units: Sequence[tuple[int, int]]) -> dict[int, fmpq]:
        """∇ of a sum of pre-activations of one layer, given as pairs (unit, factor)."""
        total: dict[int, fmpq] = {}
        for unit, factor in units:
            for position, value in self.gradient(layer, unit).items():
                total[position] = total.get(position, 0) + factor * value
        return {position: value for position, value in total.items() if value}

    def add_hessian(self, total: Accumulator, sources: Mapping[tuple[int, int], fmpq]) -> None:
        """Add the Hessian of Σ sources[layer, unit] · z_layer,unit to `total`."""
        depth = len(self.weights)
        from flint import fmpq

        zero = fmpq(0)
        adjoint: list[list[fmpq]] = []
        for top in range(depth - 1, -1, -1):
            here = [sources.get((top + 1, j), zero) for j in range(len(self.weights[top]))]
            if adjoint:
                above = adjoint[0]
                for j, slope in enumerate(self.slopes[top]):
                    if slope:
                        here[j] = here[j] + slope * _dot([row[j] for row in self.weights[top + 1]], above)
            adjoint.insert(0, here)
        for high in range(1, depth):
            for c, weight in enumerate(adjoint[high]):
                if not weight:
                    continue
                for d, slope in enumerate(self.slopes[high - 1]):
                    if slope:
                        self._add_mixed(total, high, d, self.positions[high][c][d], weight * slope)

    def _add_mixed(self, total: Accumulator, high: int, d: int, upper: int, factor: fmpq) -> None:
        """Mixed entries of the weight at `upper`, which reads unit d of layer `high`, with all weights below it."""
        for low in range(high):
            reach = None if low == high - 1 else self._transfers[high - 1, low][d]
            for a, positions in enumerate(self.positions[low]):
                share = factor if reach is None and a == d else 0 if reach is None else factor * reach[a]
                if share:
                    for position, value in zip(positions, self.below[low], strict=True):
                        if value:
                            total.add(position, upper, share * value)


def _dot(left: Sequence[fmpq], right: Sequence[fmpq]) -> fmpq:
    total = left[0] * right[0]
    for a, b in zip(left[1:], right[1:], strict=True):
        total += a * b
    return total


@dataclass(frozen=True)
class PointForms:
    """The samples of a problem at a point, ready for `sample`: build it once per point."""

    point: Point

    @property
    def size(self) -> int:
        """The number of parameters."""
        return dimension(self.point.problem.network)

    @cached_property
    def _weights(self) -> tuple[tuple[tuple[fmpq, ...], ...], ...]:
        from flint import fmpq

        return tuple(
            tuple(tuple(fmpq(v.numerator, v.denominator) for v in row) for row in matrix)
            for matrix in self.point.parameters.weights
        )

    @cached_property
    def _readings(self) -> tuple[tuple[tuple[fmpq, ...], ...], ...]:
        """[sample][layer]: what the layer reads."""
        from flint import fmpq

        forward, biases = self.point.forward, self.point.problem.network.biases
        tables = [[[fmpq(v.numerator, v.denominator) for v in row] for row in self.point.problem.data.x]]
        for units in forward.activations:
            columns = [[fmpq(n, unit.denominator) for n in unit.numerators] for unit in units]
            tables.append([list(row) for row in zip(*columns, strict=True)])
        return tuple(
            tuple(tuple([*row, fmpq(1)] if bias else row) for row, bias in zip(rows, biases, strict=True))
            for rows in zip(*tables, strict=True)
        )

    @cached_property
    def _positions(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        return row_positions(self.point.problem.network)

    def sample(self, index: int, pieces: Pieces) -> SampleForm:
        """The form of one sample; `pieces` must be pieces that hold its pre-activations, at a breakpoint either of two."""
        from flint import fmpq

        slopes = [fmpq(a.numerator, a.denominator) for a in self.point.problem.network.activation.slopes]
        chosen = tuple(tuple(slopes[k] for k in layer) for layer in pieces)
        return SampleForm(self._readings[index], chosen, self._weights, self._positions)
