"""First-order data of the risk at any depth: one-sided directional derivatives, and a gradient to propose directions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.effort import UNBOUNDED, Effort, look
from exactsurf.exact.scaled_vector import ScaledVector, combine
from exactsurf.model.activation import Activation
from exactsurf.model.class_margins import lead_of_wrong_classes
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point


def directional_derivative(point: Point, direction: Parameters) -> Fraction:
    """The one-sided derivative of the risk at `point` along `direction`, also where it is not differentiable.

    Parameters: `direction` of the network's shapes. Exactness: exact.
    Raises: `ShapeError` for parameters of another network. Source: proofs/rules/direction.md (chain rule), FORMAT.md, section 5.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([[0], [1]], [1, 1]))
    >>> theta = problem.parameters(W1=[[0]], b1=[0], W2=[[1]], b2=[0])
    >>> up, down = (problem.parameters(W1=[[0]], b1=[s], W2=[[0]], b2=[0]) for s in (1, -1))
    >>> directional_derivative(Point(problem, theta), up), directional_derivative(Point(problem, theta), down)
    (Fraction(-2, 1), Fraction(0, 1))
    """
    problem, velocity = point.problem, velocities(point, direction)
    total = Fraction(0)
    if problem.right_outputs is not None:
        velocity = lead_of_wrong_classes(velocity, problem.right_outputs)
    for (low, high), dz in zip(point.term_slopes, velocity, strict=True):
        if low is high:
            total += low.dot(dz)
        else:
            total += sum((high[i] * v if v > 0 else low[i] * v for i, v in enumerate(dz.fractions())), Fraction(0))
    return total


def velocities(point: Point, direction: Parameters) -> tuple[ScaledVector, ...]:
    """The one-sided derivatives of the predictions along `direction`, one vector over the samples per output.

    Parameters: `direction` of the network's shapes. Exactness: exact.
    Raises: `ShapeError` for parameters of another network. Source: proofs/rules/direction.md (chain rule).
    """
    problem, parameters, forward = point.problem, point.parameters, point.forward
    problem.check_shapes(direction)
    size, h = len(problem.data), problem.network.activation
    velocity: tuple[ScaledVector, ...] = ()
    layers = zip(parameters.weights, direction.weights, direction.biases, strict=True)
    for layer, (matrix, moved, shift) in enumerate(layers):
        constants: Sequence[Fraction] = shift if shift is not None else (Fraction(0),) * len(matrix)
        if layer == 0:
            velocity = problem.data.inputs.affine_image(moved, constants)
        else:
            below = (*forward.activations[layer - 1], *velocity)
            rows = [(*dotted, *row) for dotted, row in zip(moved, matrix, strict=True)]
            velocity = tuple(combine(below, row, c, size) for row, c in zip(rows, constants, strict=True))
        if layer < len(forward.pre_activations):
            pairs = zip(forward.pre_activations[layer], velocity, strict=True)
            velocity = tuple(one_sided_image(h, z, dz) for z, dz in pairs)
    return velocity


def one_sided_image(h: Activation, z: ScaledVector, dz: ScaledVector) -> ScaledVector:
    """The one-sided derivatives of h at the entries of z, in the directions of the entries of dz."""
    sides = [pair[n > 0] for pair, n in zip(h.pieces(z), dz.numerators, strict=True)]
    return dz.times(ScaledVector.from_fractions([h.slopes[side] for side in sides]).reduced())


def selected_gradient(point: Point) -> Parameters:
    """Backpropagation with the mean of both slopes at breakpoints: the gradient where it exists, else a proposal.

    Exactness: exact where the risk is differentiable; elsewhere only a candidate. Raises: nothing. Source: standard.
    """
    problem, parameters, forward = point.problem, point.parameters, point.forward
    h = problem.network.activation
    errors = tuple(
        low if low is high else combine((low, high), (Fraction(1, 2), Fraction(1, 2)), Fraction(0), len(low))
        for low, high in point.subdifferentials
    )
    weights, biases = [], []
    for layer in range(problem.network.layers, 0, -1):
        if layer == 1:
            weights.append(problem.data.inputs.weighted_sums(errors))
        else:
            rows = []
            for e in errors:
                look("a gradient is computed")
                rows.append(tuple(e.dot(f) for f in forward.activations[layer - 2]))
            weights.append(tuple(rows))
        biases.append(tuple(e.sum() for e in errors) if problem.network.biases[layer - 1] else None)
        if layer > 1:
            columns = zip(*parameters.weights[layer - 1], strict=True)
            back = [combine(errors, column, Fraction(0), len(problem.data)) for column in columns]
            errors = tuple(
                e.times(ScaledVector.from_fractions([(h.slopes[a] + h.slopes[b]) / 2 for a, b in h.pieces(z)]))
                for e, z in zip(back, forward.pre_activations[layer - 2], strict=True)
            )
    return Parameters(tuple(reversed(weights)), tuple(reversed(biases)))


def descend(point: Point, direction: Parameters, effort: Effort = UNBOUNDED) -> DescentDirection | None:
    """Evidence from a candidate direction: its derivative, if negative, and a rational step that lowers the risk.

    Of a direction of long numbers a shorter one beside it is taken, if that descends too.
    Exactness: exact. Raises: `OutOfTime`. Source: proofs/rules/direction.md.
    """
    return short_descent(point, direction, directional_derivative, effort)


def short_descent(
    point: Point, direction: Parameters, slope: Callable[[Point, Parameters], Fraction], effort: Effort = UNBOUNDED
) -> DescentDirection | None:
    """`descend`, where `slope` gives the one-sided derivative of the risk. Exactness, Raises, Source: as there."""
    short = _shortened(direction)
    if short is not None:
        derivative = slope(point, short)
        if derivative < 0:
            return lower_step(point, short, derivative, _first_step(point, derivative), effort)
    return lower_step(point, direction, slope(point, direction), effort=effort)


_LONG = 40
"""Bits from which on a number of a direction counts as long."""

_KEPT = 12
"""Bits below the largest entry that are kept of the others."""


def _shortened(direction: Parameters) -> Parameters | None:
    """The direction rounded to multiples of a power of 2 far below its largest entry; None if its numbers are short."""
    entries = [entry for _, value in direction.items() for row in value for entry in (row if isinstance(row, tuple) else (row,))]
    if all(max(v.numerator.bit_length(), v.denominator.bit_length()) <= _LONG for v in entries):
        return None
    largest = max(map(abs, entries))
    exponent = largest.numerator.bit_length() - largest.denominator.bit_length() - _KEPT
    unit = Fraction(2) ** exponent

    def rounded(value: Fraction) -> Fraction:
        return round(value / unit) * unit

    return Parameters(
        tuple(tuple(tuple(map(rounded, row)) for row in rows) for rows in direction.weights),
        tuple(None if bias is None else tuple(map(rounded, bias)) for bias in direction.biases),
    )


def _first_step(point: Point, derivative: Fraction) -> Fraction:
    """A power of 2 at which the tangent has fallen about as far as the risk is above 0; at most 1."""
    ratio = abs(point.risk / derivative)
    return Fraction(2) ** min(0, ratio.numerator.bit_length() - ratio.denominator.bit_length())


def lower_step(
    point: Point, direction: Parameters, derivative: Fraction, step: Fraction = Fraction(1), effort: Effort = UNBOUNDED
) -> DescentDirection | None:
    """Evidence from a direction and the one-sided derivative of the risk along it, None if that is not negative.

    Parameters: `step`, the first one that is tried; then come its halves; `effort`, whose time is asked after at each.
    Exactness: exact. Raises: `OutOfTime`. Source: proofs/rules/direction.md.
    """
    if derivative >= 0:
        return None
    while True:
        effort.check("steps along a direction of descent")
        moved = point.moved(direction, step)
        if moved.risk < point.risk:
            return DescentDirection(direction, derivative, LowerPoint(moved.parameters, moved.risk))
        step /= 2
