"""The polyhedron of minimisers in a signed cell, in product variables: which generators it uses, and its dimension."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from exactsurf.exact.linear_algebra import rank
from exactsurf.landscape.cell_minima import CellMinima
from exactsurf.landscape.product_variables import scaled_coefficients
from exactsurf.landscape.signed_cells import Orbit


def face_dimension(minima: CellMinima, generators: Sequence[Sequence[int] | None]) -> int:
    """The dimension of {coefficients > 0 of these generators with given predictions} in product variables and output bias.

    Lines of weights that no sample sees count; so does v itself where it is a variable. It is the dimension of the product of
    the faces minus the rank of the predictions.
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
    # The best output bias follows from the rest, so it adds no dimension.
    return total - rank([tuple(map(Fraction, minima.columns[k])) for k in sorted(columns)])


def minimiser_generators(minima: CellMinima, orbit: Orbit) -> list[list[int]]:
    """For every unit the generators that some attained minimiser over the closed signed cell uses.

    Parameters: an orbit of signed cells whose minimum is attained. Exactness: exact (linear programs). Raises: nothing.
    Source: complementary slackness leaves the generators along which the risk is stationary.
    """
    table, variables = minima.table, _stationary(minima, orbit)
    signs = [1 - 2 * (kind % 2) for kind in orbit]
    predictions = minima.predictions(minima.over_orbit(orbit))
    while True:
        used = {(j, g) for j, g in variables if minima.places[g] is None}
        for position, variable in enumerate(variables):
            if variable in used:
                continue
            heights = [Fraction(int(k == position)) for k in range(len(variables))]
            point = scaled_coefficients(minima, variables, signs, predictions, heights)
            if point is not None:
                used |= {v for v, value in zip(variables, point, strict=True) if value}
        chosen = [[g for i, g in variables if i == j and (i, g) in used] for j in range(len(orbit))]
        # Where v cannot be positive, an attained minimiser has v w = 0 too.
        silent = {j for j, own in enumerate(chosen) if own and not any(table.generators[g].apex for g in own)}
        if table.homogeneous or not silent:
            return chosen
        variables = [(j, g) for j, g in variables if j not in silent]


def minimiser_dimension(minima: CellMinima, orbit: Orbit) -> int:
    """The dimension of the polyhedron of minimisers over a closed signed cell, in product variables and output bias.

    Parameters, Exactness, Raises, Source: as for `minimiser_generators`.
    """
    return face_dimension(minima, minimiser_generators(minima, orbit))


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
    return face_dimension(minima, chosen)


def _stationary(minima: CellMinima, orbit: Orbit) -> list[tuple[int, int]]:
    """The generators of the cell, with their units, along which the risk is stationary at the minimum."""
    orthogonal = minima.over_orbit(orbit).orthogonal
    return [
        (j, g) for j, kind in enumerate(orbit) for g in minima.table.members[kind // 2] if not minima.mask((g,), 1) & ~orthogonal
    ]
