"""The text about linear regions, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms

SAID = {
    "regions_absolute": "3 choices of a piece for every unit belong to some input; for 2 of them",
    "regions_line": "on these sets the outputs are affine functions, 1 different ones",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, SAID[name])
