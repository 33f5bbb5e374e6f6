"""The text about boxes of values of free parameters, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms

SAID = {
    "restricted_box_tied": "it is a strict local minimum",
    "restricted_box_scale": "because flows of the network move them",
    "restricted_box_saddle": "the second derivative is negative along",
    "restricted_box_spurious": "which is lower",
    "restricted_box_classes": "exactly one critical point",
    "restricted_box_decay": "weight decay",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, SAID[name])
