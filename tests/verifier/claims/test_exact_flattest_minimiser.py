"""The claim `exact flattest minimiser`: true by floats all over the signed cell, and every change is rejected or true."""

from __future__ import annotations

import copy
import random
import time
from collections.abc import Callable
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from scipy.linalg import null_space

from exactsurf.verifier import Refused, verify
from tests.verifier.claims.test_algebraic_point import real
from tests.verifier.claims.test_flattest_minimiser import Floats
from tests.verifier.oracle import Document, number
from tests.verifier.verdicts import assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = ("exact_flattest_linear", "exact_flattest_relu", "exact_flattest_eigenvalue", "exact_flattest_one")
LINEAR, RELU, EIGENVALUE, ONE = NAMES


def holds(document: Document, tries: int = 60) -> None:
    """No point of the signed cell with the predictions is flatter in floats, and one near the place is hardly less flat."""
    floats, claim, evidence = Floats(document), document["claim"], document["evidence"]
    value, alpha, near = float(real(claim["value"])), float(real(evidence["root"])), 1e-6
    w, v, _ = floats.parts(document["parameters"])
    z, size = floats.x @ w.T, w.shape[1]
    slopes = np.where(z > 0, floats.slopes[-1], floats.slopes[0])
    start = (w * v[:, None]).ravel()

    def flat(products: np.ndarray, squares: np.ndarray) -> float | None:
        """The sharpness; None beyond a wall."""
        outputs = np.sqrt(squares) * np.sign(v)
        there = products.reshape(-1, size) / outputs[:, None]
        if floats.has_walls and (np.sign(floats.x @ there.T) != np.sign(z)).any():
            return None
        matrix = floats.hessian(there, outputs)
        return float(matrix.trace() if claim["of"] == "trace" else np.linalg.eigvalsh(matrix)[-1])

    def read(entries: list[str]) -> float:
        return sum(float(number(c)) * alpha**k for k, c in enumerate(entries))

    place = np.array([[read(entry) for entry in row] for row in evidence["products"]]).ravel()
    squares = np.array([max(read(entry), 1e-8) for entry in evidence["squares"]])
    here = flat(place + 1e-8 * (start - place), squares)
    assert here is not None and abs(here / value - 1) < near
    equations = np.hstack([slopes[:, [j]] * floats.x for j in range(len(v))] + ([np.ones((len(z), 1))] if floats.output else []))
    kernel, source = null_space(equations), random.Random(5)
    tried = 0
    for k in range(2 * tries):
        begin, scales = (place + 1e-6 * (start - place), squares) if k % 2 else (start, v**2)
        move = kernel @ np.array([source.gauss(0, 1) for _ in range(kernel.shape[1])]) * 10.0 ** source.uniform(-4, 1)
        found = flat(begin + move[: len(begin)], scales * np.exp([source.uniform(-1, 1) * (k % 3) / 2 for _ in v]))
        if found is not None:
            tried += 1
            assert found >= value * (1 - near)
    assert tried > tries // 4 or not kernel.size


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    assert verify(encode(document)).sentence == document["claim"]["sentence"]
    holds(document)


def other_interval(document: Document) -> None:
    """The negative root of t² − 200."""
    low, high = document["claim"]["value"]["interval"]
    document["claim"]["value"]["interval"] = [f"-{high}", f"-{low}"]
    text = document["claim"]["sentence"]
    document["claim"]["sentence"] = text.replace(f"between {low} and {high}", f"between -{high} and -{low}")


def other_polynomial(document: Document) -> None:
    """A number in the same interval that is not the value: 200 + 10⁻³⁰ for 200."""
    top, rest = "1" + "0" * 30, "-200" + "0" * 29 + "1"
    document["claim"]["value"]["polynomial"] = [rest, "0", top]
    text = document["claim"]["sentence"]
    document["claim"]["sentence"] = text.replace("-200, 0, 1,", f"{rest}, 0, {top},")


