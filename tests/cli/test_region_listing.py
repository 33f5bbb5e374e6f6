"""exactsurf cells for deeper networks: regions, completeness and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def deep(tmp_path: Path) -> Path:
    document = {"format": "exactsurf-problem/1", "widths": [1, 1, 2, 1], "data": {"x": [[0], [1], [2]], "y": [0, 1, 0]}}
    (tmp_path / "deep.json").write_text(json.dumps({**document, "activation": "relu"}))
    return tmp_path / "deep.json"


def test_all_regions(run, deep: Path):
    result = run("cells", deep, "--json")
    document = result.json
    assert result.status == 0 and document["complete"] is True and document["cells"] == "144"
    assert len({json.dumps(pattern) for pattern in document["patterns"]}) == 144
    # One unit over a line is monotone, so no unit above it is on for the middle point alone.
    assert not any(unit in ("010", "101") for pattern in document["patterns"] for layer in pattern for unit in layer)
    assert {family["settled_by"] for family in document["impossible"]} == {"farkas"}
    assert document["undecided"] == []
    assert run("cells", deep, "--count", "--json").json == {
        "cells": "144",
        "complete": True,
        "why": "every pattern has a witness or is proved impossible",
        "modulo_permutation": False,
    }


def test_text(run, deep: Path):
    lines = run("cells", deep, "--modulo-permutation").out.splitlines()
    assert lines[0] == "86 pattern regions modulo permutation of units"
    assert lines[1] == "complete: true (every pattern has a witness or is proved impossible)"
    assert len(lines) == 3 + 86 and "111; 001  011" in lines
    # A line of the listing can be asked about.
    assert run("cells", deep, "--pattern", "111; 001  011").status == 0


def test_more_than_the_limit_and_unknown(run, deep: Path):
    short = run("cells", deep, "--limit", "50", "--json")
    assert short.status == 0 and short.json["complete"] is False and short.json["cells"] == "50"
    assert run("cells", deep, "--limit", "50", "--count").out.startswith("144 pattern regions")
    unknown = run("cells", deep, "--decide", "none", "--json")
    assert unknown.status == 3 and unknown.json["complete"] == "unknown" and "not decided" in unknown.json["why"]
    assert run("cells", deep, "--decide", "guess").status == 2


def test_an_interrupted_search_keeps_what_it_has(run, deep: Path, monkeypatch: pytest.MonkeyPatch):
    from exactsurf.cells.patterns import region_search

    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(region_search, "decide_pattern", interrupted)
    result = run("cells", deep, "--json")
    assert result.status == 130
    assert result.json["interrupted"] is True and result.json["complete"] == "unknown"
    assert int(result.json["cells"]) == len(result.json["patterns"]) > 0
