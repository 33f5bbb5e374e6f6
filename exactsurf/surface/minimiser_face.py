"""The polyhedron of minimisers in a signed cell, in product variables: which generators it uses, and its dimension."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from exactsurf.exact.cone_least_squares import Fit
from exactsurf.exact.cone_linear import Deviation
from exactsurf.exact.linear_algebra import Vector, rank
from exactsurf.surface.cell_minima import CellMinima, OptimalPredictions, centre
from exactsurf.surface.product_variables import scaled_coefficients
from exactsurf.surface.signed_cells import Orbit


class FaceDimensions:
    """The dimensions of {coefficients > 0 of some generators with optimal predictions} in product variables and output bias.

    That is the dimension of the product of the faces minus the rank of the predictions, where those may move along columns of the
    widening. Lines of weights that no sample sees count; so does v itself where it is a variable. Ranks are kept.
    Exactness: exact. Source: standard.
    """

    def __init__(self, minima: CellMinima) -> None:
        self.minima = minima
        self._of_units: dict[tuple[int, ...], int] = {}
        self._flattenings: dict[tuple[int, tuple[Vector, ...]], int] = {}

    def of_unit(self, generators: Sequence[int]) -> int:
        """The dimension of the face of one unit that these generators span."""
        own = tuple(generators)
        if own not in self._of_units:
            table = self.minima.table
            lines = [line if table.homogeneous else (*line, Fraction(0)) for line in table.lineality]
            self._of_units[own] = rank([*(table.lifted(g) for g in own), *lines])
        return self._of_units[own]

    def flattening(self, mask: int, widening: Sequence[Vector] = ()) -> int:
        """What it adds that the predictions of the columns of a mask add up to optimal ones, which may move along `widening`."""
        key = (mask, tuple(widening))
        if key not in self._flattenings:
            minima, count = self.minima, len(self.minima.columns)
            # The output bias follows from the rest, so it adds no dimension.
            seen = [tuple(map(Fraction, minima.columns[k])) for k in range(count) if (mask | mask >> count) >> k & 1]
            rows = [*seen, *widening]
            self._flattenings[key] = len(widening) - rank(
                [centre(row) for row in rows] if minima.problem.network.biases[1] else rows
            )
        return self._flattenings[key]


def minimiser_generators(minima: CellMinima, orbit: Orbit) -> tuple[list[list[int]], list[Vector]]:
    """For every unit the generators that some attained minimiser over the closed signed cell uses, and the widening used.

    Parameters: an orbit of signed cells whose minimum is attained. Exactness: exact (linear programs). Raises: nothing.
    Source: complementary slackness leaves the generators along which the risk is stationary.
    """
    table, fit = minima.table, minima.over_orbit(orbit)
    along = _along(minima, fit)
    variables = [(j, g) for j, kind in enumerate(orbit) for g in table.members[kind // 2] if not minima.mask((g,), 1) & ~along]
    signs = [1 - 2 * (kind % 2) for kind in orbit]
    optimal = minima.predictions(minima.gradient(fit))
    while True:
        moving = used_widening(minima, variables, signs, optimal)
        used = {(j, g) for j, g in variables if minima.places[g] is None}
        for position, variable in enumerate(variables):
            if variable in used:
                continue
            heights = [Fraction(int(k == position)) for k in range(len(variables))]
            point = scaled_coefficients(minima, variables, signs, optimal, heights)
            if point is not None:
                used |= {v for v, value in zip(variables, point.values, strict=True) if value}
        chosen = [[g for i, g in variables if i == j and (i, g) in used] for j in range(len(orbit))]
        # Where v cannot be positive, an attained minimiser has v w = 0 too.
        silent = {j for j, own in enumerate(chosen) if own and not any(table.generators[g].apex for g in own)}
        if table.homogeneous or not silent:
            return chosen, moving
        variables = [(j, g) for j, g in variables if j not in silent]


def used_widening(
    minima: CellMinima, variables: Sequence[tuple[int, int]], signs: Sequence[int], optimal: OptimalPredictions
) -> list[Vector]:
    """The columns of the widening along which some point with coefficients ≥ 0 of these generators is strictly between the ends.

    Parameters: `variables`, (unit, generator), along all of which the risk is stationary. Exactness: exact (linear programs).
    Raises: nothing. Source: the definition; points that have left either end have a mean that has left both.
    """
    columns = optimal.columns
    bounded = [k for k, bound in enumerate(optimal.bounds) if bound is not None]
    places = [*range(len(columns)), *bounded]
    found: set[int] = set()
    for position in range(len(places)):
        if position in found:
            continue
        heights = [Fraction(0)] * len(variables) + [Fraction(int(k == position)) for k in range(len(places))]
        point = scaled_coefficients(minima, variables, signs, optimal, heights)
        if point is not None:
            found |= {k for k, value in enumerate((*point.widening, *point.room)) if value}
    left = [k for k in range(len(columns)) if k in found and (k not in bounded or len(columns) + bounded.index(k) in found)]
    return [columns[k] for k in left]


def largest_dimension(minima: CellMinima, orbits: Iterable[Orbit]) -> int:
    """The largest dimension of the minimisers over several signed cells, cells that cannot beat the others left out.

    Parameters, Exactness, Raises, Source: as for `minimiser_generators`.
    """
    dimensions, stationary = FaceDimensions(minima), _Stationary(minima)
    bounds = sorted(((stationary.bound(dimensions, orbit), orbit) for orbit in orbits), key=lambda pair: -pair[0])
    best = 0
    for bound, orbit in bounds:
        if bound <= best:
            break
        chosen, moving = minimiser_generators(minima, orbit)
        mask = minima.mask((g for own in chosen for g in own), 0)
        best = max(best, sum(map(dimensions.of_unit, chosen)) + dimensions.flattening(mask, moving))
    return best


class _Stationary:
    """The generators of unit cells along which the risk is stationary at the minimum over signed cells; kept."""

    def __init__(self, minima: CellMinima) -> None:
        self.minima = minima
        self._along: dict[int, tuple[int, tuple[Vector, ...]]] = {}
        self._of_cell: dict[tuple[int, int], tuple[tuple[int, ...], int]] = {}

    def bound(self, dimensions: FaceDimensions, orbit: Orbit) -> int:
        """The dimension that the minimisers over a signed cell have at most."""
        minima = self.minima
        cone = minima.cone(orbit)
        if cone not in self._along:
            fit = minima.minimum(cone)
            self._along[cone] = (_along(minima, fit), minima.predictions(minima.gradient(fit)).columns)
        along, widening = self._along[cone]
        total = mask = 0
        for kind in orbit:
            key = (kind // 2, along)
            if key not in self._of_cell:
                chosen = tuple(g for g in minima.table.members[kind // 2] if not minima.mask((g,), 1) & ~along)
                self._of_cell[key] = (chosen, minima.mask(chosen, 0))
            chosen, own = self._of_cell[key]
            total += dimensions.of_unit(chosen)
            mask |= own
        return total + dimensions.flattening(mask, widening)


def _along(minima: CellMinima, fit: Fit | Deviation) -> int:
    """The mask of the signed columns along which the risk is stationary at a minimum."""
    return fit.orthogonal if isinstance(fit, Fit) else minima.stationary(minima.gradient(fit))