def of_the_other(document: Document) -> None:
    """The trace said to be the eigenvalue: the fields of the evidence are others."""
    document["claim"]["of"] = "largest eigenvalue"
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("least trace", "least largest eigenvalue")


def no_vectors(document: Document) -> None:
    """With vectors that are 0 nothing bounds the value from below: it is raised, and everything else still fits."""
    evidence = document["evidence"]
    evidence["vectors"] = [[["0"] for _ in vector] for vector in evidence["vectors"]]
    evidence["multipliers"] = [["0"] for _ in evidence["multipliers"]]
    evidence["prices"] = [[["0"] for _ in row] for row in evidence["prices"]]
    evidence["value"] = ["21"]


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": (LINEAR, put("format", "exactsurf-certificate/1"), "format"),
    "sentence": (LINEAR, put("claim", "sentence", "It holds."), "claim.sentence"),
    "risk": (LINEAR, put("claim", "risk", "1"), "claim.risk"),
    "of": (LINEAR, put("claim", "of", "determinant"), "claim.of"),
    "of_the_other": (LINEAR, of_the_other, "evidence"),
    "the_other_root": (LINEAR, other_interval, "claim.value.interval"),
    "another_number": (LINEAR, other_polynomial, "claim.value.polynomial"),
    "bits": (LINEAR, put("evidence", "bits", 15), "evidence.bits"),
    "root": (LINEAR, put("evidence", "root", "interval", ["2", "3"]), "evidence.root.interval"),
    "value": (LINEAR, put("evidence", "value", ["1", "1"]), "evidence.value"),
    "value_of_the_eigenvalue": (EIGENVALUE, put("evidence", "value", 0, "1"), "evidence.value"),
    "products": (LINEAR, put("evidence", "products", 0, 0, ["1", "1"]), "evidence.products"),
    "bias": (RELU, put("evidence", "bias", [["1", "0", "0", "0"]]), "evidence.products"),
    "no_bias": (RELU, put("evidence", "bias", []), "evidence.bias"),
    "negative_square": (ONE, put("evidence", "squares", 0, ["-1"]), "evidence.squares[0]"),
    "square": (ONE, put("evidence", "squares", 0, ["9"]), "evidence.squares[0]"),
    "square_0": (ONE, put("evidence", "squares", 0, ["0"]), "evidence.squares[0]"),
    "lines": (ONE, put("evidence", "lines", 0, 0, ["9"]), "evidence"),
    "multipliers": (LINEAR, put("evidence", "multipliers", 0, ["1", "0"]), "evidence.lines[0]"),
    "multipliers_with_a_sum": (RELU, put("evidence", "multipliers", 0, ["1", "0", "0", "0"]), "evidence.multipliers"),
    "price_without_a_wall": (LINEAR, put("evidence", "prices", 0, 0, ["1", "0"]), "evidence.prices[0][0]"),
    "negative_price": (RELU, put("evidence", "prices", 0, 0, ["-1", "0", "0", "0"]), "evidence.prices[0][0]"),
    "price": (RELU, put("evidence", "prices", 0, 0, ["9", "0", "0", "0"]), "evidence.lines[0]"),
    "vectors": (ONE, put("evidence", "vectors", 0, 0, ["9"]), "evidence"),
    "vectors_0": (ONE, no_vectors, "evidence.vectors"),
    "no_vector": (ONE, put("evidence", "vectors", []), "evidence.vectors"),
    "negative_share": (ONE, put("evidence", "shares", 0, ["-1"]), "evidence"),
    "no_output_weight": (LINEAR, put("parameters", "W2", [["1", "0"]]), "claim.risk"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_rejected_where_they_are(name: str) -> None:
    start, change, place = CHANGES[name]
    assert_rejected_at(place, copy.deepcopy(golden(start)), change)


@pytest.mark.parametrize("name", [pytest.param(LINEAR, marks=pytest.mark.slow), ONE])
def test_all_small_changes_are_noticed(name: str) -> None:
    few = partial(holds, tries=6)
    assert_changes_are_noticed(golden(name), few, least=60, never=("kind",))


def test_long_numbers_of_evidence_do_not_hold_the_verifier() -> None:
    """The place is the given point, so that it passes; the vectors are long, and of degree 40."""
    document, source = golden(EIGENVALUE), random.Random(5)
    evidence, degree = document["evidence"], 40

    def constant(value: Fraction) -> list[str]:
        text = str(value.numerator) if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
        return [text, *["0"] * (degree - 1)]

    def long() -> list[str]:
        values = [Fraction(source.getrandbits(3000), source.getrandbits(3000) | 1) for _ in range(degree)]
        return [f"{v.numerator:#x}/{v.denominator:#x}" for v in values]

    point = {
        name: [list(map(number, row)) if isinstance(row, list) else number(row) for row in rows]
        for name, rows in document["parameters"].items()
    }
    products = [
        [v * w for w in [*row, *([point["b1"][j]] if "b1" in point else [])]]
        for j, (v, row) in enumerate(zip(point["W2"][0], point["W1"], strict=True))
    ]
    evidence["root"] = {"polynomial": ["-2", *["0"] * (degree - 1), "1"], "interval": ["1", "11/10"]}
    evidence["products"] = [[constant(p) for p in own] for own in products]
    evidence["bias"] = [constant(value) for value in point.get("b2", [])]
    evidence["squares"] = [constant(Fraction(1)) for _ in products]
    evidence["lines"] = [[constant(2 * p) for p in own] for own in products]
    for name in ("multipliers", "prices"):
        evidence[name] = [
            [constant(Fraction(0)) for _ in row] if isinstance(row[0], list) else constant(Fraction(0)) for row in evidence[name]
        ]
    evidence["value"] = long()
    evidence["vectors"] = [[long() for _ in vector] for vector in evidence["vectors"]]
    evidence["shares"] = [long() for _ in evidence["shares"]]
    start = time.process_time()
    with pytest.raises(Refused):
        verify(encode(document))
    assert time.process_time() - start < 4


def wide(size: int) -> Document:
    """A linear unit that fits as many samples as it has inputs; the place is right, and the lines are not."""
    source = random.Random(0)
    inputs = [[str(source.randint(1, 9)) for _ in range(size)] for _ in range(size)]
    one = {"polynomial": ["-1", "1"], "interval": ["0", "2"]}
    document = copy.deepcopy(golden(LINEAR))
    network, number_of = f"{size}-1-1", f"{size} samples"
    sentence = document["claim"]["sentence"].replace("2-2-1", network).replace("2 samples", number_of)
    named = "is the root between 0 and 2 of the polynomial with the coefficients -1, 1, the constant first."
    document["claim"] |= {"sentence": sentence.split("is the root")[0] + named, "value": one}
    targets = [[str(sum(map(int, row)))] for row in inputs]
    document["problem"] |= {"widths": [size, 1, 1], "data": {"x": inputs, "y": targets}}
    document["parameters"] = {"W1": [["1"] * size], "W2": [["1"]]}
    document["evidence"] |= {"root": one, "value": ["1"], "products": [[["1"]] * size], "squares": [["1"]]}
    document["evidence"] |= {"lines": [[["2"]] * size], "multipliers": [["0"]] * size, "prices": [[["0"]] * size]}
    return document


def test_many_short_numbers_are_counted_too() -> None:
    """The work grows with the third power of the size, the file with the second."""
    assert_rejected_at("evidence.lines[0]", wide(20), lambda document: None)
    start = time.process_time()
    with pytest.raises(Refused):
        verify(encode(wide(200)))
    assert time.process_time() - start < 30  # uncounted, it would be minutes; slow machines take eight seconds
