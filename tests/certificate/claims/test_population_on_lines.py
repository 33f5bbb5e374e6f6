"""Certificates about units on lines: saved, loaded, compared."""

from __future__ import annotations

import pickle

import pytest

from exactsurf.certificate.claims.population_on_lines import PopulationOnLines
from tests.certificate.claims.saved import saved_and_loaded

NAMES = ["lines_spurious", "lines_global", "lines_none", "lines_matched", "lines_mirrored"]


@pytest.mark.parametrize("name", NAMES)
def test_saved_and_loaded(name: str) -> None:
    certificate = saved_and_loaded(name, PopulationOnLines)
    assert pickle.loads(pickle.dumps(certificate)) == certificate
    assert str(certificate) == certificate.sentence and certificate.kind in repr(certificate)
    assert bool(certificate.risk) == (name != "lines_none") == (certificate.ray is None)
