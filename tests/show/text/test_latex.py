"""LaTeX: well formed, with the certificate's numbers, and accepted by pdflatex."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exactsurf.show.certificates import html_page, latex, markdown
from exactsurf.show.text.latex import escaped
from tests.show.latex_source import assert_well_formed, matrices, number, tables
from tests.verifier.examples import EXAMPLES, get

PROOFS = Path(__file__).parents[3] / "proofs"
SPECIAL = "50%_a&b#c$d{e}f~g^h\\i\"j'k`l<m>n|o é\n.json"


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("standalone", [False, True])
def test_well_formed(name: str, standalone: bool) -> None:
    source = latex(get(name), standalone=standalone, file=SPECIAL, sha256="ab" * 32)
    assert_well_formed(source)
    assert [source.count(rf"\begin{{{part}}}") for part in ("theorem", "proof")] == [1, 1]
    assert ("\\documentclass" in source) == standalone
    assert source.startswith("%") != standalone


def values(array: list) -> list[list[Fraction]]:
    return [[Fraction(text) for text in (row if isinstance(row, list) else [row])] for row in array]


@pytest.mark.parametrize("name", EXAMPLES)
def test_numbers_read_back(name: str) -> None:
    """The matrices are those of the point and of the lower points; the first table is the data."""
    document, source = get(name), latex(get(name))
    evidence = document["evidence"]
    lower = evidence.get("lower_points") or ([evidence["descent"]["lower_point"]] if "descent" in evidence else [])
    points = [document["parameters"], *(point["parameters"] for point in lower)]
    expected = [(key, values(point[key])) for point in points for key in sorted(point, key=lambda key: (key[1:], key[0]))]
    assert matrices(source) == expected
    data = document["problem"]["data"]
    table = [[Fraction(i + 1), *map(Fraction, x + y)] for i, (x, y) in enumerate(zip(data["x"], data["y"], strict=True))]
    assert tables(source)[0] == table
    risk = Fraction(document["claim"]["risk"])
    risks_and_gaps = [risk, *(value for point in lower for value in (Fraction(point["risk"]), risk - Fraction(point["risk"])))]
    said = re.findall(r"L\(\\theta (?:_\{\d\})?\) = (-?(?:\\tfrac\{\d+\}\{\d+\}|\d+))", source)
    assert [number(text) for text in said] == risks_and_gaps


@given(st.text(max_size=120))
@example(SPECIAL)
@example("https://example.org/" + "a" * 100)
def test_any_name_can_be_shown(name: str) -> None:
    shown = escaped(name)
    assert_well_formed(rf"\texttt{{{shown}}}")
    letters = re.sub(
        r"\\char(\d+)\{\}", lambda m: chr({13: 39, 18: 96}.get(int(m[1]), int(m[1]))), shown.replace(r"\allowbreak{}", "")
    )
    letters = re.sub(r"\\([ $&#%])", r"\1", letters)
    if name.isascii() and name.isprintable():
        assert letters == name
    else:
        assert letters.isprintable() and len(letters) > len(name)


needs_pdflatex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")


@needs_pdflatex
@pytest.mark.parametrize("kind", ["standalone", "fragments"])
def test_pdflatex_accepts_it(tmp_path, kind: str) -> None:
    """One whole document, and all examples as fragments in a document that loads amsmath and amsthm only."""
    source = latex(get("example_a"), standalone=True, file=SPECIAL, sha256="ab" * 32)
    if kind == "fragments":
        head = (
            "\\documentclass{article}\n\\usepackage{amsmath,amsthm,graphicx}\n\\newtheorem{theorem}{Theorem}\n\\begin{document}\n"
        )
        source = head + "\n".join(latex(document, file=SPECIAL) for document in EXAMPLES.values()) + "\\end{document}\n"
    (tmp_path / "text.tex").write_text(source)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "text.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=120)
    assert run.returncode == 0, run.stdout[-3000:]
    assert "Missing character" not in run.stdout
    assert (tmp_path / "text.pdf").stat().st_size > 10_000


CERTIFICATES = sorted(
    path
    for path in PROOFS.rglob("*.json")
    if "formal" not in path.parts and ("accept" in path.parts or "golden" not in path.parts)
)


@needs_pdflatex
@pytest.mark.slow
@pytest.mark.parametrize("columns", ["onecolumn", "twocolumn"])
def test_nothing_sticks_out_of_a_paper(tmp_path: Path, columns: str) -> None:
    """All certificates of proofs/ that are accepted, as fragments in an article of 11 points."""
    parts = [
        latex(json.loads(path.read_bytes()), file=path.name, sha256="ab" * 32)
        for path in CERTIFICATES
        if "claim" in path.read_text() and "broken" not in path.name
    ]
    assert len(parts) > 100
    head = f"\\documentclass[11pt,{columns}]{{article}}\n\\usepackage{{amsmath,amsthm,graphicx}}\n"
    head += "\\newtheorem{theorem}{Theorem}\n\\begin{document}\n"
    (tmp_path / "paper.tex").write_text(head + "\n".join(parts) + "\\end{document}\n")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=300)
    assert run.returncode == 0, run.stdout[-3000:]
    assert [line for line in run.stdout.splitlines() if line.startswith("Overfull")] == []


def test_a_fragment_can_be_cited_and_has_no_heading() -> None:
    first, second = latex(get("example_a")), latex(get("xor"))
    labels = [re.findall(r"\\begin\{theorem\}\\label\{(thm:[0-9a-f]{8})\}", text) for text in (first, second)]
    assert [len(found) for found in labels] == [1, 1] and labels[0] != labels[1]
    assert "section*" not in first and "section*" in latex(get("example_a"), standalone=True)


LONG = ("123456789012/123456789013", "-98765432109876543210/7")


@pytest.mark.parametrize("form", [latex, markdown, html_page])
def test_long_entries_are_written_out_exactly(form) -> None:
    document = get("example_a")
    document["parameters"]["W1"][0] = [LONG[0]]
    document["parameters"]["b1"][1] = LONG[1]
    plain = form(document).replace("\\allowbreak ", "")
    assert all(number in plain for number in LONG)
    place = plain[: plain.index(LONG[0])]
    assert "a_{1}" in place or "a₁" in place or "<sub>1</sub>" in place
    assert LONG[0] in form(document, digits=40).replace("\\allowbreak ", "").replace(
        "\\tfrac{123456789012}{123456789013}", LONG[0]
    )
    named = re.compile(r"\\item\[\] \$(.*?) = ")
    names = named.findall(latex(document))
    assert len(names) == len(LONG) and not named.findall(latex(document, digits=40))
    assert all(name not in latex(document, digits=40) for name in names)


def test_rounding_is_explained_once() -> None:
    document = get("example_a")
    for name in ("W1", "W2"):
        document["parameters"][name] = [
            [f"{10**400 + 7 * k}/{3**500}" for k, _ in enumerate(row)] for row in document["parameters"][name]
        ]
    document["problem"]["data"]["x"][0] = [f"{10**30}/{7**40}"]
    for form in (latex, markdown, html_page):
        text = form(document)
        assert text.count("are rounded to six digits") == 1
        assert " follow from it. and" not in text
