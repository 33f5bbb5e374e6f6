"""Certificates about functional dimensions: saved, loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"


@pytest.mark.parametrize("name", ["dimension_batch", "dimension_deep", "dimension_full", "dimension_no_input"])
def test_saved_and_loaded(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    assert isinstance(certificate, es.DimensionCertificate) and certificate.encoded == (GOLDEN / f"{name}.json").read_bytes()
    assert repr(certificate).startswith("DimensionCertificate(") and certificate.problem.widths[0] in (1, 2)
