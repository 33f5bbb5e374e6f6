"""Certificates about one filter: saved, loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.certificate.claims.one_filter import OneFilter

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"


@pytest.mark.parametrize("name", ["filter_spurious", "filter_none"])
def test_saved_and_loaded(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    assert isinstance(certificate, OneFilter) and certificate.encoded == (GOLDEN / f"{name}.json").read_bytes()
    assert bool(certificate.risk) == (name == "filter_spurious")
