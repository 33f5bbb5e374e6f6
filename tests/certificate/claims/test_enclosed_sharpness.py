"""Certificates about enclosed sharpness: saved, loaded."""

from __future__ import annotations

import pytest

import exactsurf as es
from tests.certificate.claims.saved import saved_and_loaded


@pytest.mark.parametrize("name", ["enclosed_sharpness_tanh", "enclosed_sharpness_decay"])
def test_saved_and_loaded(name: str) -> None:
    saved_and_loaded(name, es.EnclosedSharpnessCertificate)
