"""Hostile files end with an answer within seconds, never with an exception or a stack overflow, and are never accepted."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.formal import Verdict, judge, syntax
from tests.verifier.examples import EXAMPLES, get
from tests.verifier.test_hostile import BIG, LONG_PRIMES, json_values
from tests.verifier.verdicts import encode, golden

GOOD = encode(get("example_a"))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xef\xbb\xbf" + GOOD,
        GOOD + b"x",
        GOOD + GOOD,
        GOOD[:-1],
        GOOD.decode().encode("utf-16"),
        b"[" * 1_000_000,
        b'{"a":' * 100_000,
        b"[" * 900 + b"]" * 900,
        b"[]",
        b"1.5",
        GOOD.replace(b'"3/4"', b"0.75", 1),
        GOOD.replace(b'"3/4"', b'"3/4", "risk": "3/4"', 1),
        GOOD.replace(b"[1, 2, 1]", b"[1, 999999999, 1]", 1),
        GOOD.replace(b"[1, 2, 1]", b"[1, -2, 1]", 1),
        GOOD.replace(b"[true, true]", b"[1, true]", 1),
        GOOD.replace(b'"3/4"', b'"' + b"9" * 1_000_000 + b'"', 1),
        GOOD.replace(b'"3/4"', b'"0x' + b"f" * 250_001 + b'"', 1),
        GOOD.replace(b'"3/4"', b'"0x' + b"f" * 250_000 + b'"', 1),
        GOOD.replace(b"paths", b"PATHS", 1),
        gzip.compress(GOOD)[:-3],
        gzip.compress(GOOD) + b"x",
    ],
    ids=range(22),
)
def test_rejected(raw: bytes) -> None:
    assert judge(raw) is Verdict.REJECTED


def test_compressed() -> None:
    assert judge(gzip.compress(GOOD)) is judge(GOOD) is Verdict.ACCEPTED


def test_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "MAX_DOCUMENT_BYTES", 100)
    assert judge(GOOD) is judge(gzip.compress(GOOD)) is Verdict.UNKNOWN


def test_long_numbers() -> None:
    document = get("example_a")
    document["parameters"]["W1"] = [[BIG], [f"1/{BIG}"]]
    assert judge(encode(document)) is not Verdict.ACCEPTED


def test_denominators_that_multiply_up() -> None:
    document = get("linear")
    document["problem"]["data"] = {"x": [[text] for text in LONG_PRIMES], "y": [["0"]] * len(LONG_PRIMES)}
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("3 samples", f"{len(LONG_PRIMES)} samples")
    assert judge(encode(document)) is Verdict.UNKNOWN


def test_breakpoints_with_unrelated_denominators() -> None:
    document = get("example_a")
    function = document["problem"]["activation"]
    function["breakpoints"] = sorted(LONG_PRIMES, key=lambda text: -int(text[2:]))
    function["slopes"] = [str(k) for k in range(len(LONG_PRIMES) + 1)]
    assert judge(encode(document)) is not Verdict.ACCEPTED


def test_numbers_that_would_not_fit_into_memory() -> None:
    document, count = get("linear"), 40_000
    document["problem"]["data"] = {"x": [["1"]] * count, "y": [["0"]] * count}
    document["parameters"]["W1"] = [[BIG]]
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("3 samples", f"{count} samples")
    assert judge(encode(document)) is Verdict.UNKNOWN


def test_a_deep_chain_of_splits_needs_no_recursion() -> None:
    document, count = get("boundary"), 2000
    leaf: Any = {"multipliers": []}
    nodes = [node for i in range(count) for node in ({"split": i, "plus": 2 * i + 2, "minus": 2 * i + 1}, leaf)]
    document["problem"]["data"] = {"x": [[str(i)] for i in range(count)], "y": [["0"]] * count}
    document["parameters"] |= {"W1": [["0"]]}
    document["claim"] |= {"risk": "0", "sentence": document["claim"]["sentence"].replace("4 samples", f"{count} samples")}
    document["evidence"]["local_minimum"]["units"] = [{"nodes": [*nodes, leaf]}]
    assert judge(encode(document)) is Verdict.ACCEPTED  # all residuals are 0: every leaf holds
    document["evidence"]["local_minimum"]["units"] = [{"nodes": nodes}]
    assert judge(encode(document)) is Verdict.REJECTED


def test_many_layers() -> None:
    document, layers = golden("deep"), 5000
    document["problem"] |= {"widths": [1] * (layers + 1), "biases": [True] * layers}
    assert judge(encode(document)) is Verdict.UNKNOWN


def test_a_path_of_many_points() -> None:
    """Time is counted for all points together."""
    document = golden("path_two_units")
    first = document["evidence"]["path"][0]
    document["evidence"]["path"] = [first] * 5000
    assert judge(encode(document)) is Verdict.ACCEPTED
    document["problem"]["data"] = {"x": [["1"]] * 5000, "y": [["0"]] * 5000}
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("3 samples", "5000 samples")
    assert judge(encode(document)) is Verdict.UNKNOWN


@pytest.mark.parametrize("count", [1000, 3000])
def test_a_barrier_with_a_long_tree(count: int) -> None:
    document = golden("regions_six_samples", "accept_2")
    document["problem"]["data"] = {"x": [[str(i)] for i in range(count)], "y": [["0"]] * count}
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("6 samples", f"{count} samples")
    document["claim"]["level"] = "1" + "0" * 30
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("at least 7/5", "at least 1" + "0" * 30)
    nodes = [node for i in range(count) for node in ({"split": [0, i, 0], "plus": 2 * i + 1, "minus": 2 * i + 2}, {"side": 0})]
    document["evidence"] |= {"nodes": [*nodes, {"side": 1}], "duals": [], "forms": [], "meetings": []}
    assert judge(encode(document)) is not Verdict.ACCEPTED


def test_every_prefix_is_rejected() -> None:
    assert all(judge(GOOD[:end]) is Verdict.REJECTED for end in range(len(GOOD)))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(EXAMPLES)), st.data())
def test_anything_anywhere(name: str, data: st.DataObject) -> None:
    document = get(name)
    target: Any = document
    while True:
        keys = list(target) if isinstance(target, dict) else list(range(len(target)))
        key = data.draw(st.sampled_from(keys))
        if isinstance(target[key], dict | list) and target[key] and data.draw(st.integers(0, 3)):
            target = target[key]
            continue
        target[key] = data.draw(json_values)
        break
    assert judge(encode(document)) in Verdict


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes(raw: bytes) -> None:
    assert judge(raw) is Verdict.REJECTED


def bound_of(samples: int, units: int = 2) -> Any:
    """The bound 0 of the squared risk where all targets are 0, with forms of one step."""
    document = golden("forms_two_units", "accept_2")
    del document["parameters"]
    text = f"The risk of the 1-{units}-1 network on {samples} samples is at least 0 at all parameters."
    document["claim"] = {"kind": "lower bound", "sentence": text, "bound": "0"}
    document["problem"]["widths"][1] = units
    document["problem"]["data"] = {"x": [[str(i)] for i in range(samples)], "y": [["0"]] * samples}
    forms: list[Any] = [{"dual": 0, "sign": sign, "region": [], "nodes": [{"slopes": []}]} for sign in (0, 1)]
    leaf = {"dual": 0, "forms": [[0, 1]] * 2}
    document["evidence"] = {"duals": [["0"] * samples], "forms": forms, "nodes": [leaf]}
    return document


def test_forms_with_long_chains_and_wide_trees_are_not_tried() -> None:
    assert judge(encode(bound_of(40))) is Verdict.ACCEPTED
    assert judge(encode(bound_of(40, 999_999_999))) is Verdict.UNKNOWN
    chain = bound_of(1500)
    steps: list[Any] = []
    for i in range(1500):
        steps += [{"split": [i, 0], "plus": 2 * i + 1, "minus": 2 * i + 2}, {"slopes": []}]
    chain["evidence"]["forms"][0]["nodes"] = [*steps, {"slopes": []}]
    assert judge(encode(chain)) is Verdict.UNKNOWN
    wide = bound_of(16)
    (leaf,) = wide["evidence"]["nodes"]
    inner = [{"split": [0, (n + 1).bit_length() - 1, 0], "plus": 2 * n + 1, "minus": 2 * n + 2} for n in range(2**13 - 1)]
    wide["evidence"]["nodes"] = inner + [leaf] * 2**13
    assert judge(encode(wide)) is Verdict.UNKNOWN
