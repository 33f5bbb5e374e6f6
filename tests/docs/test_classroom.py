"""The landscapes prepared for a class: one page of at most a megabyte, and every one of them can be explored."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from tests.docs.browser import BROWSER, Tab, tab

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    goal = tmp_path_factory.mktemp("classroom") / "classroom.html"
    subprocess.run([sys.executable, str(ROOT / "docs/classroom/build.py"), str(goal)], check=True, cwd=ROOT)
    return goal


@pytest.fixture(scope="module")
def page(file, tmp_path_factory) -> Iterator[Tab]:
    if BROWSER is None:
        pytest.skip("no Chromium")
    with tab(tmp_path_factory.mktemp("profile")) as opened:
        opened.visit(file.as_uri())
        opened.wait("document.body.dataset.state === 'ready'")
        yield opened


def test_it_is_small_and_what_the_guide_says(file):
    assert file.stat().st_size <= 1_000_000
    guide = (ROOT / "docs/guide/teachers.md").read_text(encoding="utf-8")
    count = len(re.findall(r'"orbits":', file.read_text(encoding="utf-8")))
    assert count == 14 and "Fourteen landscapes" in guide


def test_every_landscape_can_be_explored(page):
    """Every walk ends where it should, both pictures are drawn, and nothing fails."""
    page.run("window.faults = []; addEventListener('error', (event) => window.faults.push(event.message))")
    for place in range(page.run("documents.length")):
        page.run(f"open({place})")
        pairs = page.run("Object.keys(current().walks)")
        for pair in pairs[:: max(1, len(pairs) // 4)]:
            start, end = pair.split("-")
            page.run(f"choose({start}, {end}), go(walk.stops)")
            assert page.run("document.body.dataset.risk") == page.run(f"current().valleys[{end}].risk.text")
            assert page.run("Math.max(...walk.profile.map(([, risk]) => risk)) <= walk.level.float * (1 + 1e-12)")
        for found in range(page.run("current().minima.length")):
            page.run(f"Object.assign(state, {{at: 'minimum', minimum: {found}}}), showPoint()")
            assert page.run("document.body.dataset.risk") == page.run(f"current().minima[{found}].risk.text")
        page.run("drawPictures()")
        for role in ("view", "map"):
            colours = (
                f"new Set(part('{role}').getContext('2d').getImageData(0, 0, part('{role}').width, part('{role}').height).data)"
            )
            assert page.run(f"{colours}.size") > 60, (place, role)
    assert page.run("window.faults") == []


def test_what_the_lesson_says(page):
    """The lesson begins in a spurious valley of the zigzag, whose barrier the page says as a fraction."""
    page.run("open(0)")
    assert page.run("current().valleys[state.from].global") is False
    zigzag = es.landscape(es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])))
    assert Fraction(page.run("walk.level.text")) == zigzag.valleys[2].barrier == Fraction(3, 4)
    three = page.run("documents.findIndex((set) => set.data.startsWith('Zigzag') && set.network === '3 units')")
    assert all(valley["global"] for valley in page.run(f"documents[{three}].valleys"))
