"""The cells at a point as exact polynomials on a slice: the parameters that invariances can move are held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from exactsurf.certificate.rules.positive_products import PolynomialTerms, Wall
from exactsurf.exact.linear_algebra import Vector, pivot_columns, to_fraction
from exactsurf.exact.polynomial_variables import context, flint_rational
from exactsurf.minima.local.cell_programs import CellPrograms, Output
from exactsurf.minima.local.coordinate_vector import dimension, row_positions
from exactsurf.minima.local.polynomial_values import change
from exactsurf.minima.local.tangent_fan import Signs
from exactsurf.model.parameter_vector import vector_of

if TYPE_CHECKING:
    from flint import fmpq_mpoly, fmpq_mpoly_ctx

MOST_PARAMETERS = 500
"""Most parameters of a network for which the free ones are looked for: that needs the echelon form of all its tangents."""


@dataclass(frozen=True)
class CellPolynomials:
    """One cell: polynomials without constant term, in the changes of the free parameters.

    Attributes: `walls`, τ(z − t) ≥ 0 of the settled boundary pairs, and what else is ≥ 0; `frozen`, Σ r(f − f(θ)) over the terms
    at which the loss is differentiable; `kinks`, f − f(θ) at the others; `squares`, the terms of which `frozen` has
    ½q(f − f(θ))², too, q the second derivative of the loss.
    """

    walls: Mapping[Wall, fmpq_mpoly]
    frozen: fmpq_mpoly
    kinks: Mapping[Output, fmpq_mpoly]
    squares: tuple[Output, ...] = ()


@dataclass
class _Loss:
    """The loss of some samples on a cell, as in `CellPolynomials`."""

    frozen: fmpq_mpoly
    kinks: dict[Output, fmpq_mpoly] = field(default_factory=dict)
    squares: list[Output] = field(default_factory=list)

    def copy(self) -> _Loss:
        return _Loss(self.frozen, dict(self.kinks), list(self.squares))


@dataclass(frozen=True)
class SlicePolynomials:
    """The cells at a point as polynomials on a slice on which some parameters do not change.

    Attributes: `local`, the cells; `squares`, whether the curvature of the loss is added.
    Exactness: exact.
    Source: proofs/rules/positive_products.md, "On slices of coordinates, with signs of polynomials and with curvature".
    """

    local: CellPrograms
    squares: bool = False

    @cached_property
    def fixed(self) -> tuple[int, ...]:
        """The parameters that do not change: the flows of the invariances move them at any rates, and so make up for it."""
        return tuple(pivot_columns(self.local.tangents))

    @cached_property
    def free(self) -> tuple[int, ...]:
        """The parameters whose changes are coordinates of the slice."""
        return tuple(p for p in range(dimension(self.local.problem.network)) if p not in self.fixed)

    @cached_property
    def ring(self) -> fmpq_mpoly_ctx:
        """Polynomials in the changes of the free parameters."""
        return context(tuple(f"y{p}" for p in self.free) or ("y",))

    @cached_property
    def _parameters(self) -> list[fmpq_mpoly]:
        """Every parameter on the slice."""
        from flint import fmpq

        changes = dict(zip(self.free, self.ring.gens(), strict=False))
        zero, values = self.ring.constant(0), vector_of(self.local.point.parameters)
        return [changes.get(p, zero) + fmpq(v.numerator, v.denominator) for p, v in enumerate(values)]

    def whole(self, vector: Vector) -> Vector:
        """The changes of all parameters, given those of the free ones."""
        found = dict(zip(self.free, vector, strict=True))
        return tuple(found.get(p, Fraction(0)) for p in range(dimension(self.local.problem.network)))

    def _layers(self, sample: int, signs: Signs) -> list[list[fmpq_mpoly]]:
        """The pre-activations of all layers on one sample, on the pieces that the signs choose."""
        from flint import fmpq

        problem = self.local.problem
        lines = [tuple(fmpq(v.numerator, v.denominator) for v in line) for line in problem.network.activation.lines]
        below = [self.ring.constant(fmpq(v.numerator, v.denominator)) for v in problem.data.inputs.row(sample)]
        layers: list[list[fmpq_mpoly]] = []
        for rows, pieces in zip(row_positions(problem.network), (*self.local.fan.pieces(sample, signs), None), strict=True):
            units = []
            for row in rows:
                z = self._parameters[row[-1]] if len(row) > len(below) else self.ring.constant(0)
                for value, p in zip(below, row, strict=False):
                    z = z + value * self._parameters[p]
                units.append(z)
            layers.append(units)
            if pieces is not None:
                below = [lines[piece][0] * z + lines[piece][1] for z, piece in zip(units, pieces, strict=True)]
        return layers

    def cell(self, signs: Signs) -> CellPolynomials:
        """The polynomials on the cells with these signs.

        Parameters: `signs` of some boundary pairs. Returns: the polynomials. A sample takes part if all its pairs have a sign;
        a wall is settled, and given, if its pair and all those of its sample in lower layers have one.
        Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, sections 4.7 and 40.
        """
        pairs = self.local.fan.pairs
        walls: dict[Wall, fmpq_mpoly] = {}
        total = self._without_pairs.copy()
        for i in {pair[2] for pair in pairs}:
            own = [pair for pair in pairs if pair[2] == i]
            lowest = min((pair[0] for pair in own if pair not in signs), default=None)
            settled = [pair for pair in own if pair in signs and (lowest is None or pair[0] <= lowest)]
            if not settled:
                continue
            layers = self._layers(i, signs)
            for pair in settled:
                walls[pair] = signs[pair] * change(layers[pair[0] - 1][pair[1]])
            if lowest is None:
                self._add_loss(total, i, layers[-1])
        return CellPolynomials(walls, total.frozen, total.kinks, tuple(total.squares))

    @cached_property
    def _without_pairs(self) -> _Loss:
        """What the samples without boundary pairs add."""
        total = _Loss(self.ring.constant(0))
        for i in self.local.inner_samples:
            self._add_loss(total, i, self._layers(i, {})[-1])
        return total

    def _add_loss(self, total: _Loss, sample: int, outputs: list[fmpq_mpoly]) -> None:
        """Add Σ r(f − f(θ)) of one sample, its squares, and f − f(θ) at the kinks of the loss."""
        for k, column in enumerate(self.local.slopes):
            parts = self.local.problem.term_outputs(sample, k)
            if not parts:
                continue
            moved = change(sum((sign * outputs[output] for output, sign in parts), self.ring.constant(0)))
            low, high = column[sample]
            if low != high:
                total.kinks[sample, k] = moved
                continue
            total.frozen = total.frozen + flint_rational(low) * moved
            q = self.local.curvatures[k][sample]
            if self.squares and q and moved:
                total.frozen = total.frozen + flint_rational(q / 2) * moved * moved
                total.squares.append((sample, k))

    def terms(self, polynomial: fmpq_mpoly) -> PolynomialTerms:
        """A polynomial as coefficients with the free parameters that each multiplies."""
        names = self.free or (0,)
        found = []
        for exponents, value in polynomial.to_dict().items():
            positions = tuple(p for p, power in zip(names, exponents, strict=True) for _ in range(power))
            found.append((to_fraction(value), positions))
        return tuple(sorted(found, key=lambda term: (len(term[1]), term[1])))
