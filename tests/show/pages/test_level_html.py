"""Pages of landscapes with enclosed levels: all valleys, every level with its two ends in order, and ties."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache

import pytest

import exactsurf as es
from exactsurf.show.pages.level_html import level_axis, level_html, level_text, level_ticks
from tests.show.html_source import Page

TENT = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
LABELS = es.Data.from_arrays([0, 1, 2, 3], [1, -1, 1, 1])
XOR = es.Data.from_arrays([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0])
TWO = es.Data.from_arrays([[1, 2], [0, 1], [1, 0], [-1, 2], [2, -1]], [1, 0, 3, -2, 1], weights=[1, 2, 1, 1, "1/2"])
PROBLEMS = {
    "decay": es.Problem(es.Network([1, 1, 1]), TENT, weight_decay="1/10"),
    "penalised": es.Problem(es.Network([1, 1, 1]), TENT, weight_decay="1/10", decay_biases=True),
    "logistic": es.Problem(es.Network([1, 1, 1]), LABELS, "logistic"),
    "tied": es.Problem(es.Network([2, 1, 1]), XOR, weight_decay="1/10", decay_biases=True),
    "symmetric": es.Problem(
        es.Network([1, 1, 1]),
        es.Data.from_arrays([0, 1, 2, 3, 4], [-1, -1, 1, -1, -1]),
        "logistic",
        weight_decay="1/10",
    ),
    "two inputs": es.Problem(es.Network([2, 1, 1]), TWO, weight_decay="1/50"),
}


@cache
def land_of(name: str) -> es.EnclosedLandscape:
    return es.enclosed_landscape(PROBLEMS[name])


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_page_has_every_valley_and_refers_to_nothing(name: str):
    land = land_of(name)
    source = es.landscape_page(land)
    page = Page(source)
    assert "http" not in source and "src=" not in source
    for place, valley in enumerate(land.valleys):
        assert f"Valley {place}: {'a global minimum' if valley.is_global else 'a spurious valley'}" in page.text
        assert f'data-valley="{place}"' in source and f'data-panel="{place}"' in source
        if not valley.risk.is_exact:
            assert level_text(valley.risk) in page.text
    assert ("not attained" in page.text) == any(not valley.is_attained for valley in land.valleys)
    assert ('class="tie"' in source) == bool(land.ties)
    assert ("All of them are told apart" in page.text) == (not land.ties)


def test_ties_are_drawn_and_said():
    source = next(es.landscape_page(land) for land in map(land_of, PROBLEMS) if land.ties)
    assert 'class="tie"' in source and "⁓" in source


def test_the_axis_has_levels_in_order_and_every_valley_once():
    land = land_of("penalised")
    axis = level_axis(land)
    born = re.findall(r"valleys? ([\d, ]+)", axis)
    assert sorted(int(place) for names in born for place in names.split(",")) == list(range(len(land.valleys)))
    middles = [float(text) for text in re.findall(r">≈ ([\d.]+) ±", axis)]
    assert middles == sorted(middles) and len(middles) == axis.count("<tr>") - 1


def test_ends_are_told():
    third = es.Enclosure(Fraction(1, 3), Fraction(1, 2))
    assert "between 1/3 and 1/2" in level_html(third) and level_text(Fraction(1, 3)) == "1/3"
    land = land_of("decay")
    assert level_ticks(land, [land.runs[0].enclosure.low]) == ["37/75"]
