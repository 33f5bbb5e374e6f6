"""Processes are started without running the user's script again, whatever way they are started."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_a_script_without_a_main_guard_runs_once(tmp_path: Path, method: str) -> None:
    lines = [
        "import multiprocessing",
        f"multiprocessing.set_start_method({method!r})",
        "import exactsurf as es",
        "import exactsurf.surface.run.process_pool as pool",
        "def here(*_, **__): raise AssertionError('no process could be started')",
        "pool._Here.submit = here",
        "print('the script runs')",
        "data = es.Data.from_arrays([0, 1, 2, 3, 4, 5], [0, 1, 0, 2, 1, 3])",
        "problem = es.Problem(es.Network([1, 3, 1]), data)",
        "both = [es.landscape(problem, workers=n).global_minimum.risk for n in (1, 2)]",
        "print(both[0] == both[1])",
    ]
    script = tmp_path / "script.py"
    script.write_text("\n".join(lines) + "\n")
    ended = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "the script runs\nTrue\n", "")
