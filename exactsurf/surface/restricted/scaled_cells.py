"""The signed cells of a restricted problem with scales: polyhedra of products on which the risk is convex, and their facets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from math import prod

from exactsurf.cells.affine_network import AffineNetwork, Form, affine_network, arrangement_of, check_count
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import InputError
from exactsurf.exact.least_on_polyhedron import LeastOnPolyhedron, least_on_polyhedron
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import whole_number
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.scales import Scales
from exactsurf.surface.restricted.affine_cells import AffineCells

_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class ScaledCells:
    """All signed cells: signs of the scales, and a cell of the products; cell k is in orthant k // n, n cells in each.

    `orthants` has for each choice of signs the cells of the products, which are the same for all; their points are products.
    Built by `scaled_cells`. Exactness: exact. Source: proofs/scaled_surface.md.
    """

    scales: Scales
    orthants: tuple[AffineCells, ...]
    _found: dict[tuple[int, tuple[int, ...]], LeastOnPolyhedron] = field(default_factory=dict, repr=False, compare=False)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.orthants) * self.in_each

    @property
    def in_each(self) -> int:
        """How many cells the space of products has."""
        return len(self.orthants[0].cells)

    @property
    def hyperplanes(self) -> tuple[Form, ...]:
        """Those between the cells of the products."""
        return self.orthants[0].hyperplanes

    def values(self, cell: int, products: Vector) -> Vector:
        """Values of the free parameters in a signed cell that have these products."""
        return self.scales.values(self.scales.orthants[cell // self.in_each], products)

    def minimum(self, cell: int, effort: Effort = UNBOUNDED) -> LeastOnPolyhedron:
        """The minimum over a closed signed cell; its point is one of products."""
        return self._least(cell, (), None, effort)

    def facets(self) -> Iterator[tuple[int, int, int]]:
        """All pairs of signed cells with a common facet, and its wall: a hyperplane, or behind these a scale that is 0."""
        for orthant, cells in enumerate(self.orthants):
            base = orthant * self.in_each
            for cell, beyond, hyperplane in cells.facets():
                yield base + cell, base + beyond, hyperplane
            for number, sign in enumerate(self.scales.orthants[orthant]):
                if sign > 0:
                    other = orthant + (1 << (len(self.scales.scales) - 1 - number))
                    for cell in range(self.in_each):
                        yield base + cell, other * self.in_each + cell, len(self.hyperplanes) + number

    def facet_minimum(self, cell: int, wall: int, start: Vector, effort: Effort = UNBOUNDED) -> LeastOnPolyhedron:
        """The minimum over the facet of a signed cell at a wall; `start`, products near it."""
        if wall < len(self.hyperplanes):
            form = self.hyperplanes[wall]
            zeros = tuple(place for place, value in enumerate(form) if value)
            if len(zeros) == 1 and not form[-1]:
                return self._least(cell, zeros, start, effort)
            orthant, inner = divmod(cell, self.in_each)
            return self.orthants[orthant].facet_minimum(inner, wall, start, effort)
        scale = wall - len(self.hyperplanes)
        return self._least(cell, next(members for numbers, members in self.scales.groups if scale in numbers), start, effort)

    def _least(self, cell: int, zeros: tuple[int, ...], start: Vector | None, effort: Effort) -> LeastOnPolyhedron:
        """The minimum over the products of a closed signed cell that are 0 at these places, with the least work.

        Where signs can be moved into products, signed cells that are mirror images of each other have one answer.
        """
        orthant, inner = divmod(cell, self.in_each)
        mirrored = self._mirrors[orthant] if self.scales.is_signless else frozenset()
        if mirrored:
            signs = self.orthants[0].cells[inner].signs
            turned = tuple(-sign if self._axes[k] in mirrored else sign for k, sign in enumerate(signs)) if self._axes else signs
            orthant, inner = 0, self.orthants[0].places[turned]
        key = orthant * self.in_each + inner, zeros
        if key not in self._found:
            cells = self.orthants[orthant]
            begin = cells.cells[inner].witness if start is None else _turned(start, mirrored)
            self._found[key] = least_on_polyhedron(cells.terms(inner), cells.sides(inner), self._zero(zeros), begin, effort)
        found = self._found[key]
        return LeastOnPolyhedron(_turned(found.point, mirrored), found.value)

    def _zero(self, places: tuple[int, ...]) -> list[Form]:
        size = len(self.scales.kept)
        return [tuple(_ONE if k == place else _ZERO for k in range(size + 1)) for place in places]

    @cached_property
    def _axes(self) -> tuple[int, ...]:
        """Without breakpoints each hyperplane says that one product is 0: which one."""
        return tuple(next(place for place, value in enumerate(form) if value) for form in self.hyperplanes)

    @cached_property
    def _mirrors(self) -> tuple[frozenset[int], ...]:
        """By orthant the products of which the sign turns if the signs of the scales are moved into them."""
        groups = self.scales.groups
        return tuple(
            frozenset(place for numbers, members in groups if prod(signs[n] for n in numbers) < 0 for place in members)
            for signs in self.scales.orthants
        )

    @property
    def has_all_local_minima(self) -> bool:
        """Whether `local_minima` is known to be complete: for differentiable losses, and where each filter is one number."""
        return self.orthants[0].network.restricted.unrestricted.loss.is_smooth or all(
            len(filter) == 1 for _, filter in self.scales.groups
        )


def _turned(point: Vector, places: frozenset[int]) -> Vector:
    return tuple(-value if place in places else value for place, value in enumerate(point)) if places else point


def scaled_cells(problem: RestrictedProblem, scales: Scales, max_cells: int, effort: Effort = UNBOUNDED) -> ScaledCells:
    """All signed cells of a restricted problem with scales.

    Parameters: `scales`, those of its restriction; `max_cells`; `effort`, whose time is asked after. Exactness: exact.
    Raises: as `affine_network`; `InputError` for more cells than `max_cells`, `OutOfTime`.
    Source: proofs/scaled_surface.md.

    >>> import exactsurf as es
    >>> from exactsurf.model.scales import scales_of
    >>> problem = es.RestrictedProblem(es.diagonal(1), es.Data.from_arrays([1], [2]))
    >>> found = scaled_cells(problem, scales_of(problem.restriction), 100)
    >>> found.count, [str(found.minimum(k).value) for k in range(4)], len(list(found.facets()))
    (4, ['0', '2', '2', '0'], 4)
    """
    networks, hyperplanes = networks_and_hyperplanes(problem, scales, max_cells, effort)
    arrangement = arrangement_of(hyperplanes, len(scales.kept))
    check_count(arrangement, max_cells // len(networks))
    cells = tuple(arrangement.cells())
    return ScaledCells(scales, tuple(AffineCells(network, hyperplanes, cells) for network in networks))


def networks_and_hyperplanes(
    problem: RestrictedProblem, scales: Scales, max_cells: int, effort: Effort
) -> tuple[list[AffineNetwork], tuple[Form, ...]]:
    """The networks with all scales fixed, one for each choice of their signs, and the hyperplanes between cells of products.

    Parameters: as for `scaled_cells`. Exactness: exact. Raises: as there, where the choices of signs alone are too many.
    Source: proofs/scaled_surface.md.
    """
    whole_number(max_cells, "max_cells", 0)
    count = 1 << len(scales.scales)
    if count > max_cells:
        raise InputError(
            f"the {len(scales.scales)} scales of this problem have {count} choices of signs, more than {max_cells} cells",
            fix="raise max_cells (--max-cells), take fewer free parameters, or ask about one point with decide",
        )
    networks = [affine_network(RestrictedProblem.of(scales.fixed(signs), problem.unrestricted)) for signs in scales.orthants]
    size, found = len(scales.kept), dict[Form, None]()
    for network in networks:
        for form in network.kinks(max_cells, effort):
            found.setdefault(form)
    for _, members in scales.groups:
        if len(members) == 1:
            found.setdefault(tuple(_ONE if k == members[0] else _ZERO for k in range(size + 1)))
    return networks, tuple(found)
