"""Sign trees for enclosed global minima: accepted where they cover everything, rejected with the place where not (section 39)."""

from __future__ import annotations

import copy
import random
import time
from collections.abc import Callable
from fractions import Fraction

import pytest

from exactsurf.verifier import verify
from tests.verifier.claims import test_near_analytic_minimum as analytic
from tests.verifier.claims import test_near_global_minimum as by_pieces
from tests.verifier.oracle import Document
from tests.verifier.verdicts import assert_changes_are_noticed, encode, golden, put, rejection

WITH_FORMS = ("near_tree_plane", "near_tree_free_bias", "near_tree_penalised", "near_logistic_decay_tree")
NAMES = (*WITH_FORMS, "near_logistic_tree")


def not_seen_false(document: Document) -> None:
    """Fail if the point or a random one contradicts the claim."""
    if "tree" in document["problem"]["loss"]:
        analytic.not_seen_false(document)
    else:
        by_pieces.not_seen_false(document)


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    document = golden(name, "accept_2")
    result = verify(encode(document))
    assert (result.kind, result.sentence) == (document["claim"]["kind"], document["claim"]["sentence"])
    assert any(line.startswith("tree of") for line in result.checks)
    not_seen_false(document)


@pytest.mark.parametrize("name", NAMES)
def test_small_changes_are_noticed(name: str) -> None:
    # Trees of wide enclosures have room: of the entries of slopes some may change.
    assert_changes_are_noticed(golden(name, "accept_2"), not_seen_false, least=60, most=Fraction(1, 2), never=("claim",))


def _swap(document: Document) -> None:
    node = next(node for node in document["evidence"]["nodes"] if len(node.get("split", ())) == 3)
    node["plus"], node["minus"] = node["minus"], node["plus"]


def _swap_in_a_form(document: Document) -> None:
    node = document["evidence"]["forms"][1]["nodes"][0]
    node["plus"], node["minus"] = node["minus"], node["plus"]


def _unnamed_dual(document: Document) -> None:
    document["evidence"]["duals"].append(document["evidence"]["duals"][0])


SLOPES = (["12002445/268435456", "12002445/134217728"], ["0", "0"])


def _narrower_region(document: Document) -> None:
    document["evidence"]["forms"][0]["region"] = [[0, 0, 1]]
    document["evidence"]["forms"][0]["nodes"] = [{"split": [3, 0], "plus": 1, "minus": 2}, *({"slope": q} for q in SLOPES)]


