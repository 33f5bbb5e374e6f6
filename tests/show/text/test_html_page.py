"""The HTML page of a certificate: well formed, self-contained, and with the words and numbers of the Markdown."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from exactsurf.cli.show import show
from exactsurf.show.certificates import html_page, markdown
from tests.show.html_source import Page
from tests.verifier import cell_examples
from tests.verifier.examples import EXAMPLES, get
from tests.verifier.verdicts import encode


def assert_self_contained(source: str) -> Page:
    page = Page(source)
    assert not page.tags & {"script", "img", "link", "iframe", "object", "embed", "base", "form"}
    assert not re.search(r"https?:|//|@import|url\(", source.replace("<!DOCTYPE html>", ""))
    return page


def letters(text: str) -> str:
    """Letters and digits only, with subscripts and superscripts as ordinary ones: what the formats have in common."""
    plain = text.translate(
        str.maketrans("₀₁₂₃₄₅₆₇₈₉₊₋₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789+-()aehijklmnoprstuvx0123456789")
    )
    return "".join(character for character in plain if character.isalnum())


@pytest.mark.parametrize("name", EXAMPLES)
def test_it_says_what_the_markdown_says(name: str) -> None:
    page = assert_self_contained(html_page(get(name), file="a.json", sha256="0f" * 32))
    expected = markdown(get(name), file="a.json", sha256="0f" * 32)
    # Markdown numbers its items in the text, fences its code as "text" and ends its tables' headers with rules.
    expected = re.sub(r"^\d+\. ", "", expected.replace("```text", "```"), flags=re.MULTILINE)
    if not re.search(r"   ", expected):
        assert letters(page.text) == letters(expected)
    assert sorted(letters(page.text)) == sorted(letters(expected))


def test_names_are_escaped() -> None:
    document, name = get("example_a"), '<img src=x onerror="alert(1)">&.csv'
    csv = {"file": name, "sha256": "0" * 64, "delimiter": ",", "skip_rows": 0, "samples": 4, "x": [0], "y": [1]}
    document["problem"]["data"] = {"csv": csv}
    page = Page(html_page(document, file=f"{name}.json", sha256="0" * 64))
    assert "img" not in page.tags and name in page.text
    control = html_page(document, file="a\x1b[31m\u202e.json")
    assert "\x1b" not in control and "\u202e" not in control


def test_numbers_of_the_first_example() -> None:
    text = assert_self_contained(html_page(get("example_a"))).text
    assert "L(θ) = 3/4 = 0.75" in text and "L(θ1) = 21/32 = 0.65625" in text
    assert get("example_a")["claim"]["sentence"] in text


def test_the_command_writes_the_page(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    content = encode(get("example_a"))
    Path("a.json").write_bytes(content)
    Path("cells.json").write_bytes(encode(cell_examples.get("cells_line")))
    app = typer.Typer()
    app.command()(show)
    printed = CliRunner().invoke(app, ["a.json", "--html"])
    assert printed.exit_code == 0
    assert printed.stdout == html_page(get("example_a"), file="a.json", sha256=hashlib.sha256(content).hexdigest())
    assert CliRunner().invoke(app, ["a.json", "--html", "--latex"]).exit_code == 2
    assert CliRunner().invoke(app, ["cells.json", "--html", "-o", "cells.html"]).exit_code == 0
    assert "All activation cells" in assert_self_contained(Path("cells.html").read_text()).text
