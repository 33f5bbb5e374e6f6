"""Rule `fit`: for every input the residuals of the samples with this input add up to 0; no function of the input is better."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from exactsurf.certificate.rules.smooth.fit import Fit
from exactsurf.effort import Effort
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.analytic.fit import is_known_convex, slopes_add_up
from exactsurf.minima.local.sums_by_input import sums_by_input
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint
from exactsurf.minima.smooth.rules.rule import Answer, Rule, Seen
from exactsurf.model.loss_slopes import exact_slopes

IRRATIONAL = "the predictions, or the derivatives of the loss there, are not known to be rational"
WITH_DECAY = "the exact rules are for risks without weight decay"
_REASON = "a global minimum: for every input the residuals of its samples add up to 0"


def adds_up(inputs: Iterable[Sequence[Fraction]], residuals: Sequence[Vector]) -> bool:
    """Whether for every input the residuals of the samples with this input add up to 0.

    Parameters: `inputs` and `residuals`, sample by sample. Exactness: exact. Raises: nothing.
    Source: proofs/smooth.md, section 6.
    """
    return not any(sums_by_input(inputs, residuals))


def _ask(point: EnclosedPoint, effort: Effort) -> Answer:
    if point.problem.decay is not None:
        return NotProved(WITH_DECAY)
    if not point.problem.loss.is_piecewise_quadratic:
        return _by_atoms(point)
    if point.residuals is None:
        return NotProved(IRRATIONAL)
    if adds_up(point.problem.data.inputs, point.residuals):
        return Seen(Fit(), _REASON, point.bits)
    return NotProved("for some input the residuals do not add up to 0")


def _by_atoms(point: EnclosedPoint) -> Answer:
    """For a loss that is an expression the derivatives are sums of exponentials, whose sums are compared atom by atom."""
    if point.predictions is None:
        return NotProved(IRRATIONAL)
    if not is_known_convex(point.problem):
        return NotProved("the loss is not known to be convex")
    slopes = exact_slopes(point.problem, point.predictions)
    if slopes_add_up(point.problem, slopes):
        return Seen(Fit(), _REASON, point.bits)
    return NotProved("for some input the derivatives of the loss do not add up to 0")


RULE = Rule(Fit.rule, _ask)
