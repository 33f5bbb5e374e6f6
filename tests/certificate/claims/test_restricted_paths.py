"""Certificates about paths of free parameters: saved, loaded."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import exactsurf as es
from tests.verifier.claims.test_restricted_paths import NAMES

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"


@pytest.mark.parametrize("name", NAMES)
def test_saved_and_loaded(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    assert certificate.encoded == (GOLDEN / f"{name}.json").read_bytes()
    assert repr(certificate).startswith("Restricted") and "RestrictedProblem(" in repr(certificate)
    assert pickle.loads(pickle.dumps(certificate)) == certificate
