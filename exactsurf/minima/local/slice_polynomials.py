"""The cells at a point as exact polynomials on the slice that is orthogonal to the tangents of its invariances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from exactsurf.certificate.rules.boundary_pair import Pair
from exactsurf.certificate.rules.positive_products import PolynomialTerms
from exactsurf.exact.linear_algebra import Vector, to_flint, to_fraction
from exactsurf.exact.polynomial_variables import context
from exactsurf.minima.local.cell_programs import CellPrograms, Output
from exactsurf.minima.local.coordinate_vector import dimension, row_positions
from exactsurf.minima.local.tangent_fan import Signs
from exactsurf.model.parameter_vector import vector_of

if TYPE_CHECKING:
    from flint import fmpq, fmpq_mat, fmpq_mpoly, fmpq_mpoly_ctx

MOST_PARAMETERS = 500
"""Most parameters of a network for which the free ones are looked for: that needs the echelon form of all its tangents."""


@dataclass(frozen=True)
class CellPolynomials:
    """One cell: polynomials without constant term, in the changes of the free parameters.

    Attributes: `walls`, τ(z − t) ≥ 0 of the settled boundary pairs; `frozen`, Σ r(f − f(θ)) over the terms
    at which the loss is differentiable; `kinks`, f − f(θ) at the others.
    """

    walls: Mapping[Pair, fmpq_mpoly]
    frozen: fmpq_mpoly
    kinks: Mapping[Output, fmpq_mpoly]


@dataclass(frozen=True)
class SlicePolynomials:
    """The cells at a point as polynomials on the slice {y : t·y = 0 for all tangents t of invariances}.

    Exactness: exact. Source: proofs/rules/positive_products.md.
    """

    local: CellPrograms

    @cached_property
    def _bound(self) -> tuple[tuple[int, ...], fmpq_mat | None]:
        """The leading positions of the reduced tangents, and these."""
        if not self.local.tangents:
            return (), None
        reduced, rank = to_flint(self.local.tangents).rref()
        return tuple(next(p for p in range(reduced.ncols()) if reduced[k, p]) for k in range(rank)), reduced

    @cached_property
    def free(self) -> tuple[int, ...]:
        """The parameters whose changes are coordinates of the slice."""
        bound, _ = self._bound
        return tuple(p for p in range(dimension(self.local.problem.network)) if p not in bound)

    @cached_property
    def ring(self) -> fmpq_mpoly_ctx:
        """Polynomials in the changes of the free parameters."""
        return context(tuple(f"y{p}" for p in self.free) or ("y",))

    @cached_property
    def _parameters(self) -> list[fmpq_mpoly]:
        """Every parameter on the slice."""
        from flint import fmpq

        bound, reduced = self._bound
        free, changes = self.free, [self.ring.constant(0)] * dimension(self.local.problem.network)
        for p, variable in zip(free, self.ring.gens(), strict=False):
            changes[p] = variable
        for k, p in enumerate(bound):
            assert reduced is not None
            for other in free:
                if reduced[k, other]:
                    changes[p] = changes[p] - reduced[k, other] * changes[other]
        values = vector_of(self.local.point.parameters)
        return [change + fmpq(v.numerator, v.denominator) for change, v in zip(changes, values, strict=True)]

    def whole(self, vector: Vector) -> Vector:
        """The changes of all parameters, given those of the free ones."""
        bound, reduced = self._bound
        found = dict(zip(self.free, vector, strict=True))
        for k, p in enumerate(bound):
            assert reduced is not None
            parts = (to_fraction(reduced[k, other]) * value for other, value in zip(self.free, vector, strict=True) if value)
            found[p] = -sum(parts, Fraction(0))
        return tuple(found[p] for p in sorted(found))

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
        Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 4.7.
        """
        pairs = self.local.fan.pairs
        walls: dict[Pair, fmpq_mpoly] = {}
        frozen, kinks = self._without_pairs[0], dict(self._without_pairs[1])
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
                part, corners = self._loss(i, layers[-1])
                frozen = frozen + part
                kinks |= corners
        return CellPolynomials(walls, frozen, kinks)

    @cached_property
    def _without_pairs(self) -> tuple[fmpq_mpoly, dict[Output, fmpq_mpoly]]:
        """The change of the frozen risk, and the kinks, of the samples without boundary pairs."""
        kinks: dict[Output, fmpq_mpoly] = {}
        frozen = self.ring.constant(0)
        for i in self.local.inner_samples:
            part, corners = self._loss(i, self._layers(i, {})[-1])
            frozen = frozen + part
            kinks |= corners
        return frozen, kinks

    def _loss(self, sample: int, outputs: list[fmpq_mpoly]) -> tuple[fmpq_mpoly, dict[Output, fmpq_mpoly]]:
        """Σ r(f − f(θ)) of one sample without the kinks of the loss, and f − f(θ) at these."""
        from flint import fmpq

        kinks: dict[Output, fmpq_mpoly] = {}
        frozen = self.ring.constant(0)
        for k, column in enumerate(self.local.slopes):
            f = self.ring.constant(0)
            for output, sign in self.local.problem.term_outputs(sample, k):
                f = f + sign * outputs[output]
            low, high = column[sample]
            if low == high:
                frozen = frozen + fmpq(low.numerator, low.denominator) * change(f)
            else:
                kinks[sample, k] = change(f)
        return frozen, kinks

    def terms(self, polynomial: fmpq_mpoly) -> PolynomialTerms:
        """A polynomial as coefficients with the free parameters that each multiplies."""
        names = self.free or (0,)
        found = []
        for exponents, value in polynomial.to_dict().items():
            positions = tuple(p for p, power in zip(names, exponents, strict=True) for _ in range(power))
            found.append((to_fraction(value), positions))
        return tuple(sorted(found, key=lambda term: (len(term[1]), term[1])))


def change(polynomial: fmpq_mpoly) -> fmpq_mpoly:
    """A polynomial without its constant term."""
    return polynomial - value_at_zero(polynomial)


def value_at_zero(polynomial: fmpq_mpoly) -> fmpq:
    """The constant term of a polynomial."""
    from flint import fmpq

    found = polynomial.to_dict().get((0,) * polynomial.context().nvars())
    return fmpq(0) if found is None else found
