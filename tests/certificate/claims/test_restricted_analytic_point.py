"""Certificates about points of restricted risks where the loss is an expression: saved, loaded."""

from __future__ import annotations

import pytest

import exactsurf as es
from tests.certificate.claims.saved import saved_and_loaded
from tests.verifier.claims.test_restricted_analytic_point import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_saved_and_loaded(name: str) -> None:
    certificate = saved_and_loaded(name, es.RestrictedAnalyticPoint)
    risk = certificate.restricted.risk(certificate.parameters)
    assert certificate.risk[0] <= risk.lower <= risk.upper <= certificate.risk[1]
    assert "RestrictedProblem(" in repr(certificate)
