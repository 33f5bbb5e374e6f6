"""Best affine models inside a linear piece of an activation that is not piecewise linear (ELU, SELU), with a lower point."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, product

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.exact.linear_algebra import Vector, dot
from exactsurf.exact.number import brief, near
from exactsurf.minima.decide import decide
from exactsurf.model.activation import Activation
from exactsurf.model.enclosed_risk import risk_ball
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.constructions.hinge_descent import distinct_count, input_axes, separating_normal

_CANDIDATES = tuple(map(Fraction, ("1", "-1", "1/2", "-1/2", "2", "-2")))
_SCALE, _AXES = 1 << 24, 12


def affine_segment(h: Activation) -> tuple[Fraction, Fraction] | None:
    """(t, a) with h(z) = az for all z near t, a ≠ 0; None if none is known.

    Exactness: exact; None does not say that there is none. Raises: nothing. Source: papers.md, section 4.

    >>> import exactsurf as es
    >>> affine_segment(es.elu()), affine_segment(es.tanh)
    ((Fraction(1, 1), Fraction(1, 1)), None)
    """
    return next(((t, slope) for t in _CANDIDATES if (slope := h.slope_near(t))), None)


def lift_into_segment(problem: Problem) -> Verdict:
    """The best affine model, computed by units that stay where the activation is linear, and a rational point below it.

    Parameters: a `problem` with one hidden layer of at least two units, one output, biases, the squared loss.
    Returns: PROVED with the certificate of the local minimum (accepted by the verifier) and a lower point with its risk enclosed;
    UNDECIDED with the reason. Exactness: the minimum is exact, the risk of the lower point a ball.
    Raises: nothing. Source: papers.md, section 4 (Christof and Kowalczyk).
    """
    h, widths = problem.network.activation, problem.network.widths
    if not problem.is_least_squares or len(widths) != 3 or widths[-1] != 1 or not all(problem.network.biases) or widths[1] < 2:
        return Verdict(Status.UNDECIDED, "built for one hidden layer of two units or more, one output, biases, the squared loss")
    segment, fit = affine_segment(h), problem.data.affine_fit
    if segment is None:
        return Verdict(Status.UNDECIDED, f"no interval on which {h!r} is linear is known")
    if fit.is_perfect:
        return Verdict(Status.UNDECIDED, "an affine model fits the data exactly, so its point is a global minimum")
    residuals = tuple(fit.residuals[0][i] for i in range(len(problem.data)))
    theta = _point(problem, segment, fit.slopes[0], fit.constants[0])
    found = decide(problem, theta)
    if found.status is not Status.PROVED:
        return Verdict(Status.UNDECIDED, f"the affine point is not decided: {found.reason}", risk=found.risk)
    risk = problem.risk_of(fit.predictions)
    for lower in _lower_points(problem, theta, residuals):
        below = risk_ball(problem, lower)
        if below.upper < risk:
            reason = f"a local minimum of risk {brief(risk)}, and a point of risk {near(below.midpoint)}: {found.reason}"
            return Verdict(Status.PROVED, reason, found.certificate, lower, risk)
    return Verdict(Status.UNDECIDED, "no unit that was tried lowers the risk", risk=risk)


def _point(problem: Problem, segment: tuple[Fraction, Fraction], slopes: Vector, constant: Fraction) -> Parameters:
    """Unit 1 carries the affine model within a distance of t at which h is still linear, the others stay at t."""
    (t, slope), widths, h = segment, problem.network.widths, problem.network.activation
    values = [dot(slopes, x) + constant for x in problem.data.x]
    low, high = min(values), max(values)
    room = Fraction(1)
    while any(h.slope_near(t + side * room) != slope for side in (1, -1)):
        room /= 2
    scale = room / (high - low) if high > low else Fraction(1)
    # z = t + scale·(f − low) is in [t, t + room].
    idle, rest = (Fraction(0),) * widths[0], widths[1] - 1
    return problem.parameters(
        W1=[[scale * w for w in slopes], *[idle] * rest],
        b1=[t + scale * (constant - low), *[t] * rest],
        W2=[[1 / (slope * scale), *[0] * rest]],
        b2=[low - t / scale],
    )


def _lower_points(problem: Problem, theta: Parameters, residuals: Vector) -> Iterator[Parameters]:
    """Unit 2 of layer 1 turned on, with the output weight of a Newton step and shares of it (one hidden layer)."""
    h = problem.network.activation
    first, weights = theta.biases[0], theta.weights
    assert first is not None
    directions = [*islice(input_axes(problem.data), _AXES), separating_normal(problem.data, distinct_count(problem.data))]
    for direction, factor in product(directions, (1, -1, 4, -4)):
        row = tuple(factor * value for value in direction)
        for x in problem.data.x:
            shift = -dot(row, x)
            seen = [h.enclosure(dot(row, sample) + shift).midpoint for sample in problem.data.x]
            slope, curved = dot(residuals, seen), dot(seen, seen)
            if slope and curved:
                step = -Fraction(round(slope / curved * _SCALE), _SCALE)
                for share in (Fraction(1), Fraction(1, 4), Fraction(1, 16)):
                    output = (weights[1][0][0], step * share, *weights[1][0][2:])
                    hidden = (weights[0][0], row, *weights[0][2:])
                    yield Parameters((hidden, (output,)), ((first[0], shift, *first[2:]), theta.biases[1]))
