"""Certificates about points of the margin problem: saved, loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"


@pytest.mark.parametrize("name", ["margin_kkt", "margin_no_kkt", "margin_optimum", "margin_no_optimum", "margin_kink"])
def test_saved_and_loaded(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    assert isinstance(certificate, es.MarginCertificate) and certificate.encoded == (GOLDEN / f"{name}.json").read_bytes()
    assert repr(certificate).startswith("MarginCertificate(") and len(certificate.labels) >= 2
