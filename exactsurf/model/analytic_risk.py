"""Risk and derivatives of a loss that is an expression, at rational or enclosed predictions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.errors import InputError
from exactsurf.exact.balls import BITS, Ball, finite, to_arb, working_precision
from exactsurf.exact.number import near, to_text
from exactsurf.exact.scaled_vector import ScaledVector

if TYPE_CHECKING:
    from exactsurf.model.problem import Problem

Values = Sequence["Fraction | Ball"]


@dataclass(frozen=True)
class SampleLoss:
    """Enclosures of what a sample adds to the risk, weight and scale included, and of its derivatives in the predictions.

    Attributes: `value`; `gradient`, one ball per output; `hessian`, a symmetric table of them.
    """

    value: Ball
    gradient: tuple[Ball, ...]
    hessian: tuple[tuple[Ball, ...], ...]


def sample_loss(problem: Problem, sample: int, predictions: Values, bits: int = BITS) -> SampleLoss:
    """What a sample adds to the risk at these predictions, with two derivatives in them.

    Parameters: `problem` with a loss that is an expression; `sample`; `predictions`, one per output, rational or balls; `bits`,
    the working precision. Exactness: the balls hold the values at all predictions in the balls; a rational value is exact.
    Raises: `InputError` naming the sample where the loss has no value, `UnsupportedError` for a loss by pieces.
    Source: the chain rule; for softmax Boyd and Vandenberghe 2004, section 3.1.5.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 3]), es.Data.from_arrays([0], [2]), "cross_entropy")
    >>> found = sample_loss(problem, 0, (Fraction(0), Fraction(0), Fraction(0)))
    >>> [ball.contains(r) for ball, r in zip(found.gradient, ("1/3", "1/3", "-2/3"))], found.hessian[0][0].contains("2/9")
    ([True, True, True], True)
    """
    loss, share, targets = problem.loss, problem.shares[sample], problem.data.y[sample]
    if loss.is_of_classes:
        return _softmax(loss.scale * share, targets, predictions, bits)
    values, slopes, curvatures = [], [], []
    for f, y in zip(predictions, targets, strict=True):
        found = loss.jet(f, y, bits)
        if found is None:
            shown = near(f) if isinstance(f, Fraction) else f.text
            raise InputError(
                f"the loss {loss!r} has no value that is known at the prediction {shown} of sample {sample}, target {to_text(y)}",
                fix="take other parameters (values beyond 2^65,536 count as unknown), or a loss that is defined everywhere",
            )
        value, slope, curvature = (_times(share, ball) for ball in found)
        values.append(value)
        slopes.append(slope)
        curvatures.append(curvature)
    zero = Ball(Fraction(0))
    rows = tuple(tuple(q if k == m else zero for m in range(len(slopes))) for k, q in enumerate(curvatures))
    return SampleLoss(_total(values), tuple(slopes), rows)


def analytic_risk(problem: Problem, predictions: Sequence[Values], bits: int = BITS) -> Fraction | Ball:
    """The risk at given predictions: a `Fraction` where it is known to be rational, else a `Ball`.

    Parameters: `problem` with a loss that is an expression; `predictions`, a row for each sample; `bits`, the working precision.
    Exactness: exact, or enclosed. Raises: as `sample_loss`. Source: theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([1, 2], [1, 5]), es.losses.power(4))
    >>> analytic_risk(problem, problem.predictions(problem.parameters(W1=[[1]], b1=[1])))
    Fraction(17, 1)
    """
    risk = total_loss([sample_loss(problem, i, row, bits) for i, row in enumerate(predictions)])
    return risk.midpoint if risk.is_exact else risk


def total_loss(losses: Iterable[SampleLoss]) -> Ball:
    """The risk, from what all samples add to it. Exactness: enclosed, as they are. Raises: nothing. Source: none needed."""
    return _total([loss.value for loss in losses])


def shifted(value: Fraction | Ball, by: Fraction) -> Fraction | Ball:
    """A number, or what encloses it, and another number together.

    Exactness: exact. Raises: nothing. Source: none needed.
    """
    return Ball(value.midpoint + by, value.radius) if isinstance(value, Ball) else value + by


def _times(factor: Fraction, ball: Ball) -> Ball:
    return Ball(factor * ball.midpoint, abs(factor) * ball.radius)


def _total(balls: Sequence[Ball]) -> Ball:
    # One by one, Fractions would be reduced after every sum.
    parts = ([ball.midpoint for ball in balls], [ball.radius for ball in balls])
    middle, radius = (ScaledVector.from_fractions(values).sum() for values in parts)
    return Ball(middle, radius)


def _softmax(scale: Fraction, targets: Sequence[Fraction], predictions: Values, bits: int) -> SampleLoss:
    """scale · (log Σ e^{f_k} − Σ y_k f_k), with Σ y_k = 1: the gradient is p − y, the Hessian diag(p) − p pᵀ."""
    with working_precision(bits):
        f = [to_arb(value) for value in predictions]
        # Exponents at most 0 keep the sum near 1.
        top = max(range(len(f)), key=lambda k: f[k].mid())
        leads = [value - f[top] for value in f]
        powers = [lead.exp() for lead in leads]
        norm = sum(powers[1:], powers[0])
        p = [power / norm for power in powers]
        y, factor = [to_arb(value) for value in targets], to_arb(scale)
        value = factor * (norm.log() - sum((b * lead for b, lead in zip(y[1:], leads[1:], strict=True)), y[0] * leads[0]))
        gradient = [factor * (a - b) for a, b in zip(p, y, strict=True)]
        hessian = [[factor * (a * (1 - a) if k == m else -a * b) for m, b in enumerate(p)] for k, a in enumerate(p)]
        return SampleLoss(finite(value), tuple(map(finite, gradient)), tuple(tuple(map(finite, row)) for row in hessian))
