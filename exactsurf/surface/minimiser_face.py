"""The polyhedron of minimisers in a signed cell, in product variables: which generators it uses, and its dimension."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from exactsurf.exact.cone_least_squares import Fit
from exactsurf.exact.linear_algebra import Vector, rank
from exactsurf.surface.cell_minima import CellMinima, centre
from exactsurf.surface.optimal_predictions import OptimalPredictions
from exactsurf.surface.product_variables import scaled_coefficients
from exactsurf.surface.signed_cells import Orbit


def face_dimension(minima: CellMinima, generators: Sequence[Sequence[int] | None], widening: Sequence[Vector] = ()) -> int:
    """The dimension of {coefficients > 0 of these generators with optimal predictions} in product variables and output bias.

    Lines of weights that no sample sees count; so does v itself where it is a variable. It is the dimension of the product of
    the faces minus the rank of the predictions, where those may move along `widening`.
    Parameters: for every unit the generators of a face of its cone, None where the unit is off; the set must not be empty.
    Exactness: exact. Raises: nothing. Source: standard.
    """
    table = minima.table
    lines = [line if table.homogeneous else (*line, Fraction(0)) for line in table.lineality]
    total = 0
    columns: set[int] = set()
    for chosen in generators:
        if chosen is None:
            continue
        total += rank([*(table.lifted(g) for g in chosen), *lines])
        columns |= {place[0] for place in (minima.places[g] for g in chosen) if place is not None}
    # The output bias follows from the rest, so it adds no dimension.
    seen = [tuple(map(Fraction, minima.columns[k])) for k in sorted(columns)] + list(widening)
    return total + len(widening) - rank([centre(column) for column in seen] if minima.problem.network.biases[1] else seen)


def minimiser_generators(minima: CellMinima, orbit: Orbit) -> tuple[list[list[int]], list[Vector]]:
    """For every unit the generators that some attained minimiser over the closed signed cell uses, and the widening used.

    Parameters: an orbit of signed cells whose minimum is attained. Exactness: exact (linear programs). Raises: nothing.
    Source: complementary slackness leaves the generators along which the risk is stationary.
    """
    table, variables = minima.table, _stationary(minima, orbit)
    signs = [1 - 2 * (kind % 2) for kind in orbit]
    optimal = minima.predictions(minima.gradient(minima.over_orbit(orbit)))
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


def minimiser_dimension(minima: CellMinima, orbit: Orbit) -> int:
    """The dimension of the polyhedron of minimisers over a closed signed cell, in product variables and output bias.

    Parameters, Exactness, Raises, Source: as for `minimiser_generators`.
    """
    return face_dimension(minima, *minimiser_generators(minima, orbit))


def largest_dimension(minima: CellMinima, orbits: Iterable[Orbit]) -> int:
    """The largest dimension of the minimisers over several signed cells, cells that cannot beat the others left out.

    Parameters, Exactness, Raises, Source: as for `minimiser_generators`.
    """
    bounds = sorted(((_bound(minima, orbit), orbit) for orbit in orbits), key=lambda pair: -pair[0])
    best = 0
    for bound, orbit in bounds:
        if bound <= best:
            break
        best = max(best, minimiser_dimension(minima, orbit))
    return best


def _bound(minima: CellMinima, orbit: Orbit) -> int:
    chosen: list[list[int]] = [[] for _ in orbit]
    for j, g in _stationary(minima, orbit):
        chosen[j].append(g)
    return face_dimension(minima, chosen, minima.predictions(minima.gradient(minima.over_orbit(orbit))).columns)


def _stationary(minima: CellMinima, orbit: Orbit) -> list[tuple[int, int]]:
    """The generators of the cell, with their units, along which the risk is stationary at the minimum."""
    fit = minima.over_orbit(orbit)
    along = fit.orthogonal if isinstance(fit, Fit) else minima.stationary(minima.gradient(fit))
    return [(j, g) for j, kind in enumerate(orbit) for g in minima.table.members[kind // 2] if not minima.mask((g,), 1) & ~along]
