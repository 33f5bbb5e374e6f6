"""Certificates of capture as values: read back they are the same, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept_2"


@pytest.mark.parametrize("name", ["captured", "captured_two_units"])
def test_read_and_written_again(name: str):
    path = GOLDEN / f"{name}.json"
    found = es.load(path)
    assert isinstance(found, es.Capture)
    assert found.encoded == path.read_bytes()
    assert found.risk == found.problem.risk(found.parameters) < found.level
    assert found.bottom == found.problem.risk(found.points[0]) and len(found.leads_to) == len(found.points) - 1
    assert found.sentence.endswith("samples.") and f"below {found.level}," in found.sentence
