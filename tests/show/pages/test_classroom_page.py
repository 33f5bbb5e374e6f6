"""The page for the classroom: it stands alone, computes what exactsurf computes, and works by mouse, keys and on paper."""

from __future__ import annotations

import base64
import json
import random
import re
from collections.abc import Iterator
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.cells.activation_pattern import activation_pattern
from exactsurf.cells.cell import cell_of
from exactsurf.show.pages.classroom_page import MARK
from tests.docs.browser import BROWSER, Tab, tab
from tests.show.html_source import Page
from tests.show.pages.test_classroom_data import read

ZIGZAG = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
XOR = es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
THREE = es.Data.from_arrays([[0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 1, 1]], [0, 1, 1, 3], weights=[1, 2, 1, "1/3"])
PROBLEMS = [
    es.Problem(es.Network([1, 1, 1]), ZIGZAG),
    es.Problem(es.Network([1, 2, 1]), ZIGZAG),
    es.Problem(es.Network([2, 2, 1]), XOR),
    es.Problem(es.Network([1, 2, 1], es.absolute_value), ZIGZAG, es.absolute),
    es.Problem(es.Network([3, 1, 1], es.leaky_relu("1/10"), biases=False), THREE, es.huber("1/2")),
]
in_browser = [pytest.mark.skipif(BROWSER is None, reason="no Chromium"), pytest.mark.slow]


@pytest.fixture(scope="module")
def lands():
    return [es.landscape(problem) for problem in PROBLEMS]


@pytest.fixture(scope="module")
def source(lands):
    first, second, xor, *others = lands
    return es.classroom_page({"Zigzag": [first, second], "Exclusive <or>": xor, "Others": others})


@pytest.fixture(scope="module")
def browser(source, tmp_path_factory) -> Iterator[tuple[Tab, str]]:
    folder = tmp_path_factory.mktemp("page")
    (folder / "page.html").write_text(source, encoding="utf-8")
    with tab(folder / "profile") as opened:
        yield opened, (folder / "page.html").as_uri()


@pytest.fixture
def page(browser) -> Tab:
    opened, address = browser
    opened.visit(address)
    opened.wait("document.body.dataset.state === 'ready'")
    return opened


def press(page: Tab, key: str, code: str = "", **more: object) -> None:
    event = json.dumps({"key": key, "code": code, "bubbles": True, "cancelable": True, **more})
    page.run(f"(document.activeElement || document.body).dispatchEvent(new KeyboardEvent('keydown', {event})), 0")


def said(page: Tab, role: str) -> str:
    return page.run(f"document.querySelector('[data-role={role}]').textContent")


def test_it_stands_alone_and_is_small(source):
    assert MARK in source and len(source.encode()) < 1_000_000
    found = Page(source)
    assert not found.tags & {"img", "link", "iframe", "object", "embed", "base", "form"}
    assert not re.search(r"https?:|@import|url\((?!#)|src=|fetch\(|XMLHttp|import\(", source)
    assert "Exclusive \\u003cor>" in source and "Exclusive <or>" not in source.partition("<body>")[2]


def test_it_shows_at_least_one_landscape(lands):
    with pytest.raises(es.InputError, match="at least one"):
        es.classroom_page({})
    assert "<title>The loss landscape of Data</title>" in es.classroom_page(lands[0])


