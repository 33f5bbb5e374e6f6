"""Certificates about restricted risks: saved, loaded."""

from __future__ import annotations

import pytest

import exactsurf as es
from tests.certificate.claims.saved import saved_and_loaded
from tests.verifier.claims.test_restricted_point import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_saved_and_loaded(name: str) -> None:
    certificate = saved_and_loaded(name, es.RestrictedPoint)
    assert certificate.restricted.risk(certificate.parameters) == certificate.risk
    assert "RestrictedProblem(" in repr(certificate)
