"""The text about algebraic local minima, in three forms."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.show.certificates import html_page

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"
SAID = {
    "algebraic_linear": "4 t² − 6 t + 1 = 0",
    "algebraic_relu": "0.190983",
    "algebraic_cubic": "0.475541",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    text = es.markdown(certificate)
    assert certificate.sentence in text and SAID[name] in text
    assert "theorem" in es.latex(certificate) and es.latex(certificate).isascii()
    assert "<html" in html_page(certificate)
