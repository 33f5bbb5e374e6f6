"""The rule `low rank` on the pieces of the units: what is accepted is true, changes are noticed, and each condition is asked."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest

from exactsurf.verifier import verify
from tests.verifier.oracle import Document, Oracle, assert_true, parameters_of
from tests.verifier.verdicts import assert_changes_are_noticed, encode, golden, rejection

NAMES = ("low_rank_pieces", "low_rank_pieces_deep")
LEFT_OUT = "evidence.local_minimum.left_out"
RULE = "evidence.local_minimum.rule"


def with_risk(document: Document) -> Document:
    document["claim"]["risk"] = str(Oracle(document).risk(parameters_of(document["parameters"])))
    return document


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_is_true(name: str) -> None:
    document = golden(name, "accept_2")
    verify(encode(document))
    assert_true(document)
    assert not Oracle(document).is_lower_nearby(parameters_of(document["parameters"]), tries=300, seed=3)


@pytest.mark.parametrize("name", NAMES)
def test_single_changes(name: str) -> None:
    assert_changes_are_noticed(golden(name, "accept_2"), assert_true, least=80)


def test_the_first_format_has_no_such_field() -> None:
    document = golden("low_rank_pieces", "accept_2")
    document["format"] = "exactsurf-certificate/1"
    document["problem"]["loss"] = {"name": "squared", "scale": "1/2"}
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("the risk", "the squared risk")
    assert rejection(document).place == LEFT_OUT


@pytest.mark.parametrize(
    ("left_out", "place", "reason"),
    [
        ([4, 3], f"{LEFT_OUT}[1]", "rise"),
        ([4, 4], f"{LEFT_OUT}[1]", "rise"),
        ([7], f"{LEFT_OUT}[0]", "no such sample"),
        ([0], f"{LEFT_OUT}[0]", "minimum"),
        ([], LEFT_OUT, "ambiguous"),
        ([3], f"{LEFT_OUT}[0]", "minimum"),
        (["4"], f"{LEFT_OUT}[0]", "expected"),
        ([-1], f"{LEFT_OUT}[0]", "no sign"),
    ],
)
def test_samples_that_may_not_be_left_out_or_kept(left_out: list[Any], place: str, reason: str) -> None:
    document = golden("low_rank_pieces_deep", "accept_2")
    document["evidence"]["local_minimum"]["left_out"] = left_out
    error = rejection(document)
    assert error.place == place and reason in error.reason, error


def test_a_hair_decides_between_two_singular_values() -> None:
    """Both are 5; what is left out grows or shrinks a little."""
    us = [(Fraction(1), Fraction(0)), (Fraction(-1, 3), Fraction(0)), (Fraction(0), Fraction(1)), (Fraction(0), Fraction(-1, 3))]
    for sign, accepted in ((1, False), (-1, True)):
        document = golden("low_rank_pieces_deep", "accept_2")
        for (a, b), row in zip(us, document["problem"]["data"]["y"], strict=False):
            size = Fraction(sign, 10**40) * (3 * b - 4 * a)
            row[:] = [str(Fraction(row[0]) - 3 * size), str(Fraction(row[1]) + 4 * size)]
        document = with_risk(document)
        if accepted:
            verify(encode(document))
        else:
            assert "fits better" in rejection(document).reason


def test_slopes_that_are_not_proportional() -> None:
    """Two ReLU units, on different samples each: they fit more than one matrix of rank one does."""
    document = copy.deepcopy(golden("low_rank_pieces", "accept_2"))
    document["problem"] |= {
        "widths": [2, 2, 2],
        "activation": {"breakpoints": ["0"], "slopes": ["0", "1"], "value_at_0": "0"},
        "data": {"x": [["1", "0"], ["0", "1"]], "y": [["2", "0"], ["0", "3"]]},
    }
    document["parameters"] = {"W1": [["1", "-1"], ["-1", "1"]], "W2": [["1", "0"], ["0", "1"]]}
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("2-1-2", "2-2-2")
    error = rejection(with_risk(document))
    assert error.place == LEFT_OUT and "not proportional" in error.reason


def test_a_point_of_lower_rank_is_rejected() -> None:
    """|z| with two units that do the same: a fit of rank one where the widths allow two."""
    document = copy.deepcopy(golden("low_rank_pieces", "accept_2"))
    document["problem"]["widths"] = [2, 2, 2]
    document["parameters"] = {"W1": [["-1", "0"], ["-1", "0"]], "W2": [["-1/2", "-1/2"], ["1/2", "1/2"]]}
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("2-1-2", "2-2-2")
    error = rejection(with_risk(document))
    assert error.place == RULE and "rank 1" in error.reason


def test_every_sample_left_out_is_no_proof() -> None:
    document = golden("low_rank_pieces", "accept_2")
    document["problem"]["data"]["y"] = [["-1", "1"], ["-1", "1"]]
    document["evidence"]["local_minimum"]["left_out"] = [0, 1]
    assert rejection(with_risk(document)).place == LEFT_OUT


def test_other_losses_are_rejected() -> None:
    document = golden("low_rank_pieces", "accept_2")
    document["problem"]["loss"] = {"gap": "difference", "breakpoints": ["0"], "pieces": [["1", "0", "0"], ["1/2", "0", "0"]]}
    assert rejection(with_risk(document)).place == RULE
