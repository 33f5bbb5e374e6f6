"""Reports as text, LaTeX, HTML and JSON."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.papers import THEOREMS
from exactsurf.search.catalogue import instances
from exactsurf.theorems.report_forms import latex_text
from exactsurf.theorems.theorem import Finding, Report


def test_the_four_forms_say_the_same() -> None:
    found = instances()["he_2020.one_valley.counterexample_1"]
    report = THEOREMS["he_2020.one_valley"].examine(found.problem, found.parameters)
    document = json.loads(report.to_json())
    assert document["conclusion"]["status"] == "REFUTED" and len(document["hypotheses"]) == 8
    table = ElementTree.fromstring(report.to_html())
    rows = [[cell.text or "" for cell in row] for row in table.iter("tr")][1:]
    assert [row[3] for row in rows] == [*(f["witness"] for f in document["hypotheses"]), document["conclusion"]["reason"]]
    assert str(report).count("\n") == 9
    assert report.to_latex().count(r"\\") == 10 and report.to_latex().isascii()


def test_signs_are_escaped() -> None:
    report = Report("a_b", (Finding("H", "x < y & {z}", Status.UNDECIDED, "50 % of $1 #2"),), Verdict(Status.PROVED, "σ ≥ 0"))
    assert "x &lt; y &amp; {z}" in report.to_html()
    assert r"50 \% of \$1 \#2" in report.to_latex() and r"a\_b" in report.to_latex()
    assert report.status is Status.UNDECIDED and report.undecided == ("H",)


def test_every_word_of_the_theorems_is_ascii_in_latex() -> None:
    """Whatever a report can say reaches LaTeX without a sign that it does not know."""
    data = es.Data.from_arrays([[0], [1], [1], [3]], [1, -1, 1, -1])
    for loss in (es.squared, es.hinge):
        for network in (es.Network([1, 2, 1]), es.Network([1, 2, 1], es.linear, biases=False)):
            problem = es.Problem(network, data, loss)
            zero = problem.parameters(
                **{name: [0] * s[0] if len(s) == 1 else [[0] * s[1]] * s[0] for name, s in network.shapes.items()}
            )
            for theorem in THEOREMS.values():
                text = theorem.examine(problem, zero).to_latex()
                assert text.isascii(), {sign for sign in text if not sign.isascii()}
    assert latex_text("α") == r"$\alpha$"


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX here")
def test_latex_accepts_every_statement_and_a_page_of_reports(tmp_path: Path) -> None:
    found = instances()["he_2020.one_valley.counterexample_1"]
    reports = [
        theorem.check(found.problem, found.parameters).to_latex()
        for theorem in THEOREMS.values()
        if theorem.does_not_apply(found.problem, found.parameters) is None
    ]
    # The rules of booktabs, which is not everywhere, as plain lines.
    rules = r"\let\toprule\hline\let\midrule\hline\let\bottomrule\hline"
    head = rf"\documentclass{{article}}\usepackage{{amsmath,amssymb,tabularx}}{rules}\begin{{document}}"
    body = "\n\n".join([*(theorem.statement for theorem in THEOREMS.values()), *reports])
    (tmp_path / "page.tex").write_text(f"{head}\n{body}\n\\end{{document}}\n", encoding="ascii")
    line = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False, errors="replace")
    assert done.returncode == 0, [text for text in done.stdout.splitlines() if text.startswith(("!", "l."))]


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX here")
@pytest.mark.parametrize("options", ["11pt", "twocolumn"])
def test_reports_keep_within_the_columns(tmp_path: Path, options: str) -> None:
    """All reports of an instance, in one and two columns: no overfull box, and several theorems a page."""
    found = instances()["he_2020.one_valley.counterexample_1"]
    reports = [theorem.examine(found.problem, found.parameters).to_latex() for theorem in THEOREMS.values()]
    rules = r"\let\toprule\hline\let\midrule\hline\let\bottomrule\hline"
    head = rf"\documentclass[{options}]{{article}}\usepackage{{amsmath,amssymb,tabularx}}{rules}\begin{{document}}"
    (tmp_path / "page.tex").write_text("\n\n".join([head, *reports, r"\end{document}"]), encoding="ascii")
    line = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    subprocess.run(line, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    log = (tmp_path / "page.log").read_text(encoding="latin-1")
    assert log.count("Overfull") == 0, log[log.find("Overfull") :][:800]
    pages = re.search(r"Output written on page.pdf \((\d+) page", log)
    assert pages is not None and int(pages[1]) * 2 <= len(reports)
