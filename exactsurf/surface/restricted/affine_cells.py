"""The cells of a restricted problem of degree 1: polyhedra of free parameters on which the risk is convex, and their facets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from exactsurf.arrangement.hyperplanes import ArrangementCell
from exactsurf.cells.affine_network import AffineNetwork, Form, arrangement_of, check_count, unsigned
from exactsurf.cells.affine_terms import terms_at
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.exact.least_on_polyhedron import LeastOnPolyhedron, Term, least_on_polyhedron
from exactsurf.exact.linear_algebra import Vector


@dataclass(frozen=True)
class AffineCells:
    """All cells: `hyperplanes` between them, and for each the side of every hyperplane and a point inside.

    Built by `affine_cells`. Exactness: exact. Source: proofs/claims/restricted_surface.md.
    """

    network: AffineNetwork
    hyperplanes: tuple[Form, ...]
    cells: tuple[ArrangementCell, ...]
    _terms: dict[int, tuple[Term, ...]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.cells)

    def values(self, cell: int, point: Vector) -> Vector:
        """Values of the free parameters at a point of a cell: the point itself."""
        return point

    def terms(self, cell: int) -> tuple[Term, ...]:
        """The terms of the risk on a cell."""
        if cell not in self._terms:
            self._terms[cell] = terms_at(self.network, self.cells[cell].witness)
        return self._terms[cell]

    def sides(self, cell: int, without: int | None = None) -> list[Form]:
        """The forms that are nowhere negative on a closed cell, but for that of one hyperplane."""
        signs = self.cells[cell].signs
        return [
            form if sign > 0 else tuple(-value for value in form)
            for place, (form, sign) in enumerate(zip(self.hyperplanes, signs, strict=False))
            if place != without
        ]

    def minimum(self, cell: int, effort: Effort = UNBOUNDED) -> LeastOnPolyhedron:
        """The minimum over a closed cell."""
        return least_on_polyhedron(self.terms(cell), self.sides(cell), [], self.cells[cell].witness, effort)

    def facet_minimum(self, cell: int, hyperplane: int, start: Vector, effort: Effort = UNBOUNDED) -> LeastOnPolyhedron:
        """The minimum over the facet of a cell in a hyperplane; `start`, a point near it."""
        sides = self.sides(cell, hyperplane)
        return least_on_polyhedron(self.terms(cell), sides, [self.hyperplanes[hyperplane]], start, effort)

    @cached_property
    def places(self) -> dict[tuple[int, ...], int]:
        """The number of the cell with these signs."""
        return {cell.signs: place for place, cell in enumerate(self.cells)}

    def facets(self) -> Iterator[tuple[int, int, int]]:
        """All pairs of cells with a common facet, and its hyperplane: cells that differ in one sign only."""
        for place, cell in enumerate(self.cells):
            for hyperplane in range(len(self.hyperplanes)):
                if cell.signs[hyperplane] > 0:
                    beyond = self.beyond(place, hyperplane)
                    if beyond is not None:
                        yield place, beyond, hyperplane

    def beyond(self, cell: int, hyperplane: int) -> int | None:
        """The cell across a hyperplane, None if there is none."""
        signs = self.cells[cell].signs
        return self.places.get((*signs[:hyperplane], -signs[hyperplane], *signs[hyperplane + 1 :]))

    def hyperplane_of(self, form: Form) -> int:
        """The number of the hyperplane where a form is 0. Raises: `KeyError` if it is none of them."""
        return self._numbers[unsigned(form)]

    @cached_property
    def _numbers(self) -> dict[Form, int]:
        return {form: place for place, form in enumerate(self.hyperplanes)}

    def around(self, values: Vector) -> list[int]:
        """The closed cells that contain a point."""
        here = [sum((a * b for a, b in zip(form, values, strict=False)), form[-1]) for form in self.hyperplanes]
        return [
            place
            for place, cell in enumerate(self.cells)
            if all(value * sign >= 0 for value, sign in zip(here, cell.signs, strict=False))
        ]


def affine_cells(network: AffineNetwork, max_cells: int, effort: Effort = UNBOUNDED) -> AffineCells:
    """All cells of a network of degree 1.

    Parameters: `network`; `max_cells`; `effort`, whose time is asked after. Exactness: exact. Raises: `InputError` for more cells
    than `max_cells`, `OutOfTime`. Source: proofs/claims/restricted_surface.md.

    >>> import exactsurf as es
    >>> from exactsurf.cells.affine_network import affine_network
    >>> filters = es.convolution(4, [2], strides=2, head=[1, 1])
    >>> found = affine_cells(affine_network(es.RestrictedProblem(filters, es.Data.from_arrays([[1, 0, 0, 1]], [2]))), 100)
    >>> len(found.cells), len(list(found.facets())), [found.minimum(k).value for k in range(4)]
    (4, 4, [Fraction(0, 1), Fraction(0, 1), Fraction(0, 1), Fraction(2, 1)])
    """
    hyperplanes = network.kinks(max_cells, effort)
    arrangement = arrangement_of(hyperplanes, network.dimension)
    check_count(arrangement, max_cells)
    return AffineCells(network, hyperplanes, tuple(arrangement.cells()))
