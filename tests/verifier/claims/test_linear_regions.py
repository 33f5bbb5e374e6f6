"""Linear regions: what is accepted is true by brute force on a grid, what is changed is rejected or true."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction

import pytest

from exactsurf.verifier import verify
from tests.verifier.oracle import Document, activation, numbers
from tests.verifier.verdicts import assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = ("regions_absolute", "regions_hard_tanh", "regions_line")


def holds(document: Document) -> None:
    """Half-open patterns and affine functions on a grid that meets every wall of these small networks."""
    problem = document["problem"]
    theta = {name: numbers(value) for name, value in document["parameters"].items()}
    stops = numbers(problem["activation"]["breakpoints"])

    def run(x: list[Fraction]) -> tuple[tuple[int, ...], list[Fraction]]:
        signs: list[int] = []
        for layer in range(1, len(problem["widths"])):
            z = [sum(w * v for w, v in zip(row, x, strict=True)) for row in theta[f"W{layer}"]]
            if problem["biases"][layer - 1]:
                z = [a + b for a, b in zip(z, theta[f"b{layer}"], strict=True)]
            if layer == len(problem["widths"]) - 1:
                return tuple(signs), z
            signs += [sum(t < v for t in stops) for v in z]
            x = [activation(problem["activation"], v) for v in z]
        raise AssertionError

    size, step = problem["widths"][0], Fraction(1, 10**6)
    seen, functions, proper = set(), set(), set()
    for x in itertools.product([Fraction(k, 4) for k in range(-40, 41)], repeat=size):
        signs, here = run(list(x))
        seen.add(signs)
        beside = [run([v + step * (i == j) for j, v in enumerate(x)]) for i in range(size)]
        before = [run([v - step * (i == j) for j, v in enumerate(x)]) for i in range(size)]
        if all(other[0] == signs for other in (*beside, *before)):
            proper.add(signs)
            slopes = tuple(tuple((b - a) / step for a, b in zip(here, other[1], strict=True)) for other in beside)
            start = tuple(a - sum(s[k] * v for s, v in zip(slopes, x, strict=True)) for k, a in enumerate(here))
            functions.add((slopes, start))
    claim = document["claim"]
    assert (claim["activation"], claim["proper"], claim["affine"]) == (len(seen), len(proper), len(functions))


@pytest.mark.parametrize("name", NAMES)
def test_accepted_and_true(name: str) -> None:
    document = golden(name)
    assert verify(encode(document)).kind == "linear regions"
    holds(document)


def renamed(old: str, new: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        document["claim"]["sentence"] = document["claim"]["sentence"].replace(old, new)

    return change


def both(*changes: Callable[[Document], None]) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        for one in changes:
            one(document)

    return change


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": ("regions_line", put("format", "exactsurf-certificate/1"), "format"),
    "sentence": ("regions_line", put("claim", "sentence", "It holds."), "claim.sentence"),
    "activation": ("regions_absolute", both(put("claim", "activation", 2), renamed("3 act", "2 act")), "claim.activation"),
    "proper": ("regions_absolute", both(put("claim", "proper", 3), renamed(" 2 of", " 3 of")), "claim.proper"),
    "affine": (
        "regions_absolute",
        both(put("claim", "affine", 1), renamed("2 affine functions", "1 affine function")),
        "claim.affine",
    ),
    "a_witness_outside": ("regions_absolute", put("evidence", "witnesses", 0, ["1"]), "evidence.witnesses[0]"),
    "a_witness_on_a_wall": ("regions_absolute", put("evidence", "witnesses", 0, ["0"]), "evidence.witnesses[0]"),
    "a_witness_on_the_wrong_side": (
        "regions_hard_tanh",
        put("evidence", "half_open_witnesses", 1, ["-1"]),
        "evidence.half_open_witnesses[1]",
    ),
    "one_witness_less": ("regions_absolute", lambda d: d["evidence"]["witnesses"].pop(), "evidence.witnesses"),
    "one_witness_more": ("regions_absolute", lambda d: d["evidence"]["witnesses"].append(["5"]), "evidence.witnesses"),
    "an_empty_thin_child": (
        "regions_absolute",
        put("evidence", "half_open_tree", 1, [[0, "1"], [1, "1"]]),
        "evidence.half_open_tree[1]",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_rejected_where_they_are(name: str) -> None:
    start, change, place = CHANGES[name]
    assert_rejected_at(place, golden(start), change)


@pytest.mark.parametrize("name", ["regions_absolute", "regions_line"])
def test_all_small_changes_are_noticed(name: str) -> None:
    assert_changes_are_noticed(golden(name), holds, least=100, tried=200, most=Fraction(1, 3), never=("kind",))
