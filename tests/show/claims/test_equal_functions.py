"""The text about two points and their functions, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms

SAID = {
    "equal_functions": "On all inputs the outputs for θ and θ′ are equal.",
    "equal_predictions": "On the 3 inputs of the certificate the outputs",
    "different_functions": "At the input x = (-1) the outputs for θ and θ′ differ.",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, SAID[name])
