"""Output that cannot be written is no answer: neither exit status 1 (refuted) nor a traceback."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROBLEM = {
    "format": "exactsurf-problem/1",
    "widths": [1, 2, 1],
    "activation": "relu",
    "data": {"x": [["0"], ["1"], ["2"]], "y": [["0"], ["1"], ["0"]]},
}

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


@pytest.mark.parametrize("arguments", [["papers"], ["cells", "p.json", "--json"], ["cells", "p.json"]], ids=" ".join)
def test_full_disk(tmp_path: Path, arguments: list[str]):
    (tmp_path / "p.json").write_text(json.dumps(PROBLEM))
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "exactsurf", *arguments],
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
    assert ended.returncode == 74
    assert ended.stderr.startswith("error: cannot be written")
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("arguments", [["papers"], ["cells", "p.json", "--json"], ["cells", "p.json"]], ids=" ".join)
def test_closed_pipe(tmp_path: Path, arguments: list[str]):
    (tmp_path / "p.json").write_text(json.dumps(PROBLEM))
    process = subprocess.Popen(
        [sys.executable, "-m", "exactsurf", *arguments],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    message = process.stderr.read()
    process.stderr.close()
    assert process.wait(60) == 141  # as of a program that SIGPIPE ends
    assert message == b""


def test_no_stdout_at_all(tmp_path: Path):
    (tmp_path / "p.json").write_text(json.dumps(PROBLEM))
    command = f'"{sys.executable}" -m exactsurf cells p.json >&-'
    ended = subprocess.run(command, shell=True, cwd=tmp_path, stderr=subprocess.PIPE, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_too_much_memory(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def exhausted(*_: object, **__: object) -> None:
        raise MemoryError

    (tmp_path / "p.json").write_text(json.dumps(PROBLEM))
    monkeypatch.setattr("exactsurf.cli.point_file.read_problem", exhausted)
    result = run("decide", tmp_path / "p.json")
    assert result.status == 2
    assert "memory" in result.err
