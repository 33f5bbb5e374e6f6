"""``exactsurf verify --formal`` and ``exactsurf show --coq``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.verifier.verdicts import GOLDEN

GOOD, BAD = GOLDEN / "accept" / "example_a.json", GOLDEN / "reject" / "wrong_risk.json"
OTHER, ABSENT = GOLDEN / "accept" / "second_order_wall.json", GOLDEN / "absent.json"

CSV = GOLDEN / "accept" / "example_a_csv.json"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "exactsurf", *map(str, arguments)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("files", "status"),
    [([GOOD], 0), ([GOOD, OTHER], 3), ([OTHER, BAD], 1), ([BAD, ABSENT], 2)],
    ids=["accepted", "unknown", "rejected", "unreadable"],
)
def test_exit_status(files: list[Path], status: int) -> None:
    assert run("verify", "--formal", *files).returncode == status


def test_lines_and_json() -> None:
    assert run("verify", "--formal", GOOD).stdout == f"{GOOD}: accepted by the proved checker\n"
    assert run("verify", "--formal", OTHER).stdout == f"{OTHER}: the proved checker does not know this rule\n"
    report = json.loads(run("verify", "--formal", "--json", GOOD, BAD).stdout)
    assert [c["verdict"] for c in report["certificates"]] == ["accepted by the proved checker", "rejected by the proved checker"]
    assert report["accepted"] is False


def test_show_coq(tmp_path: Path) -> None:
    target = tmp_path / "example.v"
    assert run("show", "--coq", GOOD, "-o", target).returncode == 0
    text = target.read_text(encoding="utf-8")
    assert "Theorem the_claim" in text and "Module Network." in text
    assert run("show", "--coq", OTHER).returncode == 2


def test_data_in_a_file(tmp_path: Path) -> None:
    """It is looked for beside the certificate, or where --data says; in the Coq file its numbers stand inline."""
    assert run("verify", "--formal", CSV).stdout == f"{CSV}: accepted by the proved checker\n"
    moved = tmp_path / "moved.json"
    moved.write_bytes(CSV.read_bytes())
    alone = run("verify", "--formal", moved)
    assert alone.returncode == 2 and "example_a.csv" in alone.stderr and "--data" in alone.stderr
    assert run("verify", "--formal", moved, "--data", CSV.parent).returncode == 0
    text = run("show", "--coq", CSV).stdout
    assert "Evaluate.Sample [(3 # 1)] [(2 # 1)] (1 # 1)" in text and "example_a.csv" not in text
