"""What runs the checks elsewhere agrees with the Makefile: workflows, hooks before a commit, forms for issues."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import exactsurf

yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORMS = sorted(path for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config")
RUN = (ROOT / ".ci/run").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
RECIPES = MAKEFILE.replace("$(BIN)/", "").replace("'", "").replace(" --quiet --disable-pip-version-check", "")


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def jobs(path: Path) -> dict[str, Any]:
    return dict(read(path)["jobs"])


def commands(path: Path) -> list[str]:
    steps = [step for job in jobs(path).values() for step in job.get("steps", [])]
    return [part.strip() for step in steps if "run" in step for part in step["run"].split("&&")]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_has_the_parts_that_it_needs(path: Path):
    document = read(path)
    assert set(document) <= {"name", "on", "permissions", "concurrency", "jobs"} and {"on", "permissions", "jobs"} <= set(
        document
    )
    assert set(document["on"]) <= {"push", "pull_request", "workflow_call", "workflow_dispatch"}
    for name, job in document["jobs"].items():
        assert set(job.get("needs", "").split()) <= set(document["jobs"]) - {name}
        if "uses" in job:
            assert (ROOT / job["uses"]).is_file()
            continue
        assert re.fullmatch(r"(ubuntu|macos|windows)-latest|\$\{\{ matrix\.os \}\}", job["runs-on"])
        for step in job["steps"]:
            assert ("run" in step) != ("uses" in step), step
            assert "uses" not in step or re.fullmatch(r"[\w-]+/[\w-]+@[\w./]+", step["uses"]), step
    text = path.read_text(encoding="utf-8")
    for expression in re.findall(r"\$\{\{ ([\w.-]+) \}\}", text):
        head, *rest = expression.split(".")
        assert head in {"matrix", "github", "steps"}
        assert head != "matrix" or any(rest[0] in job["strategy"]["matrix"] for job in jobs(path).values() if "strategy" in job)
        assert head != "steps" or f"id: {rest[0]}" in text


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_runs_what_the_makefile_runs(path: Path):
    for command in commands(path):
        first, *words = command.split()
        if first == "make":
            assert set(words) <= TARGETS, command
        elif command.startswith("python -m pytest"):
            assert "python -m pytest -n auto" in RECIPES and command.startswith("python -m pytest -n auto")
            assert [word for word in words if word.startswith("tests/") and not (ROOT / word).exists()] == []
        elif command == "python -m exactsurf doctor":
            assert "exactsurf doctor" in RECIPES
        elif first == "sudo":
            assert words[0] == "apt-get"
        elif first == "test":
            assert "${GITHUB_REF_NAME#v}" in command
        else:
            assert command in RECIPES, command


def test_every_check_of_this_repository_runs_outside_too():
    here = set(re.findall(r"^(?:if have \w+; then )?(?:beside )?make ([a-z]+)", RUN, re.MULTILINE))
    there = {
        word
        for command in commands(ROOT / ".github/workflows/ci.yml")
        if command.startswith("make ")
        for word in command.split()[1:]
    }
    assert {"lint", "docs", "formal", "page", "wheel"} <= here
    assert here - there == {"test"}  # which runs as `python -m pytest`, on systems without make too


def test_what_is_left_out_is_said_by_name():
    """Chromium, npm and Coq are installed before they are needed, or what needs them is named."""
    for tool, package in (("browser", "chromium"), ("have npm", "npm"), ("have coqc", "coq")):
        assert RUN.index(f"{tool} || install {package}") < RUN.index("make test")
    assert RUN.count("left out: ") == 3
    programs = re.findall(r"have ([\w-]+)", RUN.partition("browser() {")[2].partition("}")[0])
    assert programs and all(f'"{name}"' in (ROOT / "tests/docs/browser.py").read_text(encoding="utf-8") for name in programs)


def test_the_matrix_has_every_python_and_system_that_is_promised():
    matrix = jobs(ROOT / ".github/workflows/ci.yml")["tests"]["strategy"]["matrix"]
    assert matrix["python"] == re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert {name.split("-")[0] for name in matrix["os"]} == {"ubuntu", "macos", "windows"}


def test_a_release_needs_no_password_and_only_what_was_tested():
    publish = jobs(ROOT / ".github/workflows/release.yml")["publish"]
    assert publish["needs"] == "ci" and publish["permissions"]["id-token"] == "write"
    assert "secrets" not in (ROOT / ".github/workflows/release.yml").read_text(encoding="utf-8")
    built = [
        step["with"]["name"]
        for job in jobs(ROOT / ".github/workflows/ci.yml").values()
        for step in job["steps"]
        if "upload-artifact" in step.get("uses", "")
    ]
    assert publish["steps"][1]["with"]["name"] in built


def test_hooks_before_a_commit_are_the_commands_of_the_makefile():
    (repository,) = read(ROOT / ".pre-commit-config.yaml")["repos"]
    for hook in repository["hooks"]:
        assert hook["entry"].removeprefix(".venv/bin/") in RECIPES
        assert {"id", "name", "entry", "language"} <= set(hook)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_for_issues_is_well_formed(path: Path):
    form = read(path)
    assert {"name", "description", "body"} <= set(form)
    ids = [field["id"] for field in form["body"]]
    assert len(set(ids)) == len(ids)
    for field in form["body"]:
        assert field["type"] in {"input", "textarea"} and field["attributes"]["label"]
        assert set(field["attributes"]) <= {"label", "description", "render"}
    assert any(field.get("validations", {}).get("required") for field in form["body"])


def test_a_bug_comes_with_problem_file_and_certificate():
    ids = {field["id"] for field in read(ROOT / ".github/ISSUE_TEMPLATE/bug.yml")["body"]}
    assert {"problem", "certificate", "doctor"} <= ids
    assert {path.stem for path in FORMS} == {"bug", "mathematical_correction", "new_theorem"}


def test_codemeta_says_what_the_package_says():
    meta = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
    assert meta["version"] == exactsurf.__version__
    assert (meta["name"], meta["description"], meta["keywords"]) == (PROJECT["name"], PROJECT["description"], PROJECT["keywords"])
    assert meta["license"].endswith(f"/{PROJECT['license']}")
    assert meta["softwareRequirements"] == [re.match(r"[\w-]+", text)[0] for text in PROJECT["dependencies"]]
    assert {meta["codeRepository"], meta["issueTracker"], meta["softwareHelp"]} <= set(PROJECT["urls"].values())
    assert [author["name"] for author in meta["author"]] == [author["name"] for author in PROJECT["authors"]]
