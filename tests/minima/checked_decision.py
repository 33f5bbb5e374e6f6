"""A verdict of decide(), held against the oracle."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.rules.curve import DescentCurve
from exactsurf.certificate.rules.dead_unit import DeadUnit
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.certificate.verdict import Status
from tests import oracle

F = Fraction


TINY = [F(1, 10**6), F(1, 10**30)]


def check(problem: es.Problem, theta: es.Parameters, scales: list[Fraction], tries: int = 12) -> es.Verdict:
    """Decide, and hold the verdict against the oracle as far as an oracle can see."""
    verdict = es.decide(problem, theta)
    here = oracle.risk(problem, theta)
    assert verdict.risk == here
    assert verdict.assumptions == ()
    with pytest.raises(TypeError, match="three values"):
        bool(verdict)
    if verdict.status is Status.UNDECIDED:
        assert verdict.certificate is None and verdict.lower_point is None and verdict.reason
        return verdict
    assert verdict.certificate is not None
    accepted = es.verify(verdict.certificate.encoded)
    assert accepted.risk == here
    if verdict.status is Status.PROVED:
        assert accepted.kind == "local minimum" and verdict.lower_point is None
        assert not oracle.is_lower_nearby(problem, theta, scales, tries)
    else:
        assert accepted.kind == "not a local minimum"
        assert verdict.lower_point is not None and oracle.risk(problem, verdict.lower_point) < here
        check_descent(problem, theta, verdict)
    return verdict


def check_descent(problem: es.Problem, theta: es.Parameters, verdict: es.Verdict) -> None:
    """There are lower points within every distance along what the certificate points out."""
    assert verdict.certificate is not None
    evidence, here = verdict.certificate.descent, oracle.risk(problem, theta)
    for power in (3, 6, 9):
        shorter = [F(1, 10**k) for k in range(power, power + 120, 3)]
        if isinstance(evidence, DescentDirection):
            assert any(oracle.risk(problem, oracle.along(theta, evidence.direction, t)) < here for t in shorter)
            continue
        if isinstance(evidence, DescentCurve):
            assert any(oracle.risk(problem, on_curve(theta, evidence.curve, t)) < here for t in shorter)
            continue
        assert isinstance(evidence, DeadUnit)
        assert theta.weights[1][0][evidence.unit] == 0
        # First the unit moves, which changes nothing; then its output weight opens the descent.
        moved = oracle.along(theta, unit_motion(problem, evidence.unit, evidence.delta), shorter[0])
        assert oracle.risk(problem, moved) == here
        assert any(
            oracle.risk(problem, oracle.along(moved, output_motion(problem, evidence.unit, sign), t)) < here
            for t in shorter
            for sign in (1, -1)
        )


def on_curve(theta: es.Parameters, curve: tuple[es.Parameters, ...], t: Fraction) -> es.Parameters:
    """θ + t c₁ + t² c₂ + …"""
    for power, coefficient in enumerate(curve, start=1):
        theta = oracle.along(theta, coefficient, t**power)
    return theta


def unit_motion(problem: es.Problem, unit: int, delta: tuple[Fraction, ...]) -> es.Parameters:
    _, units, _ = problem.network.widths
    d = problem.network.widths[0]
    return parameters_like(
        problem,
        W1=[list(delta[:d]) if j == unit else [0] * d for j in range(units)],
        b1=[delta[d] if j == unit and len(delta) > d else 0 for j in range(units)],
    )


def output_motion(problem: es.Problem, unit: int, sign: int) -> es.Parameters:
    units = problem.network.widths[1]
    return parameters_like(problem, W2=[[sign if j == unit else 0 for j in range(units)]])


def parameters_like(problem: es.Problem, **given_values: object) -> es.Parameters:
    """Parameters that are zero but for the given ones."""
    zero = {n: [[0] * s[1]] * s[0] if len(s) == 2 else [0] * s[0] for n, s in problem.network.shapes.items()}
    return problem.parameters(**{name: given_values.get(name, value) for name, value in zero.items()})
