"""The text about points of the margin problem, in three forms."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.show.certificates import html_page

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"
SAID = {
    "margin_kkt": "is a KKT point of the problem",
    "margin_no_kkt": "Along a direction the norm falls",
    "margin_optimum": "is positive definite where these gradients vanish",
    "margin_no_optimum": "Along a polynomial curve",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    text = es.markdown(certificate)
    assert certificate.sentence in text and SAID[name] in text
    assert "theorem" in es.latex(certificate) and es.latex(certificate).isascii()
    assert "<html" in html_page(certificate)
