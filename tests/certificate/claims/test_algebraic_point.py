"""Certificates about algebraic local minima: saved, loaded."""

from __future__ import annotations

import pytest

import exactsurf as es
from tests.certificate.claims.saved import saved_and_loaded


@pytest.mark.parametrize("name", ["algebraic_linear", "algebraic_relu", "algebraic_cubic"])
def test_saved_and_loaded(name: str) -> None:
    assert saved_and_loaded(name, es.AlgebraicPoint).bits == 768
