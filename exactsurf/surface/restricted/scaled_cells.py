"""The signed cells of a restricted problem with scales: polyhedra of products on which the risk is convex, and their facets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

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
        orthant, inner = divmod(cell, self.in_each)
        return self.orthants[orthant].minimum(inner, effort)

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
        orthant, inner = divmod(cell, self.in_each)
        cells = self.orthants[orthant]
        if wall < len(self.hyperplanes):
            return cells.facet_minimum(inner, wall, start, effort)
        zero = self.zeros(wall - len(self.hyperplanes))
        return least_on_polyhedron(cells.terms(inner), cells.sides(inner), zero, start, effort)

    def zeros(self, scale: int) -> list[Form]:
        """The forms that say that the products of the filter of a scale are 0."""
        members = next(filter for numbers, filter in self.scales.groups if scale in numbers)
        size = len(self.scales.kept)
        return [tuple(_ONE if k == place else _ZERO for k in range(size + 1)) for place in members]

    @property
    def has_all_local_minima(self) -> bool:
        """Whether `local_minima` is known to be complete: for differentiable losses, and where each filter is one number."""
        return self.orthants[0].network.restricted.unrestricted.loss.is_smooth or all(
            len(filter) == 1 for _, filter in self.scales.groups
        )


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
