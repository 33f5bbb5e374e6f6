"""The certificate about units on normal inputs: saved, loaded, shown."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.certificate.claims.population_minimum import PopulationMinimumInBox
from exactsurf.errors import InputError

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"


def test_saved_and_loaded() -> None:
    path = GOLDEN / "population_three.json"
    certificate = es.load(path)
    assert isinstance(certificate, PopulationMinimumInBox)
    assert certificate.encoded == path.read_bytes()
    assert certificate.problem.dimension == 2 and certificate.larger and certificate.data_folder is None


def test_something_else_is_no_certificate() -> None:
    with pytest.raises(InputError, match="not a certificate"):
        es.markdown(es.load(GOLDEN / "population_three.json").problem)
