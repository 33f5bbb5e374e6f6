"""exactsurf landscape DATA.csv --target COL --html PAGE: from a table to a page, or to an error that leaves nothing behind."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.interop.problem_writer import problem_text
from tests.show.html_source import Page

ZIGZAG = "x,y\n0,0\n1,1\n2,0\n3,2\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    path.write_text(ZIGZAG)
    return path


def test_a_table_becomes_a_page(run, data):
    ended = run("landscape", "data.csv", "--target", "y", "--hidden", "2", "--html", "page.html")
    assert ended.status == 0, ended.err
    assert "page for the classroom: page.html" in ended.out and "1/4 = 0.25" in ended.out
    source = Path("page.html").read_text(encoding="utf-8")
    assert "data: 2 hidden units" in source and "Other local minima" in Page(source).text
    assert sorted(path.name for path in Path().iterdir()) == ["data.csv", "page.html"]


def test_a_table_and_its_problem_file_have_the_same_landscape(run, data):
    said = ["--target", "y", "--hidden", "1", "--activation", "leaky_relu:1/10", "--loss", "squared.mean"]
    problem = es.Problem(
        es.Network([1, 1, 1], es.leaky_relu("1/10")), es.Data.from_csv("data.csv", target="y"), es.squared.mean
    )  # fmt: skip
    Path("p.json").write_text(problem_text(problem), encoding="utf-8")
    expected = run("landscape", "p.json", "--json").json
    assert run("landscape", "data.csv", *said, "--json").json == expected
    found = run("landscape", "data.csv", *said, "--html", "page.html", "--json").json
    assert found.pop("html") == "page.html" and expected.pop("html") is None and found == expected


def test_a_bundled_table_and_standard_input(run, monkeypatch):
    assert run("landscape", "xor", "--target", "y", "--json").json["global_minimum"]["risk"] == "0"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ZIGZAG.encode())))
    assert run("landscape", "-", "--target", "y", "--json").json["global_minimum"]["risk"] == "1/4"


def test_a_page_is_replaced_and_nothing_else_is(run, data):
    arguments = ("landscape", "data.csv", "--target", "y", "--hidden", "1", "--html")
    assert run(*arguments, "page.html").status == run(*arguments, "page.html").status == 0
    Path("notes.html").write_text("my notes")
    Path("folder.html").mkdir()
    for name, said in (("notes.html", "exists"), ("folder.html", "folder"), ("data.csv", ".html"), ("page.txt", ".html")):
        ended = run(*arguments, name)
        assert ended.status == 2 and name in ended.err and said in ended.err
    assert Path("notes.html").read_text() == "my notes" and data.read_text() == ZIGZAG
    assert not Path("page.txt").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "--target"),
        (("--target", "z"), "no such column"),
        (("--target", "name"), "not a number"),
        (("--target", "y", "--hidden", "two"), "--hidden 2"),
        (("--target", "y", "--hidden", "2,2"), "one hidden layer"),
        (("--target", "y", "--hidden", "12"), "orbits of signed cells"),
        (("--target", "y", "--loss", "logistic", "--drop", "name"), "labels"),
        (("--target", "y", "--activation", "tanh", "--drop", "name"), "piecewise linear activation"),
        (("--target", "x,y", "--drop", "name"), "no input column"),
    ],
)
def test_bad_input_ends_with_status_2_and_without_a_page(run, tmp_path, options, said):
    rows = "".join(f"{k},{k * k % 7},{'abcdefghijkl'[k]}\n" for k in range(12))
    (tmp_path / "named.csv").write_text("x,y,name\n" + rows)
    more = () if "name" in options or not options else ("--drop", "name")
    ended = run("landscape", "named.csv", *options, *more, "--html", "page.html")
    assert ended.status == 2 and said in ended.err, ended.err
    assert [path.name for path in Path().iterdir()] == ["named.csv"]


def test_a_loss_without_landscapes_and_options_without_effect(run, data):
    Path("two.csv").write_text("x,y\n0,0\n1,1\n2,0\n3,1\n")
    ended = run("landscape", "two.csv", "--target", "y", "--loss", "(f-y)**2 + exp(f-y)", "--html", "page.html")
    assert ended.status == 2 and "given loss" in ended.err and "page.html" not in ended.out
    for option in ("--dry-run", "--global-only"):
        ended = run("landscape", "data.csv", "--target", "y", option, "--html", "page.html")
        assert ended.status == 2 and "--html" in ended.err
    assert not Path("page.html").exists()
