"""Yun, Sra and Jadbabaie 2019, Theorem 2, for piecewise linear activations: the appendix's ReLU-like ones, and others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.point import SPURIOUS_LOCAL_MINIMUM, Certificate
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.rules.paths import Paths
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, InternalError
from exactsurf.exact.number import brief, to_text
from exactsurf.minima.rules.paths import check_paths
from exactsurf.model.activation import Activation
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.theorems.theorem import Check, Report

_GRID = tuple(map(Fraction, ("1", "-1", "1/2", "-1/2", "2", "-2", "1/4", "-1/4", "4", "-4")))
_THIRD = Fraction(1, 3)


@dataclass(frozen=True)
class ReluLikeMinimum:
    """What Theorem 2 promises, for a piecewise linear activation: everything is rational.

    Attributes: `report` on the hypotheses; `parameters` and `risk` of the local minimum; `fit`, the numbers v₁, …, v₄ of C2.1
    and C2.2, and `lower_point`, which fits all samples with them; `verdict` with the `certificate` that the verifier accepted.
    Exactness: exact. Source: papers.md, section 1 (Theorem 2).
    """

    problem: Problem
    report: Report
    parameters: Parameters
    risk: Fraction
    fit: tuple[Fraction, Fraction, Fraction, Fraction]
    lower_point: Parameters
    verdict: Verdict

    lower_risk = Fraction(0)

    @property
    def status(self) -> Status:
        """PROVED: it is built with its certificate."""
        return self.verdict.status

    @property
    def certificate(self) -> Certificate:
        """The certificate of the claim *spurious local minimum*."""
        assert isinstance(self.verdict.certificate, Certificate)
        return self.verdict.certificate

    def __repr__(self) -> str:
        return f"ReluLikeMinimum({self.problem!r}, risk {brief(self.risk)})"


def construct_relu_like(problem: Problem, report: Report) -> ReluLikeMinimum:
    """The certified spurious local minimum on the three samples of `problem`, whose activation is piecewise linear.

    On x₁ + x₂ = 1 every affine function is linear, so units that stay in one piece are affine, and least squares bounds them.
    Exactness: exact. Raises: `HypothesisError` if no numbers that fulfil C2.1 and C2.2 are found (there are none for a linear
    activation; they are always found for h_{s₊,s₋} with s₊ ≠ s₋). Source: papers.md, section 1 (Theorem 2).
    """
    h = problem.network.activation
    fit, active = fit_values(h), active_value(h)
    if fit is None or active is None:
        name = "C2.1, C2.2" if fit is None else "C2.3 to C2.7"
        raise HypothesisError(name, f"no numbers that fulfil the conditions were found for {h!r}")
    biases = {"b1": [0, 0], "b2": [0]} if problem.network.biases[0] else {}
    weight = _THIRD / (2 * h(active))
    theta = problem.parameters(W1=[[active, active]] * 2, W2=[[weight, weight]], **biases)
    v1, v2, v3, v4 = fit
    scale = 1 / (h(v3) * h((v1 + v2) / 2) - h(v1) * h((v3 + v4) / 2))
    lower = problem.parameters(W1=[[v1, v2], [v3, v4]], W2=[[scale * h(v3), -scale * h(v1)]], **biases)
    point = Point(problem, theta)
    evidence = check_paths(point)
    if not isinstance(evidence, Paths) or problem.rational_risk(lower) != 0:
        raise InternalError("the points of Theorem 2 are not what they must be")
    certificate = confirmed(
        Certificate(
            SPURIOUS_LOCAL_MINIMUM,
            problem,
            theta,
            point.risk,
            local_minimum=evidence,
            lower_points=(LowerPoint(lower, Fraction(0)),),
        )
    )
    reason = f"a spurious local minimum of risk {brief(point.risk)}: both units stay in one piece, and risk 0 is attained"
    verdict = Verdict(Status.PROVED, reason, certificate, lower, point.risk)
    return ReluLikeMinimum(problem, report, theta, point.risk, fit, lower, verdict)


def fit_values(h: Activation) -> tuple[Fraction, Fraction, Fraction, Fraction] | None:
    """v₁, …, v₄ with h(v₁)h(v₄) = h(v₂)h(v₃) (C2.1) and h(v₁)h((v₃+v₄)/2) ≠ h(v₃)h((v₁+v₂)/2) (C2.2), or None.

    Parameters: `h`, piecewise linear. Exactness: exact; a search, so None does not say that there are none.
    Raises: nothing. Source: papers.md, section 1 (Theorem 2).

    >>> import exactsurf as es
    >>> [str(v) for v in fit_values(es.leaky_relu("1/2"))]
    ['1', '-1', '-1', '1/4']
    """
    for v1, v2, v3 in product(_GRID, _GRID, _GRID):
        for v4 in _solutions(h, h(v1), h(v2) * h(v3)):
            if h(v1) * h((v3 + v4) / 2) != h(v3) * h((v1 + v2) / 2):
                return v1, v2, v3, v4
    return None


def _solutions(h: Activation, factor: Fraction, value: Fraction) -> Iterator[Fraction]:
    """Numbers z with factor·h(z) = value: all where they are isolated, some elsewhere."""
    if factor == 0:
        yield from _GRID if value == 0 else ()
        return
    target = value / factor
    yield from (z for z in (*h.breakpoints, *_GRID) if h(z) == target)
    yield from (z for slope, shift in h.lines if slope and h(z := (target - shift) / slope) == target)


def active_value(h: Activation) -> Fraction | None:
    """A number v that is no breakpoint, with h(v) ≠ 0, where the slope is not 0 if that can be had; None if h = 0."""
    ends = h.breakpoints
    outside = (ends[0] - 1, ends[-1] + 1) if ends else ()
    inside = tuple((low + high) / 2 for low, high in pairwise(ends))
    usable = [v for v in (*_GRID, *outside, *inside) if v not in ends and h(v)]
    return next((v for v in usable if any(h.slopes_at(v))), usable[0] if usable else None)


def fits(problem: Problem) -> Check:
    """C2.1 and C2.2 for some numbers."""
    h = problem.network.activation
    if h.is_linear:
        same = "h(v1)h(v4) = h(v2)h(v3) and linearity make both sides of C2.2 equal"
        return (False, same, (h,)) if h.value_at_0 == 0 else (None, "the activation is affine, and not linear", (h,))
    values = fit_values(h)
    if values is None:
        return None, "no such numbers were found", ()
    return True, f"v1, …, v4 = {', '.join(map(to_text, values))}", values


def stays_in_one_piece(problem: Problem) -> Check:
    """Some v at which h is affine and not 0: what takes the place of C2.3 to C2.7."""
    h = problem.network.activation
    value = active_value(h)
    if value is None:
        return False, "the activation is 0", (h,)
    return True, f"h is affine near v1 = v2 = {to_text(value)}, and h = {to_text(h(value))} there", (value,)
