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
    assert len({key.split(".")[0] for key in es.papers.THEOREMS}) == 30 and "thirty papers" in PAGE
    assert len(list((ROOT / "notebooks").glob("*.py"))) == 11 and "eleven lessons" in PAGE


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


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_source_line_is_readable(page: Path):
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 160 and not line.startswith(("|", "!["))] == []
