"""The text about algebraic local minima, in three forms."""

from __future__ import annotations

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms

SAID = {
    "algebraic_linear": "4 t² − 6 t + 1 = 0",
    "algebraic_relu": "0.190983",
    "algebraic_cubic": "0.475541",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    assert_shown_in_three_forms(name, SAID[name])
