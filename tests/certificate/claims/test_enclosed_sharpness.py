"""Certificates about enclosed sharpness: saved, loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"


@pytest.mark.parametrize("name", ["enclosed_sharpness_tanh", "enclosed_sharpness_decay"])
def test_saved_and_loaded(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    assert isinstance(certificate, es.EnclosedSharpnessCertificate)
    assert certificate.encoded == (GOLDEN / f"{name}.json").read_bytes()
    assert repr(certificate).startswith("EnclosedSharpnessCertificate(")
