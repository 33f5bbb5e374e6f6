"""The cell of a point under a restriction: outputs, risk and walls as polynomials in the free parameters."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

from exactsurf.cells.cell import Cell, cell_of
from exactsurf.cells.coordinates import weight_names
from exactsurf.exact.polynomial import Polynomial
from exactsurf.model.parameters import Parameters
from exactsurf.model.restricted_problem import RestrictedProblem


@dataclass(frozen=True)
class RestrictedWall:
    """A pre-activation minus a breakpoint, as a polynomial in the free parameters; `side` is its sign inside the cell."""

    polynomial: Polynomial
    side: int


@dataclass(frozen=True)
class RestrictedCell:
    """What the subspace of a restriction meets of an activation cell; outputs and risk are polynomials in the free parameters.

    Attributes: `problem`; `whole`, the cell of all parameters. Built by `RestrictedProblem.cell`.
    Exactness: exact. Source: proofs/FORMAT.md, section 44.

    >>> import exactsurf as es
    >>> problem = es.RestrictedProblem(es.diagonal(2, shared=True), es.Data.from_arrays([[1, 0], [0, 1]], [1, -1]))
    >>> problem.cell(problem.parameters(w_0=1, w_1=2)).risk
    Polynomial(1/2*w_0^4 - w_0^2 + 1/2*w_1^4 + w_1^2 + 1)
    """

    problem: RestrictedProblem
    whole: Cell

    @property
    def names(self) -> tuple[str, ...]:
        """The free parameters."""
        return self.problem.restriction.names

    @cached_property
    def _images(self) -> dict[str, Polynomial]:
        """Every weight and bias as a polynomial in the free parameters."""
        restriction = self.problem.restriction
        free = Polynomial.generators(self.names)
        columns = zip(*restriction.directions, strict=True)
        found = {}
        for name, start, factors in zip(weight_names(restriction.network), restriction.origin, columns, strict=True):
            total = Polynomial.constant(self.names, start)
            for variable, factor in zip(free, factors, strict=True):
                if factor:
                    total = total + variable * factor
            found[name] = total
        return found

    @cached_property
    def outputs(self) -> tuple[tuple[Polynomial, ...], ...]:
        """`outputs[i][k]` is prediction k on sample i."""
        return tuple(tuple(output.composed(self._images) for output in row) for row in self.whole.outputs)

    @cached_property
    def risk(self) -> Polynomial:
        """The restricted risk, which it is where all walls have their sides."""
        return self.whole.risk.composed(self._images)

    @cached_property
    def walls(self) -> tuple[RestrictedWall, ...]:
        """The walls that move with the free parameters."""
        composed = ((wall.polynomial.composed(self._images), wall.side) for wall in self.whole.walls)
        return tuple(RestrictedWall(polynomial, side) for polynomial, side in composed if not polynomial.is_constant)

    @property
    def is_risk_constant(self) -> bool:
        """Whether the risk does not depend on the free parameters."""
        return self.risk.is_constant

    def coordinates(self, parameters: Parameters) -> dict[str, Fraction]:
        """The values of the free parameters by name, to put into a polynomial; raises `InputError` where there are none."""
        return dict(zip(self.names, self.problem.values(parameters), strict=True))


def restricted_cell_of(
    problem: RestrictedProblem, parameters: Parameters, *, side: Parameters | Literal["left", "right"] | None = None
) -> RestrictedCell:
    """The cell of parameters that obey a restriction; arguments as those of `cell_of`.

    Exactness: exact. Raises: as `cell_of`; `InputError` for parameters that do not obey the restriction.
    Source: proofs/FORMAT.md, section 44.

    >>> import exactsurf as es
    >>> problem = es.RestrictedProblem(es.convolution(3, [2, 2], activation="linear"), es.Data.from_arrays([[1, 2, 0]], [1]))
    >>> restricted_cell_of(problem, problem.restriction.at([1, 1, 1, 1])).outputs
    ((Polynomial(w1_0*w2_0 + 2*w1_0*w2_1 + 2*w1_1*w2_0),),)
    """
    problem.values(parameters)
    return RestrictedCell(problem, cell_of(problem.unrestricted, parameters, side=side))
