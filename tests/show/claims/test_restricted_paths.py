"""The texts about paths of free parameters, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms

SAID = {
    "restricted_path": "stays at or below c = 27/5",
    "restricted_barrier": "reaches a risk of at least c = 63/19",
    "restricted_valley": "is a bottom of a spurious valley",
    "restricted_valley_deep": "have a facet in common",
    "restricted_barrier_decay_biases": "weight decay",
    "restricted_all_valleys": "leads to one of u⁽¹⁾ to u⁽²⁾",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, SAID[name])
