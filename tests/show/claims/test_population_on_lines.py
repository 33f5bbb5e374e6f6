"""The text about units on lines, in three forms."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.show.certificates import html_page

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"
SAID = {
    "lines_spurious": "have a lower value of",
    "lines_global": "no bound is below",
    "lines_none": "falls there along",
    "lines_matched": "0 ≤ F ≤ 0",
    "lines_mirrored": "one of 1 others",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    text = es.markdown(certificate)
    assert certificate.sentence in text and SAID[name] in text
    assert "theorem" in es.latex(certificate) and es.latex(certificate).isascii()
    assert "<html" in html_page(certificate)
