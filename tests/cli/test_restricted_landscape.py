"""exactsurf landscape on problem files with a restriction: answers, files, and bad input."""

from __future__ import annotations

from pathlib import Path

import pytest

import exactsurf as es
from tests.cli.test_polish import problem_file
from tests.surface.restricted.problems import INPUTS, LESSON
from tests.surface.restricted.test_restricted_decay import decayed

FILTER = {
    "widths": [4, 2, 1],
    "biases": False,
    "data": {"x": INPUTS, "y": [2, 2, 2, 1]},
    "restriction": {"W1": [["a", "b", 0, 0], [0, 0, "a", "b"]], "W2": [[1, 1]]},
}


def test_answers_and_files(run, tmp_path: Path):
    file = problem_file(tmp_path, "filter.json", **FILTER)
    told = run("landscape", file)
    assert told.status == 0 and "10 cells of 2 free parameters, 10 facets" in told.out
    assert "global minimum  0  a=1, b=0" in told.out and "Local minima" in told.out
    found = run("landscape", file, "--json", "--certificates", "out", "--plot", "tree.svg").json
    assert [valley["risk"] for valley in found["valleys"]] == ["0", "7/6", "65/28", "317/106", "69/22"]
    assert found["valleys"][1]["values"] == {"a": "-4/3", "b": "-8/3"} and found["valleys"][1]["barrier"] == "29/10"
    assert found["local_minima_complete"] and len(found["local_minima"]) == 5
    assert (tmp_path / "tree.svg").stat().st_size > 1000
    names = [Path(written["file"]).stem for written in found["certificates"]]
    of_each = [f"{what}_{k}" for what in ("valley", "local_minimum") for k in range(1, 5)]
    assert names == ["global_minimum", *of_each[:4], "all_valleys", *of_each[4:]]
    for written in found["certificates"]:
        assert es.verify(tmp_path / written["file"]).kind == written["claim"]
    assert run("landscape", file, "--no-local-minima", "--json").json["local_minima"] is None


def test_ways_down_from_plateaus(run, tmp_path: Path):
    """A local minimum that is no valley gets a path that never rises; certificates are shown as texts."""
    data = {"x": [[-2, -1, -2, 2], [0, 1, 0, -1], [0, -2, 0, 1], [0, 0, -2, 0]], "y": [1, -2, 3, 0]}
    file = problem_file(tmp_path, "plateau.json", **{**FILTER, "data": data})
    found = run("landscape", file, "--json", "--certificates", "out").json
    down = [written for written in found["certificates"] if written["claim"] == "path of a restricted risk"]
    plateaus = [k for k, minimum in enumerate(found["local_minima"]) if not minimum["valley"]]
    assert [written["local_minimum"] for written in down] == plateaus and plateaus
    for written in found["certificates"]:
        shown = run("show", written["file"])
        assert shown.status == 0 and "restricted risk" in shown.out


def test_the_page(run, tmp_path: Path):
    """All valleys with their values, and a walk out of each spurious one."""
    file = problem_file(tmp_path, "filter.json", **FILTER)
    told = run("landscape", file, "--html", "page.html")
    assert told.status == 0 and "page for the classroom: page.html" in told.out
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "10 cells of 2 free parameters; there are 5 valleys" in page and "a = " in page and "Every local minimum" in page
    assert page.count("<section data-panel=") == 5 and page.count("<section data-walk=") == 4
    assert run("landscape", file, "--html", "page.html", "--json").json["html"] == "page.html"


def test_weight_decay(run, tmp_path: Path):
    file = problem_file(tmp_path, "filter.json", **FILTER)
    found = run("landscape", file, "--weight-decay", "1/10", "--json", "--certificates", "out", "--html", "page.html").json
    assert found["global_minimum"]["risk"] == str(es.landscape(decayed(LESSON, "1/10")).global_minimum.risk)
    kinds = {es.verify(tmp_path / written["file"]).kind for written in found["certificates"]}
    assert {"global minimum of a restricted risk", "all valleys of a restricted risk"} <= kinds
    assert "weight decay 1/10" in run("show", found["certificates"][0]["file"]).out
    assert run("landscape", file, "--weight-decay", "1/10", "--global-only").status == 0


def test_a_dry_run(run, tmp_path: Path):
    file = problem_file(tmp_path, "filter.json", **FILTER)
    told = run("landscape", file, "--dry-run")
    assert told.status == 0 and "10 cells of 2 free parameters, between 5 hyperplanes" in told.out and "about" in told.out
    assert run("landscape", file, "--dry-run", "--json").json["cells"] == "10"
    many = run("landscape", file, "--dry-run", "--max-cells", "9")
    assert many.status == 0 and "more than 9" in many.out
    assert run("landscape", file, "--dry-run", "--max-cells", "9", "--json").json["estimated_seconds"] is None


