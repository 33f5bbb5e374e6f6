"""Certificates about all values of free parameters: saved, loaded."""

from __future__ import annotations

import pickle

import pytest

import exactsurf as es
from tests.certificate.claims.saved import saved_and_loaded
from tests.verifier.claims.test_restricted_surface import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_saved_and_loaded(name: str) -> None:
    certificate = saved_and_loaded(name, es.RestrictedGlobalMinimum)
    assert certificate.restricted.risk(certificate.parameters) == certificate.risk
    assert "RestrictedProblem(" in repr(certificate)
    assert pickle.loads(pickle.dumps(certificate)) == certificate
