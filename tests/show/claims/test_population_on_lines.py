"""The text about units on lines, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms

SAID = {
    "lines_spurious": "have a lower value of",
    "lines_global": "no bound is below",
    "lines_none": "falls there along",
    "lines_matched": "0 ≤ F ≤ 0",
    "lines_mirrored": "one of 1 others",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, SAID[name])
