"""Certificates about smooth activations as Markdown, LaTeX and HTML: all of them, in well-formed text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from exactsurf.certificate.check import verify
from exactsurf.show.certificates import html_page, latex, markdown
from tests.show.html_source import Page
from tests.show.latex_source import assert_well_formed

GOLDEN = Path(__file__).parents[3] / "proofs" / "golden" / "accept"
FILES = sorted([*GOLDEN.glob("smooth_*.json"), *GOLDEN.glob("three_samples_*.json")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_accepted_certificate_is_shown(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    sentence = verify(path).sentence
    texts = [show(document, file=path.name, sha256="0" * 64) for show in (markdown, latex, html_page)]
    for text in texts:
        assert sentence in text
    assert_well_formed(latex(document, standalone=True))
    Page(texts[2])
    if "lower_point" in document["evidence"]:
        assert all("lower risk" in text for text in texts)
    if "radius" in document["claim"]:
        assert f"{document['claim']['radius']}" in texts[0] and "Krawczyk" in texts[0]
