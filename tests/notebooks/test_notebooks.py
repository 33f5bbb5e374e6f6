"""Every notebook runs from top to bottom; its checkpoints assert the exact results; its .ipynb says the same."""

from __future__ import annotations

import json
import re
import runpy
from dataclasses import dataclass
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.py"))
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


@dataclass(frozen=True)
class Cell:
    is_markdown: bool
    is_solution: bool
    source: str


def cells(path: Path) -> list[Cell]:
    """The cells of a py:percent file."""
    parts = re.split(r"^# %%(.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert not parts[0].strip()
    found = []
    for head, body in zip(parts[1::2], parts[2::2], strict=True):
        is_markdown, source = "[markdown]" in head, body.strip("\n")
        if is_markdown:
            source = "\n".join(line.removeprefix("#").removeprefix(" ") for line in source.split("\n"))
        found.append(Cell(is_markdown, "solution" in head, source))
    return found


def test_there_are_notebooks_and_the_guide_lists_them():
    guide = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert NOTEBOOKS
    assert [path.name for path in NOTEBOOKS if path.name not in guide] == []
    assert set(re.findall(r"\d\d_\w+\.py", guide)) == {path.name for path in NOTEBOOKS}


@each
def test_notebook_runs(path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    source = path.read_text(encoding="utf-8")
    if "matplotlib" in source:
        plt = pytest.importorskip("matplotlib.pyplot")
        plt.switch_backend("Agg")
    assert "problem" in runpy.run_path(str(path))
    if "matplotlib" in source:
        # Constrained layouts fail only when they are drawn.
        for number in plt.get_fignums():
            plt.figure(number).canvas.draw()
        plt.close("all")


@each
def test_every_section_has_a_checkpoint_and_every_notebook_exercises(path: Path):
    sections: dict[str, list[Cell]] = {}
    for cell in cells(path):
        if cell.is_markdown:
            for line in cell.source.split("\n"):
                if line.startswith("#"):
                    sections.setdefault(line.lstrip("# "), [])
        if sections:
            sections[list(sections)[-1]].append(cell)
    *lessons, exercises = sections
    assert exercises == "Exercises"
    for title in lessons:
        code = [cell.source for cell in sections[title] if not cell.is_markdown]
        assert not code or title == lessons[0] or "assert " in "\n".join(code), title
    tasks = re.findall(r"^\d\. ", sections[exercises][0].source, re.MULTILINE)
    solutions = [cell for cell in sections[exercises] if not cell.is_markdown]
    assert len(solutions) == len(tasks) >= 2
    assert all(cell.is_solution and "assert " in cell.source for cell in solutions)


@each
def test_the_pair_is_in_step(path: Path):
    """`make notebooks` writes the .ipynb files anew."""
    notebook = json.loads(path.with_suffix(".ipynb").read_text(encoding="utf-8"))
    found = [
        Cell(cell["cell_type"] == "markdown", "solution" in cell["metadata"].get("tags", []), "".join(cell["source"]))
        for cell in notebook["cells"]
    ]
    assert found == cells(path)
    assert all(cell.get("outputs", []) == [] and cell.get("execution_count") is None for cell in notebook["cells"])
