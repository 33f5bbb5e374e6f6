"""exactsurf search: found and not found, files, refusals."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

import exactsurf as es
from exactsurf.cli.app import app
from exactsurf.interop.problem_file import read_problem
from exactsurf.papers import THEOREMS
from exactsurf.search.ready_claims import CLAIMS


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["search", *arguments])


def test_found_and_saved(tmp_path: Path) -> None:
    result = run("no_bad_saddles", "--json", "--quiet", "-o", str(tmp_path))
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["status"] == "REFUTED" and len(document["files"]) == 4
    problem, parameters = read_problem(tmp_path / "problem.json")
    assert parameters is not None
    assert str(problem.risk(parameters)) == document["witness"][0]["risk"]
    assert es.verify(tmp_path / "certificate.json").kind == "not a local minimum"
    text = run("no_bad_saddles").stdout
    assert "REFUTED" in text and "sample 0" in text


def test_theorem_without_a_hypothesis() -> None:
    result = run("he_2020.linear_collapse", "--without", "linear", "--json")
    assert result.exit_code == 0 and "'linear' fails" in json.loads(result.stdout)["reason"]


def test_not_found_is_no_proof() -> None:
    result = run("kawaguchi_2016.theorem_2_3", "--limit", "5")
    assert result.exit_code == 3 and "no proof" in result.stdout
    assert json.loads(run("kawaguchi_2016.theorem_2_3", "--limit", "5", "--json").stdout)["found"] is False


def test_list_and_refusals() -> None:
    rows = json.loads(run("list", "--json").stdout)
    assert {row["claim"] for row in rows} == {*CLAIMS, *THEOREMS}
    assert all(key in run("list").stdout for key in CLAIMS)
    for arguments in (["no_bad_sadles"], ["no_bad_saddles", "--without", "A1"], ["yun_2019.theorem_1", "--without", "C9"]):
        assert run(*arguments).exit_code == 2


def test_the_search_says_what_it_asked() -> None:
    document = json.loads(run("kawaguchi_2016.theorem_2_3", "--limit", "9", "--json").stdout)
    assert document["tried"] == 9 == document["held"] + document["outside"] + document["undecided"]
    assert document["ended"] == "as many instances as allowed were asked"
    text = run("minima_in_a_cell_are_connected", "--limit", "2", "--samples", "1").stdout
    assert "2 instances asked: " in text
    found = json.loads(run("no_bad_saddles", "--json").stdout)
    assert found["ended"] == "a counterexample was found" and found["instances"] == found["tried"]
