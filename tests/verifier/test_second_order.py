"""The rules `second order`, `convex cells` and `curve`: small changes are rejected, or what they say is true."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from exactsurf.verifier import Rejected, verify

from .examples import encode
from .mutations import mutants
from .oracle import Document, Oracle, assert_true, parameters_of

ACCEPTED = Path(__file__).parents[2] / "proofs" / "golden" / "accept"
CONVEX = ("convex_cells_dead", "convex_cells_wall", "convex_cells_hinge")
NAMES = ("second_order_wall", "second_order_outputs", "second_order_kinks", "second_order_empty", "curve_cubic", *CONVEX)
ALL = (*NAMES, "second_order_products")
SMOOTH = ("second_order_wall", "second_order_outputs", "second_order_empty", "second_order_products")


def load(name: str) -> Document:
    document: Document = json.loads((ACCEPTED / f"{name}.json").read_text(encoding="utf-8"))
    return document


def accepted(document: object) -> bool:
    try:
        verify(encode(document))
    except Rejected as error:
        assert error.reason and str(error).isprintable()
        return False
    return True


@pytest.mark.parametrize("name", NAMES)
def test_single_changes(name: str) -> None:
    count = survivors = 0
    for change, mutant in mutants(load(name)):
        count += 1
        if accepted(mutant):
            survivors += 1
            try:
                assert_true(mutant)
            except AssertionError:
                pytest.fail(f"accepted, but not true: {change}")
    assert count > 300
    assert survivors < count / 8


@pytest.mark.parametrize("name", ALL)
def test_what_is_said_is_true(name: str) -> None:
    document = load(name)
    assert_true(document)
    if document["claim"]["kind"] == "local minimum":
        assert not Oracle(document).is_lower_nearby(parameters_of(document["parameters"]), tries=300, seed=1)


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("sample", range(3))
def test_another_target_is_no_minimum(name: str, sample: int) -> None:
    """The same evidence for data with one target moved by a hair: the gradient is not zero any more."""
    document = load(name)
    place = document["problem"]["data"]["y"][sample]
    place[0] = str(parameters_of({"b": place})["b"][0] + parameters_of({"b": ["1/1000000000000000000000000000000"]})["b"][0])
    oracle = Oracle(document)
    document["claim"]["risk"] = str(oracle.risk(parameters_of(document["parameters"])))
    with pytest.raises(Rejected):
        verify(encode(document))
