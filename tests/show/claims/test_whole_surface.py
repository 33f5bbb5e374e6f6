"""Certificates about whole surfaces, shown: the numbers in the text are those of the certificate, and they hold."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from exactsurf.certificate.claims.table import CLAIMS
from exactsurf.show.certificates import html_page, latex, markdown
from tests.show.latex_source import assert_well_formed, matrices
from tests.show.text.test_html_page import assert_self_contained, letters
from tests.verifier.oracle import Oracle, parameters_of

WHOLE = {"AllCells", "GlobalMinimum", "PathCertificate", "Barrier", "SpuriousValley", "AllValleys", "ValleysBelow"}
SURFACES = {kind for kind, claim in CLAIMS.items() if claim.__name__ in WHOLE}
ACCEPT = Path(__file__).parents[3] / "proofs/golden/accept"
DOCUMENTS = {
    path.stem: document
    for path in sorted([*ACCEPT.glob("*.json"), *ACCEPT.with_name("accept_2").glob("valleys_below*.json")])
    if (document := json.loads(path.read_text(encoding="utf-8"))).get("claim", {}).get("kind") in SURFACES
}
each = pytest.mark.parametrize("name", DOCUMENTS)


def test_every_kind_has_an_example():
    assert {document["claim"]["kind"] for document in DOCUMENTS.values()} == SURFACES


@each
def test_every_certificate_is_shown_in_every_form(name: str):
    document = DOCUMENTS[name]
    text, source = markdown(document), latex(document, file="50%_a.json", sha256="ab" * 32)
    assert_well_formed(source)
    assert [source.count(rf"\begin{{{part}}}") for part in ("theorem", "proof")] == [1, 1]
    assert document["claim"]["sentence"] in text and "$" not in text
    page = assert_self_contained(html_page(document))
    expected = re.sub(r"^\d+\. ", "", text.replace("```text", "```"), flags=re.MULTILINE)
    assert sorted(letters(page.text)) == sorted(letters(expected))
    points = [document["parameters"]] if "parameters" in document else []
    evidence = document["evidence"]
    listed = int(document["claim"].get("valleys", 99))
    points += evidence.get("path", evidence.get("points", []))[:listed]
    wanted = [[[Fraction(v) for v in row] for row in point["W1"]] for point in points[:10]]
    assert [rows for key, rows in matrices(source) if key == "W1"] == wanted


def tables(text: str) -> list[list[list[str]]]:
    found = re.findall(r"((?:^\|.*\|\n)+)", text, re.MULTILINE)
    return [[[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines()] for part in found]


@each
def test_the_table_of_cells_has_the_pieces_of_its_weights(name: str):
    document = DOCUMENTS[name]
    problem = document["problem"]
    rows = next((rows for rows in tables(markdown(document)) if rows[0][0] == "pieces"), None)
    assert (rows is None) == (not document["evidence"].get("cells"))
    for pieces, *witness in (rows or [])[2:]:
        w = [Fraction(value) for value in witness]
        found = []
        for x in problem["data"]["x"]:
            extended = [*map(Fraction, x), *([1] if problem["biases"][0] else [])]
            z = sum(a * b for a, b in zip(w, extended, strict=True))
            found.append(sum(Fraction(t) < z for t in problem["activation"]["breakpoints"]))
        dot = "." if len(problem["activation"]["breakpoints"]) >= 10 else ""
        assert dot.join(map(str, found)) == pieces


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if "name" in DOCUMENTS[name]["problem"]["loss"]])
def test_the_bounds_are_reached_by_the_conjugate(name: str):
    """B(r) = Σ min_f (ℓ_i(f) − r_i f), here by trying f on a fine grid and its vertex: no other point is lower."""
    document = DOCUMENTS[name]
    rows = next((rows for rows in tables(markdown(document)) if rows[0][-1] == "B(r)"), None)
    if rows is None:
        return
    loss, targets = document["problem"]["loss"], [Fraction(y) for (y,) in document["problem"]["data"]["y"]]
    scale, delta = Fraction(loss["scale"]), Fraction(loss.get("delta", 0))

    def risk(f: Fraction, y: Fraction) -> Fraction:
        u = f - y
        huber = u * u / 2 if abs(u) <= delta else delta * (abs(u) - delta / 2)
        return scale * {"squared": u * u, "absolute": abs(u), "huber": huber, "hinge": max(Fraction(0), 1 - y * f)}[loss["name"]]

    least = [Fraction(document["claim"][key]) for key in ("risk", "bound", "level") if key in document["claim"]]
    for _, *dual, bound in rows[2:]:
        r = [Fraction(value) for value in dual]
        lowest = Fraction(0)
        for slope, y in zip(r, targets, strict=True):
            vertex = {"squared": y + slope / (2 * scale), "huber": y + slope / scale, "absolute": y, "hinge": y}[loss["name"]]
            values = {f: risk(f, y) - slope * f for f in (vertex, *(vertex + Fraction(k, 8) for k in range(-40, 41)))}
            assert min(values.values()) == values[vertex]
            lowest += values[vertex]
        assert lowest == Fraction(bound)
        if document["claim"]["kind"] != "all valleys":
            assert lowest >= least[0]
        if document["problem"]["biases"][-1]:
            assert sum(r) == 0


@each
def test_the_risks_along_a_path_are_those_of_the_oracle(name: str):
    document = DOCUMENTS[name]
    rows = next((rows for rows in tables(markdown(document)) if rows[0] == ["k", "L(θₖ)"]), None)
    assert (rows is None) == ("path" not in document["evidence"])
    if rows is None:
        return
    is_valley = document["claim"]["kind"] == "spurious valley"
    points = [*([document["parameters"]] if is_valley else []), *document["evidence"]["path"]]
    oracle = Oracle(document)
    expected = [[str(k), str(oracle.risk(parameters_of(point)))] for k, point in enumerate(points, start=0 if is_valley else 1)]
    assert rows[2:] == expected
    level = Fraction(document["claim"].get("level", document["claim"].get("barrier", 0)))
    assert max(Fraction(risk) for _, risk in expected) <= level


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_pdflatex_accepts_them(tmp_path: Path):
    head = "\\documentclass{article}\n\\usepackage{amsmath,amsthm}\n\\newtheorem{theorem}{Theorem}\n\\begin{document}\n"
    (tmp_path / "text.tex").write_text(head + "\n".join(map(latex, DOCUMENTS.values())) + "\\end{document}\n")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "text.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=120)
    assert run.returncode == 0, run.stdout[-3000:]
    assert "Missing character" not in run.stdout
