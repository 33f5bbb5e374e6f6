"""The claim `flattest rescaling`: true by SymPy and by many rescalings, and every change is rejected or true."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from exactsurf.verifier import verify
from tests.verifier.claims.test_sharpness import hessian
from tests.verifier.oracle import Document, numbers
from tests.verifier.verdicts import assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = ("flattest_rescaling", "flattest_deep", "flattest_chain")


def scales(document: Document, factors: list[list[Fraction]]) -> list[Fraction]:
    """What every parameter is multiplied by, from the definition: what comes in times c, what goes out over c."""
    widths, found = document["problem"]["widths"], []
    for layer in range(1, len(widths)):
        above = factors[layer - 1] if layer < len(widths) - 1 else [Fraction(1)] * widths[layer]
        below = factors[layer - 2] if layer > 1 else [Fraction(1)] * widths[0]
        found += [a / b for a in above for b in below]
        if f"b{layer}" in document["parameters"]:
            found += above
    return found


def holds(document: Document) -> None:
    matrix = hessian(document)
    table = np.array(matrix.tolist(), dtype=float)
    size, widths = matrix.shape[0], document["problem"]["widths"]
    (a, b), (low, high) = numbers(document["claim"]["trace"]), numbers(document["claim"]["eigenvalue"])
    evidence = document["evidence"]
    for part, bound in (("trace", b), ("eigenvalue", high)):
        s = scales(document, [numbers(row) for row in evidence[part]["factors"]])
        if part == "trace":
            assert sum(Fraction(int(matrix[p, p].p), int(matrix[p, p].q)) / s[p] ** 2 for p in range(size)) <= bound
        else:
            scaled = table / np.outer(*2 * [[float(value) for value in s]])
            assert np.linalg.eigvalsh(scaled)[-1] <= float(bound) * (1 + 1e-9)
    source = random.Random(4)
    for spread in (0.05, 0.3, 1, 3):
        for part in ("trace", "eigenvalue"):
            near = [numbers(row) for row in evidence[part]["factors"]]
            for _ in range(40):
                tried = [[float(c) * np.exp(source.uniform(-spread, spread)) for c in row] for row in near]
                s = np.array([float(value) for value in scales(document, tried)])
                scaled = table / np.outer(s, s)
                assert scaled.trace() >= float(a) - 1e-7 * abs(float(a))
                assert np.linalg.eigvalsh(scaled)[-1] >= float(low) - 1e-7 * abs(float(low))
    assert len(widths) > 2


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    assert verify(encode(document)).sentence == document["claim"]["sentence"]
    holds(document)


def bound(name: str, place: int, text: str) -> Callable[[Document], None]:
    """Another bound, in the field and in the sentence."""

    def change(document: Document) -> None:
        old, words = document["claim"][name][place], ("at least", "at most")[place]
        start = "trace" if name == "trace" else "largest eigenvalue"
        head, tail = document["claim"]["sentence"].split(start, 1)
        document["claim"][name][place] = text
        document["claim"]["sentence"] = head + start + tail.replace(f"{words} {old}", f"{words} {text}", 1)

    return change


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": ("flattest_chain", put("format", "exactsurf-certificate/1"), "format"),
    "sentence": ("flattest_chain", put("claim", "sentence", "It holds."), "claim.sentence"),
    "risk": ("flattest_chain", put("claim", "risk", "1"), "claim.risk"),
    "trace_too_high": ("flattest_chain", bound("trace", 0, "81/10"), "claim.trace[0]"),
    "trace_too_low": ("flattest_chain", bound("trace", 1, "79/10"), "claim.trace[1]"),
    "eigenvalue_too_high": ("flattest_chain", bound("eigenvalue", 0, "81/10"), "claim.eigenvalue[0]"),
    "eigenvalue_too_low": ("flattest_chain", bound("eigenvalue", 1, "79/10"), "claim.eigenvalue[1]"),
    "factor_0": ("flattest_chain", put("evidence", "trace", "factors", [["0"]]), "evidence.trace.factors[0][0]"),
    "factors_missing": ("flattest_chain", put("evidence", "trace", "factors", []), "evidence.trace.factors"),
    "other_factor": ("flattest_chain", put("evidence", "eigenvalue", "factors", [["1"]]), "claim.eigenvalue[1]"),
    "flow_above": ("flattest_chain", put("evidence", "trace", "flow", ["5", "5"]), "evidence.trace.flow[0]"),
    "flow_unbalanced": ("flattest_chain", put("evidence", "trace", "flow", ["1", "2"]), "evidence.trace.flow"),
    "flow_negative": ("flattest_chain", put("evidence", "trace", "flow", ["-1", "-1"]), "evidence.trace.flow[0]"),
    "flow_0": ("flattest_chain", put("evidence", "trace", "flow", ["0", "0"]), "claim.trace[0]"),
    "no_vectors": ("flattest_chain", put("evidence", "eigenvalue", "vectors", []), "evidence.eigenvalue.flow[0]"),
    "other_vector": ("flattest_chain", put("evidence", "eigenvalue", "vectors", [["1", "1"]]), "claim.eigenvalue[0]"),
    "activation": (
        "flattest_chain",
        put("problem", "activation", {"breakpoints": [], "slopes": ["1"], "value_at_0": "1"}),
        "problem.activation",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_rejected_where_they_are(name: str) -> None:
    start, change, place = CHANGES[name]
    assert_rejected_at(place, golden(start), change)


def test_no_bound_is_proved_at_a_saddle() -> None:
    document = golden("flattest_chain")

    def saddle(changed: Document) -> None:
        changed["parameters"] = {"W1": [["0"]], "W2": [["0"]]}
        changed["claim"]["risk"] = "8"

    assert_rejected_at("parameters", document, saddle)


def test_all_small_changes_are_noticed() -> None:
    assert_changes_are_noticed(golden("flattest_chain"), holds, least=60, most=Fraction(1, 2), never=("kind",))
