"""The rule `dead unit`: a unit that nothing reads may hide a descent."""

from __future__ import annotations

import exactsurf as es
from exactsurf.certificate.rules.dead_unit import DeadUnit
from exactsurf.certificate.verdict import Status
from tests.minima.checked_decision import TINY, check


def test_a_dead_unit_can_hide_a_descent() -> None:
    """All output weights zero and the mean predicted: critical, yet moving the unit opens a descent."""
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, -1]))
    theta = problem.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=[0])
    verdict = check(problem, theta, TINY)
    assert verdict.status is Status.REFUTED and verdict.certificate is not None
    assert isinstance(verdict.certificate.descent, DeadUnit)
    asleep = problem.parameters(W1=[[0]], b1=[-1], W2=[[0]], b2=[0])
    assert check(problem, asleep, TINY, tries=60).status is Status.PROVED
