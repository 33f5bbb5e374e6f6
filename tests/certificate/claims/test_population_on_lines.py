"""Certificates about units on lines: saved, loaded, compared."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.certificate.claims.population_on_lines import PopulationOnLines

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"
NAMES = ["lines_spurious", "lines_global", "lines_none", "lines_matched", "lines_mirrored"]


@pytest.mark.parametrize("name", NAMES)
def test_saved_and_loaded(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    assert isinstance(certificate, PopulationOnLines) and certificate.encoded == (GOLDEN / f"{name}.json").read_bytes()
    assert certificate == es.load(GOLDEN / f"{name}.json") == pickle.loads(pickle.dumps(certificate))
    assert str(certificate) == certificate.sentence and certificate.kind in repr(certificate)
    assert bool(certificate.risk) == (name != "lines_none") == (certificate.ray is None)
