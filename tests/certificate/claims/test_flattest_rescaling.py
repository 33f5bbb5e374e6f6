"""Certificates about the flattest rescaling: saved, loaded."""

from __future__ import annotations

import pytest

import exactsurf as es
from tests.certificate.claims.saved import saved_and_loaded


@pytest.mark.parametrize("name", ["flattest_rescaling", "flattest_deep", "flattest_chain"])
def test_saved_and_loaded(name: str) -> None:
    saved_and_loaded(name, es.FlattestRescalingCertificate)
