"""The rule `curve`: saddles that are refuted along curves only."""

from __future__ import annotations

import pytest

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.point import NOT_A_LOCAL_MINIMUM, Certificate
from exactsurf.certificate.verdict import Status
from exactsurf.minima.deep_linear.classification import PointKind, classify_deep_linear
from tests.minima.checked_decision import TINY, check
from tests.minima.deep_linear.test_classification import diagonal_problem


@pytest.mark.parametrize("depth", [3, 4, 5])
def test_curves_from_saddles_are_certificates(depth: int):
    """All weights 0: the risk falls with t^(2·depth − 1) only, and the verifier agrees."""
    problem = diagonal_problem([2] * (depth + 1), [2, 1])
    zero = problem.parameters(**{f"W{k}": [[0, 0], [0, 0]] for k in range(1, depth + 1)})
    answer = classify_deep_linear(problem, zero)
    assert answer.kind is PointKind.SADDLE and answer.strict is Status.REFUTED
    assert answer.descent.order == 2 * depth - 1 and answer.descent.coefficient < 0
    certificate = Certificate(NOT_A_LOCAL_MINIMUM, problem, zero, answer.risk, descent=answer.descent)
    assert confirmed(certificate) is certificate
    verdict = check(problem, zero, TINY)
    assert verdict.status is Status.REFUTED and verdict.certificate.descent == answer.descent
