"""The text about the flattest minimiser, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms


@pytest.mark.parametrize("name", ["flattest_minimiser", "flattest_minimiser_relu"])
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, "all parameters with its predictions")
