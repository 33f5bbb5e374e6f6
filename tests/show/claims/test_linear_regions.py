"""The text about linear regions, in three forms."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.show.certificates import html_page

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"
SAID = {
    "regions_absolute": "3 choices of a piece for every unit belong to some input; for 2 of them",
    "regions_line": "on these sets the outputs are affine functions, 1 different ones",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    text = es.markdown(certificate)
    assert certificate.sentence in text and SAID[name] in text
    assert "theorem" in es.latex(certificate) and es.latex(certificate).isascii()
    assert "<html" in html_page(certificate)
