"""Certificates about extremal vectors: saved, loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"


@pytest.mark.parametrize("name", ["extremal_vectors", "extremal_walls"])
def test_saved_and_loaded(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    assert (
        isinstance(certificate, es.ExtremalVectorsCertificate) and certificate.encoded == (GOLDEN / f"{name}.json").read_bytes()
    )
    assert repr(certificate).startswith("ExtremalVectorsCertificate(")
