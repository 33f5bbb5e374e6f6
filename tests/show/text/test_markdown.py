"""Markdown: the words and numbers of the proof, as a referee would check them by hand."""

from __future__ import annotations

import io
import random
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.markdown import Markdown

import exactsurf as es
from exactsurf.show.certificates import latex, markdown
from tests.show.latex_source import assert_well_formed
from tests.verifier.examples import EXAMPLES, certificate, column, get, point


def table_rows(text: str, header: str) -> list[list[str]]:
    """The cells of the table with this header."""
    lines = text.splitlines()
    start = lines.index(header)
    body = lines[start + 2 :]
    end = next(i for i, line in enumerate([*body, ""]) if not line.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in body[:end]]


def vectors(text: str) -> list[list[Fraction]]:
    return [[Fraction(part) for part in found.split(", ")] for found in re.findall(r"\(([-\d/, ]+)\)", text)]


def test_the_first_example_in_full() -> None:
    text = markdown(get("example_a"), file="folder/a.json", sha256="0123" * 16)
    assert "# A spurious local minimum of the squared risk" in text
    assert get("example_a")["claim"]["sentence"] in text
    assert "1 input, one hidden layer of 2 units, 1 output and biases in every layer" in text
    assert "f(x; θ) = W₂ h(W₁ x + b₁) + b₂" in text and "h(z) = max(0, z)" in text
    assert "L(θ) = ½ Σᵢ (f(xᵢ; θ) − yᵢ)²" in text
    assert "L(θ) = 3/4 = 0.75" in text and "L(θ₁) = 21/32 = 0.65625" in text and "L(θ) − L(θ₁) = 3/32 = 0.09375" in text
    assert "W₁ = [ 1/2 ]   b₁ = [ 1 ]\n     [   0 ]        [ 1 ]" in text
    assert "b₁ = [ -7/8 ]" in text and "b₂ = [ 3/4 ]" in text
    # z₁ = x/2 + 1, f = z₁ − 1, y = 0, 1, 0, 2
    residuals = [
        ["1", "1", "1", "0", "0"],
        ["2", "3/2", "1", "1/2", "-1/2"],
        ["3", "2", "1", "1", "1"],
        ["4", "5/2", "1", "3/2", "-1/2"],
    ]
    assert table_rows(text, "| i | z₁ | z₂ | f | rᵢ |") == residuals
    assert "Unit 1: h(z) = z on samples 2 to 4." in text
    assert text.rstrip().endswith("```text\npython -m exactsurf.verifier folder/a.json\n```")
    assert f"`a.json` (SHA-256 `{'0123' * 16}`)" in text


@pytest.mark.parametrize("name", ["example_a", "xor", "deep", "huber", "hinge", "absolute"])
def test_written_out_path_vectors_satisfy_the_conditions(name: str) -> None:
    """Σ v = 0 in layers with a bias, and Σ v x = 0, with the numbers as they stand in the text."""
    document, text = get(name), markdown(get(name))
    shown = {int(layer): vectors(line) for layer, line in re.findall(r"^\d\. V(.): (.*)$", text.translate(DIGITS), re.MULTILINE)}
    assert set(shown) == set(range(1, len(document["problem"]["widths"])))
    (samples,) = re.findall(r"Written out, for samples? (.*) in this order", text)
    x = [document["problem"]["data"]["x"][i - 1] for i in parsed(samples)]
    for layer, found in shown.items():
        assert found
        for v in found:
            if document["problem"]["biases"][layer - 1]:
                assert sum(v) == 0
            if layer == 1:
                assert [sum(a * Fraction(b) for a, b in zip(v, xs, strict=True)) for xs in zip(*x, strict=True)] == [0] * len(
                    x[0]
                )


