"""The text about the exact flattest rescaling, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms


@pytest.mark.parametrize("name", [f"exact_rescaling_{name}" for name in ("chain", "eigenvalue", "deep")])
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, "by convexity in the logarithms of the factors")
