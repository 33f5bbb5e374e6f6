"""The text about units on normal inputs, in three forms."""

from __future__ import annotations

import re

import pytest

from tests.show.claims.three_forms import assert_shown_in_three_forms


@pytest.mark.parametrize("name", ["population_three", "population_nine"])
def test_shown_in_three_forms(name: str) -> None:
    text = assert_shown_in_three_forms(name, "Cho and Saul")
    assert "larger dimension" in text and re.search(r"0\.0183|0\.0205", text)
