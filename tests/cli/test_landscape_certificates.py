"""exactsurf landscape --certificate, --certificates, --global-only."""

from __future__ import annotations

import json
from pathlib import Path

import pytest


@pytest.fixture
def tent(tmp_path: Path) -> Path:
    path = tmp_path / "tent.json"
    data = {"x": [["0"], ["1"], ["2"], ["3"]], "y": [["0"], ["1"], ["0"], ["2"]]}
    path.write_text(json.dumps({"format": "exactsurf-problem/1", "widths": [1, 1, 1], "activation": "relu", "data": data}))
    return path


def test_certificates_of_everything(run, tent: Path, tmp_path: Path):
    document = run("landscape", tent, "--certificates", tmp_path / "proofs", "--json").json
    claims = [(entry["claim"], Path(entry["file"]).name) for entry in document["certificates"]]
    assert claims[0] == ("global minimum", "global_minimum.json")
    assert claims[1:-1] == [("spurious valley", f"valley_{k}.json") for k in (1, 2, 3)]
    assert claims[-1] == ("all valleys", "all_valleys.json")
    result = run("verify", *sorted((tmp_path / "proofs").glob("*.json")), "--json").json
    assert result["accepted"] and len(result["certificates"]) == 5
    for entry in document["certificates"][1:-1]:
        claim = json.loads(Path(entry["file"]).read_text())["claim"]
        valley = document["valleys"][entry["valley"]]
        assert (claim["risk"], claim["barrier"]) == (valley["risk"], valley["barrier"])


def test_the_global_minimum_alone(run, tent: Path, tmp_path: Path):
    goal = tmp_path / "minimum.json.gz"
    document = run("landscape", tent, "--global-only", "--certificate", goal, "--json").json
    assert document["global_minimum"]["risk"] == "1/3" and document["global_minimum"]["attained"]
    assert goal.read_bytes().startswith(b"\x1f\x8b")
    assert run("verify", goal).out.startswith("accepted")
    assert "global minimum of the squared risk" in run("show", goal).out
    assert "proved by" in run("landscape", tent, "--global-only").out
    assert "1 certificate written" in run("landscape", tent, "--certificate", goal).out


def test_options_that_do_not_fit(run, tent: Path, tmp_path: Path):
    assert run("landscape", tent, "--global-only", "--certificates", tmp_path).status == 2
