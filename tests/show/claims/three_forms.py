"""A golden certificate in the three forms in which it is shown."""

from __future__ import annotations

from pathlib import Path

import exactsurf as es
from exactsurf.show.certificates import html_page

GOLDEN = Path(__file__).parents[3] / "proofs/golden"


def assert_shown_in_three_forms(name: str, said: str, folder: str = "accept") -> str:
    """The Markdown of the certificate of this name, with its sentence and `said`; LaTeX is a theorem in ASCII; HTML is a page."""
    certificate = es.load(GOLDEN / folder / f"{name}.json")
    text = es.markdown(certificate)
    assert certificate.sentence in text and said in text
    latex = es.latex(certificate)
    assert "theorem" in latex and latex.isascii()
    assert "<html" in html_page(certificate)
    return text
