"""Certificates about points of the margin problem: saved, loaded."""

from __future__ import annotations

import pytest

import exactsurf as es
from tests.certificate.claims.saved import saved_and_loaded


@pytest.mark.parametrize("name", ["margin_kkt", "margin_no_kkt", "margin_optimum", "margin_no_optimum", "margin_kink"])
def test_saved_and_loaded(name: str) -> None:
    assert len(saved_and_loaded(name, es.MarginCertificate).labels) >= 2
