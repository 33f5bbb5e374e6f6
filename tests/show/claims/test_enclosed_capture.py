"""The text about a point captured between numbers, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms


@pytest.mark.parametrize("name", ["captured_with_decay", "captured_logistic", "captured_with_decay_two_units"])
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, "# Captured by a valley between numbers", "accept_2")
