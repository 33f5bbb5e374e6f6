"""Every subcommand on every kind of output: encodings without mathematics, a reader that leaves, a full disk, no locale."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from itertools import cycle
from pathlib import Path

import pytest

from exactsurf.cli.app import NAMES

PROBLEM = {
    "format": "exactsurf-problem/1",
    "widths": [1, 2, 1],
    "activation": "relu",
    "data": {"x": [["0"], ["1"], ["2"], ["3"]], "y": [["0"], ["1"], ["0"], ["2"]]},
    "parameters": {"W1": [["1/2"], ["0"]], "b1": ["1", "1"], "W2": [["1", "0"]], "b2": ["-1"]},
}
COMMANDS = {
    "counterexample": ["t.csv", "-t", "2"],
    "decide": ["p.json"],
    "polish": ["p.json"],
    "cells": ["p.json"],
    "landscape": ["p.json"],
    "verify": ["-v", "c.json"],
    "show": ["c.json"],
    "regions": ["p.json"],
    "dimension": ["p.json"],
    "equal": ["p.json", "p.json"],
    "sharpness": ["p.json"],
    "alignment": ["p.json"],
    "escape": ["p.json"],
    "margin": ["m.json"],
    "algebraic": ["g.json"],
    "training": ["p.json", "--seeds", "2"],
    "theorems": ["p.json", "-v"],
    "papers": ["yun_2019"],
    "search": ["list"],
    "import": ["w.npz", "-a", "relu", "--data", "xor", "-t", "y", "-o", "imported.json"],
    "doctor": [],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import numpy

    import exactsurf as es
    from exactsurf.interop.problem_file import read_problem

    home = tmp_path_factory.mktemp("streams")
    (home / "p.json").write_text(json.dumps(PROBLEM))
    linear = {**PROBLEM, "activation": "linear", "biases": False}
    line = {"widths": [1, 1, 1], "data": {"x": [["1"]], "y": [["1"]]}, "parameters": {"W1": [["1"]], "W2": [["1"]]}}
    (home / "m.json").write_text(json.dumps({**linear, **line}))
    golden = {"widths": [2, 1, 2], "data": {"x": [["1", "0"], ["0", "1"]], "y": [["1", "1"], ["1", "0"]]}}
    near = {"parameters": {"W1": [["1", "3/5"]], "W2": [["6/5"], ["7/10"]]}}
    (home / "g.json").write_text(json.dumps({**linear, **golden, **near}))
    (home / "t.csv").write_text("höhe,größe\n0,0\n1,1\n2,0\n3,2\n", encoding="utf-8")
    problem, parameters = read_problem(home / "p.json")
    certificate = es.decide(problem, parameters).certificate
    assert certificate is not None
    certificate.save(home / "c.json")
    numpy.savez(home / "w.npz", W1=[[1.0, 0.5], [0.25, 1.0]], b1=[0.0, 0.0], W2=[[1.0, -1.0]], b2=[0.0])
    return home


def ended(folder: Path, name: str, *more: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "exactsurf", name, *COMMANDS[name], *more]
    return subprocess.run(command, cwd=folder, capture_output=True, timeout=120, env={**os.environ, **environment})


def test_no_subcommand_is_missing() -> None:
    assert {*COMMANDS} >= {*NAMES}


@pytest.mark.parametrize(("name", "encoding"), zip(NAMES, cycle(["cp1252", "ascii"])))
def test_an_encoding_without_mathematics(folder: Path, name: str, encoding: str) -> None:
    plain = ended(folder, name, PYTHONIOENCODING=encoding)
    assert b"Traceback" not in plain.stderr
    assert plain.returncode == 0
    text = plain.stdout.decode(encoding)
    assert text.strip() and not re.search(r"\\u[0-9a-f]{4}", text) and "\ufffd" not in text


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_signs_are_spelled_and_not_lost(folder: Path, encoding: str) -> None:
    usual, plain = (ended(folder, "theorems", PYTHONIOENCODING=name).stdout.decode(name) for name in ("utf-8", encoding))
    assert usual.count("?") == plain.count("?")
    assert len(re.findall("[0-9]", usual)) <= len(re.findall("[0-9]", plain))


@pytest.mark.parametrize("name", ["counterexample", "show", "theorems"])
def test_a_locale_without_letters(folder: Path, name: str) -> None:
    without = {key: value for key, value in os.environ.items() if not key.startswith(("LC_", "LANG", "PYTHONIO", "PYTHONUTF8"))}
    command = [sys.executable, "-X", "utf8=0", "-m", "exactsurf", name, *COMMANDS[name]]
    found = subprocess.run(
        command, cwd=folder, capture_output=True, timeout=120, env={**without, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    )
    assert b"Traceback" not in found.stderr and found.returncode in (0, 1, 3)


def test_a_page_says_the_same_in_every_encoding(folder: Path) -> None:
    pages = [ended(folder, "show", "--html", PYTHONIOENCODING=name).stdout.decode(name) for name in ("utf-8", "cp1252")]
    assert pages[1].isascii() and html.unescape(pages[1]) == html.unescape(pages[0])


def test_json_is_the_same_in_every_encoding(folder: Path) -> None:
    documents = [ended(folder, "counterexample", "--json", PYTHONIOENCODING=encoding) for encoding in ("utf-8", "ascii")]
    one, other = (json.loads(document.stdout) for document in documents)
    assert one["data"] == other["data"] and "größe" in one["data"]["targets"]


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["decide", "--help"], *([n, *COMMANDS[n]] for n in NAMES)], ids=" ".join
)
def test_a_reader_that_leaves_ends_it_quietly(folder: Path, arguments: list[str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "exactsurf", *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    message = process.stderr.read()
    process.stderr.close()
    assert process.wait(120) == 141
    assert message == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], *([n, *COMMANDS[n]] for n in NAMES)], ids=" ".join)
def test_a_full_disk_is_no_answer(folder: Path, arguments: list[str]) -> None:
    with open("/dev/full", "w") as full:
        found = subprocess.run(
            [sys.executable, "-m", "exactsurf", *arguments], cwd=folder, stdout=full, stderr=subprocess.PIPE, timeout=120
        )
    assert found.returncode == 74
    assert found.stderr.endswith(b"error: cannot be written: No space left on device\n")


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="needs a folder that nobody can write to")
@pytest.mark.parametrize("name", ["counterexample", "decide"])
def test_a_folder_that_cannot_be_written(folder: Path, name: str) -> None:
    found = ended(folder, name, "-o", "/proc/exactsurf")
    assert found.returncode == 2
    assert b"cannot be written" in found.stderr and b"Traceback" not in found.stderr
