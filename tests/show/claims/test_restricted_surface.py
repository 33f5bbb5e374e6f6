"""The texts about all values of free parameters, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms

SAID = {
    "restricted_global_filter": "a global minimum of the restricted risk",
    "restricted_global_deep": "follows from the others",
    "restricted_global_linear": "is one region",
    "restricted_global_scale": "2 choices of signs are enough",
    "restricted_global_products": "Predictions stay the same if",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, SAID[name])
