"""The text about points of the margin problem, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms

SAID = {
    "margin_kkt": "is a KKT point of the problem",
    "margin_no_kkt": "Along a direction the norm falls",
    "margin_optimum": "is positive definite where these gradients vanish",
    "margin_no_optimum": "Along a polynomial curve",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, SAID[name])
