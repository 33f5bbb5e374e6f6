"""The hinge loss of several classes: what is accepted is true, and small changes are rejected."""

from __future__ import annotations

from fractions import Fraction

import pytest

from exactsurf.verifier import verify
from tests.verifier.class_examples import CLASS_EXAMPLES, get_classes
from tests.verifier.oracle import Oracle, assert_true, parameters_of
from tests.verifier.verdicts import assert_changes_are_noticed, encode, rejection


@pytest.mark.parametrize("name", CLASS_EXAMPLES)
def test_what_is_said_is_true(name: str) -> None:
    document = get_classes(name)
    verify(encode(document))
    assert_true(document)
    if document["claim"]["kind"] == "local minimum":
        assert not Oracle(document).is_lower_nearby(parameters_of(document["parameters"]), tries=300, seed=2)


@pytest.mark.parametrize("name", CLASS_EXAMPLES)
def test_single_changes(name: str) -> None:
    assert_changes_are_noticed(get_classes(name), assert_true, least=300)


PATHS = "evidence.local_minimum.subgradient"


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ({0: ["-3/4", "3/4", "0"]}, f"{PATHS}[0][1]"),  # above the scale
        ({0: ["1/4", "-1/4", "0"]}, f"{PATHS}[0][1]"),  # below 0
        ({0: ["-1/4", "1/2", "0"]}, f"{PATHS}[0][0]"),  # the row does not sum to 0
        ({0: ["-1/4", "0", "1/4"]}, f"{PATHS}[0][2]"),  # no kink there
        ({2: ["1/4", "-1/4", "0"]}, f"{PATHS}[2][0]"),  # the derivative is 1/2 there
        ({0: ["0", "0", "0"]}, "evidence.local_minimum.rule"),  # a subgradient, but the sums are not 0
    ],
)
def test_wrong_subgradients(rows: dict[int, list[str]], place: str) -> None:
    document = get_classes("classes_paths")
    for i, row in rows.items():
        document["evidence"]["local_minimum"]["subgradient"][i] = row
    assert rejection(document).place == place


def test_the_subgradient_is_needed() -> None:
    document = get_classes("classes_paths")
    del document["evidence"]["local_minimum"]["subgradient"]
    assert rejection(document).place == PATHS


def test_kinks_of_the_second_order_rule() -> None:
    nodes = "evidence.local_minimum.nodes"
    for entry, place in (
        ([0, 1, "3/4"], ".subgradient[0]"),
        ([0, 2, "1/4"], ".subgradient[0]"),
        ([0, 0, "0"], ".subgradient[0]"),
    ):
        document = get_classes("classes_second_order")
        document["evidence"]["local_minimum"]["nodes"][0]["subgradient"][0] = entry
        assert rejection(document).place == f"{nodes}[0]{place}"
    # At an end of the interval the kink does not hold its direction, and the form is 0 there.
    document = get_classes("classes_second_order")
    document["problem"]["data"]["y"][8] = ["0", "1", "0"]
    assert rejection(document).place == "claim.risk"


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (["1", "1", "0"], "[0]"),
        (["0", "0", "0"], "[0]"),
        (["1", "-1", "0"], "[0]"),
        (["1/2", "1/2", "0"], "[0]"),
        (["-1"], "[0]"),
    ],
)
def test_targets_are_one_hot(row: list[str], place: str) -> None:
    document = get_classes("classes_paths")
    document["problem"]["data"]["y"][0] = row
    assert rejection(document).place == f"problem.data.y{place}"


def test_the_common_shift_of_all_outputs_is_a_tangent() -> None:
    """Moved by it the point has the same risk, so without this tangent no minimum would be strict."""
    document = get_classes("classes_second_order")
    oracle = Oracle(document)
    here = parameters_of(document["parameters"])
    shifted = {**here, "W2": [[value + Fraction(5, 7) for value in row] for row in here["W2"]]}
    assert oracle.risk(shifted) == oracle.risk(here)
