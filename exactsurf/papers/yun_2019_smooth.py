"""Yun, Sra and Jadbabaie 2019, Theorem 2: three samples on which most activations, smooth or not, have spurious local minima."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from exactsurf.certificate.check import verify
from exactsurf.certificate.claims.three_samples import ThreeSamples
from exactsurf.certificate.rules.evidence import LowerPoint
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, InputError, InternalError, RejectedCertificate
from exactsurf.exact.balls import Ball
from exactsurf.exact.number import brief
from exactsurf.model.activation import Activation, linear
from exactsurf.model.activation_names import activation_from
from exactsurf.model.data import Data
from exactsurf.model.enclosed_risk import risk_ball
from exactsurf.model.loss import Loss
from exactsurf.model.losses import squared
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.papers.yun_2019_relu_like import ReluLikeMinimum, construct_relu_like, fits, stays_in_one_piece
from exactsurf.theorems.constructions.risk_floor import risk_floor
from exactsurf.theorems.constructions.three_sample_values import (
    FitValues,
    MinimumValues,
    check_fit,
    check_minimum,
    first_failing,
    fourth_value,
)
from exactsurf.theorems.references import YUN_2019
from exactsurf.theorems.theorem import Check, Finding, Hypothesis, Report, SharpnessExample, Theorem

__all__ = ["SmoothSpuriousMinimum", "construct", "theorem_2", "three_samples"]

_BITS = 128
_SCALE = 1 << 40
_MINIMA: dict[str, tuple[str, str, str]] = {  # v₁, v₂, u₁: rational numbers near those of the paper's corollary
    "sigmoid": ("-11/10", "-11/10", "2/3"),
    "tanh": ("11/20", "1/4", "-2"),
    "arctan": ("1", "4/7", "-5/4"),
    "softplus": ("-1", "-1", "1/2"),
    "quadratic": ("1", "1", "1/6"),
    "elu": ("1", "-7/10", "2/3"),
    "selu": ("1", "-7/10", "19/30"),
}
_FITS: dict[str, tuple[str, str, str]] = {  # v₁, v₂, v₃
    "sigmoid": ("0", "-11/10", "-11/10"),
    "tanh": ("11/20", "1/4", "1/4"),
    "arctan": ("7/4", "4/7", "4/7"),
    "softplus": ("0", "-1", "-1"),
    "quadratic": ("1", "1", "1"),
    "elu": ("-7/10", "-2/7", "-2/7"),
    "selu": ("-7/10", "-2/7", "-2/7"),
}
_GRID = tuple(map(Fraction, ("1", "-1", "1/2", "-1/2", "2", "-2", "1/4", "-1/4")))


def three_samples(activation: Activation | str, *, loss: Loss | str = squared, biases: bool = True) -> Problem:
    """The theorem's problem: a 2-2-1 network on the samples (1, 0), (0, 1), (½, ½) with targets 0, 0, 1.

    Parameters: `activation`; `loss`, squared with any scale; `biases`, which the theorem has and its points do not use.
    Exactness: exact. Raises: as `Network` and `Problem`. Source: papers.md, section 1 (Theorem 2).

    >>> three_samples("tanh")
    Problem(Network(2-2-1, tanh), Data(3 samples, 2 inputs, 1 target), squared)
    """
    data = Data.from_arrays([[1, 0], [0, 1], ["1/2", "1/2"]], [0, 0, 1])
    return Problem(Network([2, 2, 1], activation, biases=biases), data, loss)


@dataclass(frozen=True)
class SmoothSpuriousMinimum:
    """What Theorem 2 promises.

    Attributes: `report` on C2.1 to C2.7; `minimum`, the numbers v₁, v₂, u₁ and the ball of u₂ that make the local minimum,
    and its `risk` (exact); `lower_point`, rational parameters near a fitting point, and a ball with `lower_risk`;
    `certificate`, accepted by the verifier.
    Exactness: the local minimum is exact, its u₂ is defined by an equation. Source: papers.md, section 1 (Theorem 2).
    """

    problem: Problem
    report: Report
    minimum: MinimumValues
    fit: FitValues
    risk: Fraction
    lower_point: Parameters
    lower_risk: Ball
    certificate: ThreeSamples

    status = Status.PROVED

    def __repr__(self) -> str:
        return f"SmoothSpuriousMinimum({self.problem!r}, risk {brief(self.risk)})"


def construct(problem: Problem | Activation | str) -> SmoothSpuriousMinimum | ReluLikeMinimum:
    """A certified spurious local minimum on the theorem's three samples.

    Parameters: `problem`, as `three_samples` builds it, or an activation. Returns: a `SmoothSpuriousMinimum`; for a piecewise
    linear activation (the appendix: ReLU-like, with and without biases) a `ReluLikeMinimum`, where everything is rational.
    Exactness: conditions are decided in ball arithmetic, and again by the verifier in interval arithmetic; exactly for a
    piecewise linear activation.
    Raises: `HypothesisError` for other samples or widths, or if no numbers that fulfil C2.1 to C2.7 are found.
    Source: papers.md, section 1 (Theorem 2).

    >>> found = construct("sigmoid")
    >>> found.status, found.risk, found.lower_risk.upper < Fraction(1, 10**6)
    (<Status.PROVED: 'PROVED'>, Fraction(1, 3), True)
    >>> construct("relu").risk, construct("relu").lower_risk
    (Fraction(1, 3), Fraction(0, 1))
    """
    given = problem if isinstance(problem, Problem) else three_samples(activation_from(problem))
    holds, witness, _ = _setting(given)
    if not holds:
        raise HypothesisError("setting", witness, "build the problem with three_samples(activation)")
    if given.network.is_piecewise_linear:
        return construct_relu_like(given, theorem_2.check(given))
    return construct_smooth(given)


def construct_smooth(given: Problem) -> SmoothSpuriousMinimum:
    """`construct` on three samples with a smooth activation.

    Exactness, Raises, Source: as `construct`.
    """
    h = given.network.activation
    minimum, fit = _minimum_values(h), _fit_values(h)
    if minimum is None or fit is None:
        name = "C2.3 to C2.7" if minimum is None else "C2.1, C2.2"
        raise HypothesisError(name, f"no numbers that fulfil the conditions were found for {h!r}")
    setting = Finding("setting", theorem_2.hypotheses[0].statement, Status.PROVED, _setting(given)[1])
    report = Report(theorem_2.key, (setting, *check_fit(h, fit), *check_minimum(h, minimum)))
    lower_point = _fitting_point(given, fit)
    lower_risk = risk_ball(given, lower_point, _BITS)
    u = minimum.u1.midpoint
    risk = given.common_scale * Fraction(2, 3)
    if lower_risk.upper >= risk:
        raise InternalError("the fitting point has no lower risk than the local minimum")
    bound = Fraction(((lower_risk.upper + risk) / 2 * _SCALE).__floor__(), _SCALE)
    certificate = ThreeSamples(given, (minimum.v1.midpoint, minimum.v2.midpoint), u, LowerPoint(lower_point, bound), _BITS)
    try:
        verify(certificate)
    except RejectedCertificate as rejected:
        raise InternalError(f"the verifier rejects a certificate that was just built ({rejected})") from rejected
    return SmoothSpuriousMinimum(given, report, minimum, fit, risk, lower_point, lower_risk, certificate)


def _minimum_values(h: Activation) -> MinimumValues | None:
    """Numbers that fulfil C2.3 to C2.7."""
    for v1, v2, u1 in _minimum_candidates(h):
        with suppress(InputError):  # an expression may have no value at these numbers
            values = MinimumValues.with_defined_u2(h, v1, v2, u1)
            if values is not None and first_failing(check_minimum(h, values)) is None:
                return values
    return None


def _minimum_candidates(h: Activation) -> Iterator[tuple[Fraction, Fraction, Fraction]]:
    if h.name in _MINIMA:
        first, second, weight = map(Fraction, _MINIMA[h.name])
        yield first, second, weight
    yield from product(_GRID, _GRID, _GRID)


def _fit_values(h: Activation) -> FitValues | None:
    """Numbers that fulfil C2.1 and C2.2."""
    known = [tuple(map(Fraction, _FITS[h.name]))] if h.name in _FITS else []
    for v1, v2, v3 in (*known, *product(_GRID, _GRID, _GRID)):
        with suppress(InputError):  # an expression may have no value at these numbers
            # The square takes every value twice, so bisection from end to end finds no change of sign; −1 belongs to 1, 1, 1.
            v4 = Ball(Fraction(-1)) if h.name == "quadratic" and v1 == v2 == v3 == 1 else fourth_value(h, v1, v2, v3)
            if v4 is not None:
                values = FitValues(Ball(v1), Ball(v2), Ball(v3), v4, defined=not v4.is_exact)
                if first_failing(check_fit(h, values)) is None:
                    return values
    return None


def _fitting_point(problem: Problem, fit: FitValues) -> Parameters:
    """Rational parameters near those that fit all samples."""
    h, (v1, v2, v3, v4) = problem.network.activation, (_short(ball) for ball in (fit.v1, fit.v2, fit.v3, fit.v4))
    first, third = (h.enclosure(value, _BITS).midpoint for value in (v1, v3))
    scale = 1 / (third * h.enclosure((v1 + v2) / 2, _BITS).midpoint - first * h.enclosure((v3 + v4) / 2, _BITS).midpoint)
    weights = [_short(Ball(scale * third)), _short(Ball(-scale * first))]
    biases = {"b1": [0, 0], "b2": [0]} if problem.network.biases[0] else {}
    return problem.parameters(W1=[[v1, v2], [v3, v4]], W2=[weights], **biases)


def _short(ball: Ball) -> Fraction:
    return Fraction(round(ball.midpoint * _SCALE), _SCALE)


def _setting(problem: Problem) -> Check:
    if not problem.is_least_squares:
        return False, f"the loss is {problem.loss!r}", (problem.loss,)
    expected = three_samples(problem.network.activation)
    same = problem.data.x == expected.data.x and problem.data.y == expected.data.y
    if problem.network.widths != (2, 2, 1) or not same:
        return False, "the theorem is about a 2-2-1 network on the samples (1, 0), (0, 1), (1/2, 1/2) with targets 0, 0, 1", ()
    if problem.network.biases[0] != problem.network.biases[1]:
        return False, "either all layers have a bias or none", (problem.network.biases,)
    return True, f"the three samples, {problem.network.activation!r}", ()


def _fits(problem: Problem) -> Check:
    if problem.network.is_piecewise_linear:
        return fits(problem)
    values = _fit_values(problem.network.activation)
    if values is None:
        return None, "no such numbers were found", ()
    return (
        True,
        "; ".join(f"{finding.name}: {finding.witness}" for finding in check_fit(problem.network.activation, values)),
        (values,),
    )


def _curved(problem: Problem) -> Check:
    if problem.network.is_piecewise_linear:
        return stays_in_one_piece(problem)
    values = _minimum_values(problem.network.activation)
    if values is None:
        return None, "no such numbers were found", ()
    found = check_minimum(problem.network.activation, values)
    return True, "; ".join(f"{finding.name}: {finding.witness}" for finding in found), (values,)


def _conclude(problem: Problem, _: Parameters | None, __: Parameters | None) -> Verdict:
    if problem.network.is_piecewise_linear and problem.is_least_squares and problem.network.activation.is_linear:
        floor, why = risk_floor(problem)
        if problem.risk_of(problem.data.affine_fit.predictions) <= floor:
            return Verdict(Status.REFUTED, f"no local minimum with the risk of linear least squares is spurious: {why}")
    try:
        found = construct(problem)
    except HypothesisError as error:
        return Verdict(Status.UNDECIDED, str(error))
    if isinstance(found, ReluLikeMinimum):
        return found.verdict
    reason = f"a spurious local minimum of risk {brief(found.risk)}"
    return Verdict(Status.PROVED, reason, found.certificate, found.lower_point, found.risk)


def _examples() -> tuple[SharpnessExample, ...]:
    return (SharpnessExample("C2.1, C2.2", "a linear activation", three_samples(linear)),)


theorem_2 = Theorem(
    key="yun_2019.theorem_2",
    title="Three samples on which smooth and ReLU-like activations have spurious local minima",
    statement=(
        r"Let $X = [(1,0)^T, (0,1)^T, (\frac12,\frac12)^T]$, $Y = [0, 0, 1]$, $d_1 = 2$. If there are $v_1, \dots, v_4$ with "
        r"$h(v_1)h(v_4) = h(v_2)h(v_3)$ (C2.1) and $h(v_1)h(\frac{v_3+v_4}2) \ne h(v_3)h(\frac{v_1+v_2}2)$ (C2.2), the risk 0 is "
        r"attained. If there are $v_1, v_2, u_1, u_2$ with $u_1h(v_1) + u_2h(v_2) = \frac13$ (C2.3), $h$ smooth at $v_1, v_2$ "
        r"(C2.4, C2.5), $(u_1h'(v_1))^2 + \frac13u_1h''(v_1) > 0$ (C2.6) and $(u_1h'(v_1)u_2h'(v_2))^2 < "
        r"\prod_k ((u_kh'(v_k))^2 + \frac13u_kh''(v_k))$ (C2.7), there is a local minimum of risk $\frac13$, "
        r"that of linear least squares. For $h = \bar h_{s_+,s_-}$, $s_+ > 0$, $s_- \ge 0$, $s_+ \ne s_-$ (appendix), the same "
        r"data have a spurious local minimum of risk $\frac13$, with biases and without."
    ),
    reference=YUN_2019,
    hypotheses=(
        Hypothesis("setting", "the three samples, two hidden units, the squared loss", _setting, setting=True),
        Hypothesis("C2.1, C2.2", "numbers v1, …, v4 that make the risk 0 attained", _fits),
        Hypothesis(
            "C2.3 to C2.7",
            "numbers v1, v2, u1, u2 that make the local minimum (a piece of h that is not 0, if it has pieces)",
            _curved,
        ),
    ),
    construct=construct,
    conclude=_conclude,
    is_about_smooth=True,
    examples=_examples,
    without_example=(
        ("C2.3 to C2.7", "a sufficient condition for the local minimum; whether an activation without it has one is not decided"),
    ),
    remarks=(
        "C² near v1, v2 is enough instead of C2.4 and C2.5; C2.6 and C2.7 say that N = diag(u h''/3) + (u h')(u h')ᵀ is positive "
        "definite. Equations between real numbers are fulfilled by definition of u2 and v4, inequalities are decided with balls. "
        "For piecewise linear activations C2.6 or C2.7 fails (h'' = 0); units inside one piece take their place, whatever the "
        "number of pieces, because on these samples every affine function is linear."
    ),
)
