"""Rule `fit`: for every input the residuals of the samples with this input add up to 0; no function of the input is better."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from exactsurf.certificate.rules.smooth.fit import Fit
from exactsurf.effort import Effort
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.not_proved import NotProved
from exactsurf.minima.smooth.enclosed_point import EnclosedPoint
from exactsurf.minima.smooth.rules.rule import Answer, Rule, Seen

IRRATIONAL = "the predictions are not known to be rational"
_REASON = "a global minimum: for every input the residuals of its samples add up to 0"


def adds_up(inputs: Iterable[Sequence[Fraction]], residuals: Sequence[Vector]) -> bool:
    """Whether for every input the residuals of the samples with this input add up to 0.

    Parameters: `inputs` and `residuals`, sample by sample. Exactness: exact. Raises: nothing.
    Source: proofs/smooth.md, section 6.
    """
    sums: dict[Vector, list[Fraction]] = {}
    for x, row in zip(inputs, residuals, strict=True):
        total = sums.setdefault(tuple(x), [Fraction(0)] * len(row))
        for k, value in enumerate(row):
            total[k] += value
    return not any(value for total in sums.values() for value in total)


def _ask(point: EnclosedPoint, effort: Effort) -> Answer:
    if point.residuals is None:
        return NotProved(IRRATIONAL)
    if adds_up(point.problem.data.inputs, point.residuals):
        return Seen(Fit(), _REASON, point.bits)
    return NotProved("for some input the residuals do not add up to 0")


RULE = Rule(Fit.rule, _ask)
