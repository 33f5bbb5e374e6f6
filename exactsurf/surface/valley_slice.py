"""Planes through the bottoms of valleys: what lies between two or three of them, with the true walls."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.cells.slice import Slice
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import Exact, brief
from exactsurf.model.parameters import Parameters
from exactsurf.surface.paths import lowest_path

if TYPE_CHECKING:
    from exactsurf.surface.surface import Landscape


def slice_through_valleys(
    land: Landscape, first: int, second: int, third: int | None = None, *, window: Sequence[Exact] | None = None
) -> Slice:
    """The plane through the bottoms of two or three valleys: the first at (0, 0), the second at (1, 0), the third at (0, 1).

    Parameters: places in `land.valleys`; without a third valley, at (0, 1) is the highest point between the ends of a lowest path
    from the first to the second (the middle of a path of one step), which need not be a saddle of the plane; `window` as for
    `Slice.through`.
    Returns: a slice that marks the bottoms, by the places of their valleys, in pictures.
    Exactness: exact. Raises: `InputError` for places that are none, or given twice; `UnsupportedError` for a valley whose risk is
    not attained. Source: theory.md, sections 1 and 4.

    >>> import exactsurf as es
    >>> land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    >>> plane = land.slice(0, 1)
    >>> [str(land.problem.risk(plane.parameters_at(s, t))) for s, t in [(0, 0), (1, 0), (0, 1)]]
    ['1/3', '3/4', '11/8']
    """
    chosen = [first, second] if third is None else [first, second, third]
    if len(set(chosen)) < len(chosen):
        raise InputError("a slice goes through different valleys", text=str(chosen))
    ends = [_bottom(land, place) for place in chosen]
    if third is None:
        path = lowest_path(land, *ends)
        inner = path.points[1:-1] or (path.at(0, Fraction(1, 2)),)
        ends.append(max(inner, key=land.problem.risk))
    here, right, above = ends
    bottoms = {f"valley {place}": point for place, point in zip(chosen, ends, strict=False)}
    return Slice.through(land.problem, here, right, above, marks=bottoms, **({} if window is None else {"window": window}))


def _bottom(land: Landscape, place: int) -> Parameters:
    if not 0 <= place < len(land.valleys):
        raise InputError(f"the landscape has the valleys 0 to {len(land.valleys) - 1}", text=str(place))
    valley = land.valleys[place]
    if valley.parameters is None:
        what = f"the risk {brief(valley.risk)} of valley {place} is approached, but not attained: it has no bottom"
        raise UnsupportedError(what, "choose another valley")
    return valley.parameters
