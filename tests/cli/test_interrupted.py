"""Ctrl-C at any moment: a sentence that is true, exit status 130, no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_output_fails import PROBLEM

INTERRUPTED_IMPORT = """
import sys
class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {name!r}:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Interrupt())
from exactsurf.cli.main import main
sys.argv = ["exactsurf", "verify", "a.json"]
main()
"""


@pytest.mark.parametrize("name", ["typer", "exactsurf.cli.app", "exactsurf.cli.verify", "exactsurf.certificate.check"])
def test_while_modules_are_imported(name: str):
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_IMPORT.format(name=name)], capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "interrupted; nothing was written\n")


@pytest.mark.parametrize(
    ("arguments", "absent"), [(["--version"], "exactsurf.cli.terminal"), (["verify", "a"], "exactsurf.papers")]
)
def test_only_what_a_command_needs_is_imported(arguments: list[str], absent: str):
    code = "import sys; from exactsurf.cli.app import app\ntry: app(sys.argv[1:])\nfinally: print(*sys.modules, sep='\\n')"
    ended = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60)
    names = ended.stdout.splitlines()
    assert "typer" in names
    assert absent not in names and "exactsurf.surface.surface" not in names


def _landscape_interrupted_at(step: str, run, monkeypatch: pytest.MonkeyPatch):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"exactsurf.cli.landscape_certificates.{step}", interrupt)
    Path("p.json").write_text(json.dumps(PROBLEM))
    return run("landscape", "p.json", "--certificates", "proofs")


def test_files_written_before_are_named(run, monkeypatch: pytest.MonkeyPatch):
    ended = _landscape_interrupted_at("certify_all_valleys", run, monkeypatch)
    written = sorted(map(str, Path("proofs").iterdir()))
    assert ended.status == 130
    assert "proofs/global_minimum.json" in written
    assert ended.err == f"interrupted; what was written before is whole: {', '.join(written)}\n"
    assert run("verify", *written).status == 0


def test_nothing_written_before(run, monkeypatch: pytest.MonkeyPatch):
    ended = _landscape_interrupted_at("certify_global_minimum", run, monkeypatch)
    assert (ended.status, ended.err) == (130, "interrupted; nothing was written\n")
    assert not Path("proofs").exists()


def test_interrupted_while_a_file_is_put_into_place(run, monkeypatch: pytest.MonkeyPatch):
    replace = os.replace

    def late(*names: object) -> None:
        replace(*names)
        raise KeyboardInterrupt

    Path("p.json").write_text(json.dumps(PROBLEM))
    monkeypatch.setattr("os.replace", late)
    ended = run("cells", "p.json", "--certificate", "cells.json")
    assert ended.status == 130
    assert ended.err == "interrupted; what was written before is whole: cells.json\n"
    assert Path("cells.json").exists()


@pytest.mark.parametrize(("more", "kept"), [([], "nothing was written"), (["--resume", "run.checkpoint"], "run.checkpoint")])
def test_with_json_there_is_a_document(more: list[str], kept: str, run, monkeypatch: pytest.MonkeyPatch):
    def interrupt(*_: object, **__: object) -> None:
        if more:
            Path(kept).touch()
        raise KeyboardInterrupt

    monkeypatch.setattr("exactsurf.cli.landscape.whole_landscape", interrupt)
    Path("p.json").write_text(json.dumps(PROBLEM))
    ended = run("landscape", "p.json", "--json", *more)
    error = ended.json["error"]
    assert ended.status == ended.json["exit_status"] == 130
    assert error["class"] == "KeyboardInterrupt" and kept in error["message"] and kept in ended.err


@pytest.mark.parametrize("more", [[], ["--below", "5"]])
def test_a_checkpoint_that_was_not_begun_is_not_promised(more: list[str], run, monkeypatch: pytest.MonkeyPatch):
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("exactsurf.cli.landscape.whole_landscape", interrupt)
    monkeypatch.setattr("exactsurf.surface.sublevel.workload", interrupt)
    Path("p.json").write_text(json.dumps(PROBLEM))
    ended = run("landscape", "p.json", "--resume", "run.checkpoint", "--json", *more)
    assert ended.status == ended.json["exit_status"] == 130 and not Path("run.checkpoint").exists()
    assert "nothing was written" in ended.json["error"]["message"] and "nothing was written" in ended.err


def test_a_search_below_a_level_says_what_it_keeps(run, monkeypatch: pytest.MonkeyPatch):
    from exactsurf.surface.sublevel_search import SublevelSearch

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    Path("p.json").write_text(json.dumps(PROBLEM))
    with monkeypatch.context() as patch:
        patch.setattr(SublevelSearch, "looked_at", interrupt)
        ended = run("landscape", "p.json", "--below", "5", "--resume", "run.checkpoint", "--json")
    assert ended.status == ended.json["exit_status"] == 130 and Path("run.checkpoint").exists()
    assert "what was done is in run.checkpoint" in ended.json["error"]["message"]
    assert run("landscape", "p.json", "--below", "5", "--resume", "run.checkpoint").status == 0
