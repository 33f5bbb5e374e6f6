"""exactsurf cells: counts and patterns."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import islice
from pathlib import Path

import pytest

XOR = {
    "format": "exactsurf-problem/1",
    "widths": [2, 2, 1],
    "activation": "relu",
    "data": {"x": [[0, 0], [0, 1], [1, 0], [1, 1]], "y": [0, 1, 1, 0]},
}


@pytest.fixture
def xor(tmp_path: Path) -> Path:
    (tmp_path / "xor.json").write_text(json.dumps(XOR))
    return tmp_path / "xor.json"


def test_count(run, xor: Path):
    assert run("cells", xor, "--count", "--json").json == {
        "cells": "196",
        "cells_modulo_permutation": "105",
        "cells_per_unit": "14",
    }
    assert run("cells", xor, "--count").out.startswith("196 cells (105 modulo permutation of units)")


def test_listing(run, xor: Path):
    document = run("cells", xor, "--json").json
    assert document["complete"] is True
    assert len({tuple(pattern) for pattern in document["patterns"]}) == 196
    # XOR itself, 0110, is the pattern that no unit has.
    assert not any("0110" in pattern or "1001" in pattern for pattern in document["patterns"])
    short = run("cells", xor, "--limit", "5", "--modulo-permutation")
    assert "only the first 5" in short.out


def test_only_one_hidden_layer_is_certified(run, tmp_path: Path):
    (tmp_path / "deep.json").write_text(json.dumps({**XOR, "widths": [2, 2, 2, 1]}))
    result = run("cells", tmp_path / "deep.json", "--certificate", "deep.cert.json")
    assert result.status == 2
    assert "one hidden layer" in result.err
    assert not Path("deep.cert.json").exists()


def test_a_certificate_of_all_cells(run, xor: Path, tmp_path: Path):
    result = run("cells", xor, "--certificate", "all.json")
    assert result.status == 0 and result.out.splitlines()[-1] == "certificate  all.json"
    assert run("verify", "all.json").status == 0
    sentence = "On 4 samples each hidden unit of the 2-2-1 network has exactly 14 activation cells, and the network exactly 14^2."
    assert run("verify", "all.json").out == f"accepted  all.json: {sentence}\n"
    assert run("verify", "all.json", "--json").json["certificates"][0]["risk"] is None
    assert run("cells", xor, "--certificate", "b.json", "--json").json["certificate"] == "b.json"
    assert (tmp_path / "all.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_a_certificate_of_all_cells_is_shown_as_a_statement(run, xor: Path, tmp_path: Path):
    run("cells", xor, "--certificate", "all.json")
    assert "14 activation cells" in run("show", "all.json").out
    assert run("show", "all.json", "--json").json["claim"] == "all cells"
    assert run("show", "all.json", "--latex", "-o", "all.tex").status == 0
    assert r"exactly $14$ activation cells" in (tmp_path / "all.tex").read_text()
    text = (tmp_path / "all.json").read_text()
    (tmp_path / "all.json").write_text(text.replace('"14"', '"13"'))
    assert run("show", "all.json").status == 1


def test_too_many_cells_for_a_certificate(run, xor: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("exactsurf.cli.cells.MAX_CELLS", 13)
    result = run("cells", xor, "--certificate", "all.json")
    assert result.status == 2 and "14 cells, more than the limit of 13" in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["xor.json"]


def test_cells_too_many_to_list_are_counted_and_the_first_come_at_once(run, tmp_path: Path):
    x = [[i**k % 97 for k in range(1, 5)] for i in range(1, 25)]
    document = {**XOR, "widths": [4, 40, 1], "data": {"x": x, "y": [0] * 24}}
    (tmp_path / "large.json").write_text(json.dumps(document))
    result = run("cells", tmp_path / "large.json", "--limit", "2")
    count, single = (int(line.split()[0]) for line in result.out.splitlines()[:2])
    assert single > 10_000 and count == single**40
    assert result.out.splitlines()[-1].startswith("… only the first 2 are listed; raise --limit, or use --count")


def test_an_interrupted_listing_keeps_what_it_has(run, xor: Path, monkeypatch: pytest.MonkeyPatch):
    from exactsurf.cells.unit_cells import enumerate_patterns

    def interrupted(*arguments, **options):
        yield from islice(enumerate_patterns(*arguments, **options), 3)
        raise KeyboardInterrupt

    whole = run("cells", xor, "--json").json["patterns"]
    monkeypatch.setattr("exactsurf.cli.cells.enumerate_patterns", interrupted)
    result = run("cells", xor, "--json")
    assert result.status == 130 and "interrupted after 3 patterns" in result.err
    assert result.json["patterns"] == whole[:3]
    assert (result.json["complete"], result.json["interrupted"]) == (False, True)
    assert run("cells", xor).out.splitlines()[2:] == ["  ".join(pattern) for pattern in whole[:3]]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_signal_leaves_a_whole_document(tmp_path: Path):
    (tmp_path / "wide.json").write_text(json.dumps({**XOR, "widths": [2, 6, 1]}))
    command = [sys.executable, "-m", "exactsurf", "cells", str(tmp_path / "wide.json"), "--json", "--limit", "9999999"]

    # A shell that runs the tests in the background has them ignore the signal, and children would, too.
    def listen() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=listen) as process:
        assert process.stdout is not None and process.stderr is not None
        begin = b"".join(process.stdout.readline() for _ in range(50))
        process.send_signal(signal.SIGINT)
        rest, messages = process.stdout.read(), process.stderr.read()
    document = json.loads(begin + rest)
    assert process.returncode == 130 and b"interrupted after" in messages
    assert document["interrupted"] is True and document["complete"] is False
    assert len({tuple(pattern) for pattern in document["patterns"]}) == len(document["patterns"]) >= 45


def test_a_pattern_with_a_cell(run, xor: Path):
    document = run("cells", xor, "--pattern", "0111 1000", "--json").json
    assert document["empty"] is False and document["pattern"] == ["0111", "1000"]
    weights = document["parameters"]
    for row, bias, pattern in zip(weights["W1"], weights["b1"], document["pattern"], strict=True):
        values = [Fraction(row[0]) * a + Fraction(row[1]) * b + Fraction(bias) for a, b in XOR["data"]["x"]]
        assert all(values) and "".join("1" if value > 0 else "0" for value in values) == pattern
    assert run("cells", xor, "--pattern", "0111 1000").status == 0


def test_an_empty_pattern_comes_with_farkas_multipliers(run, xor: Path):
    result = run("cells", xor, "--pattern", "0111 0110", "--json")
    assert result.status == 2 and "no parameters have this pattern" in result.err
    assert result.json["empty"] is True and result.json["unit"] == 1
    total = [Fraction(0)] * 3
    for entry in result.json["farkas"]:
        active = "0110"[entry["sample"]] == "1"
        assert entry["side"] == ("above" if active else "below") and Fraction(entry["multiplier"]) > 0
        factor = Fraction(entry["multiplier"]) * (1 if active else -1)
        total = [a + factor * b for a, b in zip(total, (*XOR["data"]["x"][entry["sample"]], 1), strict=True)]
    assert result.json["farkas"] and total == [0, 0, 0]
    assert "unit 1 cannot have 0110" in run("cells", xor, "--pattern", "0111 0110").out


@pytest.mark.parametrize("text", ["0110", "011 100", "0120 1100", "01a0 1100", ""])
def test_what_is_no_pattern(run, xor: Path, text: str):
    result = run("cells", xor, "--pattern", text, "--json")
    assert result.status == 2 and result.json["exit_status"] == 2


def test_options_that_contradict_each_other(run, xor: Path, tmp_path: Path):
    for options in (["--pattern", "0111 1000", "--count"], ["--graph", "g.json", "--certificate", "c.json"]):
        assert run("cells", xor, *options).status == 2
    assert [path.name for path in tmp_path.iterdir()] == ["xor.json"]


def test_patterns_of_deeper_networks(run, tmp_path: Path):
    (tmp_path / "deep.json").write_text(json.dumps({**XOR, "widths": [2, 2, 1, 1]}))
    assert run("cells", tmp_path / "deep.json", "--pattern", "0111 0001; 0110", "--json").json["empty"] is False
    empty = run("cells", tmp_path / "deep.json", "--pattern", "0110 0001; 0110", "--json")
    assert empty.status == 2 and empty.json["settled_by"] == "farkas"


def test_counting_tells_how_far_it_is(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    told: list[str] = []

    @contextmanager
    def stages(first: str, quiet: bool) -> Iterator[Callable[[str], None]]:
        yield told.append

    monkeypatch.setattr("exactsurf.cli.cells.stages", stages)
    moments = [[k, k**2, k**3] for k in range(1, 11)]
    (tmp_path / "p.json").write_text(json.dumps({**XOR, "widths": [3, 1, 1], "data": {"x": moments, "y": [0] * 10}}))
    assert run("cells", tmp_path / "p.json", "--count").status == 0
    assert told[0] == "counting: 1 of 10 walls, about 0 % of the work"
    assert told[4] == "counting: 5 of 10 walls, about 12 % of the work"
    assert told[-1] == "counting: 10 of 10 walls, about 100 % of the work"