def _flat_inputs(document: Document) -> None:
    document["problem"]["data"]["x"] = [["1", "2"], ["2", "4"], ["-1", "-2"], ["3", "6"]]


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "long_slope": (
        "near_tree_plane",
        put("evidence", "forms", 0, "nodes", 3, "slope", ["1", "0"]),
        "evidence.forms[0].nodes[3].slope",
    ),
    "slope_0": (
        "near_tree_plane",
        put("evidence", "forms", 1, "nodes", 1, "slope", ["0", "0"]),
        "evidence.forms[1].nodes[1].slope",
    ),
    "short_slope": (
        "near_tree_plane",
        put("evidence", "forms", 1, "nodes", 1, "slope", ["0"]),
        "evidence.forms[1].nodes[1].slope",
    ),
    "free_bias_in_a_slope": (
        "near_tree_free_bias",
        put("evidence", "forms", 0, "nodes", 0, {"slope": ["0", "1/100"]}),
        "evidence.forms[0].nodes[0].slope",
    ),
    "another_sign": ("near_tree_plane", put("evidence", "forms", 1, "sign", 0), "evidence.forms[1].nodes[*].slope"),
    "no_sign": ("near_tree_plane", put("evidence", "forms", 1, "sign", 2), "evidence.forms[1].sign"),
    "another_dual": ("near_tree_plane", put("evidence", "forms", 1, "dual", 9), "evidence.forms[1].dual"),
    "narrower_region": ("near_tree_plane", _narrower_region, "evidence.nodes[3].forms[0]"),
    "unknown_wall": ("near_tree_plane", put("evidence", "forms", 1, "region", [[7, 0, 1]]), "evidence.forms[1].region[0][0]"),
    "second_breakpoint": (
        "near_tree_plane",
        put("evidence", "forms", 1, "region", [[0, 1, 1]]),
        "evidence.forms[1].region[0][1]",
    ),
    "required_wall_split": (
        "near_tree_plane",
        put("evidence", "forms", 1, "nodes", 0, "split", [0, 0]),
        "evidence.forms[1].nodes[0].split",
    ),
    "form_without_nodes": ("near_tree_plane", put("evidence", "forms", 1, "nodes", []), "evidence.forms[1].nodes"),
    "swapped_in_a_form": ("near_tree_plane", _swap_in_a_form, "evidence.forms[1].nodes[*].slope"),
    "swapped": ("near_tree_plane", _swap, "evidence.nodes[*].forms[0]"),
    "another_form": ("near_tree_plane", put("evidence", "nodes", 5, "forms", [[2], [2]]), "evidence.nodes[5].forms[0]"),
    "no_form": ("near_tree_plane", put("evidence", "nodes", 5, "forms", [[], [2]]), "evidence.nodes[5].forms[0]"),
    "forms_of_one_unit": ("near_tree_plane", put("evidence", "nodes", 5, "forms", [[1]]), "evidence.nodes[5].forms"),
    "unknown_form": ("near_tree_plane", put("evidence", "nodes", 5, "forms", [[99], [2]]), "evidence.nodes[5].forms[0][0]"),
    "no_such_dual": ("near_tree_plane", put("evidence", "nodes", 5, "dual", 3), "evidence.nodes[5].dual"),
    "leaf_without_forms": ("near_tree_plane", put("evidence", "nodes", 5, {"dual": 1}), "evidence.nodes[5].forms"),
    "unnamed_dual": ("near_tree_plane", _unnamed_dual, "evidence.nodes"),
    "steep_dual": ("near_tree_plane", put("evidence", "duals", 1, ["9", "-9", "0", "0"]), "evidence.duals[1]"),
    "sum_of_a_dual": ("near_tree_plane", put("evidence", "duals", 1, 0, "0"), "evidence.duals[1]"),
    "dual_with_slopes": (
        "near_tree_plane",
        put("evidence", "duals", 1, {"vector": ["0"] * 4, "slopes": []}),
        "evidence.duals[1]",
    ),
    "bound_above": ("near_tree_plane", by_pieces._bound("1/3"), "evidence.duals[0]"),
    "cells_too": ("near_tree_plane", put("evidence", "cells", []), "evidence.cells"),
    "flat_inputs": ("near_tree_plane", _flat_inputs, "*"),
    "no_forms": ("near_logistic_decay_tree", lambda document: document["evidence"].pop("forms"), "evidence.forms"),
    "forms_without_decay": ("near_logistic_tree", put("evidence", "forms", []), "evidence.forms"),
    "swapped_without_decay": ("near_logistic_tree", _swap, "evidence.nodes[*].dual"),
    "dual_outside": ("near_logistic_tree", put("evidence", "duals", 0, 0, "2"), "evidence.duals[0]"),
    "no_nodes": ("near_logistic_tree", lambda document: document["evidence"].pop("nodes"), "evidence.cells"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_false_or_malformed_certificate_is_rejected_at_its_place(name: str) -> None:
    example, change, place = CHANGES[name]
    document = copy.deepcopy(golden(example, "accept_2"))
    change(document)
    found = rejection(document).place
    if place == "*":
        return
    start, _, end = place.partition("*")
    assert found.startswith(start) and found.endswith(end) and (end or start == found), found


def test_a_tree_of_form_1_is_unknown() -> None:
    document = golden("near_logistic_tree", "accept_2")
    document["format"] = "exactsurf-certificate/1"
    assert rejection(document).place == "format"


def test_long_numbers_of_a_dual_vector_do_not_hold_the_verifier() -> None:
    # Rays times a greatest common divisor of numbers of 80,000 bits would be many seconds.
    source, count, digits = random.Random(1), 60, 20_000
    document = golden("near_tree_penalised", "accept_2")
    problem, claim = document["problem"], document["claim"]
    problem["widths"] = [2, 1, 1]
    problem["data"] = {"x": [[str(source.randint(-50, 50)) for _ in range(2)] for _ in range(count)], "y": [["1"]] * count}
    document["parameters"] = {"W1": [["0", "0"]], "b1": ["0"], "W2": [["0"]], "b2": ["0"]}
    claim["risk"], claim["bound"], problem["weight_decay"]["factor"] = "30", "-1000", "100"
    claim["sentence"] = (
        "The given parameters have the risk 30, and no parameters have a lower risk with weight decay 100 of weights and biases"
        " than -1000, for the 2-1-1 network on 60 samples."
    )
    long = Fraction(source.getrandbits(4 * digits), 1 << 4 * digits | 1)
    document["evidence"]["duals"] = [[f"{long.numerator:#x}/{long.denominator:#x}", *["0"] * (count - 1)]]
    start = time.process_time()
    rejection(document)
    assert time.process_time() - start < 4
