"""From a signed cell without subgradients to a descent: a direction, or a curve that turns units of output weight 0 first.

Along the curve the weights of such a unit move by t times a motion, while its output weight grows from 0 by a higher power
of t; units that were taken out first grow first (proofs/rules/convex_cells.md, "Necessity").
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.local.coordinate_vector import dimension, row_positions
from exactsurf.minima.local.directional import descend
from exactsurf.minima.local.risk_series import descend_along
from exactsurf.minima.local.signed_cell_system import Falling, NoLeaf, SignedCell
from exactsurf.model.parameter_vector import parameters_of
from exactsurf.model.parameters import Parameters

_ZERO = Fraction(0)
_Series = list[Fraction]


def descend_from(cell: SignedCell, failure: NoLeaf) -> DescentDirection | DescentCurve | None:
    """The descent that `failure` describes, if it is one; it is if all motions move in one cell.

    Exactness: exact. Raises: nothing. Source: proofs/rules/convex_cells.md.
    """
    point, height = cell.point, len(failure.rounds)
    if not height:
        return _direction(cell, failure.last)
    order = 2 * height + 1
    return descend_along(point.point, _curve(cell, failure, order), order)


def _direction(cell: SignedCell, motion: Falling) -> DescentDirection | None:
    point = cell.point
    entries = [_ZERO] * dimension(point.problem.network)
    rows = row_positions(point.problem.network)
    for j, moves in motion.rows.items():
        for place, value in zip(rows[0][j], moves, strict=True):
            entries[place] = value if j not in cell.weights else _ZERO
    for j, value in motion.weights.items():
        entries[rows[1][0][j]] = value * cell.weights.get(j, 1)
    if point.problem.network.biases[1]:
        entries[rows[1][0][-1]] = motion.bias
    direction = parameters_of(point.problem.network, entries)
    return descend(point.point, direction)


def _curve(cell: SignedCell, failure: NoLeaf, order: int) -> list[Parameters]:
    """The coefficients of t, …, t^order."""
    network = cell.point.problem.network
    height = len(failure.rounds)
    terms: list[tuple[int, Falling]] = [(height, failure.last)]
    terms += [(power, motion) for power, found in enumerate(failure.rounds) for motion in found.values()]
    # All motions but those of units of output weight 0 are short of second order, which is then negligible.
    shift = height + 1
    vectors = [[_ZERO] * dimension(network) for _ in range(order + 1)]
    rows = row_positions(network)
    for j in range(len(cell.point.weights)):
        weights = [_ZERO] * (height + 1)
        moves = [[_ZERO] * (height + 1) for _ in rows[0][j]]
        for power, motion in terms:
            weights[power] += motion.weights[j]
            for series, value in zip(moves, motion.rows.get(j, ()), strict=False):
                series[power] += value
        for power, value in enumerate(weights):
            vectors[power + shift][rows[1][0][j]] = value * cell.weights.get(j, 1)
        for place, series in zip(rows[0][j], moves, strict=True):
            if j in cell.weights:
                for power, value in enumerate(_quotient(series, weights, order)):
                    vectors[power][place] = value
            else:
                for power, value in enumerate(series):
                    vectors[power + shift][place] = value
    if network.biases[1]:
        for power, motion in terms:
            vectors[power + shift][rows[1][0][-1]] += motion.bias
    return [parameters_of(network, vector) for vector in vectors[1:]]


def _quotient(above: Sequence[Fraction], below: Sequence[Fraction], order: int) -> Vector:
    """above/below as a power series up to t^order; `above` is 0 to a higher order than `below`, or altogether."""
    if not any(above):
        return (_ZERO,) * (order + 1)
    lead = next(k for k, value in enumerate(below) if value)
    rest: _Series = [*above[lead:], *[_ZERO] * (order + 1)][: order + 1]
    divisor = below[lead:]
    found: _Series = []
    for k in range(order + 1):
        value = rest[k] / divisor[0]
        found.append(value)
        if value:
            for shift, entry in enumerate(divisor):
                if k + shift <= order:
                    rest[k + shift] -= value * entry
    return tuple(found)
