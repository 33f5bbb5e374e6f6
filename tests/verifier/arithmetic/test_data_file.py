"""Certificates whose data is in a file."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from exactsurf.verifier import verify
from tests.verifier.examples import get
from tests.verifier.oracle import Document, assert_true
from tests.verifier.verdicts import assert_changes_are_noticed, encode, rejection

PLAIN = b"x,y\n0,0\n1,1\n2,0\n3,2\n"


def with_file(folder: Path, raw: bytes, **fields: Any) -> Document:
    """Example A (x = 0, 1, 2, 3; y = 0, 1, 0, 2) with its data in a file."""
    (folder / "data.csv").write_bytes(raw)
    csv = {"file": "data.csv", "sha256": hashlib.sha256(raw).hexdigest(), "delimiter": ",", "skip_rows": 1, "samples": 4}
    document = get("example_a")
    document["problem"]["data"] = {"csv": {**csv, "x": [0], "y": [1], **fields}}
    return document


@pytest.mark.parametrize(
    ("raw", "fields"),
    [
        (PLAIN, {}),
        (b"\xef\xbb\xbf" + PLAIN, {}),
        (PLAIN.replace(b"\n", b"\r\n"), {}),
        (PLAIN.replace(b"\n", b"\r"), {}),
        (PLAIN[:-1], {}),
        (PLAIN.replace(b",", b";"), {"delimiter": ";"}),
        (PLAIN.replace(b",", b"|"), {"delimiter": "|"}),
        (PLAIN.replace(b",", b"\t"), {"delimiter": "\t"}),
        (PLAIN.replace(b",", b" \t "), {"delimiter": " "}),
        (b"0 0\n 1  1 \n\t2\t0\n3 2", {"delimiter": " ", "skip_rows": 0}),
        (b'"x" "y"\n "0"  0 \n1 "1"\n"2" "0"\t\n3 2', {"delimiter": " "}),
        (b'"x","a ""name"", with\na line end"\n"0",0\n1,"1"\n2,0\n"3"," 2 "\n', {}),
        (b"0.0,0e5\n\n , \n10e-1,+1.\n\n4/2,-0\n  .3e1\t, 2\n,\n", {"skip_rows": 0}),
        (b"note\n\n0,0,a\n1,1,b\n2,0,\n3,2,\xc3\xa9\n", {}),
        (b"0,9,0\n1,9,1\n2,9,0\n3,9,2\n", {"skip_rows": 0, "y": [2]}),
        (b"0,0\n1,1\n0,2\n2,3\n", {"skip_rows": 0, "x": [1], "y": [0]}),
        (b"a\x0bb,c\x0c\xe2\x80\xa8d\n0,0\n1,1\n2,0\n3,2", {}),
    ],
    ids=range(17),
)
def test_readings_of_example_a(tmp_path: Path, raw: bytes, fields: dict[str, Any]) -> None:
    document = with_file(tmp_path, raw, **fields)
    assert str(verify(encode(document), data_folder=tmp_path).risk) == "3/4"
    assert str(verify(encode(document), data_folder=str(tmp_path)).risk) == "3/4"


@pytest.mark.parametrize(
    ("raw", "fields", "part"),
    [
        (PLAIN, {"skip_rows": 0}, "sample 0, column 0: not a number"),
        (PLAIN, {"skip_rows": 2}, "the data file has 3"),
        (PLAIN, {"samples": 3}, "the data file has more"),
        (PLAIN, {"samples": 999_999_999}, "the data file has 4"),
        (PLAIN, {"y": [2]}, "no column 2"),
        (PLAIN + b"1,2,3\n", {"samples": 5}, "sample 4 has 3 cells"),
        (PLAIN + b"1\n", {"samples": 5}, "sample 4 has 1 cells"),
        (b'x,y\n0,"0\n', {}, "ends inside quotes"),
        (b'x,y\n0,"0"1\n', {}, "stray quotation mark"),
        (b'x,y\n0, "0"\n', {}, "stray quotation mark"),
        (b'x,y\n0,a"b"\n', {}, "stray quotation mark"),
        (b'x,y\n0,"0\n"\n', {}, "not a number"),
        (b"", {}, "the data file has 0"),
        (b"x,y\n0,\xff\n", {}, "not UTF-8 (byte 6)"),
        (b"x,y\n0,0\n1,1\n2,0\n3,1e9999\n", {}, "sample 3, column 1: exponents"),
        (b"x,y\n0,0\n1,1\n2,0\n3,\n", {}, "sample 3, column 1: not a number"),
    ],
    ids=range(16),
)
def test_wrong_files(tmp_path: Path, raw: bytes, fields: dict[str, Any], part: str) -> None:
    error = rejection(with_file(tmp_path, raw, **fields), tmp_path)
    assert error.place == "problem.data.csv.file"
    assert part in error.reason


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"file": "../data.csv"}, "file"),
        ({"file": "a\\data.csv"}, "file"),
        ({"file": ".."}, "file"),
        ({"file": ""}, "file"),
        ({"file": "data.csv\0"}, "file"),
        ({"file": "\ud800"}, "file"),
        ({"file": "x" * 100_000}, "file"),
        ({"file": 3}, "file"),
        ({"sha256": "0" * 64}, "sha256"),
        ({"sha256": "A" * 64}, "sha256"),
        ({"sha256": "0" * 63}, "sha256"),
        ({"delimiter": ":"}, "delimiter"),
        ({"delimiter": ""}, "delimiter"),
        ({"delimiter": ",;"}, "delimiter"),
        ({"skip_rows": -1}, "skip_rows"),
        ({"skip_rows": True}, "skip_rows"),
        ({"samples": 0}, "samples"),
        ({"x": []}, "x"),
        ({"x": [0, 1]}, "x"),
        ({"y": [0]}, "y[0]"),
        ({"y": ["1"]}, "y[0]"),
        ({"more": 1}, "more"),
    ],
    ids=range(22),
)
def test_wrong_fields(tmp_path: Path, fields: dict[str, Any], place: str) -> None:
    assert rejection(with_file(tmp_path, PLAIN, **fields), tmp_path).place == f"problem.data.csv.{place}"


def test_missing_files_are_rejections_that_help(tmp_path: Path) -> None:
    document = with_file(tmp_path, PLAIN)
    for folder in (None, tmp_path / "elsewhere", tmp_path / "data.csv"):
        error = rejection(document, folder)
        assert error.place == "problem.data.csv.file"
    assert "--data" in rejection(document, None).reason
    assert "--data" in rejection(document, tmp_path / "elsewhere").reason
    (tmp_path / "data.csv").unlink()
    (tmp_path / "data.csv").mkdir()
    assert "regular file" in rejection(document, tmp_path).reason


def test_a_changed_file_is_rejected(tmp_path: Path) -> None:
    document = with_file(tmp_path, PLAIN)
    (tmp_path / "data.csv").write_bytes(PLAIN.replace(b"3,2", b"3,3"))
    assert rejection(document, tmp_path).place == "problem.data.csv.sha256"


def test_inline_data_and_a_file_together(tmp_path: Path) -> None:
    document = with_file(tmp_path, PLAIN)
    document["problem"]["data"]["x"] = []
    assert rejection(document, tmp_path).place == "problem.data.x"


def test_small_changes(tmp_path: Path) -> None:
    document = with_file(tmp_path, PLAIN + b"\n")
    assert_changes_are_noticed(
        document, lambda mutant: assert_true(mutant, tmp_path), least=300, most=Fraction(1, 6), folder=tmp_path
    )


def test_blocks_with_different_denominators(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exactsurf.verifier.arithmetic.data_file._BLOCK", 2)
    raw = b"0,0\n1,1\n0.5,1/3\n-.25,1/3\n1e-1,0\n"
    document = with_file(tmp_path, raw, skip_rows=0, samples=5)
    inline = get("example_a")
    inline["problem"]["data"] = {
        "x": [["0"], ["1"], ["1/2"], ["-1/4"], ["1/10"]],
        "y": [["0"], ["1"], ["1/3"], ["1/3"], ["0"]],
    }
    reasons = []
    for each in (document, inline):
        each["claim"]["sentence"] = each["claim"]["sentence"].replace("4 samples", "5 samples")
        reasons.append(rejection(each, tmp_path))
    assert str(reasons[0]) == str(reasons[1])
    assert reasons[0].place == "claim.risk"


def test_hinge_targets_in_a_file(tmp_path: Path) -> None:
    raw = b"1,1.0\n1,-2/2\n"
    document = get("hinge")
    csv = {"file": "data.csv", "sha256": hashlib.sha256(raw).hexdigest(), "delimiter": ",", "skip_rows": 0, "samples": 2}
    document["problem"]["data"] = {"csv": {**csv, "x": [0], "y": [1]}}
    (tmp_path / "data.csv").write_bytes(raw)
    verify(encode(document), data_folder=tmp_path)