def test_path_vectors_are_products_of_slopes() -> None:
    """Layer 2 of `deep`: unit 1 has slope 1/2 on samples 3, 4 and 1 elsewhere; r of output 1 is (−1, 1, −3, 3, 0, 0)."""
    text = markdown(get("deep"))
    assert "Unit 1 of layer 2: h(z) = 1/2·z + 1 on samples 3, 4; h(z) = z + 1 on samples 1, 2, 5, 6." in text
    assert "V₃: (-1, 1, -3, 3, 0, 0)," in text and "V₂: (-1, 1, -3/2, 3/2, 0, 0)," in text
    assert "(-1/4, 1/4, -1/3, 1/3, 0, 0)" in text  # V₁: slopes 1/2, 1/3 of unit 2 of layer 1, times 1/2, 1/3 of layer 2


def test_losses_in_words() -> None:
    """The formulas of FORMAT.md, section 2, and their derivatives."""
    text = markdown(get("huber"))
    assert "L(θ) = 1/3·Σᵢ ρ(f(xᵢ; θ) − yᵢ)" in text and "rᵢ = 1/3·max(-1, min(1, f(xᵢ; θ) − yᵢ))" in text
    assert "ρ(u) = ½ u²        if |u| ≤ 1\n       |u| − 1/2   if |u| > 1" in text
    text = markdown(get("hinge"))
    assert "L(θ) = Σᵢ max(0, 1 − yᵢ f(xᵢ; θ))" in text and "rᵢ = -yᵢ if yᵢ f(xᵢ; θ) < 1" in text
    text = markdown(get("absolute"))
    assert "L(θ) = 2/3·Σᵢ |f(xᵢ; θ) − yᵢ|" in text and "rᵢ = 2/3 if f(xᵢ; θ) > yᵢ" in text and "between -2/3 and 2/3" in text
    data = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
    found = es.papers.yun_2019.construct(es.Problem(es.Network([1, 2, 1]), data, es.squared.mean))
    text = markdown(found.certificate.document())
    assert "L(θ) = 1/8·Σᵢ (f(xᵢ; θ) − yᵢ)²" in text and "half the mean" in text and "rᵢ = 1/4·(f(xᵢ; θ) − yᵢ)" in text
    assert f"L(θ) = {found.risk}" in text and f"L(θ₁) = {found.lower_risk}" in text


DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def parsed(listed: str) -> list[int]:
    """Samples from a list like "1 to 3, 5"."""
    parts = [tuple(map(int, part.split(" to "))) for part in listed.split(", ")]
    return [i for part in parts for i in range(part[0], part[-1] + 1)]


def test_a_single_leaf_is_shown_in_full_and_holds() -> None:
    text = markdown(get("several_breakpoints"))
    (g,) = vectors(re.findall(r"g = (\(.*?\))\.", text)[0])
    rows = table_rows(text, "| m | uₘ | κₘ | μₘ |")
    normals = [vectors(row[1])[0] for row in rows]
    kinks, multipliers = ([Fraction(row[k]) for row in rows] for k in (2, 3))
    assert [sum(m * u[c] for m, u in zip(multipliers, normals, strict=True)) for c in range(2)] == g == [2, 0]
    assert all(abs(m) <= k for m, k in zip(multipliers, kinks, strict=True))
    assert "h(z) = 2·z + 5   if z ≤ -1\n       3         if -1 ≤ z ≤ 1\n       z + 2     if z ≥ 1" in text


