"""The text about a captured point has its numbers, and the numbers of its certificate."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept_2"


@pytest.mark.parametrize("name", ["captured", "captured_two_units"])
def test_what_it_says(name: str):
    found = es.load(GOLDEN / f"{name}.json")
    assert isinstance(found, es.Capture)
    text = es.markdown(found)
    assert "# Captured by a valley" in text and "`proofs/claims/capture.md`" in text
    for number in (found.risk, found.level, found.bottom):
        assert str(number) in text
    assert f"has {len(found.points) - 1} further points" in text
    assert "\\theta" in es.latex(found)
