"""The paper is true and whole: its numbers are computed, its references are used, its figures are those of the script."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "paper"
TEXT = (PAPER / "paper.md").read_text(encoding="utf-8")
BODY = TEXT.split("---\n", 2)[2]
FLAT = " ".join(BODY.split())


def test_its_length_is_that_of_a_paper_of_this_form():
    words = re.sub(r"\[@[^\]]*\]|!\[|\]\([^)]*\)", " ", BODY).split()
    assert 600 <= len(words) <= 1200


def test_it_has_the_parts_that_the_form_asks_for():
    assert re.findall(r"^# (.+)$", BODY, re.MULTILINE) == [
        "Summary",
        "Statement of need",
        "What is new",
        "Quality",
        "Acknowledgements",
        "References",
    ]
    header = TEXT.split("---\n", 2)[1]
    assert {"title", "tags", "authors", "affiliations", "date", "bibliography"} <= set(
        re.findall(r"^(\w+):", header, re.MULTILINE)
    )


def entries(path: Path) -> dict[str, str]:
    return {re.split("[{,]", entry)[1]: entry.strip() for entry in path.read_text(encoding="utf-8").split("\n\n") if "@" in entry}


def test_references_are_used_and_defined_and_say_what_the_proofs_say():
    here, proofs = entries(PAPER / "paper.bib"), entries(ROOT / "proofs/references.bib")
    assert set(re.findall(r"@(\w+)", BODY)) == set(here)
    assert [key for key in set(here) & set(proofs) if here[key] != proofs[key]] == []


def test_figures_are_made_anew(tmp_path: Path):
    pytest.importorskip("matplotlib")
    done = subprocess.run(
        [sys.executable, PAPER / "figures.py", tmp_path],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    named = set(re.findall(r"!\[.*?\]\((\S+?)\)", BODY, re.DOTALL))
    assert {path.name for path in tmp_path.iterdir()} == named == {path.name for path in PAPER.glob("*.png")}
    size = slice(16, 24)  # width and height in the head of a PNG file; letters differ from one matplotlib to the next
    assert all((tmp_path / name).read_bytes()[size] == (PAPER / name).read_bytes()[size] for name in named)


def test_numbers_of_the_figure_are_computed():
    spec = importlib.util.spec_from_file_location("figures", PAPER / "figures.py")
    module = importlib.util.module_from_spec(spec)
    pytest.importorskip("matplotlib")
    spec.loader.exec_module(module)
    land = es.landscape(module.ZIGZAG)
    (spurious,) = {(valley.risk, valley.barrier) for valley in land.valleys if valley.is_spurious}
    assert (land.global_minimum.risk, *spurious) == (Fraction(1, 4), Fraction(1, 3), Fraction(3, 4))
    assert (
        "the global minimum is 1/4, a spurious valley lies at 1/3, and every path from it to a lower point rises to 3/4" in FLAT
    )
    pairs = [(int(x), int(y)) for x, y in re.findall(r"\$\((\d),(\d)\)\$", BODY)]
    assert pairs == [(int(x), int(y)) for (x,), (y,) in zip(module.ZIGZAG.data.x, module.ZIGZAG.data.y, strict=True)]


def test_other_numbers_stand_where_they_are_shown():
    measured = (ROOT / "benchmarks/README.md").read_text(encoding="utf-8")
    assert "| Z3 | sat 6, unsat 2 of 8 | 16 | 17 |" in measured and "| 14026 | 1231 |" in measured and "17 to 1231 times" in FLAT
    assert "| 10, 1, 4 | 123,410 | 6 |" in measured and "six suffice for ten samples and four units" in FLAT
    assert len({key.split(".")[0] for key in es.papers.THEOREMS}) == 50 and "theorems of fifty papers" in FLAT


@pytest.mark.parametrize("name", ["valley_first", "valley_second", "local_minimum_two_hidden_layers"])
def test_certificates_of_the_instances_are_accepted(name: str):
    accepted = es.verify(ROOT / f"proofs/he_2020/{name}.json")
    assert accepted.risk == (13 if "layers" in name else 0)


def test_lines_are_readable():
    assert max(map(len, TEXT.splitlines())) <= 160


@pytest.mark.skipif(shutil.which("pandoc") is None, reason="needs pandoc")
def test_pandoc_makes_latex_of_it(tmp_path: Path):
    command = ["pandoc", "paper.md", "--citeproc", "--standalone", "-o", str(tmp_path / "paper.tex")]
    done = subprocess.run(command, cwd=PAPER, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert r"\includegraphics" in (tmp_path / "paper.tex").read_text(encoding="utf-8")
