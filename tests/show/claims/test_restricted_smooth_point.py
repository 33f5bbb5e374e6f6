"""The text about values of free parameters where the activation is smooth, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms

SAID = {
    "restricted_smooth_slope": "The derivative of the risk along",
    "restricted_smooth_curvature": "The second derivative of the risk along",
    "restricted_smooth_fit": "is a global minimum of the restricted risk",
    "restricted_smooth_unitwise": "also where only the free parameters vary",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, SAID[name])