class TestInABrowser:
    pytestmark = in_browser

    @pytest.mark.parametrize("place", range(len(PROBLEMS)))
    def test_risks_and_polynomials_are_those_of_exactsurf(self, page, lands, place):
        """On random points, in random cells, and along every walk, compared with Python."""
        land, problem = lands[place], PROBLEMS[place]
        page.run(f"open({place})")
        walks = page.run("Object.keys(current().walks)")
        for name in walks[:4] + walks[-2:]:
            ends = [land.valleys[int(k)].parameters for k in name.split("-")]
            path = es.lowest_path(land, *ends)
            page.run(f"choose({name.replace('-', ',')})")
            stops, each = page.run("[walk.stops, walk.each]")
            for step in (*range(0, stops, 7), stops):
                k = min(step // each, len(path.points) - 2)
                point = path.at(k, Fraction(step - k * each, each))
                page.run(f"go({step})")
                told = page.run(f"evaluated(current(), walk.pointAt({step})).risk.text")
                assert Fraction(told) == problem.risk(point) == Fraction(page.run("document.body.dataset.risk"))
                found = "riskPolynomial(current(), evaluated(current(), pointNow()))"
                assert Fraction(page.run(f"valueOf({found}, flat(pointNow())).text")) == problem.risk(point)
        generator = random.Random(5)
        like = page.run(f"documents[{place}].valleys.find((valley) => valley.point).point")
        for _ in range(12):

            def numbers(row):
                return None if row is None else [f"{generator.randint(-900, 900)}/101" for _ in row]

            said = {"w": [numbers(row) for row in like["w"]], "b": numbers(like["b"]), "v": numbers(like["v"])}
            said["c"] = None if like["c"] is None else f"{generator.randint(-9, 9)}/5"
            parameters, point = read(problem, said), f"exactPoint({json.dumps(said)})"
            assert Fraction(page.run(f"evaluated(current(), {point}).risk.text")) == problem.risk(parameters)
            cell = cell_of(problem, parameters)
            terms = page.run(f"[...riskPolynomial(current(), evaluated(current(), {point}))].map(([key, q]) => [key, q.text])")
            expected = {tuple(exponents): c for exponents, c in cell.risk.items()}
            assert {tuple(map(int, key.split(","))): Fraction(text) for key, text in terms} == expected

    def test_decimals_are_rounded_from_fractions(self, page):
        generator = random.Random(2)
        for _ in range(60):
            value = Fraction(generator.randint(-(10**9), 10**9), generator.randint(1, 10 ** generator.randint(1, 14)))
            text = page.run(f"written(Rational.of('{value}'), true)")
            number = Fraction(text.removeprefix("≈ ").replace("−", "-").replace("·10^", "e"))
            assert text.startswith("≈") == (number != value)
            assert abs(number - value) <= abs(value) / 10**5 / 2
        assert page.run("written(Rational.of('-1/4'), true)") == "−0.25" and page.run("written(Rational.of('1/3'))") == "1/3"
        assert page.run("written(new Rational(10n ** 40n, 7n))") == "≈ 1.42857·10^39"

    def test_the_switch(self, page):
        page.run("open(1)")
        assert said(page, "risk") == "1/3"
        press(page, "e")
        assert said(page, "risk") == "≈ 0.333333" and "≈ 0.333333" in said(page, "walk-words")
        page.run("document.querySelector('[data-role=exact]').click()")
        assert said(page, "risk") == "1/3" and "≈" not in said(page, "walk-words")

    def test_the_keyboard(self, page):
        page.run("open(1)")
        press(page, "ArrowRight")
        assert page.run("state.step") == 1
        press(page, "End")
        assert said(page, "risk") == "1/4" and "Bottom of valley 0" in said(page, "where")
        press(page, "Home")
        assert said(page, "risk") == "1/3" and page.run("state.from") == 2
        press(page, "s")
        assert page.run("[state.from, state.to]") == [0, 2]
        press(page, "3", "Digit3")
        press(page, "!", "Digit1", shiftKey=True)
        assert page.run("[state.from, state.to]") == [3, 1]
        press(page, " ")
        page.wait("state.step > 2", 10)
        press(page, " ")
        assert page.run("state.playing") == 0
        press(page, "n")
        assert "Exclusive <or>" in said(page, "title")
        page.run("document.querySelector('[data-role=map]').focus()")
        press(page, "ArrowUp")
        assert "On the plane, at s = 0, t = 1/40" in said(page, "where")
        turned = page.run("document.querySelector('[data-role=view]').focus(), state.turn")
        press(page, "ArrowLeft")
        assert page.run("state.turn") < turned

    def test_mouse_and_touch(self, page):
        page.run("open(1)")
        page.run("document.querySelector('[data-valley=\"3\"]').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
        assert page.run("[state.from, state.to]") == [3, 0]
        page.run("document.querySelector('[data-minimum=\"1\"]').click()")
        assert said(page, "risk") == "3/4" and "Local minimum m2, which is no valley" in said(page, "where")
        page.run("""const box = part("map").getBoundingClientRect();
            const middle = {clientX: box.x + box.width / 2, clientY: box.y + box.height / 2};
            part("map").dispatchEvent(new PointerEvent("pointerdown", middle))""")
        assert "s = 1/2, t = 1/2" in said(page, "where")
        point = page.run("document.body.dataset.risk")
        land = es.landscape(PROBLEMS[1])
        assert Fraction(point) == PROBLEMS[1].risk(land.slice(3, 0).parameters_at("1/2", "1/2"))

    def test_walls_of_the_picture_are_those_of_the_slice(self, page, lands):
        """Every wall that the page draws lies on walls of the exact slice, and none of those is missing."""
        page.run("open(1)")
        plane = lands[1].slice(2, 0)
        drawn = [[wall["unit"], wall["sample"], wall["line"]] for wall in page.run("surface().walls")]
        for segment in plane.walls():
            for wall in segment.walls:
                lines = [line for unit, sample, line in drawn if (unit, sample) == (wall.unit, wall.sample)]
                assert any(abs(a * x + b * y + c) < 1e-9 for a, b, c in lines for x, y in [map(float, segment.start)]), wall
        heights = page.run("[[0, 0], [1, 0], [0, 1], [0.25, 0.75]].map(([s, t]) => mesh.height(s, t))")
        exact = [lands[1].problem.risk(plane.parameters_at(*map(str, p))) for p in [(0, 0), (1, 0), (0, 1), ("1/4", "3/4")]]
        assert heights == pytest.approx(list(map(float, exact)))

    @pytest.mark.parametrize("width", [360, 390, 768, 1400])
    def test_no_width_needs_scrolling_sideways(self, page, width):
        page.send("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=width < 500)
        for place in range(len(PROBLEMS)):
            page.run(f"open({place})")
            assert page.run("document.documentElement.scrollWidth") <= width
        ends = page.run("[...document.querySelectorAll('.card')].map((card) => card.getBoundingClientRect().right)")
        assert max(ends) <= width

    def test_dark_and_light(self, page):
        colour = "getComputedStyle(document.documentElement).backgroundColor"
        light = page.run(colour)
        page.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        dark = page.run(colour)
        assert light != dark and max(map(int, re.findall(r"\d+", dark)[:3])) < 60 < min(map(int, re.findall(r"\d+", light)[:3]))
        press(page, "d")
        assert page.run(colour) == light

    def test_print(self, page):
        page.run("open(1)")
        content = base64.b64decode(page.send("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])
        assert content.startswith(b"%PDF") and 1 <= len(re.findall(rb"/Type\s*/Page\b", content)) <= 3
        page.send("Emulation.setEmulatedMedia", media="print", features=[{"name": "prefers-color-scheme", "value": "dark"}])
        page.run("window.dispatchEvent(new Event('beforeprint'))")
        assert page.run("getComputedStyle(document.documentElement).backgroundColor") != "rgb(12, 18, 32)"
        assert page.run("getComputedStyle(document.querySelector('nav')).display") == "none"

    def test_what_is_said_of_the_cell_is_true(self, page, lands):
        """Inside a cell only if no unit sits on a breakpoint and no sample on a kink of the loss."""
        for place, (land, problem) in enumerate(zip(lands, PROBLEMS, strict=True)):
            page.run(f"open({place})")
            edges = [problem.term_function(i, 0).breakpoints for i in range(len(problem.data))]
            for number, valley in enumerate(land.valleys[:4]):
                if valley.parameters is None:
                    continue
                page.run(f"choose({number}, {number})")
                walls = len(activation_pattern(problem, valley.parameters).boundary)
                kinks = sum(f in edge for (f,), edge in zip(problem.predictions(valley.parameters), edges, strict=True))
                words = said(page, "cell-words")
                assert (f"on {walls} wall" in words) == (walls > 0) and (f"of {kinks} sample" in words) == (kinks > 0)
                assert ("inside a cell" in words) == (walls == kinks == 0)

    def test_names_of_columns_are_text(self, page, tmp_path):
        bad = "<img src=x onerror=alert(1)>"
        file = tmp_path / "data.csv"
        file.write_text(f"{bad},y</script>\n0,0\n1,1\n2,0\n3,2\n", encoding="utf-8")
        land = es.landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_csv(file, target="y</script>")))
        (tmp_path / "bad.html").write_text(es.classroom_page({f"{bad}</title>": land}), encoding="utf-8")
        page.visit((tmp_path / "bad.html").as_uri())
        page.wait("document.body.dataset.state === 'ready'")
        assert page.run("document.querySelectorAll('img').length") == 0
        assert bad in said(page, "title") and bad in said(page, "cell") and bad in page.run("document.title")

    def test_nothing_is_asked_of_a_network(self, page):
        for place in range(len(PROBLEMS)):
            page.run(f"open({place})")
        assert {address.partition(":")[0] for address in page.requests} <= {"file", "data"}
