"""Yun et al. 2019, Theorem 2: the published numbers, the identity of the risk, near misses, and certificates."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError
from exactsurf.exact.balls import Ball, ball
from exactsurf.minima.smooth.critical_box import find_critical_box
from exactsurf.model.enclosed_risk import risk_ball
from exactsurf.model.smooth_activation import SMOOTH, SmoothActivation, elu, selu
from exactsurf.papers.yun_2019_smooth import construct, theorem_2, three_samples
from exactsurf.theorems.constructions.three_sample_values import FitValues, MinimumValues, check_fit, check_minimum
from tests.verifier.claims.test_three_samples import assert_true

log, atanh, rational = sp.log, sp.atanh, sp.Rational
LAMBDA, ALPHA = rational("1.0507009873554804934"), rational("1.6732632423543772848")

# papers.md, section 1: v1..v4 of C2.1-2; v1, v2, u1, u2 of C2.3-7; (u h')² and u h''/3 of both units.
NUMBERS: dict[str, tuple[list[Any], list[Any], list[Any]]] = {
    "sigmoid": (
        [0, -log(3), -log(3), -log(7)],
        [-log(3), -log(3), rational(2, 3), rational(2, 3)],
        [rational(1, 64), rational(1, 64), rational(1, 48), rational(1, 48)],
    ),
    "tanh": (
        [atanh(rational(1, 2)), atanh(rational(1, 4)), atanh(rational(1, 4)), atanh(rational(1, 8))],
        [atanh(rational(1, 2)), atanh(rational(1, 4)), -2, rational(16, 3)],
        [rational(9, 4), 25, rational(1, 2), rational(-5, 6)],
    ),
    "arctan": (
        [sp.sqrt(3), 1 / sp.sqrt(3), 1 / sp.sqrt(3), 2 - sp.sqrt(3)],
        [1, 1 / sp.sqrt(3), -4 / sp.pi, 8 / sp.pi],
        [4 / sp.pi**2, 36 / sp.pi**2, 2 / (3 * sp.pi), -sp.sqrt(3) / sp.pi],
    ),
    "quadratic": (
        [1, 1, 1, -1],
        [1, 1, rational(1, 6), rational(1, 6)],
        [rational(1, 9)] * 4,
    ),
    "elu": (
        [log(rational(1, 2)), log(rational(3, 4)), log(rational(3, 4)), log(rational(7, 8))],
        [1, -log(2), rational(2, 3), rational(2, 3)],
        [rational(4, 9), rational(1, 9), 0, rational(1, 9)],
    ),
    "selu": (
        [log(rational(1, 2)), log(rational(3, 4)), log(rational(3, 4)), log(rational(7, 8))],
        [1, -log(2), 2 / (3 * LAMBDA), 2 / (3 * LAMBDA * ALPHA)],
        [rational(4, 9), rational(1, 9), 0, rational(1, 9)],
    ),
}


def enclosed(value: Any) -> Ball:
    """A SymPy number as a ball: exact if rational, else with 70 digits."""
    value = sp.sympify(value)
    if value.is_Rational:
        return ball(Fraction(int(value.p), int(value.q)))
    digits = sp.Rational(str(sp.N(value, 70)))
    return Ball(Fraction(int(digits.p), int(digits.q)), Fraction(1, 10**65))


@pytest.mark.parametrize("name", NUMBERS)
def test_published_numbers(name: str) -> None:
    h = SMOOTH[name]
    fit, minimum, parts = NUMBERS[name]
    first, second = check_fit(h, FitValues(*map(enclosed, fit)))
    # Equations between irrational numbers are not refuted by balls, and not proved; inequalities are proved.
    assert first.status is (Status.PROVED if name == "quadratic" else Status.UNDECIDED)
    assert second.status is Status.PROVED
    values = MinimumValues(*map(enclosed, minimum))
    equation, smooth, *strict = check_minimum(h, values)
    assert equation.status is (Status.PROVED if name == "quadratic" else Status.UNDECIDED)
    assert [finding.status for finding in (smooth, *strict)] == [Status.PROVED] * 3
    a1, a2, b1, b2 = (sp.N(part, 40) for part in parts)
    for finding, expected in zip(strict, (a1 + b1, (a1 + b1) * (a2 + b2) - a1 * a2), strict=True):
        digits = sp.Rational(str(expected))
        assert abs(finding.data[0].midpoint - Fraction(int(digits.p), int(digits.q))) < Fraction(1, 10**35)


@pytest.mark.parametrize("h", [*SMOOTH.values(), elu("1/3"), selu(2, "1/2")], ids=repr)
def test_construction(h: SmoothActivation) -> None:
    found = construct(h)
    assert found.status is Status.PROVED and found.risk == Fraction(1, 3) and found.report.status is Status.PROVED
    assert [finding.name for finding in found.report.findings[1:]] == ["C2.1", "C2.2", "C2.3", "C2.4, C2.5", "C2.6", "C2.7"]
    assert es.verify(found.certificate).risk == found.risk
    assert_true(json.loads(found.certificate.encoded))
    assert risk_ball(found.problem, found.lower_point).upper < Fraction(1, 10**15)
    half = construct(three_samples(h, loss=es.squared.mean, biases=False))
    assert half.risk == Fraction(1, 9) and es.verify(half.certificate).risk == half.risk


def test_near_misses() -> None:
    """v1 = v2 and u1 = u2 violate C2.7 for tanh; a wrong u2 violates C2.3; equal numbers violate C2.2."""
    near = ball("11/20")
    findings = check_minimum(SMOOTH["tanh"], MinimumValues(near, near, ball("1/3"), ball("1/3")))
    assert {f.name: f.status for f in findings}["C2.7"] is Status.REFUTED
    one = ball(1)
    findings = check_minimum(SMOOTH["quadratic"], MinimumValues(one, one, ball("1/6"), ball("1/7")))
    assert findings[0].status is Status.REFUTED and "-1/42" in findings[0].witness
    assert [f.status for f in check_fit(SMOOTH["quadratic"], FitValues(one, one, one, one))] == [Status.PROVED, Status.REFUTED]
    corner = check_minimum(elu(), MinimumValues(ball(0), one, one, one))
    assert [f.status for f in corner[1:]] == [Status.UNDECIDED] * 3


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["sigmoid", "tanh", "arctan", "softplus", "quadratic"]),
    st.lists(st.fractions(-3, 3, max_denominator=9), min_size=9, max_size=9),
)
def test_identity_of_the_risk(name: str, values: list[Fraction]) -> None:
    """loss = (1 + E)²/3 + (3/2)(S − (1 + E)/3)² + D² at any parameters (theory.md, section 7)."""
    problem = three_samples(name)
    w, (b1, b2, u1, u2, c) = values[:4], values[4:]
    theta = problem.parameters(W1=[w[:2], w[2:]], b1=[b1, b2], W2=[[u1, u2]], b2=[c])
    found = risk_ball(problem, theta, 200)
    h = {"sigmoid": lambda z: 1 / (1 + mp.exp(-z)), "tanh": mp.tanh, "arctan": mp.atan, "quadratic": lambda z: z * z}.get(
        name, lambda z: mp.log(1 + mp.exp(z))
    )
    with mp.workdps(80):
        numbers = [mpf(v.numerator) / v.denominator for v in values]
        unit = [(numbers[0] + numbers[4], numbers[1] + numbers[4]), (numbers[2] + numbers[5], numbers[3] + numbers[5])]
        outputs = [numbers[8] + sum(u * h(z[k]) for u, z in zip(numbers[6:8], unit, strict=True)) for k in (0, 1)]
        middle, half = sum(outputs) / 2, (outputs[0] - outputs[1]) / 2
        bend = mpf(0)
        for u, (left, right) in zip(numbers[6:8], unit, strict=True):
            mean, gap = (left + right) / 2, (left - right) / 2
            bend += u * ((h(mean + gap) + h(mean - gap)) / 2 - h(mean))
        loss = (1 + bend) ** 2 / 3 + mpf(3) / 2 * (middle - (1 + bend) / 3) ** 2 + half**2
        assert abs(mpf(found.midpoint.numerator) / found.midpoint.denominator - loss) < mpf(10) ** -50


def test_the_theorem() -> None:
    report = theorem_2.check(three_samples("arctan"))  # type: ignore[arg-type]
    assert report.status is Status.PROVED
    rectified = es.Problem(es.Network([2, 2, 1]), es.Data.from_arrays([[1, 0], [0, 1], ["1/2", "1/2"]], [0, 0, 1]))
    assert theorem_2.does_not_apply(rectified) is None and theorem_2.check(rectified).status is Status.PROVED
    other = es.Problem(es.Network([2, 2, 1], "tanh"), es.Data.from_arrays([[1, 0], [0, 1], [1, 1]], [0, 0, 1]))
    assert theorem_2.check(other).failing == ("setting",)  # type: ignore[arg-type]
    with pytest.raises(HypothesisError, match="setting"):
        construct(other)


def test_the_local_minimum_is_not_isolated_so_no_box_holds_it() -> None:
    problem = three_samples("quadratic")
    found = find_critical_box(problem, W1=[[1, 1], [1, 1]], b1=[0, 0], W2=[["1/6", "1/6"]], b2=[0])
    assert isinstance(found, es.Verdict)