@pytest.mark.parametrize(("name", "sign", "cones"), [("split", 1, 2), ("negative_output", -1, 2), ("empty", 1, 8)])
def test_the_cones_of_a_tree_hold(name: str, sign: int, cones: int) -> None:
    """At many δ: the cone that holds δ has numbers with Σ μ u = s·g and terms ≥ 0, as they stand in the text."""
    text = markdown(get(name)).translate(DIGITS)
    (g,) = vectors(re.findall(r"g = (\(.*?\))\.", text)[0])
    rows = table_rows(text, "| m | uₘ | κₘ |")
    normals, kinks = [vectors(row[1])[0] for row in rows], [sign * Fraction(row[2]) for row in rows]
    items = re.findall(r"^\d\. (u.*0): (.*?)\.$", text, re.MULTILINE)
    assert len(items) == cones and f"into {cones} closed cones" in text
    rng, used = random.Random(1), set()
    for _ in range(200):
        delta = [Fraction(rng.randint(-9, 9)) for _ in g]
        dots = [sum(a * b for a, b in zip(u, delta, strict=True)) for u in normals]
        here = []
        for number, (cone, numbers) in enumerate(items):
            signs = [(int(m), 1 if mark == "≥" else -1) for m, mark in re.findall(r"u(\d)·δ (.) 0", cone)]
            if all(t * dots[m - 1] >= 0 for m, t in signs) and "hyperplane" not in numbers:
                here.append((number, {int(m): Fraction(v) for m, v in re.findall(r"μ(\d) = (\S+?)(?:,|$)", numbers)}))
        assert here
        for number, mu in here:
            used.add(number)
            assert [sum(v * normals[m - 1][c] for m, v in mu.items()) for c in range(len(g))] == [sign * a for a in g]
            assert all(mu.get(m, 0) * d + k * abs(d) >= 0 for m, (d, k) in enumerate(zip(dots, kinks, strict=True), start=1))
    assert len(used) == sum("hyperplane" not in numbers for _, numbers in items)


def by_file(document: dict) -> dict:
    """The same certificate with its data in a file that is not at hand: nothing can be recomputed for display."""
    inputs, outputs = document["problem"]["widths"][0], document["problem"]["widths"][-1]
    csv = {"file": "a|b`.csv", "sha256": "0" * 64, "delimiter": ",", "skip_rows": 0}
    csv |= {"samples": len(document["problem"]["data"]["y"]), "x": [*range(inputs)], "y": [*range(inputs, inputs + outputs)]}
    document["problem"]["data"] = {"csv": csv}
    return document


@pytest.mark.parametrize("name", EXAMPLES)
def test_without_the_data_the_argument_is_the_same(name: str) -> None:
    text = markdown(by_file(get(name)))
    assert "``a|b`.csv``" in text
    assert text.splitlines()[0] == markdown(get(name)).splitlines()[0]
    conclusion = (
        r"arbitrarily near θ, there|neighbourhood of θ holds" if "descent" in get(name)["evidence"] else r"θ is .* minimum\."
    )
    assert re.search(conclusion, text[text.index("## Proof") :])
    assert_well_formed(latex(by_file(get(name))))


def test_a_tree_in_words() -> None:
    text = markdown(by_file(get("empty")))
    assert "into 8 closed cones" in text and "2 of them lie in a hyperplane" in text and "samples 1 to 3" in text
    assert "μ₁ =" not in text


def test_units_without_output_weight_and_units_away_from_breakpoints() -> None:
    text = markdown(get("dead_units"))
    assert "Unit 2, v₂ = 0: here g = 0 and every κₘ = 0" in text and "Unit 3, v₃ = 0" in text
    assert "no sample is at a breakpoint, and g = 0" in markdown(get("absolute_unitwise"))


def test_descent_is_told_with_its_derivative_and_lower_point() -> None:
    text = markdown(get("direction"))
    assert "2 at row 2, column 1 of W₁" in text and "1/3 at entry 1 of b₃; all others are 0" in text
    assert f"L′(θ; d) = {get('direction')['evidence']['descent']['derivative']}" in text
    assert "every neighbourhood of θ holds a lower point" in text
    text = markdown(get("dead_unit"))
    assert "Column 2 of W₂ is zero" in text and "row 2, column 2 of W₂" in text and "δ = (1, 2)" in text and "D = -8" in text
    assert table_rows(text, "| i | rᵢ₂ |") == [["1", "-1"], ["2", "-2"], ["3", "1"]]


