"""Certificates about linear regions: saved, loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"


@pytest.mark.parametrize("name", ["regions_absolute", "regions_hard_tanh", "regions_line"])
def test_saved_and_loaded(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    assert isinstance(certificate, es.RegionCertificate) and certificate.encoded == (GOLDEN / f"{name}.json").read_bytes()
    assert repr(certificate).startswith("RegionCertificate(") and certificate.problem.widths[0] in (1, 2)
