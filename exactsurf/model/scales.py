"""Scales of free parameters: factors v that can be moved into others w, since (v, w) and (v/λ, λw) predict the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import prod

from exactsurf.exact.linear_algebra import Vector, kernel
from exactsurf.model.parameters import Parameters
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.restriction import Restriction

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Scale:
    """A free parameter (its place) and its filter, the places of those that it can be moved into.

    Exactness: exact. Source: proofs/FORMAT.md, section 56.
    """

    factor: int
    filter: tuple[int, ...]


@dataclass(frozen=True)
class Scales:
    """The scales of a restriction, whose filters are equal or disjoint, and that restriction with all scales fixed at 1 or −1.

    Where all scales are fixed the degree is at most 1. The *products* q are the other free parameters, each multiplied by the
    absolute values of the scales of its filter: predictions depend on them and on the signs of the scales only.
    Built by `scales_of`. Exactness: exact. Source: proofs/FORMAT.md, section 56; proofs/scaled_surface.md.
    """

    restriction: Restriction
    scales: tuple[Scale, ...]

    @cached_property
    def kept(self) -> tuple[int, ...]:
        """The places of the free parameters that are no scales, in their order: those of the products."""
        factors = {scale.factor for scale in self.scales}
        return tuple(k for k in range(self.restriction.dimension) if k not in factors)

    @cached_property
    def groups(self) -> tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]:
        """For each filter the scales that have it (their places among the scales), and the places of its products."""
        found: dict[tuple[int, ...], list[int]] = {}
        for number, scale in enumerate(self.scales):
            found.setdefault(scale.filter, []).append(number)
        place_of = {k: place for place, k in enumerate(self.kept)}
        return tuple((tuple(numbers), tuple(place_of[k] for k in filter)) for filter, numbers in found.items())

    @cached_property
    def orthants(self) -> tuple[tuple[int, ...], ...]:
        """All signs of the scales, 1 before −1."""
        return tuple(product((1, -1), repeat=len(self.scales)))

    @property
    def is_signless(self) -> bool:
        """Whether (v, w) and (−v, −w) predict the same, so that signs 1 are enough: h is linear and h(0) = 0."""
        h = self.restriction.network.activation
        return h.is_linear and h.value_at_0 == 0

    @property
    def are_last(self) -> bool:
        """Whether all scales are parameters of the last layer."""
        inner = self.restriction
        return not any(_varies(inner.basis[s.factor], layer) for s in self.scales for layer in range(inner.network.layers - 1))

    def fixed(self, signs: Sequence[int]) -> Restriction:
        """The restriction with each scale fixed at its sign; its free parameters are the products.

        Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 56.

        >>> import exactsurf as es
        >>> scales_of(es.diagonal(1)).fixed((-1,)).expressions()
        {'W1': [['w1_0']], 'W2': [['-1']]}
        """
        values = [_ZERO] * self.restriction.dimension
        for scale, sign in zip(self.scales, signs, strict=True):
            values[scale.factor] = Fraction(sign)
        inner = self.restriction
        basis, names = [inner.basis[k] for k in self.kept], [inner.names[k] for k in self.kept]
        return Restriction(inner.network, inner.at(values), basis, names)

    def values(self, signs: Sequence[int], products: Sequence[Fraction]) -> Vector:
        """Values of the free parameters with these products: the scales are their signs (or 0). Exactness: exact."""
        values = [_ZERO] * self.restriction.dimension
        for scale, sign in zip(self.scales, signs, strict=True):
            values[scale.factor] = Fraction(sign)
        for k, value in zip(self.kept, products, strict=True):
            values[k] = value
        return tuple(values)

    def products(self, values: Sequence[Fraction]) -> tuple[tuple[int, ...], Vector]:
        """Signs of the scales and the products at values of the free parameters; signs are 1 where `is_signless`, and of 0.

        Exactness: exact. Raises: nothing. Source: proofs/scaled_surface.md.

        >>> import exactsurf as es
        >>> scales = scales_of(es.restriction(es.Network([1, 1, 1], biases=False)))
        >>> scales.products((Fraction(3), Fraction(-2)))
        ((-1,), (Fraction(6, 1),))
        """
        factors = [values[scale.factor] for scale in self.scales]
        signs = tuple(-1 if factor < 0 and not self.is_signless else 1 for factor in factors)
        sizes = [factor if self.is_signless else abs(factor) for factor in factors]
        own = {k: [size for size, scale in zip(sizes, self.scales, strict=True) if k in scale.filter] for k in self.kept}
        return signs, tuple(values[k] * prod(own[k], start=_ONE) for k in self.kept)


def scales_of(restriction: Restriction) -> Scales | None:
    """The scales of a restriction, if fixing them leaves at most one varying weight on each path; None otherwise.

    They are looked for among all gradings of the free parameters under which entries, units and outputs are homogeneous, the
    outputs of degree 0; of the parameters of a product those of later layers become scales.
    Parameters: `restriction`, of a piecewise linear network. Exactness: exact. Raises: nothing.
    Source: proofs/FORMAT.md, section 56.

    >>> import exactsurf as es
    >>> scaled = es.restriction(es.Network([4, 2, 1], biases=False), W1=[["a", "b", 0, 0], [0, 0, "a", "b"]], W2=[["v", "-v"]])
    >>> scales_of(scaled).scales, scales_of(es.diagonal(2, 3)).groups
    ((Scale(factor=2, filter=(0, 1)),), (((0, 2), (0,)), ((1, 3), (1,))))
    >>> scales_of(es.convolution(3, [2, 2], activation="linear")) is None
    True
    """
    scales, order = [], _by_layer(restriction)
    for grades in _gradings(restriction, order):
        moved = sorted((k for k, grade in enumerate(grades) if grade), key=order.__getitem__, reverse=True)
        if len(moved) < 2:
            continue
        factors = [k for k in moved if all(other == k or grades[other] == -grades[k] for other in moved)]
        if not factors:
            return None
        scales.append(Scale(factors[0], tuple(sorted(set(moved) - {factors[0]}))))
    found = Scales(restriction, tuple(sorted(scales, key=lambda scale: scale.factor)))
    filters = {scale.filter for scale in scales}
    every = [k for filter in filters for k in filter]
    if not scales or len(set(every)) < len(every) or {scale.factor for scale in scales} & set(every) or not found.kept:
        return None
    return found if found.fixed(found.orthants[0]).degree <= 1 else None


def scales_where_needed(problem: RestrictedProblem) -> Scales | None:
    """The scales of a restricted problem whose degree is more than 1; None if there are none, and where the degree is at most 1.

    With weight decay there are none: it is not the same where a scale is divided and its filter multiplied by a number.
    Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 56.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([[1, 2]], [1])
    >>> scales_where_needed(es.RestrictedProblem(es.diagonal(2), data)).scales
    (Scale(factor=2, filter=(0,)), Scale(factor=3, filter=(1,)))
    """
    restriction = problem.restriction
    if problem.unrestricted.decay is not None:
        return None
    return scales_of(restriction) if restriction.degree > 1 and restriction.network.is_piecewise_linear else None


def _by_layer(restriction: Restriction) -> list[int]:
    """The rank of each free parameter if those of earlier layers come first."""
    last = [max(layer for layer in range(restriction.network.layers) if _varies(part, layer)) for part in restriction.basis]
    ranks = [0] * restriction.dimension
    for rank, k in enumerate(sorted(range(restriction.dimension), key=last.__getitem__)):
        ranks[k] = rank
    return ranks


def _varies(part: Parameters, layer: int) -> bool:
    return any(map(any, part.weights[layer])) or any(part.biases[layer] or ())


def _gradings(restriction: Restriction, order: Sequence[int]) -> list[list[Fraction]]:
    """A basis of the gradings of the free parameters, each with an entry that the others do not have, as late as there is one."""
    network, free = restriction.network, restriction.dimension
    h = network.activation
    keeps = h.value_at_0 == 0 and all(t == 0 for t in h.breakpoints)
    unknowns = sum(network.widths[1:])
    equations: list[dict[int, int]] = []
    below: list[int | None] = [None] * network.widths[0]
    silent, number = [False] * network.widths[0], 0
    for layer in range(network.layers):
        units: list[int | None] = []
        quiet = []
        for j in range(network.widths[layer + 1]):
            own, has_terms = number, False
            for varying, is_fixed, source in _entries(restriction, layer, j):
                if not (varying or is_fixed) or (source is not None and silent[source]):
                    continue
                has_terms = True
                places = [unknowns + order[k] for k in varying]
                equations += [{place: 1} for place in places if is_fixed]
                equations += [{places[0]: 1, place: -1} for place in places[1:]]
                whole = {own: -1}
                if places:
                    whole[places[0]] = 1
                read = None if source is None else below[source]
                if read is not None:
                    whole[read] = 1
                equations.append(whole)
            is_output = layer == network.layers - 1
            if is_output or not keeps or not has_terms:
                equations.append({own: 1})
            units.append(own)
            quiet.append(not has_terms and h.value_at_0 == 0)
            number += 1
        below, silent = units, quiet
    rows = [[Fraction(equation.get(k, 0)) for k in range(unknowns + free)] for equation in equations]
    return [[basis[unknowns + rank] for rank in order] for basis in kernel(list(dict.fromkeys(map(tuple, rows))))]


def _entries(restriction: Restriction, layer: int, unit: int) -> Iterator[tuple[list[int], bool, int | None]]:
    """Of a row and its bias: the free parameters that vary in the entry, whether its offset is not 0, and what it multiplies."""
    parts = [*restriction.basis, restriction.offset]
    columns: list[tuple[list[Fraction], int | None]] = [
        ([part.weights[layer][unit][source] for part in parts], source) for source in range(restriction.network.widths[layer])
    ]
    if restriction.network.biases[layer]:
        columns.append(([part.biases[layer][unit] for part in parts], None))  # type: ignore[index]
    for column, source in columns:
        yield [k for k, value in enumerate(column[:-1]) if value], bool(column[-1]), source
