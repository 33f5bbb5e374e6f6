"""The rule `direction`: small changes are rejected, or what they say is true."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.verifier.oracle import Oracle, assert_true, moved, number, parameters_of
from tests.verifier.verdicts import assert_changes_are_noticed, golden, rejection

NAMES = ("direction", "direction_hinge")


@pytest.mark.parametrize("name", NAMES)
def test_single_changes(name: str) -> None:
    assert_changes_are_noticed(golden(name), assert_true, least=300)


@pytest.mark.parametrize("name", NAMES)
def test_the_derivative_is_that_of_the_risk(name: str) -> None:
    """Difference quotients of the risk, in fractions, come as near to the stated derivative as the steps are short."""
    document = golden(name)
    oracle, here, descent = Oracle(document), parameters_of(document["parameters"]), document["evidence"]["descent"]
    stated = number(descent["derivative"])
    for power in (9, 18):
        t = Fraction(1, 10**power)
        there = moved(here, parameters_of(descent["direction"]), t)
        assert abs((oracle.risk(there) - oracle.risk(here)) / t - stated) < 1000 * t
    assert stated < 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("factor", [Fraction(2), Fraction(1) + Fraction(1, 10**30), Fraction(-1), Fraction(0)])
def test_another_derivative_is_rejected(name: str, factor: Fraction) -> None:
    document = golden(name)
    descent = document["evidence"]["descent"]
    descent["derivative"] = str(number(descent["derivative"]) * factor)
    assert rejection(document).place == "evidence.descent.derivative"
