"""Free parameters that are shared by layers, such as w in f = w² x: predictions are affine in their powers on each orthant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.exact.linear_algebra import rank
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.restriction import Restriction
from exactsurf.model.scales import Scales, scales_of, scales_where_needed


@dataclass(frozen=True)
class Powers:
    """The powers of a restriction: for each free parameter w that varies in e layers q = w|w|^(e−1).

    `exponents`, e for each free parameter, in their order; `scales`, those of the restriction in which the layers have parameters
    of their own: at each parameter that is shared all layers but one hold a scale. Its products are the powers q, in the order
    `places` of the free parameters. Built by `powers_of`. Exactness: exact. Source: proofs/scaled_surface.md.
    """

    restriction: Restriction
    exponents: tuple[int, ...]
    scales: Scales
    places: tuple[int, ...]

    def signs(self, products: Sequence[Fraction]) -> tuple[int, ...]:
        """The signs of the scales in an orthant of powers, 1 where a power is 0."""
        own = dict(zip(self.scales.kept, products, strict=True))
        return tuple(-1 if own[scale.filter[0]] < 0 else 1 for scale in self.scales.scales)

    def ordered(self, products: Sequence[Fraction]) -> tuple[Fraction, ...]:
        """The powers in the order of the free parameters."""
        own = dict(zip(self.places, products, strict=True))
        return tuple(own[k] for k in range(self.restriction.dimension))


def powers_of(problem: RestrictedProblem) -> Powers | None:
    """The powers of a restricted problem, if something is shared by layers and predictions are affine in them by cells.

    With weight decay there are none: the penalty of a parameter is no convex function of its power.
    Parameters: `problem`. Exactness: exact. Raises: nothing. Source: proofs/scaled_surface.md.

    >>> import exactsurf as es
    >>> found = powers_of(es.RestrictedProblem(es.diagonal(2, 3, shared=True), es.Data.from_arrays([[1, 2]], [1])))
    >>> found.exponents, found.places, found.scales.groups
    ((3, 3), (0, 1), (((0, 2), (0,)), ((1, 3), (1,))))
    """
    restriction = problem.restriction
    network = restriction.network
    if not network.is_piecewise_linear or problem.unrestricted.decay is not None:
        return None
    pieces = [(k, layer) for layer in range(network.layers) for k, part in enumerate(restriction.basis) if _of(part, layer).any]
    exponents = tuple(sum(k == own for own, _ in pieces) for k in range(restriction.dimension))
    if max(exponents) < 2 or min(exponents) < 1:
        return None
    basis = [_of(restriction.basis[k], layer).parameters for k, layer in pieces]
    if rank([vector_of(part) for part in basis]) < len(basis):
        return None
    scales = scales_of(Restriction(network, restriction.offset, basis))
    if scales is None:
        return None
    places = tuple(pieces[own][0] for own in scales.kept)
    if sorted(places) != list(range(restriction.dimension)):
        return None
    if any([pieces[own][0] for own in scale.filter] != [pieces[scale.factor][0]] for scale in scales.scales):
        return None
    return Powers(restriction, exponents, scales, places)


def needs_powers(problem: RestrictedProblem) -> bool:
    """Whether a restricted problem has a landscape in powers and no other one. Exactness: exact. Raises: nothing."""
    return problem.restriction.degree > 1 and scales_where_needed(problem) is None and powers_of(problem) is not None


@dataclass(frozen=True)
class _Piece:
    parameters: Parameters
    any: bool


def _of(part: Parameters, layer: int) -> _Piece:
    """What a direction has in one layer."""
    named: dict[str, Any] = {}
    for name, value in part.items():
        own = int(name[1:]) == layer + 1
        named[name] = value if own else [[0] * len(row) if isinstance(row, tuple) else 0 for row in value]
    found = Parameters(**named)
    has = any(map(any, found.weights[layer])) or any(found.biases[layer] or ())
    return _Piece(found, has)
