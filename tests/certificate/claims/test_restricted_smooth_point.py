"""Certificates about restricted risks with smooth activations: saved, loaded."""

from __future__ import annotations

import pytest

import exactsurf as es
from tests.certificate.claims.saved import saved_and_loaded
from tests.verifier.claims.test_restricted_smooth_point import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_saved_and_loaded(name: str) -> None:
    certificate = saved_and_loaded(name, es.RestrictedSmoothPoint)
    assert certificate.restricted.restriction.holds(certificate.parameters)
    assert "RestrictedProblem(" in repr(certificate)
