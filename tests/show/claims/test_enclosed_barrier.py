"""Barriers and valleys between numbers, shown: the numbers of the claim, the points, and why the path and the cut hold."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from exactsurf.show.certificates import html_page, latex, markdown
from tests.show.latex_source import assert_well_formed, matrices
from tests.show.text.test_html_page import assert_self_contained
from tests.verifier.enclosed_oracle import points_of, risk_of

GOLDEN = Path(__file__).parents[3] / "proofs/golden/accept_2"
NAMES = sorted(path.stem for kind in ("barrier", "valley") for path in GOLDEN.glob(f"enclosed_{kind}_*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_every_form_shows_the_points_and_says_why(name: str):
    document = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    text, source = markdown(document), latex(document)
    assert_well_formed(source)
    assert_self_contained(html_page(document))
    assert document["claim"]["sentence"] in text and "between" in text
    assert f"proofs/claims/{'enclosed_barrier' if 'barrier' in name else 'enclosed_spurious_valley'}.md" in text
    points = points_of(document)
    shown = [rows for key, rows in matrices(source) if key == "W1"]
    assert shown == [[[Fraction(v) for v in row] for row in point["W1"]] for point in points]
    assert ("weight decay" in text) == ("weight_decay" in document["problem"])
    if "tree" not in document["problem"]["loss"]:
        risks = [line.split("|")[2].strip() for line in text.split("L(θₖ)")[1].splitlines()[2:] if line.startswith("|")]
        for risk, point in zip(risks, points, strict=False):
            value = risk.removeprefix("≈").strip()
            assert abs(float(Fraction(value)) - risk_of(document, point)) < 1e-5


def test_the_numbers_of_a_valley_are_named():
    document = json.loads((GOLDEN / "enclosed_valley_penalised.json").read_text(encoding="utf-8"))
    text = markdown(document)
    for name in ("floor", "bound"):
        assert document["claim"][name] in text
    assert "spurious valley" in text and "No chain of facets that are not closed" in text
