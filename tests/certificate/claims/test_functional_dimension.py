"""Certificates about functional dimensions: saved, loaded."""

from __future__ import annotations

import pytest

import exactsurf as es
from tests.certificate.claims.saved import saved_and_loaded


@pytest.mark.parametrize("name", ["dimension_batch", "dimension_deep", "dimension_full", "dimension_no_input"])
def test_saved_and_loaded(name: str) -> None:
    assert saved_and_loaded(name, es.DimensionCertificate).problem.widths[0] in (1, 2)
