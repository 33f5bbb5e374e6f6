"""Affine slices of parameter space, and the network on them: pre-activations and risk as polynomials in slice coordinates."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from exactsurf.cells.activation_pattern import BoundaryPair
from exactsurf.cells.cell_polynomials import LossPieces, loss_gaps, risk_polynomial
from exactsurf.exact.polynomial import Polynomial
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

Table: TypeAlias = tuple[tuple[Polynomial, ...], ...]
"""By unit and sample."""


@dataclass(frozen=True)
class LossKink:
    """An output that sits on a breakpoint of the loss on a sample; both count from 0."""

    output: int
    sample: int

    def __str__(self) -> str:
        return f"kink of the loss, output {self.output}, sample {self.sample}"


@dataclass(frozen=True)
class ParameterSlice:
    """The parameters base + Σ_k c_k · directions[k] for all coordinates c.

    Parameters: `base` and one or more `directions` of its shapes; `variables`, a name for every coordinate.
    Exactness: exact. Raises: nothing; shapes are checked where a problem comes in. Source: theory.md, section 1.
    """

    base: Parameters
    directions: tuple[Parameters, ...]
    variables: tuple[str, ...]

    def parameters_at(self, coordinates: Sequence[Fraction]) -> Parameters:
        """The parameters at these coordinates."""
        point = self.base
        for direction, value in zip(self.directions, coordinates, strict=True):
            point = point.moved(direction, value)
        return point

    def point(self, coordinates: Sequence[Fraction]) -> Mapping[str, Fraction]:
        """Coordinates by the names of the variables, to put into a polynomial."""
        return dict(zip(self.variables, coordinates, strict=True))

    def check(self, problem: Problem) -> None:
        """Raise `ShapeError` unless base and directions belong to the problem's network."""
        for parameters in (self.base, *self.directions):
            problem.check_shapes(parameters)


class SliceNetwork:
    """The network of a problem with its weights as polynomials in slice coordinates.

    Parameters: `problem` and a `ParameterSlice` of its parameters. Exactness: exact.
    Raises: `ShapeError` for parameters of another network. Source: theory.md, section 1.
    """

    def __init__(self, problem: Problem, family: ParameterSlice) -> None:
        family.check(problem)
        self.problem, self.family = problem, family
        self._one = Polynomial.constant(family.variables, 1)
        self._generators = Polynomial.generators(family.variables)

    def inputs(self) -> Table:
        """The inputs as constant polynomials, by input and sample."""
        return tuple(tuple(self._one * value for value in column) for column in zip(*self.problem.data.x, strict=True))

    def pre_activations(self, layer: int, below: Table) -> Table:
        """z of a layer (from 1; the last one is the output) from the values below it."""
        family, k = self.family, layer - 1
        found = []
        for j in range(self.problem.network.widths[layer]):
            row = [
                self._moving(value, [direction.weights[k][j][m] for direction in family.directions])
                for m, value in enumerate(family.base.weights[k][j])
            ]
            bias, shifts = family.base.biases[k], [direction.biases[k] for direction in family.directions]
            start = self._moving(Fraction(0) if bias is None else bias[j], [Fraction(0) if b is None else b[j] for b in shifts])
            unit = []
            for values in zip(*below, strict=True):
                total = start
                for weight, value in zip(row, values, strict=True):
                    if not weight.is_zero and not value.is_zero:
                        total = total + weight * value
                unit.append(total)
            found.append(tuple(unit))
        return tuple(found)

    def images(self, z: Table, coordinates: Sequence[Fraction]) -> Table:
        """h(z) on the side of all walls that holds these coordinates."""
        h, point = self.problem.network.activation, self.family.point(coordinates)

        def image(value: Polynomial) -> Polynomial:
            slope, intercept = h.lines[bisect_left(h.breakpoints, value(point))]
            return value * slope + intercept

        return tuple(tuple(map(image, unit)) for unit in z)

    def walls(self, layer: int, z: Table) -> Iterator[tuple[BoundaryPair, Polynomial]]:
        """Every breakpoint of every hidden unit and sample, with the polynomial that is zero there; constants are left out."""
        for j, unit in enumerate(z):
            for i, value in enumerate(unit):
                if not value.is_constant:
                    for t in self.problem.network.activation.breakpoints:
                        yield BoundaryPair(layer, j, i, t), value - t

    def loss_walls(self, outputs: Table) -> Iterator[tuple[LossKink, Polynomial]]:
        """The same for the breakpoints of the loss."""
        for k, i, u in loss_gaps(self.problem, outputs):
            if not u.is_constant:
                yield from ((LossKink(k, i), u - t) for t in self.problem.loss.breakpoints)

    def risk(self, outputs: Table, coordinates: Sequence[Fraction]) -> Polynomial:
        """The risk as a polynomial in the coordinates, on the piece of the loss that holds these."""
        return risk_polynomial(self.problem, outputs, self._loss_pieces(outputs, coordinates))

    def _loss_pieces(self, outputs: Table, coordinates: Sequence[Fraction]) -> LossPieces | None:
        """As `cell_polynomials.loss_pieces`; on a kink any piece will do, for the risk is continuous."""
        loss, point = self.problem.loss, self.family.point(coordinates)
        if loss.is_quadratic:
            return None
        found = [[0] * len(self.problem.data) for _ in outputs]
        for k, i, u in loss_gaps(self.problem, [[value(point) for value in unit] for unit in outputs]):
            found[k][i] = loss.function.sides(u)[0]
        return tuple(map(tuple, found))

    def _moving(self, start: Fraction, steps: Sequence[Fraction]) -> Polynomial:
        total = self._one * start
        for generator, step in zip(self._generators, steps, strict=True):
            if step:
                total = total + generator * step
        return total
