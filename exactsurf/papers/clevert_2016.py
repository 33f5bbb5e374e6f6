"""Clevert, Unterthiner and Hochreiter, "Fast and Accurate Deep Network Learning by ELUs", ICLR 2016: ELU as an activation."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError
from exactsurf.exact.number import Exact, exact
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.smooth_activation import SmoothActivation
from exactsurf.papers.yun_2019_smooth import SmoothSpuriousMinimum, construct_smooth, three_samples
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.references import CLEVERT_2016
from exactsurf.theorems.theorem import Check, Hypothesis, Theorem


def elu_with_slope(alpha: Exact) -> tuple[Fraction, Fraction]:
    """The one-sided derivatives of ELU at 0: α on the left, 1 on the right.

    Exactness: exact. Raises: errors of `exact`. Source: (α(eᶻ − 1))′ = αeᶻ.

    >>> elu_with_slope("1/2")
    (Fraction(1, 2), Fraction(1, 1))
    """
    return exact(alpha, "α of ELU"), Fraction(1)


def _is_elu(problem: Problem) -> Check:
    h = problem.network.activation
    if not isinstance(h, SmoothActivation) or h.name != "elu":
        return False, f"the activation is {h!r}", (h,)
    return True, f"the activation is {h!r}", (h,)


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    holds, witness, data = _is_elu(problem)
    if not holds:
        return Verdict(Status.UNDECIDED, witness)
    left, right = elu_with_slope(data[0].named_constants["alpha"])
    if left == right:
        return Verdict(Status.PROVED, "α = 1: both one-sided derivatives at 0 are 1, so h is continuously differentiable")
    return Verdict(Status.PROVED, f"α = {short(left)}: the one-sided derivatives at 0 are {short(left)} and 1, so h has a corner")


def _construct(problem: Problem) -> SmoothSpuriousMinimum:
    holds, witness, data = _is_elu(problem)
    if not holds:
        raise HypothesisError("activation", witness, "the theorem is about ELU")
    return construct_smooth(three_samples(data[0]))


corner_of_elu = Theorem(
    key="clevert_2016.corner_of_elu",
    title="ELU is continuously differentiable if and only if α = 1",
    statement=(
        r"$h(z) = z$ for $z > 0$ and $h(z) = \alpha(e^z - 1)$ for $z \le 0$, $\alpha > 0$, is continuous, increasing, bounded "
        r"below by $-\alpha$, and continuously differentiable if and only if $\alpha = 1$; it is never twice differentiable at 0."
    ),
    reference=CLEVERT_2016,
    hypotheses=(Hypothesis("activation", "the activation is ELU", _is_elu, setting=True),),
    construct=_construct,
    conclude=_conclude,
    is_about_smooth=True,
    remarks=(
        "The paper is the source of an activation; what it says on speed and accuracy of training is experimental and not "
        "decidable on an instance. construct builds the spurious local minimum of Yun et al. (yun_2019.theorem_2) for the "
        "problem's α, with a certificate. Points with a pre-activation 0 have no second derivative and are not classified."
    ),
)
