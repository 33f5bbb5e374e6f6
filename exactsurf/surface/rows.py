"""A landscape as plain tables: one dict a row, for pandas, csv or json."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from exactsurf.model.parameters import Parameters

if TYPE_CHECKING:
    from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
    from exactsurf.surface.sublevel import SublevelLandscape
    from exactsurf.surface.surface import Landscape

Row: TypeAlias = dict[str, int | bool | Fraction | Parameters | tuple[int, ...] | None]


def valley_rows(land: Landscape | SublevelLandscape | RestrictedLandscape) -> list[Row]:
    """The valleys of a landscape, lowest first, one dict each.

    Parameters: a `Landscape`. Returns: dicts with the place of the valley, its risk, barrier and persistence (None for a global
    minimum), multiplicity, flags, and a point (None if the risk is only approached). Exactness: exact.
    Raises: nothing. Source: `Valley`.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> row = valley_rows(land)[1]
    >>> row["valley"], row["risk"], row["barrier"], row["persistence"], row["multiplicity"], row["spurious"]
    (1, Fraction(3, 4), Fraction(11, 8), Fraction(5, 8), 1, True)
    """
    return [
        {
            "valley": place,
            "risk": valley.risk,
            "barrier": valley.barrier,
            "persistence": valley.persistence,
            "multiplicity": valley.multiplicity,
            "global": valley.is_global,
            "spurious": valley.is_spurious,
            "attained": valley.is_attained,
            "parameters": valley.parameters,
        }
        for place, valley in enumerate(land.valleys)
    ]


def local_minimum_rows(land: Landscape | RestrictedLandscape) -> list[Row]:
    """The connected sets of local minima of a landscape, lowest first, one dict each.

    Parameters: a `Landscape`. Returns: dicts with risk, dimension, multiplicity, flags, the places of the valleys that it leads
    to, and a point. Exactness: exact. Raises: as `find_local_minima`. Source: `LocalMinimum`.
    """
    return [
        {
            "risk": found.risk,
            "dimension": found.dimension,
            "multiplicity": found.multiplicity,
            "strict": found.is_strict,
            "global": found.is_global,
            "spurious": found.is_spurious,
            "valley": found.is_valley,
            "valleys": found.valleys,
            "parameters": found.parameters,
        }
        for found in land.local_minima
    ]
