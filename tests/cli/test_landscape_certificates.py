"""exactsurf landscape --certificate, --certificates, --global-only."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import count
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf import effort
from exactsurf.effort import OutOfTime


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
    assert claims[1:-2] == [("spurious valley", f"valley_{k}.json") for k in (1, 2, 3)]
    # The constant is a local minimum that is no valley: it has a way down.
    assert claims[-2] == ("path", "way_down_4.json") and document["certificates"][-2]["local_minimum"] == 4
    down = json.loads(Path(document["certificates"][-2]["file"]).read_text())
    assert down["claim"]["level"] == document["local_minima"][4]["risk"]
    assert down["evidence"]["path"][0] == document["local_minima"][4]["parameters"]
    assert claims[-1] == ("all valleys", "all_valleys.json")
    result = run("verify", *sorted((tmp_path / "proofs").glob("*.json")), "--json").json
    assert result["accepted"] and len(result["certificates"]) == 6
    for entry in document["certificates"][1:-2]:
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


def test_symmetries_of_the_samples_are_used_and_reported(run, tmp_path: Path):
    goal, path = tmp_path / "minimum.json", tmp_path / "parity.json"
    rows = [[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    document = {"format": "exactsurf-problem/1", "widths": [3, 2, 1], "activation": "relu"}
    path.write_text(json.dumps({**document, "data": {"x": rows, "y": [sum(row) % 2 for row in rows]}}))
    ended = run("landscape", path, "--global-only", "--certificate", goal)
    assert "searched up to 48 symmetries of the samples" in ended.out and run("verify", goal).status == 0
    assert run("landscape", path, "--global-only", "--json").json["search_symmetries"] == 48


def test_options_that_do_not_fit(run, tent: Path, tmp_path: Path):
    assert run("landscape", tent, "--global-only", "--certificates", tmp_path).status == 2


@pytest.mark.parametrize("option", ["--plot", "--resume"])
def test_global_only_ignores_no_option_silently(run, tent: Path, tmp_path: Path, option: str):
    ended = run("landscape", tent, "--global-only", option, tmp_path / "x.svg")
    assert ended.status == 2 and option in ended.err
    assert not (tmp_path / "x.svg").exists()


def _moments(path: Path, inputs: int, samples: int, units: int) -> Path:
    x = [[(k + 1) ** (j + 1) % 10_007 for j in range(inputs)] for k in range(samples)]
    document = {"format": "exactsurf-problem/1", "widths": [inputs, units, 1], "activation": "relu"}
    path.write_text(json.dumps({**document, "data": {"x": x, "y": list(range(samples))}}))
    return path


def test_formal_writes_what_the_proved_checker_knows(run, tent: Path, tmp_path: Path):
    goal = tmp_path / "minimum.json"
    assert run("landscape", tent, "--global-only", "--formal", "--certificate", goal).status == 0
    assert run("verify", "--formal", goal).status == run("verify", goal).status == 0
    assert run("show", "--coq", goal, "-o", tmp_path / "minimum.v").status == 0
    assert run("landscape", tent, "--formal").status == 2


def test_global_only_refuses_units_with_far_too_many_generators(run, tmp_path: Path):
    large = _moments(tmp_path / "large.json", 7, 60, 2)
    ended = run("landscape", large, "--global-only")
    assert ended.status == 2 and "more than 100000 vertices and extreme rays" in ended.err and "decide" in ended.err


def test_global_only_with_an_effort_stops_also_while_generators_are_listed(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    looks = count()
    monkeypatch.setattr(effort, "monotonic_ns", lambda: next(looks) * 4 * 10**9)
    ended = run("landscape", _moments(tmp_path / "p.json", 2, 6, 2), "--global-only", "--effort", "3", "--json")
    assert ended.status == 3 and ended.json["global_minimum"] is None
    assert "out of time after 3 s" in ended.err and "--effort" in ended.err


def test_global_only_does_not_count_signed_cells(run, tmp_path: Path):
    # 10^11 orbits of signed cells, and one line of the plane that fits all samples.
    ended = run("landscape", _moments(tmp_path / "p.json", 1, 40, 6), "--global-only", "--json")
    assert ended.status == 0 and ended.json["global_minimum"]["risk"] == "0"


@pytest.mark.parametrize("stop", [OutOfTime(1, "stopped"), KeyboardInterrupt()])
def test_a_search_that_is_stopped_leaves_an_enclosure(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: BaseException):
    x, y = [[-3, 1], [2, 2], [4, -1], [0, -3], [1, 3], [-2, -2]], [3, -1, 4, -2, 5, 0]
    whole = es.certify_global_minimum(es.Problem(es.Network([2, 1, 1]), es.Data.from_arrays(x, y))).risk
    document = {"format": "exactsurf-problem/1", "widths": [2, 1, 1], "activation": "relu", "data": {"x": x, "y": y}}
    problem, goal = tmp_path / "p.json", tmp_path / "bound.json"
    problem.write_text(json.dumps(document))
    nodes = iter(range(3))

    def stopped(self: es.GlobalSearch, place: int, expand=es.GlobalSearch._expand) -> None:
        if next(nodes, None) is None:
            raise stop
        expand(self, place)

    monkeypatch.setattr(es.GlobalSearch, "_expand", stopped)
    ended = run("landscape", problem, "--global-only", "--json", "--certificate", goal)
    assert ended.status == (3 if isinstance(stop, OutOfTime) else 130)
    known = ended.json["global_minimum"]
    assert Fraction(known["lower"]) < whole <= Fraction(known["upper"])
    accepted = es.verify(goal)
    assert accepted.kind == "lower bound" and f"at least {known['lower']} at" in accepted.sentence
    nodes = iter(range(3))
    assert f"at most {known['upper']}" in run("landscape", problem, "--global-only").out
