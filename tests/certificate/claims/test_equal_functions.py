"""Certificates about two points and their functions: saved, loaded."""

from __future__ import annotations

import pytest

import exactsurf as es
from tests.certificate.claims.saved import saved_and_loaded


@pytest.mark.parametrize("name", ["different_functions", "equal_functions", "equal_predictions"])
def test_saved_and_loaded(name: str) -> None:
    assert saved_and_loaded(name, es.EqualFunctions).problem.widths[0] in (1, 2)
