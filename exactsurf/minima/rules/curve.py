"""Rule `curve`: a polynomial curve along which the risk falls, to any order."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.effort import Effort
from exactsurf.minima.deep_linear.classification import classify_deep_linear
from exactsurf.minima.floats.scaled_curves import find_scaled_curve
from exactsurf.minima.floats.short_curves import FEW, MANY, find_short_curve
from exactsurf.minima.local.cell_programs import CellPrograms
from exactsurf.minima.local.formal_arc import find_descent_arc
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.rules.rule import Answer, Refuted, Rule
from exactsurf.model.point import Point


def falls_along(evidence: DescentCurve) -> Refuted:
    """The answer with this evidence. Exactness: as the evidence. Raises: nothing. Source: proofs/rules/curve.md."""
    return Refuted(evidence, f"the risk falls along a rational curve, to order {evidence.order}")


def escape(point: Point, effort: Effort) -> Answer:
    """Refute at a saddle of a deep linear network, also where the Hessian sees none.

    Exactness: exact. Raises: `OutOfTime`. Source: Yun, Sra and Jadbabaie 2019, theorem 4; proofs/rules/curve.md.
    """
    linear = classify_deep_linear(point.problem, point.parameters, effort=effort)
    return NotProved(linear.reason) if linear.descent is None else falls_along(linear.descent)


def arc(point: Point, effort: Effort) -> Answer:
    """Refute along a curve that stays on the walls and kinks that hold every critical direction.

    Exactness: exact; a heuristic finds the curve. Raises: `OutOfTime`. Source: proofs/rules/curve.md.
    """
    found = find_descent_arc(CellPrograms(point, effort=effort))
    return NotProved("no curve along the walls descends") if found is None else falls_along(found)


def short(point: Point, effort: Effort, curves: int = MANY) -> Answer:
    """Refute along a curve in which few parameters move, or those along one path of units.

    Exactness: exact; a heuristic finds the curve. Raises: `OutOfTime`. Source: proofs/rules/curve.md.
    """
    found = find_short_curve(point, effort, curves)
    return NotProved("no short curve descends") if found is None else falls_along(found)


def scaled(point: Point, effort: Effort, rounds: int = 8) -> Answer:
    """Refute along a curve on which every parameter moves at a rate of its own, with coefficients from a descent.

    Exactness: exact; a heuristic finds the curve. Raises: `OutOfTime`. Source: proofs/rules/curve.md.
    """
    found = find_scaled_curve(point, effort, rounds)
    return NotProved("no descent along scaled curves was found") if found is None else falls_along(found)


def not_deep_linear(point: Point) -> str:
    """Why critical points need not be minima or saddles of a product of weights, or nothing.

    Exactness: exact. Raises: nothing. Source: Laurent and von Brecht 2018.
    """
    h = point.problem.network.activation
    if point.kink is not None:
        return f"the {point.problem.loss.title} loss is not differentiable at the prediction of sample {point.kink}"
    return "" if h.is_linear and h.slopes[0] != 0 else "the network is not deep linear"


def has_escapes(point: Point) -> str:
    """Why short curves are not drawn: `escape` decides and needs no luck, or nothing.

    Exactness: exact. Raises: nothing. Source: proofs/rules/curve.md.
    """
    return "" if not_deep_linear(point) else "saddles of a deep linear network have curves of their own"


ESCAPE = Rule("curve", escape, not_deep_linear)
ARC = Rule("curve", arc, share=Fraction(1, 4))
SHORT = Rule("curve", partial(short, curves=FEW), has_escapes, share=Fraction(1, 4))
SHORT_AT_LAST = Rule("curve", short, has_escapes)
SCALED = Rule("curve", partial(scaled, rounds=2), has_escapes, share=Fraction(1, 4))
SCALED_AT_LAST = Rule("curve", scaled, has_escapes)
