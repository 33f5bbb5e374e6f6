"""The commands of the README and the guides run as they stand there, in a folder in which the Python of the page has run."""

from __future__ import annotations

import contextlib
import glob
import io
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from exactsurf.cli.app import app

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs/guide").glob("*.md"))]
PROBLEM = re.findall(r"```json\n(.*?)```", PAGES[0].read_text(encoding="utf-8"), re.DOTALL)[0]
CURVED = {
    "format": "exactsurf-problem/1",
    "widths": [1, 1, 1],
    "activation": "tanh",
    "loss": "squared",
    "biases": [False, False],
    "data": {"x": [[-2], [-1], [1], [3]], "y": [[-1], [-1], [1], [2]]},
    "parameters": {"W1": [["0.8"]], "W2": [["1.6"]]},
}
# Names of what a reader has; a model file is read in tests/cli/test_import_model.py, completion changes the shell,
# benchmarks take minutes.
NOT_HERE = re.compile(
    r"…|benchmarks/|pytest|\b(?!DIR)[A-Z]{2,}\b|model\.onnx|auto\.json|weights\.npz|--install-completion|doctor|tcp:"
)


def _table(*names: str) -> str:
    rows = [[20 + i * 7 % 11, 4 + i % 3, 90 + 13 * i % 50] for i in range(9)]
    named = [[f"item{i}"] * (len(names) - 3) + [f"{row[0]}.{i}", *map(str, row[1:])] for i, row in enumerate(rows)]
    return "\n".join(map(",".join, [list(names), *named])) + "\n"


def _commands(page: Path) -> list[str]:
    found = re.findall(r"(?:^\$ |^|`)((?:exactsurf|python) [^`\n]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    commands = [re.split(r"\s+#|\s+&&|\s+>", line)[0] for line in found]
    return [command for command in commands if not NOT_HERE.search(command)]


def _run(command: str) -> tuple[int, str]:
    first, *words = shlex.split(command)
    arguments = [name for word in words for name in (sorted(glob.glob(word)) if "*" in word else [word])]
    if first == "python":
        done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout + done.stderr
    told = io.StringIO()
    with contextlib.redirect_stdout(told), contextlib.redirect_stderr(told), pytest.raises(SystemExit) as ended:
        app(arguments, prog_name="exactsurf")
    return int(ended.value.code or 0), told.getvalue()


def test_there_are_commands_to_run():
    assert sum(len(_commands(page)) for page in PAGES) > 20


@pytest.mark.parametrize("page", [page for page in PAGES if _commands(page)], ids=lambda page: page.stem)
def test_the_commands_of_a_page_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("matplotlib").use("Agg")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    for name in ("problem.json", "trained.json"):
        (tmp_path / name).write_text(PROBLEM, encoding="utf-8")
    (tmp_path / "tanh.json").write_text(json.dumps(CURVED), encoding="utf-8")
    (tmp_path / "auto.csv").write_text(_table("name", "mpg", "cylinders", "power"), encoding="utf-8")
    (tmp_path / "data.csv").write_text("x,y\n0,0\n1,1\n2,0\n3,2\n", encoding="utf-8")
    (tmp_path / "class.csv").write_text(_table("height", "age", "weight"), encoding="utf-8")
    namespace: dict[str, object] = {"__name__": "page"}
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(block, page.name, "exec"), namespace)
    for command in _commands(page):
        status, told = _run(command)
        assert status == 0, f"{command}: {told}"
