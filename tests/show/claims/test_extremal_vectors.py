"""The text about extremal vectors, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms

SAID = {"extremal_vectors": "There is no other one: these are all 1", "extremal_walls": "(-7/9, 7/9)"}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    assert SAID[name] in assert_shown_in_three_forms(name, "extremal").replace("$", "")
