"""exactsurf landscape with weight decay."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest


@pytest.fixture
def decayed(tmp_path: Path) -> Path:
    path = tmp_path / "decayed.json"
    data = {"x": [["0"], ["1"], ["2"], ["3"]], "y": [["0"], ["1"], ["0"], ["2"]]}
    problem = {"format": "exactsurf-problem/1", "widths": [1, 1, 1], "activation": "relu", "data": data, "weight_decay": "1/10"}
    path.write_text(json.dumps(problem), encoding="utf-8")
    return path


def test_valleys_with_weight_decay(run, decayed: Path):
    found = run("landscape", decayed, "--json").json
    assert found["global_minimum"]["risk"] == ["37/75", "37/75"] and found["ties"] == []
    assert [valley["risk"][0] for valley in found["valleys"]] == ["37/75", "799/1000", "799/1000", "109/100"]
    text = run("landscape", decayed).out
    assert "global minimum  37/75" in text and "22/25" in text


def test_enclosures_are_as_narrow_as_asked_for(run, decayed: Path):
    problem = json.loads(decayed.read_text(encoding="utf-8")) | {"decay_biases": True}
    decayed.write_text(json.dumps(problem), encoding="utf-8")
    for width in ("1/100", "1e-12"):
        found = run("landscape", decayed, "--width", width, "--json").json
        for valley in found["valleys"]:
            low, high = map(Fraction, valley["risk"])
            assert low <= high <= low * (1 + Fraction(width))
    ended = run("landscape", decayed, "--width", "1e-60")
    assert ended.status == 2 and "--width" in ended.err


def test_a_picture(run, decayed: Path, tmp_path: Path):
    pytest.importorskip("matplotlib")
    ended = run("landscape", decayed, "--plot", tmp_path / "tree.svg")
    assert ended.status == 0 and (tmp_path / "tree.svg").exists()


def test_a_certificate(run, decayed: Path, tmp_path: Path):
    file = tmp_path / "near.json"
    found = run("landscape", decayed, "--certificate", file, "--json").json
    assert found["certificate"] == str(file)
    checked = run("verify", file)
    assert checked.status == 0 and "37/75" in checked.out
    assert "Near a global minimum" in run("show", file).out


def test_certificates_of_everything(run, decayed: Path, tmp_path: Path):
    found = run("landscape", decayed, "--certificates", tmp_path / "proofs", "--json").json
    claims = [(entry["claim"], Path(entry["file"]).name) for entry in found["certificates"]]
    valleys = [("enclosed spurious valley", f"valley_{k}.json") for k in (1, 2, 3)]
    every = ("all enclosed valleys", "all_valleys.json")
    assert claims == [("near global minimum", "global_minimum.json"), *valleys, every] and found["certificate"] is None
    for entry in found["certificates"]:
        assert run("verify", entry["file"]).status == 0
        assert run("show", entry["file"], "--latex").status == run("show", entry["file"], "--html").status == 0
    said = run("landscape", decayed, "--certificates", tmp_path / "proofs", "--certificate", tmp_path / "best.json").out
    assert "6 certificates written" in said and "best.json" in said.replace("\n", "")


def test_a_page(run, decayed: Path, tmp_path: Path):
    page = tmp_path / "page.html"
    assert run("landscape", decayed, "--html", page, "--json").json["html"] == str(page)
    first = page.read_text(encoding="utf-8")
    assert "page for the classroom" in run("landscape", decayed, "--html", page).out and page.read_text(encoding="utf-8") == first
    assert "<h2>Levels</h2>" in first
    (tmp_path / "notes.html").write_text("mine", encoding="utf-8")
    assert run("landscape", decayed, "--html", tmp_path / "notes.html").status == 2


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    path.write_text("x,label\n0,1\n1,0\n2,1\n3,1\n", encoding="utf-8")
    return path


def test_a_table_with_labels_and_logistic_loss(run, labelled: Path, tmp_path: Path):
    table = labelled, "--target", "label", "--loss", "logistic"
    one = run("landscape", *table, "--hidden", "1", "--json").json
    assert [round(float(Fraction(valley["risk"][0])), 6) for valley in one["valleys"]] == [1.386294, 1.909543, 2.111983]
    assert [valley["attained"] for valley in one["valleys"]] == [False, False, True]
    assert all(valley["parameters"] for valley in one["valleys"])
    file = tmp_path / "zero.json"
    two = run("landscape", *table, "--hidden", "2", "--certificate", file)
    assert "global minimum  0" in two.out and "an infimum at infinity, not attained" in " ".join(two.out.split())
    assert run("verify", file).status == 0 and "Near a global minimum" in run("show", file).out
    low = run("landscape", *table, "--hidden", "1", "--below", "2", "--json").json
    assert [valley["attained"] for valley in low["valleys"]] == [False, False]
    ended = run("landscape", *table, "--hidden", "1", "--dry-run")
    assert ended.status == 2 and "--dry-run is not known for the logistic loss" in " ".join(ended.err.replace("│", " ").split())


def test_options_that_do_not_fit(run, decayed: Path, tmp_path: Path):
    for option, *value in (("--formal",), ("--dry-run",)):
        ended = run("landscape", decayed, option, *value)
        assert ended.status == 2 and f"{option} is not known" in " ".join(ended.err.replace("│", " ").split())
    problem = json.loads(decayed.read_text(encoding="utf-8"))
    del problem["weight_decay"]
    decayed.write_text(json.dumps(problem), encoding="utf-8")
    ended = run("landscape", decayed, "--width", "1/10")
    assert ended.status == 2 and "--width has no effect" in ended.err


def test_a_run_in_a_file_with_processes(run, decayed: Path, tmp_path: Path):
    plain = run("landscape", decayed, "--json").json
    for options in (
        ("--resume", tmp_path / "run", "--workers", "2"),
        ("--resume", tmp_path / "run", "--dask", "tcp://127.0.0.1:1"),
    ):
        assert run("landscape", decayed, "--json", *options).json == plain
    assert (tmp_path / "run").exists()
    other = run("landscape", decayed.with_name("other.json"), "--resume", tmp_path / "run")
    assert other.status == 2
    refused = run("landscape", decayed, "--workers", "2", "--dask", "tcp://127.0.0.1:1")
    assert refused.status == 2 and "exclude each other" in refused.err


def test_an_interrupted_run_says_how_to_go_on(run, decayed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def interrupted(*arguments, checkpoint, **options):
        if checkpoint is not None:
            checkpoint.touch()
        raise KeyboardInterrupt

    monkeypatch.setattr("exactsurf.cli.enclosed_report.enclosed_landscape", interrupted)
    ended = run("landscape", decayed, "--resume", tmp_path / "run")
    assert ended.status == 130 and "the same command goes on from there" in ended.err
    assert run("landscape", decayed).status == 130
