"""The subcommand ``show``: verify first, then print in the format that was asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from exactsurf.cli.app import app
from exactsurf.show.certificates import latex, markdown
from tests.verifier.examples import EXAMPLES, get
from tests.verifier.verdicts import encode


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.chdir(tmp_path)
    Path("a.json").write_bytes(encode(get("example_a")))
    return lambda *arguments: CliRunner().invoke(app, ["show", *arguments])


SHA256 = hashlib.sha256(encode(EXAMPLES["example_a"])).hexdigest()


def test_markdown_and_latex(run) -> None:
    expected = {"file": "a.json", "sha256": SHA256}
    assert run("a.json").stdout == run("a.json", "--markdown").stdout == markdown(get("example_a"), **expected)
    assert run("a.json", "--latex").stdout == latex(get("example_a"), **expected)
    assert run("a.json", "--latex", "--standalone").stdout == latex(get("example_a"), standalone=True, **expected)
    assert {run("a.json", *options).exit_code for options in ([], ["--latex"], ["--markdown"])} == {0}


def test_json(run) -> None:
    result = run("a.json", "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (found["claim"], found["risk"], found["lower_risks"]) == ("spurious local minimum", "3/4", ["21/32"])
    assert found["sentence"] == get("example_a")["claim"]["sentence"] and found["sha256"] == SHA256
    assert found["problem"]["widths"] == [1, 2, 1] and found["problem"]["loss"] == {"name": "squared", "scale": "1/2"}
    assert found["problem"]["samples"] == 4 and found["problem"]["data"]["file"] is None
    assert found["rule"] == "paths"


def test_output_goes_to_a_file(run) -> None:
    result = run("a.json", "--latex", "-o", "deep/folder/a.tex")
    assert result.exit_code == 0 and result.stdout == "" and "a.tex" in result.stderr
    assert Path("deep/folder/a.tex").read_text() == run("a.json", "--latex").stdout
    assert run("a.json", "--json", "-o", "a.out").exit_code == 0
    assert json.loads(Path("a.out").read_text())["risk"] == "3/4"
    assert sorted(path.name for path in Path("deep/folder").iterdir()) == ["a.tex"]


@pytest.mark.parametrize("options", [["--latex", "--markdown"], ["--json", "--latex"], ["--standalone"], ["--nonsense"]])
def test_contradicting_options_are_a_usage_error(run, options: list[str]) -> None:
    result = run("a.json", *options)
    assert result.exit_code == 2
    if "--json" in options:
        assert json.loads(result.stdout)["exit_status"] == 2
    else:
        assert result.stdout == ""


def test_a_false_certificate_is_not_shown(run) -> None:
    document = get("example_a")
    document["claim"]["risk"] = "1/2"
    Path("false.json").write_bytes(encode(document))
    for options in ([], ["--latex"], ["-o", "out.md"]):
        result = run("false.json", *options)
        assert result.exit_code == 1 and result.stdout == "" and "claim.risk" in result.stderr
    assert not Path("out.md").exists()
    assert json.loads(run("false.json", "--json").stdout)["exit_status"] == 1


@pytest.mark.parametrize("name", ["nowhere.json", "."])
def test_a_file_that_cannot_be_read(run, name: str) -> None:
    result = run(name)
    assert result.exit_code == 2 and result.stdout == "" and "cannot be read" in result.stderr


def test_data_in_a_file_are_looked_for_in_the_folder(run) -> None:
    document, content = get("example_a"), b"x,y\n0,0\n1,1\n2,0\n3,2\n"
    csv = {"file": "50%_a&b.csv", "sha256": hashlib.sha256(content).hexdigest(), "delimiter": ",", "skip_rows": 1, "samples": 4}
    document["problem"]["data"] = {"csv": csv | {"x": [0], "y": [1]}}
    Path("by_file.json").write_bytes(encode(document))
    assert run("by_file.json").exit_code == 1
    Path("tables").mkdir()
    Path("tables", csv["file"]).write_bytes(content)
    result = run("by_file.json", "--data", "tables")
    assert result.exit_code == 0 and f"`{csv['file']}`" in result.stdout and csv["sha256"] in result.stdout
    found = json.loads(run("by_file.json", "--data", "tables", "--json").stdout)
    assert found["problem"]["data"] == {"file": csv["file"], "sha256": csv["sha256"]}


def test_a_terminal_gets_rendered_markdown(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    result = run("a.json")
    assert result.exit_code == 0 and "# A spurious" not in result.stdout and "A spurious local minimum" in result.stdout
    assert "| ---" not in result.stdout and "\x1b[" in result.stdout
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in run("a.json").stdout


def test_the_page_of_a_landscape_lists_the_other_local_minima(run, tmp_path: Path):
    """The line of least squares has the risk 3/4; no valley has its bottom there."""
    data = {"x": [[0], [1], [2], [3]], "y": [0, 1, 0, 2]}
    problem = {"format": "exactsurf-problem/1", "widths": [1, 2, 1], "activation": "relu", "data": data}
    (tmp_path / "zigzag.json").write_text(json.dumps(problem), encoding="utf-8")
    assert run("zigzag.json", "--html", "-o", "page.html").exit_code == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "local minima" in page.partition("</main>")[0] and '<span class="m">11/8</span>' in page
