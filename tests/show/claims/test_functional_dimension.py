"""The text about functional dimensions, in three forms."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.show.certificates import html_page

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept"
SAID = {
    "dimension_deep": "The largest rank of the derivatives of the outputs by the 15 parameters",
    "dimension_batch": "On the 4 inputs of the certificate",
    "dimension_full": "The rank cannot be more than the number of parameters.",
    "dimension_no_input": "is 0.",
}


@pytest.mark.parametrize("name", SAID)
def test_shown_in_three_forms(name: str) -> None:
    certificate = es.load(GOLDEN / f"{name}.json")
    text = es.markdown(certificate)
    assert certificate.sentence in text and SAID[name] in text
    assert "theorem" in es.latex(certificate) and es.latex(certificate).isascii()
    assert "<html" in html_page(certificate)
