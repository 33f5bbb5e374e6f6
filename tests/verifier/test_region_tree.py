"""Trees for several outputs and several hidden layers: every small change is rejected, or the claim is still true."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from exactsurf.verifier import Rejected, verify
from tests.verifier.oracle import Document, Oracle, number
from tests.verifier.verdicts import accepted, assert_changes_are_noticed, encode, golden, mutants, put, rejection

NAMES = ("bound_two_outputs", "bound_two_layers", "bound_three_layers", "bound_joined")


def assert_not_seen_false(document: Document) -> None:
    """Fail if a point at random shows the claim to be false."""
    claim, problem, oracle = document["claim"], document["problem"], Oracle(document)
    least = number(claim["risk"] if "risk" in claim else claim["bound"])
    source = random.Random(0)
    for _ in range(60):
        here = {}
        for layer, (below, width) in enumerate(zip(problem["widths"], problem["widths"][1:], strict=False), start=1):
            here[f"W{layer}"] = [[Fraction(source.randint(-6, 6), 3) for _ in range(below)] for _ in range(width)]
            if problem["biases"][layer - 1]:
                here[f"b{layer}"] = [Fraction(source.randint(-6, 6), 3) for _ in range(width)]
        assert oracle.risk(here) >= least


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    document = golden(name, "accept_2")
    assert verify(encode(document)).sentence == document["claim"]["sentence"]
    assert_not_seen_false(document)


NEVER = ("('claim', 'kind')", "('claim', 'sentence')", "kind", "slim", "('format'")


@pytest.mark.parametrize("name", NAMES[:3])
def test_every_small_change_is_rejected_or_not_seen_false(name: str) -> None:
    assert_changes_are_noticed(golden(name, "accept_2"), assert_not_seen_false, least=100, most=Fraction(1, 5), never=NEVER)


def test_small_changes_where_output_weights_are_joined_are_rejected_or_not_seen_false() -> None:
    changes = list(mutants(golden("bound_joined", "accept_2")))
    survivors = 0
    for change, mutant in random.Random(0).sample(changes, 1200):
        if accepted(mutant, None):
            assert not change.startswith(NEVER)
            survivors += 1
            assert_not_seen_false(mutant)
    assert survivors < 120


def first(document: Document, kind: str) -> int:
    return next(n for n, node in enumerate(document["evidence"]["tree"]) if kind in node)


@pytest.mark.parametrize(
    ("kind", "place", "value", "reason"),
    [
        ("cone", 1, 1, "another generator"),
        ("cone", 2, 9, "below"),
        ("cone", 3, 0, "at least 1"),
        ("cone", 0, 1, "below 1"),
        ("wall", 0, 2, "hidden layer from 1 to 1"),
        ("wall", 0, 0, "hidden layer from 1 to 1"),
        ("wall", 1, 1, "below 1"),
        ("wall", 2, 3, "below 3"),
        ("wall", 3, 1, "below 1"),
    ],
)
def test_a_split_names_what_there_is(kind: str, place: int, value: int, reason: str) -> None:
    document = golden("bound_two_outputs", "accept_2")
    put("evidence", "tree", first(document, kind), kind, place, value)(document)
    assert reason in rejection(document).reason


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (("edge", 1), 0, "another corner"),
        (("edge", 1), 3, "below 3"),
        (("edge",), [0, 1, 2], "expected 2 entries"),
        (("chains",), [17], "more than 1"),
        (("chains",), [17, 18, 18], "expected 2 children"),
    ],
)
def test_joined_output_weights_are_cut_between_corners_that_there_are(
    place: tuple[object, ...], value: object, reason: str
) -> None:
    document = golden("bound_joined", "accept_2")
    put("evidence", "tree", first(document, str(place[0])), *place, value)(document)
    assert reason in rejection(document).reason


def test_output_weights_are_joined_once_and_then_no_cone_is_cut() -> None:
    document = golden("bound_joined", "accept_2")
    tree = document["evidence"]["tree"]
    place = first(document, "edge")
    for node, reason in (({"chains": [0]}, "already joined"), ({"cone": [0, 0, 1, 1, 1]}, "cone")):
        own = {key: value for key, value in tree[place].items() if key in ("plus", "minus") and "cone" in node}
        changed = golden("bound_joined", "accept_2")
        changed["evidence"]["tree"][place] = {**node, **own}
        assert reason in str(rejection(changed))
    edge = next(node for node in tree if "edge" in node)
    outside = golden("bound_joined", "accept_2")
    outside["evidence"]["tree"][0] = {"edge": edge["edge"], **{key: tree[0][key] for key in ("plus", "minus")}}
    assert rejection(outside).place.startswith("evidence.tree[0]")


def test_every_corner_needs_a_dual_vector_that_holds_with_those_of_the_others() -> None:
    document = golden("bound_joined", "accept_2")
    tree = document["evidence"]["tree"]
    leaves = [n for n, node in enumerate(tree) if isinstance(node.get("dual"), list)]
    rejected = 0
    for n in leaves:
        count = len(document["evidence"]["duals"])
        for corner in range(3):
            for other in range(count):
                changed = golden("bound_joined", "accept_2")
                changed["evidence"]["tree"][n]["dual"][corner] = other
                try:
                    verify(encode(changed))
                except Rejected:
                    rejected += 1
                else:
                    assert_not_seen_false(changed)
        short = golden("bound_joined", "accept_2")
        short["evidence"]["tree"][n]["dual"].pop()
        assert "expected 3 entries" in rejection(short).reason
        alone = golden("bound_joined", "accept_2")
        alone["evidence"]["tree"][n]["dual"] = 0
        assert "list" in rejection(alone).reason
    assert rejected > len(leaves) * count


def test_chains_are_for_one_hidden_layer() -> None:
    document = golden("bound_two_layers", "accept_2")
    tree = document["evidence"]["tree"]
    tree.append({"dual": 0, "lines": []})
    tree[0] = {"chains": [1]}
    assert "one hidden layer" in rejection(document).reason


def test_a_wall_or_sign_is_split_once() -> None:
    for name, kind in (("bound_two_layers", "weight"), ("bound_two_layers", "wall")):
        document = golden(name, "accept_2")
        tree = document["evidence"]["tree"]
        node = tree[first(document, kind)]
        child = node["plus"]
        tree[child] = {kind: node[kind], "plus": len(tree), "minus": len(tree) + 1}
        tree += [{"dual": 0, "lines": []}] * 2
        assert "already split" in rejection(document).reason


def test_a_dual_vector_must_bound_enough_and_be_named() -> None:
    document = golden("bound_two_outputs", "accept_2")
    duals = document["evidence"]["duals"]
    put("evidence", "duals", 0, [["0", "0"]] * 3)(document)
    assert "its bound is 0" in rejection(document).reason
    document = golden("bound_two_outputs", "accept_2")
    document["evidence"]["duals"].append(duals[-1])
    assert "named by no node" in rejection(document).reason
    document = golden("bound_two_outputs", "accept_2")
    put("evidence", "duals", 0, 0, 0, "1/7")(document)
    assert "the outputs have a bias" in rejection(document).reason


def test_lines_stay_below_the_form_and_their_coefficients_add_up_to_0() -> None:
    document = golden("bound_two_layers", "accept_2")
    proofs = document["evidence"]["tree"][first(document, "dual")]["lines"][0]
    changes = {
        "not below the form": {"slopes": [[0, 0, "1000"]]},
        "do not rise": {"slopes": [[1, 0, "0"], [0, 0, "0"]]},
        "unknown field": {"slopes": [], "below": []},
    }
    for reason, change in changes.items():
        proofs[:] = [change] * len(proofs)
        assert reason in rejection(document).reason


def test_a_long_chain_of_splits_of_many_walls_is_refused_soon() -> None:
    document = golden("bound_two_outputs", "accept_2")
    samples, units = 400, 200
    document["problem"]["widths"] = [1, units, 2]
    document["problem"]["data"] = {"x": [[str(i)] for i in range(samples)], "y": [["0", "0"]] * samples}
    document["claim"] = {
        "kind": "lower bound",
        "sentence": "The risk of the 1-200-2 network on 400 samples is at least 0 at all parameters.",
        "bound": "0",
    }
    del document["parameters"]
    walls = [(j, i) for j in range(units) for i in range(samples)]
    tree: list[Document] = []
    for n, (j, i) in enumerate(walls):
        tree.append({"wall": [1, j, i, 0], "plus": n + 1, "minus": len(walls) + 1 + n})
    document["evidence"] = {"duals": [[["0", "0"]] * samples], "tree": tree + [{"dual": 0}] * (len(walls) + 1)}
    assert "steps" in rejection(document).reason


def test_a_bound_that_is_too_high_is_rejected() -> None:
    for name in NAMES:
        document = golden(name, "accept_2")
        claim = document["claim"]
        if "bound" in claim:
            claim["sentence"] = claim["sentence"].replace(claim["bound"], "7")
            claim["bound"] = "7"
            assert "less than 7" in rejection(document).reason


def test_format_1_does_not_know_such_trees() -> None:
    document = golden("bound_two_outputs", "accept_2")
    document["format"] = "exactsurf-certificate/1"
    document["problem"]["loss"] = {"name": "squared", "scale": "1/2"}
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("of the risk", "of the squared risk")
    assert "evidence" in rejection(document).place
