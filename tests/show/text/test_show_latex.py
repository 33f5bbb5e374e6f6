"""LaTeX: well formed, with the certificate's numbers, and accepted by pdflatex."""

from __future__ import annotations

import re
import shutil
import subprocess
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exactsurf.show.text.latex import escaped, latex
from tests.show.latex_source import assert_well_formed, matrices, number, tables
from tests.verifier.examples import EXAMPLES, get

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
        head = "\\documentclass{article}\n\\usepackage{amsmath,amsthm}\n\\newtheorem{theorem}{Theorem}\n\\begin{document}\n"
        source = head + "\n".join(latex(document, file=SPECIAL) for document in EXAMPLES.values()) + "\\end{document}\n"
    (tmp_path / "text.tex").write_text(source)
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "text.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=120)
    assert run.returncode == 0, run.stdout[-3000:]
    assert "Missing character" not in run.stdout
    assert (tmp_path / "text.pdf").stat().st_size > 10_000
