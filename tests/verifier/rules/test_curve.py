"""The rule `curve`: small changes are rejected, or what they say is true."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.verifier.oracle import Oracle, assert_true, moved, number, parameters_of
from tests.verifier.verdicts import assert_changes_are_noticed, golden, rejection

NAMES = ("curve_cubic", "curve_hinge", "curve_two_units")


@pytest.mark.parametrize("name", NAMES)
def test_single_changes(name: str) -> None:
    assert_changes_are_noticed(golden(name), assert_true, least=300)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_said_is_true(name: str) -> None:
    assert_true(golden(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_risk_changes_by_the_stated_term_alone(name: str) -> None:
    """(risk at t − risk at 0) / t^order comes as near to the coefficient as t is short."""
    document = golden(name)
    oracle, here, descent = Oracle(document), parameters_of(document["parameters"]), document["evidence"]["descent"]
    order, coefficient = descent["order"], number(descent["coefficient"])
    for power in (9, 18):
        point, t = here, Fraction(1, 10**power)
        for n, step in enumerate(descent["curve"], 1):
            point = moved(point, parameters_of(step), t**n)
        assert abs((oracle.risk(point) - oracle.risk(here)) / t**order - coefficient) < 10**6 * t
    descent["coefficient"] = str(coefficient * 2)
    assert rejection(document).place == "evidence.descent.coefficient"
