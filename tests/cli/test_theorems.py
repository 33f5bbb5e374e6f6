"""exactsurf theorems, and the instances of exactsurf papers."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console

import exactsurf as es
from exactsurf.cli import theorems
from exactsurf.papers import THEOREMS


@pytest.fixture
def valley(run, tmp_path: Path) -> Path:
    assert run("papers", "--instance", "he_2020.one_valley.counterexample_1", "-o", "valley.json").status == 0
    return tmp_path / "valley.json"


def test_all_that_apply(run, valley: Path):
    result = run("theorems", valley)
    assert result.status == 0
    assert "he_2020.one_valley" in result.out and "2 components" in result.out
    assert "laurent_2018.leaky_separable does not apply: the loss is squared" in result.out


def test_json(run, valley: Path):
    document = run("theorems", valley, "--json").json
    told = {report["theorem"]: report for report in document["theorems"]}
    assert told["he_2020.one_valley"]["status"] == "PROVED"
    assert told["he_2020.one_valley"]["conclusion"]["status"] == "REFUTED"
    assert told["yun_2019.theorem_1"]["conclusion"]["status"] == "PROVED"
    assert {*told, *(entry["theorem"] for entry in document["not_applicable"])} == set(THEOREMS)


def test_one_paper_is_checked_whether_it_applies_or_not(run, valley: Path):
    document = run("theorems", valley, "--paper", "kawaguchi_2016", "--json").json
    keys = ["kawaguchi_2016.theorem_2_3", "kawaguchi_2016.corollary_2_4", "kawaguchi_2016.corollary_3_2"]
    assert [report["theorem"] for report in document["theorems"]] == keys
    assert document["theorems"][0]["status"] == "REFUTED"
    wrong = run("theorems", valley, "--paper", "kawaguchi_2061")
    assert wrong.status == 2 and "no such theorem" in wrong.err


def test_latex_and_html(run, valley: Path):
    assert run("theorems", valley, "--paper", "yun_2019.theorem_1", "--latex").out.startswith(r"\begin{tabularx}")
    assert run("theorems", valley, "--paper", "yun_2019.theorem_1", "--html").out.startswith("<table>")


def test_without_a_point(run, tmp_path: Path):
    problem = {
        "format": "exactsurf-problem/1",
        "widths": [1, 2, 1],
        "activation": "relu",
        "data": {"x": [[0], [1], [2], [3]], "y": [0, 1, 0, 2]},
    }
    (tmp_path / "a.json").write_text(json.dumps(problem))
    document = run("theorems", tmp_path / "a.json", "--json").json
    reasons = {entry["theorem"]: entry["reason"] for entry in document["not_applicable"]}
    assert "no parameters" in reasons["he_2020.one_valley"]


def test_smooth_activations(run, tmp_path: Path):
    problem = {
        "format": "exactsurf-problem/1",
        "widths": [2, 2, 1],
        "activation": "elu",
        "data": {"x": [["1", "0"], ["0", "1"], ["1/2", "1/2"]], "y": [0, 0, 1]},
    }
    (tmp_path / "elu.json").write_text(json.dumps(problem))
    document = run("theorems", "elu.json", "--json").json
    told = {report["theorem"]: report["conclusion"] for report in document["theorems"]}
    assert set(told) == {
        *("yun_2019.theorem_2", "clevert_2016.corner_of_elu"),
        *("yu_1995.enough_units", "ding_2022.wide_smooth_networks"),
        *("christof_2023.continuum", "venturi_2019.no_spurious_valleys"),
    }
    assert told["yun_2019.theorem_2"]["status"] == "PROVED" and "risk 1/3" in told["yun_2019.theorem_2"]["reason"]
    assert run("theorems", "elu.json", "--paper", "he_2020").status == 0


def test_instances(run):
    listed = run("papers", "--instances", "--json").json["instances"]
    risks = {entry["key"]: entry["risk"] for entry in listed}
    assert risks["yun_2019.example_a"] == "3/4" and risks["yun_2019.example_d"] is None
    assert "swirszcz_2016.blind_spot" in run("papers", "--instances").out
    text = run("papers", "--instance", "yun_2019.xor").out
    assert json.loads(text)["widths"] == [2, 2, 1]
    assert run("papers", "--instance", "yun_2019.xro").status == 2
    assert run("papers", "-o", "x.json").status == 2


def test_a_restricted_problem(run):
    key = "kohn_2022.coprime_filters.without_common_roots"
    assert run("papers", "--instance", key, "-o", "filters.json").status == 0
    document = run("theorems", "filters.json", "--json").json
    told = {report["theorem"]: report for report in document["theorems"]}
    assert told["kohn_2022.coprime_filters"]["outcome"] == str(es.Outcome.FAILS_WITHOUT)
    others = {entry["theorem"]: entry["reason"] for entry in document["not_applicable"]}
    assert "restricted" in others["yun_2019.theorem_1"]
    asked = run("theorems", "filters.json", "--paper", "yun_2019.theorem_1")
    assert asked.status == 0 and "those of this problem are restricted" in asked.out
    assert "all parameters of this problem are free" in run("theorems", "--paper", "kohn_2022", xor_file()).out


def xor_file() -> str:
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [1, 0]))
    return str(es.write_problem("free.json", problem, problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])))


def test_an_instance_goes_straight_into_decide(run, valley: Path):
    assert run("decide", valley).status == 0


def test_papers_explains_what_fails(run):
    assert "fails as worded" in run("papers", "he_2020.one_valley").out
    assert "without C1.2 it fails" in run("papers", "yun_2019.theorem_1").out
    assert "no example without rank Y: not needed" in run("papers", "lu_2017").out
    (document,) = run("papers", "lu_2017", "--json").json["theorems"]
    assert set(document["without_example"]) == {"rank X", "rank Y", "critical"}


def test_a_summary_first_and_details_when_asked_for(run, valley: Path):
    lines = run("theorems", valley).out.splitlines()
    applying = [line for line in lines if " does not apply: " not in line and not line.startswith("-v")]
    assert len(lines) == len(THEOREMS) + 1 and len({re.split(r"  +", line)[1][:4] for line in applying}) > 1
    assert len({len(re.match(r"\S+ +", line)[0]) for line in applying}) == 1
    (collapse,) = [line for line in lines if line.startswith("he_2020.linear_collapse")]
    assert "does not apply (linear fails: 1 breakpoints); the conclusion fails: " in collapse and "REFUTED" not in "".join(lines)
    (known,) = [line for line in lines if line.startswith("he_2020.one_valley")]
    assert "applies, and the conclusion fails" in known and "exactsurf papers he_2020.one_valley" in known
    detailed = run("theorems", valley, "-v").out
    assert "the inputs are distinct" in detailed and "the inputs are distinct" not in "".join(lines)


def test_no_line_of_the_summary_is_wider_than_the_terminal(valley: Path, monkeypatch: pytest.MonkeyPatch):
    """Asked of a console that is a terminal of 60 columns."""
    problem, parameters = es.read_problem(valley)
    reports = [THEOREMS[key].examine(problem, parameters) for key in ("he_2020.one_valley", "yun_2019.theorem_1")]
    console = Console(force_terminal=True, width=60, file=io.StringIO(), color_system=None)
    theorems._print_summary(console, reports, [(THEOREMS["lu_2017.theorem_2_3"], "x" * 100)])
    lines = console.file.getvalue().splitlines()
    assert len(lines) == 3 and max(map(len, lines)) <= 60 and all(line.endswith("…") for line in lines)


def test_json_has_the_outcome(run, valley: Path):
    told = {report["theorem"]: report["outcome"] for report in run("theorems", valley, "--json").json["theorems"]}
    assert told["he_2020.one_valley"] == "applies, and the conclusion fails"
    assert told["he_2020.linear_collapse"] == "does not apply, and the conclusion fails"


def test_it_says_how_samples_are_counted_where_one_is_named(run, valley: Path):
    told = "Samples, units and outputs are counted from 0"
    short, long = run("theorems", valley).out, run("theorems", valley, "-v").out
    assert long.count(told) == 1 and re.search(r"(sample|unit|output)s? \d", long)
    assert short.count(told) == bool(re.search(r"(sample|unit|output)s? \d", short))
    silent = run("theorems", valley, "--paper", "he_2020.linear_collapse").out
    assert told not in silent and not re.search(r"(sample|unit|output)s? \d", silent)
    assert told not in run("theorems", valley, "--json").out


def test_a_problem_with_weight_decay(run, tmp_path):
    problem = es.Problem(es.Network([1, 2, 1], biases=False), es.Data.from_arrays([1, -1], [2, 0]), weight_decay=1)
    file = es.write_problem(tmp_path / "decayed.json", problem, problem.parameters(W1=[[1], [0]], W2=[[1, 0]]))
    told = run("theorems", file)
    assert told.status == 0 and "haeffele_2017.zero_unit_with_decay  applies, and the conclusion holds" in told.out
    assert "haeffele_2017.zero_unit does not apply: it is about risks without weight decay" in told.out
    assert run("theorems", file, "--paper", "yun_2019").status == 0
