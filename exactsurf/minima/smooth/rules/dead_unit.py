"""Rational points where a smooth risk has no local minimum: a slope, negative curvature, or a unit that no output reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.rules.smooth.dead_unit import SmoothDeadUnit
from exactsurf.certificate.rules.smooth.descent import SmoothDescent
from exactsurf.effort import Effort
from exactsurf.exact.balls import rounded, to_arb
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.local.coordinate_vector import parameters_of, row_positions, vector_of
from exactsurf.minima.smooth.hessian_box import negative_direction
from exactsurf.model.enclosed_risk import risk_ball
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

if TYPE_CHECKING:
    from flint import arb, arb_mat

_DIRECTION_BITS = 10
_HALVINGS = 200


def slope_descent(
    problem: Problem, parameters: Parameters, gradient: Sequence[arb], bits: int, effort: Effort
) -> SmoothDescent | None:
    """A direction of descent where the gradient is seen not to be 0, with a lower point; else None.

    Parameters: `gradient`, FLINT balls in the order of `vector_of`; `bits`, the working precision. Exactness: what is
    returned was proved by balls. Raises: `OutOfTime`. Source: proofs/smooth.md, section 7.
    """
    from flint import arb

    clear = [value if value > 0 or value < 0 else arb(0) for value in gradient]
    largest = max((abs(value).mid() for value in clear), default=arb(0))
    if not largest > 0:
        return None
    direction = [-rounded(value.mid() / largest, _DIRECTION_BITS) for value in clear]
    if not sum((to_arb(d) * g for d, g in zip(direction, gradient, strict=True)), arb(0)) < 0:
        return None
    return lower_point_along(problem, parameters, tuple(direction), 1, bits, effort)


def curvature_descent(
    problem: Problem, parameters: Parameters, hessian: arb_mat, bits: int, effort: Effort
) -> SmoothDescent | None:
    """A direction d with dᵀHd < 0, with a lower point; else None. Along d or −d the risk falls, whatever the gradient is.

    Parameters: `hessian`, FLINT balls; `bits`, the working precision. Exactness: what is returned was proved by balls.
    Raises: `OutOfTime`. Source: proofs/smooth.md, section 7.
    """
    direction = negative_direction(hessian, hessian)
    return None if direction is None else lower_point_along(problem, parameters, direction, 2, bits, effort)


def lower_point_along(
    problem: Problem, parameters: Parameters, direction: Vector, order: int, bits: int, effort: Effort
) -> SmoothDescent | None:
    """Evidence from a direction that is known to descend to this order: with the first lower point along it, or None.

    Exactness: proved by balls. Raises: `OutOfTime`. Source: proofs/FORMAT.md, section 13.
    """
    step = parameters_of(problem.network, direction)
    bound = risk_ball(problem, parameters, bits).lower
    for halvings in range(_HALVINGS):
        effort.check("steps along a direction of descent")
        for sign in (1, -1)[:order]:
            lower = lower_point(problem, parameters.moved(step, Fraction(sign, 1 << halvings)), bound, bits)
            if lower is not None:
                return SmoothDescent(order, step, lower)
    return None


def lower_point(problem: Problem, point: Parameters, bound: Fraction, bits: int) -> LowerPoint | None:
    """The point with an upper bound of its risk halfway to `bound`, if its risk is lower than that; else None.

    Parameters: `point`, parameters of the network; `bits`, the working precision. Exactness: proved by balls.
    Raises: `UnsupportedError` for values beyond all bounds. Source: proofs/FORMAT.md, section 10.
    """
    risk = risk_ball(problem, point, bits)
    if risk.upper >= bound:
        return None
    stated = (risk.upper + bound) / 2
    scale = 4 * (1 / (bound - stated)).__ceil__()
    return LowerPoint(point, Fraction((stated * scale).__floor__(), scale))


def dead_unit_descent(problem: Problem, parameters: Parameters, bits: int, effort: Effort) -> SmoothDeadUnit | None:
    """A unit of the last hidden layer that no output reads, and weights at which its frozen risk is not 0; else None.

    The frozen risk of a unit is an analytic function of its weights. So where it is not 0 somewhere, it is not 0 at weights
    arbitrarily near to the given ones, and there a small output weight lowers the risk.

    Parameters: `parameters` of the network; `bits`, the working precision. Exactness: what is returned was proved by balls.
    Raises: `OutOfTime`. Source: proofs/smooth.md, section 7.
    """
    layers = len(problem.network.widths) - 1
    if layers < 2 or not problem.network.activation.is_analytic:
        return None
    dead = [j for j in range(problem.network.widths[-2]) if not any(row[j] for row in parameters.weights[-1])]
    if not dead:
        return None
    features, residuals = _last_layers(problem, parameters)
    has_bias = problem.network.biases[-2]
    for unit in dead:
        own = (*parameters.weights[-2][unit], *((parameters.biases[-2] or ())[unit : unit + 1] if has_bias else ()))
        for weights in _proposals(own):
            effort.check("other weights for a unit that no output reads")
            values = [problem.network.activation.value(_dot(weights, row, has_bias)) for row in features]
            for output in range(problem.network.widths[-1]):
                frozen = sum((row[output] * value for row, value in zip(residuals, values, strict=True)), to_arb(Fraction(0)))
                if frozen > 0 or frozen < 0:
                    lower = _use_unit(problem, parameters, unit, output, weights, -1 if frozen > 0 else 1, bits, effort)
                    if lower is not None:
                        return SmoothDeadUnit(unit, output, weights, lower)
    return None


def _last_layers(problem: Problem, parameters: Parameters) -> tuple[list[list[arb]], list[list[arb]]]:
    """What the last hidden layer reads, and the residuals, sample by sample."""
    positions, point = row_positions(problem.network), [to_arb(value) for value in vector_of(parameters)]
    features, residuals = [], []
    for inputs, targets in zip(problem.data.inputs, problem.data.targets, strict=True):
        values = [to_arb(x) for x in inputs]
        for layer, units in enumerate(positions, start=1):
            if layer == len(positions) - 1:
                features.append(values)
            values = [_dot([point[p] for p in unit], values, len(unit) > len(values)) for unit in units]
            if layer < len(positions):
                values = [problem.network.activation.value(z) for z in values]
        residuals.append([f - to_arb(y) for f, y in zip(values, targets, strict=True)])
    return features, residuals


def _dot(weights: Sequence[arb | Fraction], values: Sequence[arb], has_bias: bool) -> arb:
    numbers = [to_arb(weight) if isinstance(weight, Fraction) else weight for weight in weights]
    start = numbers[-1] if has_bias else to_arb(Fraction(0))
    return sum((weight * value for weight, value in zip(numbers, values, strict=False)), start)


def _proposals(own: Vector) -> Iterator[Vector]:
    """Short weights, nearest first: the unit's own, then steps from them along one or two coordinates."""
    yield own
    size = len(own)
    for length in (Fraction(1), Fraction(1, 2), Fraction(2)):
        for p in range(size):
            for sign in (1, -1):
                yield tuple(value + sign * length * (q == p) for q, value in enumerate(own))
        for p in range(size):
            for other in range(p):
                for sign in (1, -1):
                    yield tuple(value + length * ((q == p) + sign * (q == other)) for q, value in enumerate(own))
    yield tuple(value + q + 1 for q, value in enumerate(own))


def _use_unit(
    problem: Problem,
    parameters: Parameters,
    unit: int,
    output: int,
    weights: Vector,
    sign: int,
    bits: int,
    effort: Effort,
) -> LowerPoint | None:
    vector, positions = list(vector_of(parameters)), row_positions(problem.network)
    bound = risk_ball(problem, parameters, bits).lower
    for position, value in zip(positions[-2][unit], weights, strict=True):
        vector[position] = value
    for halvings in range(_HALVINGS):
        effort.check("small output weights for a unit that no output reads")
        vector[positions[-1][output][unit]] = Fraction(sign, 1 << halvings)
        lower = lower_point(problem, parameters_of(problem.network, vector), bound, bits)
        if lower is not None:
            return lower
    return None
