"""Certificates of capture as values: read back they are the same, byte for byte."""

from __future__ import annotations

import pytest

import exactsurf as es
from tests.certificate.claims.saved import saved_and_loaded


@pytest.mark.parametrize("name", ["captured", "captured_two_units"])
def test_saved_and_loaded(name: str) -> None:
    found = saved_and_loaded(name, es.Capture, "accept_2")
    assert found.risk == found.problem.risk(found.parameters) < found.level
    assert found.bottom == found.problem.risk(found.points[0]) and len(found.leads_to) == len(found.points) - 1
    assert found.sentence.endswith("samples.") and f"below {found.level}," in found.sentence
