"""Proofs over the cells at a point, and along curves: every certificate is shown, and the numbers in the text hold."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from exactsurf.certificate.claims.point import CLAIMS_ABOUT_A_POINT
from exactsurf.show.certificates import html_page, latex, markdown
from tests.show.latex_source import assert_well_formed, matrices
from tests.show.text.test_html_page import assert_self_contained, letters
from tests.verifier.oracle import Oracle, parameters_of

PROOFS = Path(__file__).parents[3] / "proofs"


def is_about_a_point(path: Path) -> bool:
    return json.loads(path.read_text(encoding="utf-8")).get("claim", {}).get("kind") in CLAIMS_ABOUT_A_POINT


FILES = [path for path in sorted(PROOFS.glob("**/*.json")) if "reject" not in path.parts and is_about_a_point(path)]
DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def golden(name: str) -> dict:
    return json.loads((PROOFS / "golden" / "accept" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_certificate_is_shown_in_every_form(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    text, source = markdown(document), latex(document)
    assert_well_formed(source)
    assert document["claim"]["sentence"] in text and f"L(θ) = {document['claim']['risk']}" in text
    assert "$" not in text
    page = assert_self_contained(html_page(document))
    expected = re.sub(r"^\d+\. ", "", text.replace("```text", "```"), flags=re.MULTILINE)
    assert sorted(letters(page.text)) == sorted(letters(expected))
    if document["problem"]["data"].get("x") is not None and "≈" not in source:
        shown = {name for name, _ in matrices(source)}
        assert not shown or {*document["parameters"]} <= shown


def sets(text: str) -> list[tuple[dict[int, int], dict[int, int], dict[str, Fraction], str]]:
    """The listed sets: signs of boundary pairs p, of output weights j, the numbers, and the words."""
    found = []
    for line in re.findall(r"^\d+\. ((?:v′|ζ).*)\.$", text.translate(DIGITS), re.MULTILINE):
        cone, _, numbers = line.partition(": ")
        signs = [
            {int(n): 1 if mark == "≥" else -1 for n, mark in re.findall(rf"{letter}(\d+) (.) 0", cone)} for letter in ("ζ", "v′")
        ]
        values = {name: Fraction(value) for name, value in re.findall(r"([λμr]\d+) = (-?\d+(?:/\d+)?)", numbers)}
        found.append((*signs, values, numbers))
    return found


def pairs(text: str) -> dict[int, tuple[int, int]]:
    """p ↦ (unit, sample), from 1."""
    found = re.findall(r"p = (\d+): unit (\d+)(?: of layer \d+)? on sample (\d+)", text)
    return {int(p): (int(unit), int(sample)) for p, unit, sample in found}


def velocity(document: dict, direction: dict, unit: int, sample: int) -> Fraction:
    """The derivative of a pre-activation of layer 1 along a direction."""
    x = [Fraction(value) for value in document["problem"]["data"]["x"][sample - 1]]
    speed = sum((a * b for a, b in zip(direction["W1"][unit - 1], x, strict=True)), Fraction(0))
    return speed + (direction["b1"][unit - 1] if "b1" in direction else 0)


def random_like(value: object, rng: random.Random) -> object:
    return [random_like(item, rng) for item in value] if isinstance(value, list) else Fraction(rng.randint(-9, 9))


@pytest.mark.parametrize(("name", "count"), [("second_order_wall", 2), ("second_order_empty", 8)])
def test_multipliers_in_the_text_are_those_of_the_derivative(name: str, count: int) -> None:
    """∇Λ(θ) = 0 means: along every direction of a set the risk has the one-sided derivative Σ λ_p |∇z_p·d|."""
    document = golden(name)
    text, oracle, rng = markdown(document), Oracle(document), random.Random(name)
    listed, where = sets(text), pairs(text.translate(DIGITS))
    assert len(listed) == count and f"into {count} closed sets" in text
    here, seen = parameters_of(document["parameters"]), set()
    for _ in range(100):
        direction = {key: random_like(value, rng) for key, value in here.items()}
        speeds = {p: velocity(document, direction, *place) for p, place in where.items()}
        inside = [k for k, (signs, *_) in enumerate(listed) if all(s * speeds[p] >= 0 for p, s in signs.items())]
        assert any("in a hyperplane" not in listed[k][3] for k in inside)
        for k in inside:
            if "in a hyperplane" in listed[k][3]:
                continue
            seen.add(k)
            expected = sum((listed[k][2].get(f"λ{p}", Fraction(0)) * abs(speed) for p, speed in speeds.items()), Fraction(0))
            assert oracle.one_sided_derivative(here, direction) == expected
    assert len(seen) == sum("in a hyperplane" not in words for *_, words in listed)


@pytest.mark.parametrize(
    ("name", "count"),
    [("convex_cells_wall", 2), ("convex_cells_dead", 2), ("convex_cells_hinge", 4), ("convex_cells_slopes", 2)],
)
def test_subgradients_in_the_text_satisfy_the_conditions(name: str, count: int) -> None:
    document = golden(name)
    text, problem = markdown(document), document["problem"]
    here, h = parameters_of(document["parameters"]), problem["activation"]
    low, high = (Fraction(slope) for slope in h["slopes"])
    assert h["breakpoints"] == ["0"] and h["value_at_0"] == "0" and problem["widths"][1] == 1
    extended = [[*map(Fraction, x), *([1] if problem["biases"][0] else [])] for x in problem["data"]["x"]]
    targets = [Fraction(y) for (y,) in problem["data"]["y"]]
    w = [*here["W1"][0], *here.get("b1", [])]
    v, b = here["W2"][0][0], here.get("b2", [0])[0]
    z = [sum(p * q for p, q in zip(w, x, strict=True)) for x in extended]
    values = [max(low * t, high * t) for t in z]
    listed, where = sets(text), pairs(text.translate(DIGITS))
    assert len(listed) == count
    for signs, weights, numbers, words in listed:
        r = []
        for i, (value, y) in enumerate(zip(values, targets, strict=True), start=1):
            gap = 1 - y * (v * value + b) if problem["loss"]["name"] == "hinge" else v * value + b - y
            ends = sorted([Fraction(0), -y]) if problem["loss"]["name"] == "hinge" else [Fraction(-1), Fraction(1)]
            smooth = -y * (gap > 0) if problem["loss"]["name"] == "hinge" else (gap > 0) - (gap < 0)
            r.append(numbers[f"r{i}"] if not gap else Fraction(smooth))
            assert gap or ends[0] <= r[-1] <= ends[1]
        if problem["biases"][1]:
            assert sum(r) == 0
        # A pair that is not split is on its right side, but for μ.
        side = {sample: signs.get(p, 1) for p, (_, sample) in where.items()}
        slopes = [high if t > 0 or (not t and side.get(i) == 1) else low for i, t in enumerate(z, start=1)]
        phi = sum(a * c for a, c in zip(r, values, strict=True))
        g = [sum(a * s * x[c] for a, s, x in zip(r, slopes, extended, strict=True)) for c in range(len(w))]
        pull = [
            sum(
                (numbers.get(f"λ{p}", 0) * signs.get(p, 0) + numbers.get(f"μ{p}", 0)) * extended[sample - 1][c]
                for p, (_, sample) in where.items()
            )
            for c in range(len(w))
        ]
        s = weights.get(1, 0)
        for p, (_, sample) in where.items():
            assert p in signs or 0 <= numbers.get(f"μ{p}", 0) <= (s or v) * r[sample - 1] * (high - low) or "second" in words
        if not s:
            assert phi == 0 and [v * entry for entry in g] == pull
        elif "second kind" in words:
            assert s * phi > 0
        else:
            assert s * phi >= 0 and [s * entry for entry in g] == pull


def test_a_curve_is_told_with_its_order_and_step() -> None:
    """½(t³ − 1)² = ½ − t³ + …, and it is 0 at t = 1."""
    text = markdown(golden("curve_cubic"))
    assert "θ(t) = θ + t·c₁" in text and "L(θ(t)) = L(θ) + a t³ + …" in text and "a = -1," in text
    assert "θ₁ = θ(t) with t = 1:" in text and "L(θ₁) = 0, lower by L(θ) − L(θ₁) = 1/2" in text


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_pdflatex_accepts_them(tmp_path: Path) -> None:
    documents = [
        golden(path.stem) for path in FILES if path.parent.name == "accept" and path.stem.startswith(("sec", "con", "cur", "vec"))
    ]
    head = "\\documentclass{article}\n\\usepackage{amsmath,amsthm}\n\\newtheorem{theorem}{Theorem}\n\\begin{document}\n"
    (tmp_path / "text.tex").write_text(head + "\n".join(map(latex, documents)) + "\\end{document}\n")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "text.tex"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=120)
    assert len(documents) >= 11 and run.returncode == 0, run.stdout[-3000:]
    assert "Missing character" not in run.stdout


@pytest.mark.parametrize("name", ["products_wall", "products_vanishing", "products_kinks", "products_unit", "products_factor"])
def test_positive_products_in_words(name: str) -> None:
    """The pairs and the numbers of sets are those of the certificate, and only what occurs is explained."""
    document = golden(name)
    nodes, text = document["evidence"]["local_minimum"]["nodes"], markdown(document)
    leaves = [node for node in nodes if "split" not in node]
    vanishing = sum("vanishing" in node for node in leaves)
    assert set(pairs(text.translate(DIGITS)).values()) == {
        (node["split"][1] + 1, node["split"][2] + 1) for node in nodes if "split" in node
    } or any(node["split"][0] > 1 for node in nodes if "split" in node)
    assert (f"into {len(leaves)} closed sets" in text) == (len(leaves) > 1)
    assert (f"In {vanishing} of the sets" in text) == (vanishing > 1)
    assert ("divided by u" in text) == any(len(node.get("unit", ())) > 1 for node in leaves)
    assert ("At kinks of the loss" in text) == any(node.get("kinks") for node in leaves)
    assert ("products of walls, and each" in text) == any(node.get("products") for node in leaves)
