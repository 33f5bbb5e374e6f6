"""Certificates about restricted risks: saved, loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es
from tests.verifier.claims.test_restricted_point import NAMES

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"


@pytest.mark.parametrize("name", NAMES)
def test_saved_and_loaded(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    assert isinstance(certificate, es.RestrictedPoint) and certificate.encoded == (GOLDEN / f"{name}.json").read_bytes()
    assert certificate.restricted.risk(certificate.parameters) == certificate.risk
    assert repr(certificate).startswith("RestrictedPoint(") and "RestrictedProblem(" in repr(certificate)
