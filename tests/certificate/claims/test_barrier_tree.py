"""A barrier by regions is read back as it was written."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.certificate.claims.barrier_tree import BarrierTree
from tests.verifier.test_barrier_tree import NAMES
from tests.verifier.verdicts import GOLDEN


@pytest.mark.parametrize("name", NAMES)
def test_read_and_written(name: str) -> None:
    path = GOLDEN / "accept_2" / f"{name}.json"
    proof = es.load(path)
    assert isinstance(proof, es.Barrier) and isinstance(proof.cut, BarrierTree)
    assert proof.encoded == path.read_bytes()