def test_the_global_minimum_only(run, tmp_path: Path):
    file = problem_file(tmp_path, "filter.json", **FILTER)
    found = run("landscape", file, "--global-only", "--certificate", "minimum.json", "--json").json
    assert found["global_minimum"]["risk"] == "0" and found["global_minimum"]["values"] == {"a": "1", "b": "0"}
    assert es.verify(tmp_path / "minimum.json").kind == found["certificates"][0]["claim"]
    assert "proved by a tree of" in run("landscape", file, "--global-only").out


SCALE = {**FILTER, "restriction": {**FILTER["restriction"], "W2": [["v", "v"]]}}


def test_a_filter_with_a_free_scale(run, tmp_path: Path):
    """The valleys are those of the fixed head: where v > 0 nothing else is reached, and v < 0 has no other ones."""
    file = problem_file(tmp_path, "scale.json", **SCALE)
    told = run("landscape", file)
    assert told.status == 0 and "20 cells of 3 free parameters" in told.out and "missing" not in told.err
    told = run("landscape", file, "--json", "--certificates", "out")
    found = told.json
    assert "valley 1 gets no certificate" in told.err and "with scales" in told.err
    assert [valley["risk"] for valley in found["valleys"]] == ["0", "7/6", "65/28", "317/106", "69/22"]
    assert found["local_minima_complete"] and set(found["valleys"][0]["values"]) == {"a", "b", "v"}
    assert len(found["certificates"]) == len([m for m in found["local_minima"] if m["risk"] != "0"]) + 1
    for written in found["certificates"]:
        assert es.verify(tmp_path / written["file"]).kind == written["claim"]
    assert "20 cells of 3 free parameters" in run("landscape", file, "--dry-run").out
    assert run("landscape", file, "--html", "page.html").status == 0
    assert "spurious valley" in (tmp_path / "page.html").read_text(encoding="utf-8")
    short = run("landscape", file, "--global-only", "--certificate", "minimum.json")
    assert "2 trees of" in short.out and es.verify(tmp_path / "minimum.json").risk == 0
    kinked = problem_file(tmp_path, "kinked.json", **SCALE, loss="absolute")
    assert "local minima at which a scale of a filter is 0 may be missing" in run("landscape", kinked).err
    assert not run("landscape", kinked, "--json").json["local_minima_complete"]


@pytest.mark.parametrize(
    "option",
    [
        ["--below", "1"],
        ["--formal"],
        ["--workers", "2"],
        ["--resume", "run.checkpoint"],
        ["--weight-decay", "1/10,1"],
        ["--decay-biases"],
        ["--bracket", "1/10"],
        ["--width", "1/10"],
        ["--max-cells", "9"],
        ["--global-only", "--plot", "tree.svg"],
        ["--global-only", "--html", "page.html"],
        ["--dry-run", "--html", "page.html"],
        ["--dry-run", "--plot", "tree.svg"],
        ["--dry-run", "--global-only"],
        ["--dry-run", "--certificates", "out"],
        ["--global-only", "--certificates", "out"],
        ["--hidden", "2"],
    ],
)
def test_bad_options(option: list[str], run, tmp_path: Path):
    result = run("landscape", problem_file(tmp_path, "filter.json", **FILTER), *option)
    said = [word.removeprefix("--") for word in option if word.startswith("--")]
    assert result.status == 2 and any(word in result.err for word in said)
    assert not result.out


def test_a_restriction_that_is_not_known(run, tmp_path: Path):
    free = {**FILTER, "restriction": {"W1": [["a", "b", 0, 0], [0, 0, "a", "b"]]}}
    result = run("landscape", problem_file(tmp_path, "free.json", **free))
    assert result.status == 2 and "2 weights vary" in result.err and not result.out


def test_refusals_name_what_answers(run, tmp_path: Path):
    """What the advice names reads the file: no subcommand of it says that restricted problems are not known."""
    file = problem_file(
        tmp_path, "logistic.json", **{**FILTER, "data": {"x": FILTER["data"]["x"], "y": [0, 1, 0, 1]}}, loss="logistic"
    )
    assert "exactsurf decide" in run("landscape", file).err
    advice = run("sharpness", file).err
    named = [name for name in ("decide", "polish", "landscape", "theorems") if name in advice]
    assert len(named) == 4
    for name in named:
        assert "not known here" not in run(name, file).err
