"""A rational point of minimal risk on a signed cell or a face of one."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.exact.cone_least_squares import Fit
from exactsurf.model.parameters import Parameters
from exactsurf.surface.cell_minima import CellMinima
from exactsurf.surface.product_variables import attained_amounts, parameters_of
from exactsurf.surface.signed_cells import Orbit


def face_minimiser(minima: CellMinima, cell: Orbit, generators: Sequence[Sequence[int]], mask: int) -> Parameters | None:
    """Parameters of minimal risk on a face of a signed cell, None if the infimum is not attained.

    Parameters: `cell`, for every unit its signed unit cell; `generators`, for every unit those of the face (none: it is off), and
    their `mask`. Exactness: exact. Raises: nothing. Source: theory.md, section 4.
    """
    fit = minima.cold_cones.minimum(mask)
    table = minima.table
    signs = [1 - 2 * (kind % 2) for kind in cell]
    resting = [table.cells[kind // 2].witness for kind in cell]
    amounts: list[dict[int, Fraction]] = [{} for _ in cell]
    scale = fit.denominator * minima.rows.scale
    for column, numerator in zip(fit.support, fit.numerators, strict=True):
        # The first unit that has the column with this sign takes all of it.
        for j, g in ((j, g) for j, members in enumerate(generators) for g in members):
            place = minima.places[g]
            if place is not None and place[0] == column and place[1] * signs[j] * numerator > 0:
                amounts[j][g] = Fraction(abs(numerator), scale) / place[2]
                break
    if not table.homogeneous and any(a and not any(table.generators[g].apex for g in a) for a in amounts):
        found = attained_amounts(minima, generators, signs, minima.gradient(fit))
        if found is None:
            return None
        return parameters_of(minima, signs, found.amounts, resting, found.predictions)
    bias = None if isinstance(fit, Fit) or not fit.free else fit.free[0] / minima.rows.scale
    return parameters_of(minima, signs, amounts, resting, bias=bias)
