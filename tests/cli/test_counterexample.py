"""exactsurf counterexample: from a CSV file to a certificate, and every bad input."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

from exactsurf import verifier


def test_bundled_iris_ends_in_a_verified_certificate(run, tmp_path: Path):
    result = run("counterexample", "iris", "--target", "petal_width", "--drop", "species", "-o", "out")
    assert result.status == 0
    certificate = (tmp_path / "out" / "iris.certificate.json").read_bytes()
    accepted = verifier.verify(certificate)
    assert accepted.kind == "spurious local minimum"
    # The residual sum of squares of petal width on the other three measurements is a known regression: RSS ≈ 5.380298.
    assert abs(2 * accepted.risk - Fraction("5.380298")) < Fraction(1, 10**6)
    assert "PROVED" in result.out
    assert re.search(r"C1\.2 +│ the inputs are distinct +│ ✗ fails", result.out)
    assert result.err == ""


def test_json_is_one_document_with_exact_numbers(run, table: Path):
    document = run("counterexample", table, "-t", "y", "--json").json
    assert document["status"] == "PROVED"
    assert Fraction(document["lower_risk"]) < Fraction(document["risk"])
    assert [h["name"] for h in document["hypotheses"]] == ["C1.1", "C1.2", "C1.3", "C1.4", "setting"]
    assert {p["construction"] for p in document["lower_points"]} == {"case 1", "hinge descent"}
    assert verifier.verify(Path(document["certificate"]).read_bytes()).risk == Fraction(document["risk"])


@pytest.mark.parametrize(
    "options",
    [
        ["--hidden", "3"],
        ["--hidden", "2,2"],
        ["--hidden", "4,3,2"],
        ["--activation", "leaky_relu:1/100"],
        ["--activation", "absolute_value"],
        ["--activation", "relu_like:0,1"],
        ["--activation", "hard_tanh", "--hidden", "2,2"],
        ["--loss", "squared.mean"],
        ["--loss", "absolute"],
        ["--loss", "huber(1/2)"],
        ["-t", "b"],
    ],
)
def test_depth_activation_loss_and_several_targets(run, table: Path, options: list[str]):
    document = run("counterexample", table, "-t", "y", *options, "--json").json
    assert document["status"] == "PROVED"
    assert verifier.verify(Path(document["certificate"]).read_bytes()).kind == "spurious local minimum"


def test_data_can_be_named_by_digest(run, table: Path, tmp_path: Path):
    result = run("counterexample", table, "-t", "y", "--reference", "-o", "elsewhere")
    file = tmp_path / "elsewhere" / "small.certificate.json"
    assert json.loads(file.read_text())["problem"]["data"]["csv"]["file"] == "small.csv"
    assert f"--data {tmp_path}" in result.out
    assert run("verify", file).status == 1
    assert run("verify", file, "--data", tmp_path).status == 0
    table.write_text(table.read_text().replace("9", "8"))
    changed = run("verify", file, "--data", tmp_path)
    assert changed.status == 1
    assert "sha256" in changed.out


def test_exactly_fitted_data_are_undecided(run, tmp_path: Path):
    (tmp_path / "line.csv").write_text("x,y\n0,1\n1,3\n2,5\n3,7\n")
    result = run("counterexample", "line.csv", "-t", "y", "--json")
    assert result.status == 3
    assert "fits the data exactly" in result.json["reason"]
    assert result.json["certificate"] is None
    assert sorted(p.name for p in tmp_path.iterdir()) == ["line.csv"]


def test_duplicates_with_different_labels_where_nothing_is_better(run, tmp_path: Path):
    (tmp_path / "pairs.csv").write_text("x,y\n0,0\n0,2\n1,1\n1,3\n")
    result = run("counterexample", "pairs.csv", "-t", "y")
    assert result.status == 3
    assert "UNDECIDED" in result.out
    assert "mean of the targets" in result.out


BAD = {
    "empty file": ("", ["-t", "y"], "empty"),
    "header only": ("x,y\n", ["-t", "y"], ""),
    "one row": ("x,y\n1,2\n", ["-t", "y"], "one sample"),
    "constant target": ("x,y\n1,2\n2,2\n4,2\n", ["-t", "y"], "constant"),
    "all rows equal": ("x,y\n1,2\n1,2\n1,2\n", ["-t", "y"], "same inputs"),
    "more columns than rows": ("a,b,c,y\n1,2,3,1\n0,1,7,5\n", ["-t", "y"], "more input columns (3) than samples (2)"),
    "target not found": ("x,weight\n1,2\n2,2\n4,1\n", ["-t", "wieght"], "did you mean 'weight'"),
    "target dropped": ("x,y\n1,2\n2,2\n4,1\n", ["-t", "y", "--drop", "y"], "y"),
    "no input left": ("x,y\n1,2\n2,2\n4,1\n", ["-t", "y", "--drop", "x"], "input"),
    "missing cell": ("x,y\n1,2\n,2\n4,1\n", ["-t", "y"], "line 3"),
    "word in a cell": ("x,y\n1,2\n2,two\n4,1\n", ["-t", "y"], "'two'"),
    "long number": ("x,y\n1,2\n2," + "7" * 100_000 + "\n4,1\n", ["-t", "y"], "line 3"),
    "ragged": ("x,y\n1,2\n2,3,4\n4,1\n", ["-t", "y"], "line 3"),
    "width one": ("x,y\n1,2\n2,4\n4,1\n", ["-t", "y", "--hidden", "1"], "C1.4"),
    "width zero": ("x,y\n1,2\n2,4\n4,1\n", ["-t", "y", "--hidden", "0"], "0"),
    "width not a number": ("x,y\n1,2\n2,4\n4,1\n", ["-t", "y", "--hidden", "two"], "--hidden"),
    "vector targets need width": ("x,y,z\n1,2,0\n2,4,1\n4,1,0\n9,9,1\n", ["-t", "y", "-t", "z", "--hidden", "2"], "3 are needed"),
    "equal slopes": ("x,y\n1,2\n2,4\n4,1\n", ["-t", "y", "--activation", "relu_like:1,1"], "C1.3"),
    "linear": ("x,y\n1,2\n2,4\n4,1\n", ["-t", "y", "--activation", "linear"], "linear"),
    "unknown activation": ("x,y\n1,2\n2,4\n4,1\n", ["-t", "y", "--activation", "rleu"], "did you mean 'relu'"),
    "unknown loss": ("x,y\n1,2\n2,4\n4,1\n", ["-t", "y", "--loss", "sqared"], "did you mean 'squared'"),
    "bad slope": ("x,y\n1,2\n2,4\n4,1\n", ["-t", "y", "--activation", "leaky_relu:x"], "x"),
}


@pytest.mark.parametrize("case", BAD, ids=str)
def test_bad_input_is_a_clear_error_and_writes_nothing(run, tmp_path: Path, case: str):
    text, options, expected = BAD[case]
    (tmp_path / "bad.csv").write_text(text)
    result = run("counterexample", "bad.csv", *options, "-o", "out")
    assert result.status == 2
    assert result.out == ""
    assert "error:" in result.err
    assert expected in result.err
    assert len(result.err) < 1000
    assert not (tmp_path / "out").exists()


def test_a_missing_file_and_a_missing_option(run):
    missing = run("counterexample", "no.csv", "-t", "y")
    assert missing.status == 2
    assert "no.csv" in missing.err
    assert run("counterexample", "no.csv").status == 2


def test_errors_as_json(run):
    result = run("counterexample", "no.csv", "-t", "y", "--json")
    assert result.status == 2
    assert result.json["error"]["class"] == "InputError"


def test_an_interrupt_leaves_no_partial_certificate(run, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import os

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    result = run("counterexample", table, "-t", "y", "-o", "out")
    assert result.status == 130
    assert list((tmp_path / "out").iterdir()) == []


def test_an_output_folder_that_cannot_be_made(run, table: Path, tmp_path: Path):
    (tmp_path / "taken").write_text("a file")
    result = run("counterexample", table, "-t", "y", "-o", "taken")
    assert result.status == 2
    assert "cannot be written" in result.err


def test_row_numbers_are_warned_of_on_stderr(run, tmp_path: Path):
    (tmp_path / "frame.csv").write_text(",a,b,y\n0,1,2,3\n1,2,5,1\n2,7,1,1\n3,4,4,0\n4,4,2,2\n")
    ended = run("counterexample", "frame.csv", "-t", "y", "--json")
    assert ended.status == 0 and ended.json["status"] == "PROVED"
    assert ended.err.startswith("warning: frame.csv: the first column has no name and counts 0, 1, …")
    assert ended.err.endswith("--drop 1\n") and len(ended.err.splitlines()) == 1
    assert run("counterexample", "frame.csv", "-t", "y", "--drop", "1", "--json").err == ""


def test_standard_input_and_chosen_inputs(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import io
    import sys

    text = b"id,a,b,y\nk,1,2,3\nl,2,2,5\nm,4,1,1\nn,3,7,4\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    ended = run("counterexample", "-", "-t", "y", "--inputs", "b,a", "--json").json
    assert ended["certificate"] == "stdin.certificate.json" and ended["data"]["inputs"] == ["b", "a"]
    document = json.loads((tmp_path / "stdin.certificate.json").read_text())
    assert document["problem"]["data"]["x"] == [["2", "1"], ["2", "2"], ["1", "4"], ["7", "3"]]
    first = run("counterexample", "anscombe", "-t", "y1", "-x", "x1", "--json")
    assert first.json["data"]["rows"] == 11 and first.json["status"] == "PROVED"


def test_rows_with_missing_cells_are_left_out_only_if_it_is_said(run, tmp_path: Path):
    (tmp_path / "t.csv").write_text("a,b,y\n1,NA,3\n2,x,5\n?,7,1\n4,1,1\n3,7,4\n")
    assert run("counterexample", "t.csv", "-t", "y", "-x", "a").status == 2
    ended = run("counterexample", "t.csv", "-t", "y", "-x", "a", "--missing", "drop")
    assert "1 row with missing cells left out (line 4)" in ended.out and ended.status == 0
    certificate = json.loads((tmp_path / "t.certificate.json").read_text())
    assert certificate["problem"]["data"]["x"] == [["1"], ["2"], ["4"], ["3"]]
    assert verifier.verify((tmp_path / "t.certificate.json").read_bytes()).kind == "spurious local minimum"
    refused = run("counterexample", "t.csv", "-t", "y", "-x", "a", "--missing", "drop", "--reference")
    assert refused.status == 2 and "leave out --reference" in refused.err


def test_a_bundled_data_set_with_a_capital(run):
    ended = run("counterexample", "Iris", "-t", "1")
    assert ended.status == 2 and "did you mean 'iris'?" in ended.err


def test_samples_are_counted_as_in_the_table_and_it_is_said(run, table):
    """The sample that the witness names misses the least squares fit, counted from 0; the sentence says so."""
    result = run("counterexample", table, "--target", "y")
    found = re.search(r"misses sample (\d+) by", result.out)
    assert found and result.out.count("counted from 0") == 1
    assert "counted from 1" in run("show", next(Path().glob("*.certificate.json"))).out


def test_it_ends_with_its_effort(run, table: Path):
    result = run("counterexample", table, "-t", "y", "--effort", "1/1000000000")
    assert result.status == 3 and "out of time" in result.err and "--effort" in result.err
    assert run("counterexample", table, "-t", "y", "--effort", "60").status == 0
    assert run("counterexample", table, "-t", "y", "--effort", "soon").status == 2


def test_cross_entropy_ends_in_a_box(run, tmp_path: Path):
    document = run("counterexample", "iris_two", "-t", "species", "--classes", "--loss", "cross_entropy", "--json").json
    assert document["status"] == "PROVED" and document["separating"] is None
    low, high = map(Fraction, document["risk"])
    assert Fraction(document["lower_risk"]) < low < Fraction("5.94928") < Fraction("5.9493") and high - low < Fraction(1, 10**8)
    assert verifier.verify(Path(document["certificate"]).read_bytes()).kind == "spurious local minimum in a lifted box"
    shown = run("show", document["certificate"], "--latex").out
    assert "Krawczyk" in shown


def test_separable_classes_are_answered_with_the_hyperplane(run, tmp_path: Path):
    result = run("counterexample", "iris", "-t", "species", "--classes", "--loss", "cross_entropy", "-o", "out")
    assert result.status == 3 and "separates the classes" in result.out and "petal_length" in result.out
    assert not (tmp_path / "out").exists()
