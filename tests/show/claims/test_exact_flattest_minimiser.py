"""The text about the exact flattest minimiser, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms


@pytest.mark.parametrize(
    "name", ["exact_flattest_linear", "exact_flattest_relu", "exact_flattest_eigenvalue", "exact_flattest_one"]
)
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, "by Cauchy and Schwarz")
