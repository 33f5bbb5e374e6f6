"""The text about the flattest rescaling, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms


@pytest.mark.parametrize("name", ["flattest_rescaling", "flattest_deep", "flattest_chain"])
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, "changes no prediction")
