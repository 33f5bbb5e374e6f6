"""The text about points of restricted risks, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms

SAID = {
    "restricted_on_walls": "2 cells at the point that the subspace meets",
    "restricted_spurious": "It is spurious",
    "restricted_saddle": "is not a local minimum of the restricted risk",
    "restricted_decay_tied": "weight decay",
    "restricted_unrestricted": "also without the restriction, by the rule paths",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, SAID[name])
