"""Trees over inputs: an empty child without a proof is walked through, a child with inputs has no proof."""

from __future__ import annotations

import json

import pytest

from exactsurf.verifier.arithmetic.document import Rejected, read_document
from exactsurf.verifier.input_network import read_input_network
from exactsurf.verifier.input_tree import regions

NETWORK = {
    "widths": [1, 2, 1],
    "biases": [True, True],
    "activation": {"breakpoints": ["0"], "slopes": ["0", "1"], "value_at_0": "0"},
}
POINT = {"W1": [["1"], ["1"]], "b1": ["0", "-1"], "W2": [["1", "1"]], "b2": ["0"]}


def leaves(tree: object) -> list[list[list[list[int]]]]:
    root = read_document(json.dumps({"network": NETWORK, "point": POINT, "tree": tree}).encode())
    network, _ = read_input_network(root.child("network"))
    return [region.pieces for region in regions(root.child("tree"), network, [network.parameters(root.child("point"))])]


def test_leaves_come_in_order() -> None:
    """x < 0 and x > 1 together are impossible: −x + (x − 1) = −1."""
    assert leaves([[], [], [[0, "1"], [1, "1"]], [], [], []]) == [[[[0, 0]]], [[[1, 0]]], [[[1, 1]]]]
    assert len(leaves([[]] * 6)) == 4  # the empty one is not known to be empty


@pytest.mark.parametrize(
    ("tree", "place"),
    [
        ([[], [], [[0, "1"]], [], [], []], "tree[2]"),
        ([[], [], [[0, "1"], [0, "1"]], [], [], []], "tree[2]"),
        ([[], [], [[0, "1"], [1, "2"]], [], [], []], "tree[2]"),
        ([[[0, "1"]], [], [], []], "tree[0]"),
        ([[]] * 5, "tree"),
        ([[]] * 7, "tree"),
        ([[], [], None, [], [], []], "tree[2]"),
        ({}, "tree"),
    ],
)
def test_what_is_wrong_is_rejected(tree: object, place: str) -> None:
    with pytest.raises(Rejected) as caught:
        leaves(tree)
    assert caught.value.place.startswith(place)
