"""exactsurf cells --up-to-symmetry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def xor(tmp_path: Path) -> Path:
    data = {"x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [0, 1, 1, 0]}
    (tmp_path / "xor.json").write_text(
        json.dumps({"format": "exactsurf-problem/1", "widths": [2, 2, 1], "activation": "relu", "data": data}), encoding="utf-8"
    )
    return tmp_path / "xor.json"


def test_classes_are_listed_and_counted(run, xor: Path) -> None:
    lines = run("cells", xor, "--up-to-symmetry").out.splitlines()
    assert lines == [
        "3 classes of the 14 cells of a unit, under 8 symmetries of the inputs and turning the unit round",
        "8  1000",
        "4  1010",
        "2  1111",
    ]
    assert run("cells", xor, "--up-to-symmetry", "--count").out.splitlines() == lines[:1]
    short = run("cells", xor, "--up-to-symmetry", "--limit", "1").out.splitlines()
    assert short == [*lines[:2], "… only the first 1 are listed; raise --limit, or use --count"]


def test_as_json(run, xor: Path) -> None:
    numbers = {"cells_per_unit": "14", "symmetries": "8", "is_turned": True, "classes": "3"}
    assert run("cells", xor, "--up-to-symmetry", "--count", "--json").json == numbers
    patterns = [{"cells": "8", "pattern": "1000"}, {"cells": "4", "pattern": "1010"}]
    found = run("cells", xor, "--up-to-symmetry", "--json", "--limit", "2").json
    assert found == {**numbers, "patterns": patterns, "complete": False}


def test_options_that_exclude_each_other(run, xor: Path, tmp_path: Path) -> None:
    found = run("cells", xor, "--up-to-symmetry", "--certificate", tmp_path / "cells.json")
    assert found.status == 2
    assert "leave out --certificate, --graph and --modulo-permutation" in found.err
