"""Certificates about linear regions: saved, loaded."""

from __future__ import annotations

import pytest

import exactsurf as es
from tests.certificate.claims.saved import saved_and_loaded


@pytest.mark.parametrize("name", ["regions_absolute", "regions_hard_tanh", "regions_line"])
def test_saved_and_loaded(name: str) -> None:
    assert saved_and_loaded(name, es.RegionCertificate).problem.widths[0] in (1, 2)
