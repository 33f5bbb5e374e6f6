"""Certificates about algebraic local minima: saved, loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"


@pytest.mark.parametrize("name", ["algebraic_linear", "algebraic_relu", "algebraic_cubic"])
def test_saved_and_loaded(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    assert isinstance(certificate, es.AlgebraicPoint) and certificate.encoded == (GOLDEN / f"{name}.json").read_bytes()
    assert repr(certificate).startswith("AlgebraicPoint(") and certificate.bits == 768
