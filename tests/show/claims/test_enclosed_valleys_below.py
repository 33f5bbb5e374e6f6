"""The list of all valleys below a level between numbers, shown: its points, how much a path may rise, and why."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from exactsurf.show.certificates import html_page, latex, markdown
from tests.show.latex_source import assert_well_formed, matrices
from tests.show.text.test_html_page import assert_self_contained
from tests.verifier.oracle import parameters_of

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept_2"
NAMES = sorted(path.stem for path in GOLDEN.glob("enclosed_valleys_below_*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_every_form_shows_the_valleys_and_says_why(name: str) -> None:
    document = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    text, source = markdown(document), latex(document)
    assert_well_formed(source)
    assert_self_contained(html_page(document))
    claim, evidence = document["claim"], document["evidence"]
    assert claim["sentence"] in text and claim["rise"] in text and "proofs/claims/enclosed_valleys_below.md" in text
    points, count = evidence["points"], int(claim["valleys"])
    shown = [rows for key, rows in matrices(source) if key == "W1"]
    assert shown == [[[Fraction(v) for v in row] for row in parameters_of(point)["W1"]] for point in points[:count]]
    assert (f"{len(points) - count} further points" in text) == (len(points) > count)
    assert ("weight decay" in text) == ("weight_decay" in document["problem"])
    cells = sum("point" in node for node in evidence["nodes"])
    assert f"{cells} leaves that lie within a signed cell" in " ".join(text.replace("$", "").split())
