"""The README is true: its Python runs, its problem file is decided, its commands exist."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.interop.problem_file import read_problem

README = Path(__file__).parents[1] / "README.md"
TEXT = README.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_the_python_examples_run_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {}
    for block in blocks("python"):
        exec(block, namespace)
    assert namespace["verdict"].status == "PROVED"
    assert (tmp_path / "swirszcz.certificate.json").exists()
    assert es.count_cells(namespace["grid"]) == len(namespace["graph"]) == 64


def test_the_problem_file_is_decided(tmp_path: Path):
    (text,) = blocks("json")
    (tmp_path / "problem.json").write_text(text)
    problem, parameters = read_problem(tmp_path / "problem.json")
    assert es.decide(problem, parameters).status == "PROVED"
    assert json.loads(text)["format"] == "exactsurf-problem/1"


def test_every_command_of_the_table_exists():
    from exactsurf.cli.app import NAMES

    named = set(re.findall(r"^\| `exactsurf (\w+)", TEXT, re.MULTILINE))
    assert named == set(NAMES)


def test_links_lead_to_files():
    targets = [target for target in re.findall(r"\]\(([^)#]+)", TEXT) if "://" not in target]
    assert targets
    assert [target for target in targets if not (README.parent / target).exists()] == []
