"""The claim `exact flattest rescaling`: true by floats at random factors, and every change is rejected or true."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest

from exactsurf.verifier import verify
from tests.verifier.claims.test_algebraic_point import real
from tests.verifier.oracle import Document, data, number
from tests.verifier.verdicts import assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = ("exact_rescaling_chain", "exact_rescaling_eigenvalue", "exact_rescaling_deep")
CHAIN, EIGENVALUE, DEEP = NAMES


def sharpness(document: Document, weights: list[np.ndarray], biases: list[np.ndarray | None]) -> float:
    """By finite differences of the gradients of the predictions, which are polynomials in the cell: exact up to rounding."""
    problem = document["problem"]
    x, _ = data(problem)
    slopes = [float(number(s)) for s in problem["activation"]["slopes"]]
    bend = 2 * float(number(problem["loss"]["pieces"][0][0]))
    total = 0
    for row in x:
        read, inner = [np.array(list(map(float, row)))], []
        for w, b in zip(weights[:-1], biases[:-1], strict=True):
            z = w @ read[-1] + (0 if b is None else b)
            a = np.where(z > 0, slopes[-1], slopes[0])
            inner.append(a)
            read.append(a * z)
        back, parts = np.ones(1), []
        for layer in range(len(weights) - 1, -1, -1):
            parts.insert(0, np.concatenate([np.outer(back, read[layer]).ravel(), back if biases[layer] is not None else []]))
            if layer:
                back = (weights[layer].T @ back) * inner[layer - 1]
        gradient = np.concatenate(parts)
        total = total + bend * np.outer(gradient, gradient)
    return float(total.trace() if document["claim"]["of"] == "trace" else np.linalg.eigvalsh(total)[-1])


def holds(document: Document, tries: int = 60) -> None:
    """The value is taken at the factors of the evidence, and at no random factors is the sharpness smaller in floats."""
    problem, evidence, point = document["problem"], document["evidence"], document["parameters"]
    value, alpha = float(real(document["claim"]["value"])), float(real(evidence["root"]))
    layers = len(problem["widths"]) - 1
    weights = [np.array([[float(number(v)) for v in row] for row in point[f"W{k}"]]) for k in range(1, layers + 1)]
    biases = [np.array([float(number(v)) for v in point[f"b{k}"]]) if f"b{k}" in point else None for k in range(1, layers + 1)]
    squares = [sum(float(number(c)) * alpha**k for k, c in enumerate(entry)) for entry in evidence["squares"]]
    source = random.Random(3)
    for k in range(tries):
        spread = 0 if k == 0 else 10.0 ** source.uniform(-3, 0.5)
        factors = [square**0.5 * np.exp(source.gauss(0, 1) * spread) for square in squares]
        ws, bs, place = [w.copy() for w in weights], [None if b is None else b.copy() for b in biases], 0
        for layer, width in enumerate(problem["widths"][1:-1]):
            c = np.array(factors[place : place + width])
            ws[layer] *= c[:, None]
            ws[layer + 1] /= c[None, :]
            if bs[layer] is not None:
                bs[layer] *= c
            place += width
        found = sharpness(document, ws, bs)
        assert found >= value * (1 - 1e-7) and (spread or abs(found / value - 1) < 1e-7)


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    assert verify(encode(document)).sentence == document["claim"]["sentence"]
    holds(document)


def test_the_chain_of_three_weights_by_its_formula() -> None:
    """f = 2x at x = 1 with three weights: 3·2^(4/3), so t³ = 27·16."""
    assert golden(CHAIN)["claim"]["value"]["polynomial"] == ["-432", "0", "0", "1"]


def no_vectors(document: Document) -> None:
    evidence = document["evidence"]
    evidence["vectors"] = [[["0" for _ in entry] for entry in vector] for vector in evidence["vectors"]]


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": (CHAIN, put("format", "exactsurf-certificate/1"), "format"),
    "sentence": (CHAIN, put("claim", "sentence", "It holds."), "claim.sentence"),
    "risk": (CHAIN, put("claim", "risk", "1"), "claim.risk"),
    "of": (CHAIN, put("claim", "of", "rank"), "claim.of"),
    "value_interval": (CHAIN, put("claim", "value", "interval", ["0", "1"]), "claim.value.interval"),
    "bits": (CHAIN, put("evidence", "bits", 15), "evidence.bits"),
    "value": (CHAIN, put("evidence", "value", 0, "1"), "evidence.value"),
    "squares": (CHAIN, put("evidence", "squares", 0, 0, "9"), "evidence.squares[0]"),
    "inverses": (CHAIN, put("evidence", "inverses", 1, 0, "9"), "evidence.squares[1]"),
    "one_square_less": (CHAIN, lambda d: d["evidence"]["squares"].pop(), "evidence.squares"),
    "vectors": (EIGENVALUE, put("evidence", "vectors", 0, 0, 0, "9"), "evidence.vectors[0]"),
    "vectors_0": (EIGENVALUE, no_vectors, "evidence.vectors"),
    "no_vector": (EIGENVALUE, put("evidence", "vectors", []), "evidence.vectors"),
    "negative_share": (EIGENVALUE, put("evidence", "shares", 0, 0, "-99"), "evidence.shares[0]"),
    "class_loss": (CHAIN, put("problem", "widths", [1, 1]), "p"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_rejected_where_they_are(name: str) -> None:
    start, change, place = CHANGES[name]
    assert_rejected_at(place, copy.deepcopy(golden(start)), change)


def test_other_factors_are_not_balanced() -> None:
    """The factors 1 of the chain, with the trace there: all but the balance fits."""
    document = golden(CHAIN)
    evidence = document["evidence"]
    zero = ["0"] * (len(evidence["root"]["polynomial"]) - 2)
    evidence["squares"] = evidence["inverses"] = [["1", *zero], ["1", *zero]]
    evidence["value"] = ["81/4", *zero]  # (½·4)² + (1·4)² + (1·½)²
    assert_rejected_at("evidence.squares", document, lambda _: None)


def test_all_small_changes_are_noticed() -> None:
    assert_changes_are_noticed(golden(CHAIN), partial(holds, tries=6), least=40, never=("kind",))
