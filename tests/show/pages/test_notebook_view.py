"""What notebooks show: escaped, bounded in size, and without any computation."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import replace
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.exact.balls import Ball
from exactsurf.show.pages.notebook_view import (
    cell_html,
    landscape_html,
    problem_html,
    report_html,
    stationarity_html,
    verdict_html,
)
from exactsurf.surface.surface import landscape
from tests.show.html_source import Page
from tests.show.latex_source import assert_well_formed, rows

BENT = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])


@pytest.fixture(scope="module")
def problem() -> es.Problem:
    return es.Problem(es.Network([1, 2, 1]), BENT)


def test_the_doors_open(problem):
    found = es.papers.yun_2019.construct(problem)
    cell = problem.cell(found.parameters)
    land = landscape(problem)
    pairs = [(problem, problem_html), (cell, cell_html), (found.verdict, verdict_html), (land, landscape_html)]
    for value, made in pairs:
        assert value._repr_html_() == made(value)
        Page(value._repr_html_())
    assert found.report._repr_html_() == report_html(found.report)
    Page(found.report._repr_html_())
    senses = es.stationarity(problem, found.parameters)
    assert senses._repr_html_() == stationarity_html(senses)
    curved = es.Problem(es.Network([1, 1, 1], "tanh", biases=False), es.Data.from_arrays([-2, -1, 1, 3], [-1, -1, 1, 2]))
    assert "tanh" in Page(curved._repr_html_()).text and curved._repr_html_() == problem_html(curved)


def test_reports_show_every_hypothesis_with_a_word(problem):
    report = es.papers.yun_2019.theorem_1.check(problem)
    text = Page(report_html(report)).text
    for finding in report.findings:
        assert finding.name in text and finding.statement in text and finding.witness in text
    assert text.count("✓ PROVED") == len(report.findings)
    failing = es.papers.yun_2019.theorem_1.check(es.Problem(es.Network([1, 1, 1]), BENT))
    assert "✗ REFUTED" in Page(report_html(failing)).text
    long = replace(report, findings=tuple(replace(f, witness="<b>" * 10**5) for f in report.findings * 20))
    assert len(report_html(long)) < 100_000 and "more hypotheses" in report_html(long)
    Page(report_html(long))


def test_stationarity_shows_its_five_senses(problem):
    senses = es.stationarity(problem, es.papers.yun_2019.construct(problem).parameters)
    text = Page(stationarity_html(senses)).text
    assert all(name in text and reason in text for name, _, reason in senses.rows()) and "risk 3/4" in text


def test_a_critical_box_says_its_status():
    curved = es.Problem(es.Network([1, 1, 1], "tanh", biases=False), es.Data.from_arrays([-2, -1, 1, 3], [-1, -1, 1, 2]))
    box = es.find_critical_box(curved, W1=[[0.8]], W2=[[1.6]])
    text = Page(box._repr_html_()).text
    assert "✓ PROVED" in text and "strict local minimum" in text and "es.verify(box.certificate)" in text


def test_points_are_matrices(problem):
    theta = problem.parameters(W1=[["1/2"], [-3]], b1=[1, "7/5"], W2=[[10**40, 0]], b2=[0])
    source = theta._repr_latex_()
    found = dict(re.findall(r"([Wb]_\{\d\}) = \\begin\{pmatrix\} (.*?) \\end\{pmatrix\}", source))
    assert rows(found["W_{1}"]) == [[Fraction(1, 2)], [-3]] and rows(found["b_{1}"]) == [[1], [Fraction(7, 5)]]
    assert r"\approx" in found["W_{2}"] and rows(found["b_{2}"]) == [[0]]
    assert_well_formed(source)


def test_problems_show_their_first_rows(problem):
    text = Page(problem_html(problem)).text
    assert "Network(1-2-1, relu)" in text and "more" not in text
    wide = es.Problem(es.Network([10, 2, 1]), es.Data.bundled("diabetes", "progression"))
    text = Page(problem_html(wide)).text
    assert "321/10" in text and "436 more samples, 4 more inputs" in text
    # The table of all fractions is built when it is asked for, and nobody asked.
    assert not {"x", "y"} & set(vars(wide.data))


def test_a_cell_shows_its_risk_only_when_it_is_known(problem):
    theta = problem.parameters(W1=[[1], [2]], b1=[1, "-3"], W2=[[1, 1]], b2=[0])
    cell = problem.cell(theta)
    page = Page(cell_html(cell))
    assert "0011" in page.text and "1111" in page.text and "when it is asked for" in page.text
    assert "risk" not in vars(cell)
    terms = cell.risk.terms
    assert f"a polynomial of {terms} terms" in Page(cell_html(cell)).text
    small = es.Problem(es.Network([1, 1, 1], biases=False), es.Data.from_arrays([1], [1]))
    known = small.cell(small.parameters(W1=[[1]], W2=[[1]]))
    assert known.risk.terms == 3 and "W1_0_0" in Page(cell_html(known)).text


def test_verdicts_say_their_status_in_a_word(problem):
    for status, sign in ((es.Status.PROVED, "✓"), (es.Status.REFUTED, "✗"), (es.Status.UNDECIDED, "?")):
        text = Page(verdict_html(es.Verdict(status, "<script>1 < 2</script>", risk=Fraction(3, 4)))).text
        assert f"{sign} {status}" in text and "<script>" in text and "risk 3/4" in text
        assert "verify" not in text
    found = es.papers.yun_2019.construct(problem).verdict
    assert "es.verify(verdict.certificate)" in verdict_html(found) and "verdict.lower_point" in verdict_html(found)


def test_sizes_are_bounded():
    rows = [[k + j for j in range(60)] for k in range(300)]
    many = es.Problem(es.Network([60, 40, 3]), es.Data.from_arrays(rows, [[k, k * k, 10**100 + k] for k in range(300)]))
    zero = many.parameters(
        **{n: [[0] * s[1]] * s[0] if len(s) == 2 else [1] * s[0] for n, s in many.network.shapes.items()},
    )
    shown = [problem_html(many), cell_html(many.cell(zero)), verdict_html(es.Verdict(es.Status.PROVED, "long " * 10**5))]
    assert max(map(len, shown)) < 10_000
    assert len(zero._repr_latex_()) < 2_000 and r"\vdots" in zero._repr_latex_()
    assert "28 more units" in shown[1] and "260 more" in shown[1] and "≈" in shown[0]


def test_landscapes_show_their_lowest_valleys(problem):
    text = Page(landscape_html(landscape(problem))).text
    assert "global minimum" in text and "spurious valley" in text and "3/4" in text and "more" not in text
    leaky = es.Problem(
        es.Network([1, 2, 1], activation=es.leaky_relu("1/5")), es.Data.from_arrays([0, 1, 2, 3, 5], [0, 3, -1, 2, 1])
    )
    land = landscape(leaky)
    assert f"{len(land.valleys) - 10} more valleys" in landscape_html(land)
    assert land.plot().get_ylabel() == "risk"


def test_pages_without_a_network_need_no_mathjax(problem):
    """An exported page shows the HTML before the LaTeX; between dollars it would be raw source without MathJax."""
    found = es.papers.yun_2019.construct(problem)
    cell = problem.cell(problem.parameters(W1=[[1], [2]], b1=[1, -3], W2=[[1, 1]], b2=[0]))
    ball = Ball(Fraction(1, 3), Fraction(1, 10**9))
    values = [problem, found.parameters, cell, cell.risk, ball, found.verdict, found.report, landscape(problem)]
    for value in values:
        shown = value._repr_html_()
        assert "$" not in shown and "\\" not in shown
        Page(shown)
    for module in pkgutil.walk_packages(es.__path__, "exactsurf."):
        if module.name.split(".")[1] in {"exact", "model", "cells", "minima", "surface", "certificate", "theorems", "search"}:
            for kind in vars(importlib.import_module(module.name)).values():
                if isinstance(kind, type) and hasattr(kind, "_repr_latex_"):
                    assert hasattr(kind, "_repr_html_"), kind


def test_parameters_in_html_are_those_in_latex(problem):
    theta = problem.parameters(W1=[["1/2"], [-3]], b1=[1, "7/5"], W2=[[10**40, 0]], b2=[0])
    page = Page(theta._repr_html_())
    cells = re.findall(r"<td>(.*?)</td>", theta._repr_html_())
    numbers = [Fraction(re.sub("<[^>]*>", "", cell).replace("−", "-")) for cell in cells if "≈" not in cell]
    assert numbers == [Fraction(1, 2), -3, 1, Fraction(7, 5), 0, 0] and cells.count(cells[4]) == 1 and "≈" in cells[4]
    assert all(f"{letter}{layer}" in page.text.replace(" ", "") for letter in "Wb" for layer in (1, 2))
    wide = es.Problem(es.Network([40, 40, 40, 40, 40, 1], "linear"), es.Data.from_arrays([[0] * 40], [0]))
    zero = wide.parameters(**{n: [[0] * s[1]] * s[0] if len(s) == 2 else [0] * s[0] for n, s in wide.network.shapes.items()})
    assert len(zero._repr_html_()) < 20_000 and "⋮" in zero._repr_html_() and "⋯" in zero._repr_html_()
