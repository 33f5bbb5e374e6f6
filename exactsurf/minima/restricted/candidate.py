"""Values of the free parameters from floats: given by their names, or nearest to arrays of a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exactsurf.errors import InputError, nearest
from exactsurf.exact.linear_algebra import Vector, least_squares
from exactsurf.minima.floats.float_entries import exact_entries
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters, parameters_from
from exactsurf.model.restricted_problem import RestrictedProblem


def values_near(
    restricted: RestrictedProblem, candidate: Mapping[str, Any] | Parameters | None, named: Mapping[str, Any]
) -> Vector:
    """Values of the free parameters, given by their names, or those whose parameters are nearest to arrays W1, b1, ….

    Parameters: `candidate`, a mapping or `Parameters`; `named`, the same by names. Returns: exact values; trained arrays that
    obey the restriction but for rounding have the nearest point of the subspace taken. Exactness: floats count as the binary
    numbers that they store, and the nearest point is exact. Raises: `InputError` for names that are missing or unknown,
    `ShapeError` for arrays of another network. Source: none needed.

    >>> import exactsurf as es
    >>> problem = es.RestrictedProblem(es.diagonal(1, shared=True), es.Data.from_arrays([1], [2]))
    >>> values_near(problem, None, {"w_0": 0.5}), values_near(problem, None, {"W1": [[1.0]], "W2": [[1.5]]})
    ((Fraction(1, 2),), (Fraction(5, 4),))
    """
    restriction = restricted.restriction
    if candidate is not None and not isinstance(candidate, (Parameters, Mapping)):
        what = "a candidate is Parameters, or a mapping from the free parameters or from W1, b1, … to numbers"
        raise InputError(what, text=repr(candidate), fix=f"the free parameters are {', '.join(restriction.names)}")
    if isinstance(candidate, Parameters):
        whole = candidate
    else:
        given = {**(candidate or {}), **named}
        shapes = restriction.network.shapes
        if set(given) <= set(restriction.names):
            numbers = {name: exact_entries(value, name) for name, value in given.items()}
            return restriction.values(restriction.parameters(**numbers))
        if unknown := [name for name in given if name not in shapes and name not in restriction.names]:
            fix = (
                f"{nearest(unknown[0], [*restriction.names, *shapes])}give {', '.join(restriction.names)}, or {', '.join(shapes)}"
            )
            raise InputError(f"neither a free parameter nor an array of the network is called {unknown[0]!r}", fix=fix)
        if mixed := [name for name in given if name not in shapes]:
            fix = f"give all of {', '.join(restriction.names)}, or all of {', '.join(shapes)}"
            raise InputError(f"the free parameter {mixed[0]!r} stands beside arrays of the network", fix=fix)
        whole = parameters_from(restriction.network, **{name: exact_entries(value, name) for name, value in given.items()})
    restricted.unrestricted.check_shapes(whole)
    change = tuple(a - b for a, b in zip(vector_of(whole), restriction.origin, strict=True))
    return least_squares(tuple(zip(*restriction.directions, strict=True)), change)
