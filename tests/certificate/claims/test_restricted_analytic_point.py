"""Certificates about points of restricted risks where the loss is an expression: saved, loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es
from tests.verifier.claims.test_restricted_analytic_point import NAMES

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"


@pytest.mark.parametrize("name", NAMES)
def test_saved_and_loaded(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    assert isinstance(certificate, es.RestrictedAnalyticPoint)
    assert certificate.encoded == (GOLDEN / f"{name}.json").read_bytes()
    risk = certificate.restricted.risk(certificate.parameters)
    assert certificate.risk[0] <= risk.lower <= risk.upper <= certificate.risk[1]
    assert repr(certificate).startswith("RestrictedAnalyticPoint(") and "RestrictedProblem(" in repr(certificate)
