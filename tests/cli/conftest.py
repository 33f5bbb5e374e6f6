"""Run the program in this process, in a folder of its own."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from exactsurf.cli.app import app


@dataclass(frozen=True)
class Run:
    """What a run printed and its exit status."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Run]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: str) -> Run:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
            app(list(map(str, arguments)), prog_name="exactsurf")
        return Run(int(ended.value.code or 0), out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A small table that no affine model fits."""
    path = tmp_path / "small.csv"
    path.write_text("a,b,y\n1,2.5,3\n2,1e-1,4\n3,4,1\n5,2,2\n4,4,9\n")
    return path
