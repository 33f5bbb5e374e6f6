"""The text about points of restricted risks where the loss is an expression, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms

SAID = {
    "restricted_analytic_tied": "the convex hull of 2 rational vectors",
    "restricted_analytic_walls": "lists the 2 cells at the point",
    "restricted_analytic_spurious": "which is lower",
    "restricted_analytic_falls": "The one-sided derivative",
    "restricted_analytic_curve": "Along a polynomial curve of degree",
    "restricted_analytic_decay": "weight decay",
    "restricted_analytic_fit": "is a global minimum of the restricted risk",
    "restricted_analytic_whole": "also without the restriction",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, SAID[name])


def test_squares_of_outputs_are_shown_too() -> None:
    """Their formula has the Δ of a change, without a restriction as with one."""
    assert_shown_in_three_forms("squares_atoms", "squares", "accept_2")