def test_a_lower_point_on_the_ray_is_named_by_its_step() -> None:
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 3]))
    theta = problem.parameters(W1=[[1]], b1=[1], W2=[[1]], b2=[0])
    verdict = es.decide(problem, theta)
    assert str(verdict.status) == "REFUTED" and verdict.lower_point is not None
    text = markdown(verdict.certificate.document())
    step = Fraction(re.findall(r"θ₁ = θ \+ t·d with t = (\S+?)[ :]", text)[0])
    direction = verdict.certificate.document()["evidence"]["descent"]["direction"]
    entry, (value,) = next((name, numbers) for name, numbers in direction.items() if numbers not in (["0"], [["0"]]))
    along = Fraction(value if isinstance(value, str) else value[0])
    here, there = (p[entry][0] if entry[0] == "b" else p[entry][0][0] for p in (theta, verdict.lower_point))
    assert there - here == step * along


ACTIVATIONS = [
    ({"breakpoints": ["0"], "slopes": ["1/100", "1"], "value_at_0": "0"}, "leaky ReLU with slope 1/100"),
    ({"breakpoints": ["0"], "slopes": ["-1", "1"], "value_at_0": "0"}, "h(z) = |z|"),
    ({"breakpoints": ["0"], "slopes": ["1/2", "3"], "value_at_0": "0"}, "s₊ = 3, s₋ = 1/2"),
    ({"breakpoints": [], "slopes": ["2"], "value_at_0": "-1"}, "affine, h(z) = 2·z − 1"),
    (
        {"breakpoints": [*map(str, range(40))], "slopes": ["0", "1"] * 20 + ["0"], "value_at_0": "0"},
        "40 breakpoints from 0 to 39",
    ),
]


@pytest.mark.parametrize(("activation", "words"), ACTIVATIONS, ids=[words for _, words in ACTIVATIONS])
def test_activations_in_words(activation: dict, words: str) -> None:
    """All weights 0 and y = 0 ± 1 at the same input: every path sum vanishes."""
    here = point(W1=[[0]], b1=["1/2"], W2=[[0]], b2=[0])
    evidence = {"local_minimum": {"rule": "paths"}}
    document = certificate("local minimum", [1, 1, 1], column(2, 2), column(1, -1), here, evidence, activation=activation)
    assert words in markdown(document)
    if words.startswith("leaky"):
        assert "h(z) = z         if z ≥ 0\n       1/100·z   if z < 0" in markdown(document)
    assert_well_formed(latex(document))


@pytest.mark.parametrize("name", EXAMPLES)
def test_rich_shows_it_in_a_terminal(name: str) -> None:
    console = Console(file=io.StringIO(), force_terminal=False, width=100)
    source = markdown(get(name))
    console.print(Markdown(source))
    shown = console.file.getvalue()
    assert "\\" not in shown and "```" not in shown and "$" not in shown
    assert f"L(θ) = {get(name)['claim']['risk']}" in " ".join(shown.split())


small = st.integers(-2, 2)


@given(
    st.lists(st.tuples(small, small), min_size=2, max_size=5),
    st.lists(small, min_size=7, max_size=7),
    st.sampled_from(["relu", "hard_tanh"]),
)
def test_whatever_is_decided_can_be_shown(samples: list, numbers: list, activation: str) -> None:
    problem = es.Problem(
        es.Network([1, 2, 1], activation=activation), es.Data.from_arrays(*map(list, zip(*samples, strict=True)))
    )
    a, b, c, d, v, w, e = numbers
    verdict = es.decide(problem, problem.parameters(W1=[[a], [b]], b1=[c, d], W2=[[v, w]], b2=[e]))
    if verdict.certificate is None:
        return
    document = verdict.certificate.document()
    assert_well_formed(latex(document))
    text = markdown(document)
    assert (
        document["claim"]["sentence"] in text and f"L(θ) = {problem.risk(problem.parameters(**document['parameters']))}" in text
    )
