"""The text about extremal vectors, in three forms."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.show.certificates import html_page

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"
SAID = {"extremal_vectors": "There is no other one: these are all 1", "extremal_walls": "(-7/9, 7/9)"}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    text = es.markdown(certificate)
    assert certificate.sentence in text and SAID[name] in text.replace("$", "")
    assert "theorem" in es.latex(certificate) and es.latex(certificate).isascii()
    assert "<html" in html_page(certificate)
