"""Evidence that a risk whose loss is an expression falls, from what the rules say of a squared loss in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.rules import Descent
from exactsurf.certificate.rules.analytic import AnalyticDeadUnit, AnalyticDirection, AnalyticEvidence, Frozen
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.dead_unit import DeadUnit
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.effort import Effort
from exactsurf.minima.analytic.analytic_point import RISK_BITS, AnalyticPosition
from exactsurf.minima.analytic.squares import falls_below_squares
from exactsurf.minima.analytic.surrogates import surrogates_above
from exactsurf.minima.local.coordinate_vector import single_entry, unit_direction
from exactsurf.minima.local.decay_descent import descend_along_with_decay
from exactsurf.minima.local.directional import one_sided_image
from exactsurf.minima.local.risk_series import descend_along
from exactsurf.model.parameter_vector import vector_of
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point

_STEPS = 200


@dataclass(frozen=True)
class Fall:
    """A descent: its `evidence`, a `lower` point, and the `reason` in words."""

    evidence: AnalyticEvidence
    lower: LowerPoint
    reason: str


def certified_descent(here: AnalyticPosition, found: Descent, bits: int, sharp: bool, effort: Effort) -> Fall | None:
    """The descent of a squared loss as one of the risk, if it is one.

    Parameters: `here`; `found`, what a rule says of a squared loss; `bits` and `sharp` of those that are put above the loss.
    Exactness: exact. Raises: `OutOfTime`. Source: proofs/claims/analytic_point.md.
    """
    effort.check()
    if isinstance(found, DescentCurve):
        evidence = _by_curvatures(here, found, bits, sharp) or falls_below_squares(here, found.curve, found.order, bits)
        lower = None if evidence is None else lower_along(here, found.curve, effort)
        if evidence is None or lower is None:
            return None
        return Fall(evidence, lower, f"the risk falls along a rational curve, to order {found.order}")
    whole = Point(here.problem, here.parameters)
    if isinstance(found, DeadUnit):
        return _dead_unit(here, whole, found, effort)
    if here.sign(here.slope_along(found.direction)) != -1:
        return None
    lower = lower_along(here, [found.direction], effort)
    reason = "the risk has a negative one-sided derivative along a rational direction"
    return None if lower is None else Fall(AnalyticDirection(found.direction), lower, reason)


def _by_curvatures(here: AnalyticPosition, found: DescentCurve, bits: int, sharp: bool) -> Frozen | None:
    """The curve as a descent of squared losses above the risk."""
    above = surrogates_above(here, bits, sharp)
    parts = []
    for vertex in range(above.size):
        descend = descend_along if here.problem.decay is None else descend_along_with_decay
        part = descend(above.point(vertex), found.curve, found.order)
        if part is None:
            return None
        parts.append(part)
    return Frozen(above.lower, above.widths, above.curvatures, tuple(parts), "frozen curve", here.evidence_of_relations)


def _dead_unit(here: AnalyticPosition, whole: Point, found: DeadUnit, effort: Effort) -> Fall | None:
    problem, width = here.problem, here.problem.network.widths[0]
    shift = found.delta[width] if problem.network.biases[0] else Fraction(0)
    motion = problem.data.inputs.affine_image([found.delta[:width]], [shift])[0]
    image = one_sided_image(problem.network.activation, whole.forward.pre_activations[0][found.unit], motion)
    if not here.sign(here.along([image], [found.output])):
        return None
    move, risk = unit_direction(problem, found.unit, found.delta), here.risk(RISK_BITS)
    step = Fraction(1)
    for _ in range(_STEPS):
        effort.check("small uses of a unit whose output weight is 0")
        moved = here.moved(move, step)
        values = Point(problem, moved.parameters).forward.activations[0][found.unit]
        sign = here.sign(here.along([values], [found.output]))
        weight = Fraction(-(sign or 0))
        for _ in range(_STEPS if sign else 0):
            there = moved.moved(single_entry(problem, {"W2": {(found.output, found.unit): weight}}), Fraction(1))
            value = there.risk_below(risk.lower, RISK_BITS)
            if value is not None:
                lower = LowerPoint(there.parameters, between(value.upper, risk.lower))
                reason = f"unit {found.unit} has output weight 0, and moving it opens a descent"
                return Fall(AnalyticDeadUnit(found.unit, found.output, found.delta), lower, reason)
            weight /= 4
            if abs(weight) < Fraction(1, 1 << 40):
                break
        step /= 2
    return None


def lower_along(here: AnalyticPosition, curve: Sequence[Parameters], effort: Effort) -> LowerPoint | None:
    """A point of lower risk on the curve, as balls see it. Exactness: enclosed. Raises: `OutOfTime`."""
    # Derivatives may be as long as e^f is; the first step is none of more than 1.
    longest = max(map(abs, vector_of(curve[0])))
    bits, step = RISK_BITS, Fraction(1, 1 << max(0, longest.__ceil__() - 1).bit_length())
    for count in range(_STEPS):
        effort.check("steps along a descent")
        if count % 40 == 39:
            bits *= 2
        parameters, power = here.parameters, Fraction(1)
        for coefficient in curve:
            power *= step
            parameters = parameters.moved(coefficient, power)
        bound = here.risk(bits).lower
        there = AnalyticPosition(here.problem, parameters).risk_below(bound, bits)
        if there is not None:
            return LowerPoint(parameters, between(there.upper, bound))
        step /= 2
    return None


def between(low: Fraction, high: Fraction) -> Fraction:
    """A short number strictly between two others.

    >>> from fractions import Fraction
    >>> between(Fraction(1, 3), Fraction(1, 2))
    Fraction(13, 32)
    """
    power = 1 << (4 * (1 / (high - low)).__ceil__()).bit_length()
    return Fraction(((low + high) / 2 * power).__floor__(), power)
