"""Kept certificates of FORMAT.md, section 23: boxes for every loss, weight decay, relations; and broken ones with places."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from exactsurf.verifier import verify
from tests.verifier.oracle import Document
from tests.verifier.verdicts import GOLDEN, encode, golden, put, rejection

NAMES = ("box_cross_entropy", "box_weight_decay", "analytic_relations", "analytic_weight_decay", "second_order_weight_decay")


BROKEN: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "box_alike": ("box_cross_entropy", put("parameters", "W2", [["1/2"], ["1/2"]]), "claim.held[0][2]"),
    "box_of_the_last_output": ("box_cross_entropy", put("claim", "held", [[1, 0, 1]]), "claim.held[0][2]"),
    "box_held_with_decay": ("box_weight_decay", put("claim", "held", [[1, 0, 0], [1, 1, 0]]), "claim.sentence"),
    "box_other_decay": ("box_weight_decay", put("problem", "weight_decay", "biases", True), "claim.sentence"),
    "relation_that_is_none": ("analytic_relations", put("evidence", "relations", 0, "constant", "1"), "evidence.relations[0]"),
    "relation_to_itself": (
        "analytic_relations",
        put("evidence", "relations", 0, "terms", [[1, "1"]]),
        "evidence.relations[0].terms[0][0]",
    ),
    "decay_all_left_out": ("analytic_weight_decay", put("evidence", "parts", []), "evidence.parts"),
    "second_order_other_decay": (
        "second_order_weight_decay",
        lambda d: (
            d["problem"]["weight_decay"].update(factor="1/5"),
            d["claim"].update(sentence=d["claim"]["sentence"].replace("1/10", "1/5"), risk="61/200"),
        )[0],
        "evidence.local_minimum.nodes[0]",
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    document = golden(name, "accept_2")
    assert verify(encode(document)).sentence == document["claim"]["sentence"]


@pytest.mark.parametrize("name", BROKEN)
def test_rejected_with_its_place(name: str) -> None:
    source, change, place = BROKEN[name]
    document = golden(source, "accept_2")
    change(document)
    assert rejection(document).place == place
    assert json.loads((GOLDEN / "reject" / f"every_loss_{name}.json").read_text(encoding="utf-8")) == document
