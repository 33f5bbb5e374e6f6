"""The guides are true: their Python runs, their commands exist, their links lead somewhere, and every public name has a place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import exactsurf as es

ROOT = Path(__file__).parents[2]
GUIDES = sorted((ROOT / "docs/guide").glob("*.md"))
REFERENCE = sorted((ROOT / "docs/reference").glob("*.md"))
each = pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.stem)


@each
def test_the_python_of_a_guide_runs(guide: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    blocks = re.findall(r"```python\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    source = "\n".join(blocks)
    if "plot" in source:
        pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "guide"}
    for block in blocks:
        exec(compile(block, guide.name, "exec"), namespace)
    written = set(re.findall(r"(?:save|savefig|Path)\(\"([\w.]+\.\w+)\"", source))
    assert {path.name for path in tmp_path.iterdir()} >= written


@each
def test_the_commands_of_a_guide_exist(guide: Path):
    import typer.main

    from exactsurf.cli.app import app

    commands = typer.main.get_command(app).commands
    text = guide.read_text(encoding="utf-8")
    for line in re.findall(r"(?:^|`)exactsurf ([^`\n#]*)", text, re.MULTILINE):
        name, *words = line.split() or [""]
        assert name in commands, line
        options = {option for parameter in commands[name].params for option in (*parameter.opts, *parameter.secondary_opts)}
        assert {word.split("=")[0] for word in words if word.startswith("-")} <= options, line


@pytest.mark.parametrize("page", [*GUIDES, *REFERENCE], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_links_lead_to_files(page: Path):
    made = {ROOT / "docs/reference/commands.md"}
    targets = [target for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")) if "://" not in target]
    paths = [(page.parent / target).resolve() for target in targets]
    assert [path for path in paths if not path.exists() and path not in made] == []


def test_the_reference_has_every_public_name():
    text = "\n".join(path.read_text(encoding="utf-8") for path in REFERENCE)
    documented = {path.rpartition(".")[2] for path in re.findall(r"^::: ([\w.]+)", text, re.MULTILINE)}
    named = set(re.findall(r"\bes\.(\w+)", text))
    spaces = [es.losses, es.activations, es.plots]
    listed = set(re.findall(r"`(\w+)`", text))
    assert set(es.__all__) - documented - named == set()
    assert {name for space in spaces for name in space.__all__} - documented - listed == set()


def test_the_reference_names_what_exists():
    from importlib import import_module

    text = "\n".join(path.read_text(encoding="utf-8") for path in REFERENCE)
    for path in re.findall(r"^::: ([\w.]+)", text, re.MULTILINE):
        module, _, name = path.rpartition(".")
        assert getattr(import_module(module), name).__doc__, path
