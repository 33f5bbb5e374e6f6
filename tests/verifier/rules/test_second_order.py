"""The rule `second order`: small changes are rejected, or what they say is true."""

from __future__ import annotations

import pytest

from exactsurf.verifier import Rejected, verify
from tests.verifier.oracle import Oracle, assert_true, parameters_of
from tests.verifier.verdicts import assert_changes_are_noticed, encode, golden

STRICT = ("second_order_curved_wall", "second_order_strict_products")
NAMES = ("second_order_wall", "second_order_outputs", "second_order_kinks", "second_order_empty", *STRICT)
ALL = (*NAMES, "second_order_products")
SMOOTH = ("second_order_wall", "second_order_outputs", "second_order_empty", "second_order_products", *STRICT)


@pytest.mark.parametrize("name", NAMES)
def test_single_changes(name: str) -> None:
    assert_changes_are_noticed(golden(name), assert_true, least=300)


@pytest.mark.parametrize("name", ALL)
def test_what_is_said_is_true(name: str) -> None:
    document = golden(name)
    assert document["claim"]["kind"] == "local minimum"
    assert_true(document)
    assert not Oracle(document).is_lower_nearby(parameters_of(document["parameters"]), tries=300, seed=1)


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("sample", range(3))
def test_another_target_is_no_minimum(name: str, sample: int) -> None:
    """The same evidence for data with one target moved by a hair: the gradient is not zero any more."""
    document = golden(name)
    place = document["problem"]["data"]["y"][sample]
    place[0] = str(parameters_of({"b": place})["b"][0] + parameters_of({"b": ["1/1000000000000000000000000000000"]})["b"][0])
    oracle = Oracle(document)
    document["claim"]["risk"] = str(oracle.risk(parameters_of(document["parameters"])))
    with pytest.raises(Rejected):
        verify(encode(document))
