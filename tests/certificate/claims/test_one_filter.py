"""Certificates about one filter: saved, loaded."""

from __future__ import annotations

import pytest

from exactsurf.certificate.claims.one_filter import OneFilter
from tests.certificate.claims.saved import saved_and_loaded


@pytest.mark.parametrize("name", ["filter_spurious", "filter_none"])
def test_saved_and_loaded(name: str) -> None:
    assert bool(saved_and_loaded(name, OneFilter).risk) == (name == "filter_spurious")
