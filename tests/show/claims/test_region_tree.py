"""The text about a tree for several outputs or hidden layers says what the certificate has."""

from __future__ import annotations

import pytest

from exactsurf.show.certificates import markdown
from tests.verifier.verdicts import golden


@pytest.mark.parametrize("name", ["bound_two_outputs", "bound_two_layers", "bound_three_layers", "bound_joined"])
def test_numbers_of_nodes_splits_and_matrices(name: str) -> None:
    text = markdown(golden(name, "accept_2"))
    evidence = golden(name, "accept_2")["evidence"]
    splits = sum("dual" not in node for node in evidence["tree"])
    assert f"A tree of {len(evidence['tree'])} nodes" in text and f"Each of its {splits} splits" in text
    assert f"{len(evidence['duals'])} such matrices" in text
    assert ("layer by layer" in text) == (name in {"bound_two_layers", "bound_three_layers"})
    assert ("of all units are joined" in text) == (name == "bound_joined")
