"""The rule `convex cells`: small changes are rejected, or what they say is true."""

from __future__ import annotations

import pytest

from tests.verifier.oracle import Oracle, assert_true, parameters_of
from tests.verifier.verdicts import assert_changes_are_noticed, golden, rejection

NAMES = ("convex_cells_dead", "convex_cells_wall", "convex_cells_hinge", "convex_cells_unsplit", "convex_cells_slopes")


@pytest.mark.parametrize("name", NAMES)
def test_single_changes(name: str) -> None:
    assert_changes_are_noticed(golden(name), assert_true, least=300)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_is_true(name: str) -> None:
    document = golden(name)
    assert document["claim"]["kind"] == "local minimum"
    assert_true(document)
    assert not Oracle(document).is_lower_nearby(parameters_of(document["parameters"]), tries=300, seed=1)


@pytest.mark.parametrize("name", NAMES)
def test_every_node_is_needed(name: str) -> None:
    """A tree without one of its nodes covers less, or points to nothing."""
    nodes = golden(name)["evidence"]["local_minimum"]["nodes"]
    for place in range(len(nodes)):
        document = golden(name)
        del document["evidence"]["local_minimum"]["nodes"][place]
        assert rejection(document).place.startswith("evidence.local_minimum")
