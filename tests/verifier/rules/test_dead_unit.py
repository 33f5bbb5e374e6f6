"""The rule `dead unit`: small changes are rejected, or what they say is true."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.verifier.oracle import Oracle, assert_true, number, parameters_of
from tests.verifier.verdicts import assert_changes_are_noticed, golden, rejection


def test_single_changes() -> None:
    assert_changes_are_noticed(golden("dead_unit"), assert_true, least=200)


def test_the_derivative_is_that_of_the_risk() -> None:
    """Moved by t·δ and read with weight s, the part of the risk that is odd in s grows by s·t times the stated derivative."""
    document = golden("dead_unit")
    oracle, descent = Oracle(document), document["evidence"]["descent"]
    unit, output, delta = descent["unit"], descent["output"], [number(value) for value in descent["delta"]]

    def risk(t: Fraction, s: Fraction) -> Fraction:
        point = parameters_of(document["parameters"])
        point["W1"][unit] = [w + t * d for w, d in zip(point["W1"][unit], delta, strict=False)]
        point["b1"][unit] += t * delta[-1]
        point["W2"][output][unit] += s
        return oracle.risk(point)

    here, stated = risk(Fraction(0), Fraction(0)), number(descent["derivative"])
    for power in (9, 18):
        t = Fraction(1, 10**power)
        assert risk(t, Fraction(0)) == here
        odd, before = ((risk(step, t) - risk(step, -t)) / 2 for step in (t, Fraction(0)))
        assert (odd - before) / t**2 == stated


@pytest.mark.parametrize("value", ["8", "-16", "-7", "0"])
def test_another_derivative_is_rejected(value: str) -> None:
    document = golden("dead_unit")
    document["evidence"]["descent"]["derivative"] = value
    assert rejection(document).place == "evidence.descent.derivative"


def test_a_unit_that_is_read_is_not_dead() -> None:
    document = golden("dead_unit")
    document["evidence"]["descent"]["unit"] = 0
    document["parameters"]["W2"][1][0] = "1"
    document["claim"]["risk"] = str(Oracle(document).risk(parameters_of(document["parameters"])))
    assert rejection(document).place.startswith("evidence.descent")
