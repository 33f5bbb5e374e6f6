"""CONTRIBUTING.md is true: its picture of the packages is current, and its recipes name files that the example is in."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^### Add an? (\w+)\n(.*?)(?=^### |^A mathematical|\Z)", re.MULTILINE | re.DOTALL)
RECIPES = dict(SECTION.findall(PAGE))


def streets():
    spec = importlib.util.spec_from_file_location("streets", ROOT / "docs/streets.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_picture_of_the_packages_is_current():
    made = streets()
    assert made.page_with(made.picture()) == PAGE, "run python docs/streets.py"


def test_every_import_in_the_picture_goes_down():
    lines = [line.split() for line in streets().picture().splitlines()[1:-1]]
    order = [line[0].rstrip("/").removesuffix(".py") for line in lines]
    for line in lines:
        place = order.index(line[0].rstrip("/").removesuffix(".py"))
        assert all(order.index(other) > place for other in (line[line.index("→") + 1 :] if "→" in line else []))


def test_there_is_a_recipe_for_everything_that_is_added():
    assert set(RECIPES) == {"loss", "activation", "rule", "claim", "paper", "picture", "subcommand"}


def files(text: str) -> list[str]:
    return re.findall(r"`([\w./-]+/[\w.-]+\.\w+|[A-Z]+\.md|exactsurf/[\w/]+/)`", text)


@pytest.mark.parametrize("name", RECIPES)
def test_the_files_of_a_recipe_are_those_of_its_example(name: str):
    """Every file that a recipe lists exists, and has the example in its name or text."""
    (example,) = re.findall(r"`([^`]+)` for example", RECIPES[name])
    words = {example, example.replace(" ", "_"), example.replace(" ", "-")}
    listed = files(RECIPES[name])
    assert len(listed) >= 3
    for path in listed:
        place = ROOT / path
        assert place.exists(), path
        text = "" if place.is_dir() else place.read_text(encoding="utf-8")
        is_shared = path in ("proofs/FORMAT.md", "proofs/references.bib", "tests/verifier/verdicts.py") or place.is_dir()
        assert is_shared or any(word in path or word in text for word in words), f"{path} has nothing about {example}"


@pytest.mark.parametrize("name", ["loss", "activation", "paper", "picture", "subcommand"])
def test_a_recipe_forgets_no_file(name: str):
    """The product files that name the example are listed: one more is a step that the recipe does not tell."""
    (example,) = re.findall(r"`([^`]+)` for example", RECIPES[name])
    pattern = re.compile(rf"(?<![\w.]){re.escape(example)}(?![\w])")
    listed = set(files(RECIPES[name]))
    naming = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "exactsurf").rglob("*.py")
        if pattern.search(re.sub(r'""".*?"""|#[^\n]*', "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
    }
    assert naming - listed - ALSO.get(name, set()) == set()


# Files that name the example because they are about it or use it, which a newcomer need not.
ALSO = {
    "activation": {"exactsurf/cli/counterexample.py", "exactsurf/model/layer_stack.py"},
    "paper": {"exactsurf/search/catalogue.py"},
}
