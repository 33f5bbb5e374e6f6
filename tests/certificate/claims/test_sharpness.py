"""Certificates about sharpness: saved, loaded."""

from __future__ import annotations

import pytest

import exactsurf as es
from tests.certificate.claims.saved import saved_and_loaded


@pytest.mark.parametrize("name", ["sharpness", "sharpness_deep", "sharpness_rational"])
def test_saved_and_loaded(name: str) -> None:
    saved_and_loaded(name, es.SharpnessCertificate)
