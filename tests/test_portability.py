"""Nothing relies on the system that it was written on: names of files, forks, the locale's encoding, separators of paths."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = sorted(path for folder in ("exactsurf", "docs", "benchmarks") for path in (ROOT / folder).rglob("*.py"))
RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def file_names() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout")
    return [name for name in listed.stdout.decode("utf-8").split("\0") if name]


def test_file_names_are_allowed_on_every_system():
    for name in file_names():
        assert not re.search(r'[<>:"|?*\\\x00-\x1f]', name) and len(name) <= 150, name
        for part in name.split("/"):
            assert part.split(".")[0].lower() not in RESERVED and part[-1] not in " .", name


def test_no_two_file_names_differ_in_case_alone():
    whole = file_names()
    places = {"/".join(name.split("/")[:n]) for name in whole for n in range(1, name.count("/") + 2)}
    assert [name for name, count in Counter(place.casefold() for place in places).items() if count > 1] == []


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Each call with the last part of the name that is called."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            yield node.func.id if isinstance(node.func, ast.Name) else node.func.attr, node


def reads_text_by_locale(name: str, call: ast.Call) -> bool:
    named = {keyword.arg for keyword in call.keywords}
    if "encoding" in named:
        return False
    if name in ("read_text", "write_text"):
        return len(call.args) < (1 if name == "read_text" else 2)
    if name in ("open", "fdopen", "NamedTemporaryFile"):
        on_path = (
            isinstance(call.func, ast.Attribute)
            and name == "open"
            and not (isinstance(call.func.value, ast.Name) and call.func.value.id in {"os", "gzip", "io", "tarfile"})
        )
        if isinstance(call.func, ast.Attribute) and name == "open" and not on_path:
            return False  # os.open gives a descriptor, gzip.open and tarfile.open bytes
        modes = [
            word.value
            for word in (*call.args[:2], *(k.value for k in call.keywords if k.arg == "mode"))
            if isinstance(word, ast.Constant)
        ]
        return not any(isinstance(mode, str) and "b" in mode and len(mode) <= 3 for mode in modes)
    return name in ("run", "Popen", "check_output") and bool(named & {"text", "universal_newlines"})


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("open(p)", True),
        ("open(p, 'rb')", False),
        ("p.open()", True),
        ("p.open('wb')", False),
        ("p.read_text()", True),
        ("p.read_text('utf-8')", False),
        ("p.write_text(t, encoding='utf-8')", False),
        ("os.open(p, 0)", False),
        ("subprocess.run(c, text=True)", True),
    ],
)
def test_a_fault_is_seen(line: str, fault: bool):
    assert any(reads_text_by_locale(name, call) for name, call in calls(ast.parse(line))) is fault


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_text_is_read_or_written_in_the_encoding_of_the_locale(path: Path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [call.lineno for name, call in calls(tree) if reads_text_by_locale(name, call)] == []


@pytest.mark.parametrize("path", [p for p in PRODUCT if p.is_relative_to(ROOT / "exactsurf")], ids=lambda path: path.stem)
def test_the_package_needs_no_system_of_a_kind(path: Path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported.isdisjoint({"fcntl", "resource", "pwd", "grp", "termios", "msvcrt", "winreg"})
    assert {name for name, _ in calls(tree)}.isdisjoint({"fork", "forkpty", "set_start_method", "getuid", "mkfifo"})
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    # How much memory is free is asked where a system says it in a file, and estimated where there is none.
    asked = {"/proc/meminfo"} if path.stem == "working_memory" else set()
    assert [word for word in texts if re.match(r"/(?:tmp|dev|etc|usr|home|proc|var)\b", word) and word not in asked] == []
