"""What a package index and an archive show of exactsurf agrees with itself: versions, links, authors."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import exactsurf

ROOT = Path(__file__).parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = SETTINGS["project"]


def test_the_version_stands_in_one_place():
    assert SETTINGS["tool"]["hatch"]["version"]["path"] == "exactsurf/__init__.py"
    assert "version" in PROJECT["dynamic"] and "version" not in PROJECT
    assert re.fullmatch(r"\d+\.\d+\.\d+", exactsurf.__version__)


def test_every_python_that_is_promised_is_named():
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert named == ["3.11", "3.12", "3.13", "3.14"]
    assert PROJECT["requires-python"] == f">={named[0]}"
    assert PROJECT["authors"] == [{"name": "exactsurf developers"}]


def test_links_of_the_readme_are_absolute_on_a_package_index():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for rule in SETTINGS["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]["substitutions"]:
        assert re.search(rule["pattern"], text)
        text = re.sub(rule["pattern"], rule["replacement"], text)
    targets = re.findall(r"\]\(([^)]+)\)", text)
    assert len(targets) > 5
    assert [target for target in targets if not target.startswith(("https://", "#"))] == []
    source = PROJECT["urls"]["Source"]
    named = {target.split("/main/")[1] for target in targets if "/main/" in target}
    assert all(source.removeprefix("https://github.com/") in target for target in targets if "/main/" in target)
    assert {path for path in named if not (ROOT / path.split("#")[0]).exists()} == set()


def test_addresses_of_the_project_stand_in_one_place():
    """In [project.urls]; what needs them elsewhere (where nothing can read them from there) has the same ones."""
    source, pages = PROJECT["urls"]["Source"], PROJECT["urls"]["Documentation"]
    name = source.removeprefix("https://github.com/")
    derived = (*PROJECT["urls"].values(), f"{source}/", f"https://raw.githubusercontent.com/{name}/main/")
    assert pages == f"https://{name.split('/')[0]}.github.io/{name.split('/')[1]}/"
    found: dict[str, set[str]] = {}
    for top in SETTINGS["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]:
        for path in [ROOT / top, *(ROOT / top).rglob("*")]:
            if path.is_file() and path.stat().st_size < 2_000_000 and "__pycache__" not in path.parts:
                addresses = re.findall(r"https?://[\w./-]*exactsurf[\w./-]*", path.read_text(encoding="utf-8", errors="replace"))
                found |= {path.relative_to(ROOT).as_posix(): set(addresses)} if addresses else {}
    index = found.pop(".github/workflows/release.yml")
    assert index == {f"https://pypi.org/project/{PROJECT['name']}/"}
    assert set(found) <= {"codemeta.json", "CITATION.cff", "tests/test_package.py"}
    found["pyproject.toml"] = set(
        re.findall(r"https?://[\w./-]*exactsurf[\w./-]*", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    )
    for path, addresses in found.items():
        assert [address for address in addresses if not address.startswith(derived)] == [], path
