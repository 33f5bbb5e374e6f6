"""The pages for the classroom: self-contained, with the exact numbers, and alive in a headless browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import exactsurf as es
from exactsurf.cli.show import show
from exactsurf.interop.problem_writer import problem_text
from exactsurf.show.pages.landscape_page import landscape_page
from exactsurf.show.pages.slice_page import slice_page
from exactsurf.surface.paths import lowest_path
from tests.show.html_source import Page

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
ZIGZAG = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
XOR = es.Problem(es.Network([2, 2, 1]), es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]))


def parameters(w, b, v):
    return ZIGZAG.parameters(W1=[[w], [1]], b1=[b, -1], W2=[[v, 1]], b2=[0])


PLANE = es.Slice(ZIGZAG, parameters(0, 0, 1), ZIGZAG.parameters(W1=[[1], [0]], b1=[0, 0], W2=[[0, 0]], b2=[0]),
                 ZIGZAG.parameters(W1=[[0], [0]], b1=[1, 0], W2=[[0, 0]], b2=[0]), (-2, 2, -3, 3))  # fmt: skip


@pytest.fixture(scope="module", params=["zigzag", "xor"])
def walked(request):
    land = es.landscape({"zigzag": ZIGZAG, "xor": XOR}[request.param])
    path = lowest_path(land, land.valleys[-1].parameters, land.valleys[0].parameters)
    return land, path, landscape_page(land, path)


def assert_self_contained(source: str) -> None:
    page = Page(source)
    assert not page.tags & {"img", "link", "iframe", "object", "embed", "base", "form", "image", "use"}
    assert not re.search(r"https?:|@import|url\((?!#)|src=|href=|fetch\(|XMLHttp|import\(", source)


def test_the_landscape_page_has_every_valley(walked):
    land, _, source = walked
    assert_self_contained(source)
    assert [int(k) for k in re.findall(r'data-panel="(\d+)"', source)] == list(range(len(land.valleys)))
    assert sorted(int(k) for k in re.findall(r'data-valley="(\d+)"', source)) == list(range(len(land.valleys)))
    names = re.findall(r' id="([^"]+)"', source)
    assert len(names) == len(set(names))
    text = Page(source).text
    for place, valley in enumerate(land.valleys):
        kind = "a global minimum" if valley.is_global else "a spurious valley"
        assert f"Valley {place}: {kind}" in text


def test_the_walk_has_the_exact_risks(walked):
    land, path, source = walked
    frames = json.loads(re.search(r'data-role="frames">(.*?)</script>', source)[1])
    risks = [Fraction(frame["risk"]) for frame in frames if not frame["risk"].startswith("≈")]
    assert (risks[0], risks[-1]) == (land.valleys[-1].risk, land.valleys[0].risk)
    assert max(risks) == path.level and len(frames) <= 121 + len(path.points)
    assert {land.problem.risk(point) for point in path.points} <= set(risks)
    heights = [frame["y"] for frame in frames]
    assert heights.index(min(heights)) in [k for k, f in enumerate(frames) if f["risk"] == str(path.level)]
    for frame in frames[:: len(frames) // 3]:
        Page(frame["picture"])


def test_pages_without_a_walk_or_a_picture():
    wide = es.Problem(es.Network([3, 1, 1]), es.Data.from_arrays([[0, 0, 0], [0, 1, 0], [1, 0, 0], [1, 1, 1]], [0, 1, 1, 0]))
    source = landscape_page(es.landscape(wide))
    assert_self_contained(source)
    assert 'data-role="frames"' not in source and "the function of the network" not in source


def test_the_slice_page_tells_every_cell():
    source = slice_page(PLANE)
    assert_self_contained(source)
    cells = PLANE.cells()
    assert source.count('class="cell"') == len(cells) > 4
    for cell in cells:
        assert f'data-risk="{cell.risk.to_text()}"' in source


def dom(path: Path, fragment: str) -> str:
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", f"{path.as_uri()}#{fragment}"]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


@pytest.mark.skipif(BROWSER is None, reason="no Chromium")
@pytest.mark.slow
def test_the_pages_work_in_a_browser(tmp_path: Path):
    land = es.landscape(ZIGZAG)
    path = lowest_path(land, land.valleys[2].parameters, land.valleys[0].parameters)
    file = tmp_path / "land.html"
    file.write_text(landscape_page(land, path), encoding="utf-8")
    found = dom(file, "valley=2&step=0")
    assert re.search(r'<section data-panel="2">', found) and re.search(r'<section data-panel="0" hidden="">', found)
    assert re.search(r'data-valley="2"[^>]*aria-pressed="true"', found)
    assert '<output data-role="risk">1/3</output>' in found
    last = len(json.loads(re.search(r'data-role="frames">(.*?)</script>', file.read_text())[1])) - 1
    found = dom(file, f"valley=0&step={last}")
    assert '<output data-role="risk">1/4</output>' in found and re.search(r'<section data-panel="2" hidden="">', found)
    file = tmp_path / "slice.html"
    file.write_text(slice_page(PLANE), encoding="utf-8")
    risk = PLANE.cells()[3].risk.to_text()
    assert f'<dd data-role="risk">{risk}</dd>' in dom(file, "cell=3")


def acted(path: Path, script: str) -> str:
    """The page after a script has acted on it as a mouse would."""
    source = path.read_text(encoding="utf-8")
    assert source.count("</body>") == 1
    (acted := path.with_name(f"acted_{path.name}")).write_text(source.replace("</body>", f"<script>{script}</script></body>"))
    return dom(acted, "")


@pytest.mark.skipif(BROWSER is None, reason="no Chromium")
@pytest.mark.slow
def test_mouse_and_slider(tmp_path: Path):
    file = tmp_path / "slice.html"
    file.write_text(slice_page(PLANE), encoding="utf-8")
    cell = PLANE.cells()[2]
    found = acted(file, 'document.querySelectorAll(".cell")[2].dispatchEvent(new MouseEvent("mouseenter"))')
    assert f'<dd data-role="risk">{cell.risk.to_text()}</dd>' in found
    pattern = " ".join("".join("|" if k is None else str(k) for k in unit) for unit in cell.pattern.pieces[0])
    assert f'<dd data-role="pattern">{pattern}</dd>' in found
    land = es.landscape(ZIGZAG)
    path = lowest_path(land, land.valleys[2].parameters, land.valleys[0].parameters)
    file = tmp_path / "land.html"
    file.write_text(landscape_page(land, path), encoding="utf-8")
    frames = json.loads(re.search(r'data-role="frames">(.*?)</script>', file.read_text(encoding="utf-8"))[1])
    top = next(k for k, frame in enumerate(frames) if frame["risk"] == "3/4")
    click = "document.querySelector('[data-valley=\"1\"]').dispatchEvent(new MouseEvent('click'));"
    slide = f"const s = document.querySelector('[data-role=slider]'); s.value = {top}; s.dispatchEvent(new Event('input'));"
    found = acted(file, click + slide)
    assert re.search(r'<section data-panel="1">', found) and re.search(r'<section data-panel="0" hidden="">', found)
    assert '<output data-role="risk">3/4</output>' in found and f'cy="{frames[top]["y"]:g}"' in found
    key = "document.querySelector('[data-valley=\"3\"]').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter'}));"
    assert re.search(r'<section data-panel="3">', acted(file, key))


def test_a_valley_shows_its_network(walked):
    land, _, source = walked
    for place, valley in enumerate(land.valleys):
        panel = source.partition(f'<section data-panel="{place}"')[2].partition("</section>")[0]
        weights = re.findall(r'class="weight"[^>]*>([^<]*)</text>', panel)
        inputs, outputs = (matrix for matrix in valley.parameters.weights)
        expected = [value for matrix in (inputs, outputs) for row in matrix for value in row]
        assert [Fraction(text.replace("−", "-")) for text in weights[: len(expected)]] == expected
        signs = [value for value in expected if value < 0]
        assert panel.count('stroke-dasharray="8 4"') == len(signs)


def test_the_command_makes_the_page_of_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    Path("p.json").write_text(problem_text(ZIGZAG))
    app = typer.Typer()
    app.command()(show)
    run = CliRunner().invoke(app, ["p.json", "--html", "-o", "land.html"])
    assert run.exit_code == 0, run.output
    source = Path("land.html").read_text(encoding="utf-8")
    assert_self_contained(source)
    assert 'data-role="frames"' in source and "a spurious valley" in source
    refused = CliRunner().invoke(app, ["p.json"])
    assert refused.exit_code == 2 and "--html" in refused.stderr


def test_a_walk_names_its_valleys_and_follows_the_choice():
    land = es.landscape(ZIGZAG)
    ends = [valley.parameters for valley in land.valleys]
    source = landscape_page(land, [lowest_path(land, ends[2], ends[0]), lowest_path(land, ends[3], ends[1])])
    assert re.findall(r'data-walk="(\d+)"( hidden)?', source) == [("2", ""), ("3", " hidden")]
    text = Page(source).text
    assert "A walk from valley 2 of risk 1/3 to valley 0 of risk 1/4" in text
    assert "A walk from valley 3 of risk 1/3 to valley 1 of risk 1/4" in text
    names = re.findall(r' id="([^"]+)"', source)
    assert len(names) == len(set(names))


@pytest.mark.skipif(BROWSER is None, reason="no Chromium")
@pytest.mark.slow
def test_two_pages_in_one_document_act_each_on_its_own(tmp_path: Path):
    land = es.landscape(ZIGZAG)
    ends = [valley.parameters for valley in land.valleys]
    page = landscape_page(land, [lowest_path(land, ends[2], ends[0]), lowest_path(land, ends[3], ends[1])])
    inner = page.partition("<body>")[2].partition("</body>")[0]
    file = tmp_path / "two.html"
    file.write_text(page.replace(inner, inner + inner + slice_page(PLANE).partition("<body>")[2].partition("</body>")[0]))
    click = "document.querySelectorAll('main')[1].querySelector('[data-valley=\"3\"]').dispatchEvent(new MouseEvent('click'));"
    first, second, third = acted(file, click).split("<main")[1:]
    assert '<section data-panel="3" hidden="">' in first and '<section data-panel="3">' in second
    assert re.findall(r'data-walk="(\d+)"( hidden)?', first) == [("2", ""), ("3", " hidden")]
    assert re.findall(r'data-walk="(\d+)"( hidden)?', second) == [("2", " hidden"), ("3", "")]
    assert f'<dd data-role="risk">{PLANE.cells()[0].risk.to_text()}</dd>' in third


def test_other_local_minima_are_listed_if_asked_for():
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    text = Page(landscape_page(es.landscape(problem), local_minima=True)).text
    assert "Other local minima" in text and "11/8" in text
    assert "Other local minima" not in landscape_page(es.landscape(problem))


def test_touching_cells_of_the_slice_page_differ():
    source = slice_page(PLANE)
    fills = re.findall(r'class="cell"[^>]*fill="(#\w+)"', source)
    edges = {}
    for cell, fill in zip(PLANE.cells(), fills, strict=True):
        for start, end, _ in cell.polygon.edges():
            edges.setdefault(frozenset((start, end)), []).append((cell.pattern, fill))
    shared = [held for held in edges.values() if len(held) == 2 and held[0][0] != held[1][0]]
    assert shared and all(one[1] != other[1] for one, other in shared)


@pytest.mark.skipif(BROWSER is None, reason="no Chromium")
@pytest.mark.slow
def test_the_risk_at_the_pointer(tmp_path: Path):
    file = tmp_path / "slice.html"
    file.write_text(slice_page(PLANE), encoding="utf-8")
    script = """
    const cell = document.querySelectorAll(".cell")[0], box = cell.getBoundingClientRect();
    const place = {clientX: box.x + box.width / 2, clientY: box.y + box.height / 2};
    cell.dispatchEvent(new PointerEvent("pointermove", place));
    """
    found = re.search(r'data-role="pointer">s ≈ (.*?), t ≈ (.*?), risk ≈ (.*?)<', acted(file, script))
    s, t, risk = (Fraction(value) for value in found.groups())
    expected = PLANE.cells()[0].risk({"s": s, "t": t})
    assert abs(risk - expected) <= abs(expected) / 100 + Fraction(1, 100)
