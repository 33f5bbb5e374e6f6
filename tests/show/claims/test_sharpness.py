"""The text about sharpness, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms

SAID = {"sharpness": "lies between", "sharpness_deep": "its trace is 23/4", "sharpness_rational": "Its largest eigenvalue is 5"}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, SAID[name])
