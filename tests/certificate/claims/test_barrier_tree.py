"""A barrier by regions is read back as it was written."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.certificate.claims.barrier_tree import BarrierTree
from tests.certificate.claims.saved import saved_and_loaded
from tests.verifier.test_barrier_tree import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_saved_and_loaded(name: str) -> None:
    assert isinstance(saved_and_loaded(name, es.Barrier, "accept_2").cut, BarrierTree)
