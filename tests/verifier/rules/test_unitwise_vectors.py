"""The rule `unitwise vectors`: small changes are rejected, or what they say is true."""

from __future__ import annotations

import copy
from fractions import Fraction

import pytest

from exactsurf.verifier import Rejected, verify
from tests.verifier.oracle import Oracle, assert_true, parameters_of
from tests.verifier.verdicts import accepted, assert_changes_are_noticed, encode, golden

SMOOTH = ("vectors_wall", "vectors_empty")
NAMES = (*SMOOTH, "vectors_kinks")


@pytest.mark.parametrize("name", NAMES)
def test_single_changes(name: str) -> None:
    assert_changes_are_noticed(golden(name), assert_true, least=200)


@pytest.mark.parametrize("name", NAMES)
def test_no_lower_point_is_found(name: str) -> None:
    document = golden(name)
    assert not Oracle(document).is_lower_nearby(parameters_of(document["parameters"]), tries=300, seed=1)


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("sample", range(3))
@pytest.mark.parametrize("output", range(2))
def test_another_target_is_no_minimum(name: str, sample: int, output: int) -> None:
    """One target moved by a hair: a sum of residuals is not zero any more."""
    document = golden(name)
    row = document["problem"]["data"]["y"][sample]
    row[output] = str(Fraction(row[output]) + Fraction(1, 10**30))
    document["claim"]["risk"] = str(Oracle(document).risk(parameters_of(document["parameters"])))
    with pytest.raises(Rejected):
        verify(encode(document))


@pytest.mark.parametrize("multiplier", range(-4, 5))
def test_multipliers_outside_the_wall(multiplier: int) -> None:
    """F = (|δ|, 2δ + 3|δ|) and v = (1, 0): μ = (0, 2) alone has Σ μ u = g, though (m, 2) keeps v·(κ ± μ) > 0 for |m| < 1."""
    document = golden("vectors_wall")
    document["evidence"]["local_minimum"]["units"][0]["nodes"] = [{"multipliers": [[1, [str(multiplier), "2"]]]}]
    assert accepted(document) == (multiplier == 0)
    both = copy.deepcopy(document)
    both["evidence"]["local_minimum"]["units"][0]["nodes"] = [
        {"split": 1, "plus": 1, "minus": 2},
        {"multipliers": [[1, ["0", "2"]]]},
        {"multipliers": [[1, ["0", str(multiplier)]]]},
    ]
    assert accepted(both) == (multiplier == 2)


def test_a_descent_of_the_second_kind_is_not_hidden() -> None:
    """With the weights (1, −1) in the place of (1, 0): v·F = |δ| − 2δ − 3|δ| falls, and nothing proves the point."""
    document = golden("vectors_wall")
    document["parameters"]["W2"] = [["1"], ["-1"]]
    fitted = [0, 0, 1, 2]
    for row, old in zip(document["problem"]["data"]["y"], fitted, strict=True):
        row[1] = str(Fraction(row[1]) - old)
    document["claim"]["risk"] = str(Oracle(document).risk(parameters_of(document["parameters"])))
    with pytest.raises(Rejected, match="neither 0 nor positive"):
        verify(encode(document))
