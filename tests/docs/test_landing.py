"""The first page is true: its code runs, the verifier says what it shows, and a source line fits on a screen."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import exactsurf as es

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/index.md").read_text(encoding="utf-8")
PAGES = [ROOT / "docs/index.md", *(ROOT / f"docs/guide/{name}.md" for name in ("comparison", "proved", "gallery", "cookbook"))]


def test_the_code_makes_a_certificate_and_the_verifier_says_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code, "index.md", "exec"), {})
    (shown,) = re.findall(r"```text\n\$ python (.*?)```", PAGE, re.DOTALL)
    command, _, told = shown.partition("\n")
    run = subprocess.run(
        [sys.executable, "-X", "utf8", *command.split()], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (run.returncode, run.stdout.split()) == (0, told.split())


def test_numbers_in_words_are_those_of_the_package():
    assert len({key.split(".")[0] for key in es.papers.THEOREMS}) == 50 and "fifty papers" in PAGE
    words = {13: "thirteen", 14: "fourteen", 15: "fifteen", 16: "sixteen", 17: "seventeen", 18: "eighteen", 19: "nineteen"}
    assert f"{words[len(list((ROOT / 'notebooks').glob('*.py')))]} lessons" in PAGE


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_links_lead_to_files(page: Path):
    targets = re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8"))
    assert [target for target in targets if "://" not in target and not (page.parent / target).exists()] == []


def test_ratios_are_those_that_were_measured():
    """Every number of the table of measurements stands in benchmarks/README.md, perhaps rounded."""
    table = (ROOT / "docs/guide/comparison.md").read_text(encoding="utf-8").split("## Measured")[1]
    measured = {float(word) for word in re.findall(r"\d+(?:\.\d+)?", (ROOT / "benchmarks/README.md").read_text(encoding="utf-8"))}
    ratios = [
        float(word)
        for row in re.findall(r"\| ([^|]+) \|$", table, re.MULTILINE)[1:]
        for word in re.findall(r"\d+(?:\.\d+)?", row)
    ]
    assert len(ratios) > 15
    assert [ratio for ratio in ratios if not any(round(number) == ratio or number == ratio for number in measured)] == []


def test_what_is_said_of_others_is_linked_or_measured():
    page = (ROOT / "docs/guide/comparison.md").read_text(encoding="utf-8")
    tools, measured = page.split("## Measured")
    rows = re.findall(r"^\| (?!tool|---)(.+) \|$", tools, re.MULTILINE)
    assert len(rows) > 6 and [row for row in rows if "](https://" not in row and "measured below" not in row] == []
    scripts = set(re.findall(r"`python (benchmarks/\w+\.py)", measured))
    assert len(scripts) > 4 and [script for script in scripts if not (ROOT / script).exists()] == []


def test_z3_gives_no_proof_by_its_complete_tactic():
    z3 = pytest.importorskip("z3")
    x, y = z3.Reals("x y")
    answers = []
    try:
        z3.set_param(proof=True)
        other = z3.Solver(ctx=z3.Context())
        other.add((x * x + y * y < 2 * x * y - 1).translate(other.ctx))
        assert (str(other.check()), "th-lemma(x*x + y*y" in str(other.proof())) == ("unsat", True)
        for proof in (False, True):
            z3.set_param(proof=proof)
            solver = z3.Tactic("qfnra-nlsat", z3.Context()).solver()
            solver.add((x * x + y * y < 2 * x * y - 1).translate(solver.ctx))
            answers.append(str(solver.check()))
    finally:
        z3.set_param(proof=False)
    assert answers == ["unsat", "unknown"]


PROSE = [
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted(ROOT.glob("*.md")),
    ROOT / "paper/paper.md",
    ROOT / "benchmarks/README.md",
]


@pytest.mark.parametrize("page", PROSE, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_source_line_is_readable(page: Path):
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert [line for line in text.splitlines() if len(line) > 160 and not line.startswith(("|", "!["))] == []
