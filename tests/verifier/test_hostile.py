"""Hostile files end in a rejection, never in another exception."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exactsurf.verifier import Rejected, verify
from exactsurf.verifier.arithmetic import document, table
from tests.verifier.examples import EXAMPLES, get
from tests.verifier.verdicts import encode, rejection

GOOD = encode(get("example_a"))


@pytest.mark.parametrize(
    ("raw", "place", "part"),
    [
        (b"", "", "not JSON"),
        (b"\xef\xbb\xbf" + GOOD, "", "byte order mark"),
        (GOOD + b"x", "", "not JSON"),
        (GOOD + GOOD, "", "not JSON"),
        (GOOD[:-1], "", "not JSON"),
        (GOOD.decode().encode("utf-16"), "", "UTF-8"),
        (GOOD.replace(b"3/4", b"\xff", 1), "", "UTF-8"),
        (b"[" * 1_000_000, "", "nested"),
        (b'{"a":' * 100_000, "", "nested"),
        (b"[]", "", "expected an object"),
        (b'"x"', "", "expected an object"),
        (b"NaN", "", "NaN"),
        (b"1" * 1_000_000, "", "at most 9 digits"),
        (b"1.5", "", "not allowed"),
        (GOOD.replace(b'"3/4"', b"0.75", 1), "claim.risk", "0.75"),
        (GOOD.replace(b'"3/4"', b"Infinity", 1), "claim.risk", "Infinity"),
        (GOOD.replace(b'"3/4"', b"true", 1), "claim.risk", "found true"),
        (GOOD.replace(b'"3/4"', b'"\\ud800"', 1), "claim.risk", "not a number"),
        (GOOD.replace(b'"claim"', b'"\\ud800\\n"', 1), "\\ud800\\n", "unknown field"),
        (GOOD.replace(b'"3/4"', b'"3/4", "risk": "3/4"', 1), "claim", "twice"),
        (GOOD.replace(b'"risk": "3/4"', b'"r\\u0069sk": "3/4", "risk": "3/4"', 1), "claim", "twice"),
        (GOOD.replace(b"[1, 2, 1]", b"[1, 1000000000, 1]", 1), "problem.widths[1]", "9 digits"),
        (GOOD.replace(b"[1, 2, 1]", b"[1, 999999999, 1]", 1), "claim.sentence", "expected"),
        (GOOD.replace(b"[1, 2, 1]", b"[999999999, 2, 1]", 1), "problem.data.x[0]", "999999999 entries"),
        (GOOD.replace(b"[1, 2, 1]", b"[1, true, 1]", 1), "problem.widths[1]", "found true"),
        (GOOD.replace(b"[1, 2, 1]", b"[1, 2.0, 1]", 1), "problem.widths[1]", "2.0"),
        (GOOD.replace(b"[1, 2, 1]", b"[1, -2, 1]", 1), "problem.widths[1]", "no sign"),
        (GOOD.replace(b"[1, 2, 1]", b"[1, -0, 1]", 1), "problem.widths[1]", "no sign"),
        (GOOD.replace(b"[true, true]", b"[1, true]", 1), "problem.biases[0]", "true or false"),
        (GOOD.replace(b'"3/4"', b'"1e999999999"', 1), "claim.risk", "not a number"),
        (GOOD.replace(b'"3/4"', b'"' + b"9" * 1_000_000 + b'"', 1), "claim.risk", "not a number"),
        (GOOD.replace(b'"3/4"', b'"0x' + b"f" * 250_001 + b'"', 1), "claim.risk", "not a number"),
        (GOOD.replace(b'"3/4"', b'"' + b"9" * 4_000 + b'"', 1), "claim.risk", "recomputed is 3/4"),
        (GOOD.replace(b'"3/4"', b'"0x' + b"f" * 250_000 + b'"', 1), "claim.risk", "recomputed is 3/4"),
        (GOOD.replace(b"paths", b"PATHS", 1), "evidence.local_minimum.rule", "expected one of"),
        (GOOD.replace(b'"rule": "paths"', b'"rule": []', 1), "evidence.local_minimum.rule", "expected a string"),
        (
            GOOD.replace(b'"rule": "paths"', b'"rule": "paths", "subgradient": null', 1),
            "evidence.local_minimum.subgradient",
            "not",
        ),
    ],
    ids=range(37),
)
def test_rejections(raw: bytes, place: str, part: str) -> None:
    error = rejection(raw)
    assert error.place == place
    assert part in error.reason


def test_every_prefix_is_rejected() -> None:
    for end in range(len(GOOD)):
        rejection(GOOD[:end])


def test_size_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "MAX_DOCUMENT_BYTES", 100)
    assert "longer than" in rejection(GOOD).reason


BIG = "0x" + "f" * 249_999
LONG_PRIMES = [f"1/{10**3990 + k}" for k in range(1, 1500)]


def test_huge_numbers_do_not_need_decimal_digits() -> None:
    document = get("example_a")
    document["parameters"]["W1"] = [[BIG], [f"1/{BIG}"]]
    assert rejection(encode(document)).reason.startswith("the risk recomputed is ≈ 2^")


def test_denominators_that_multiply_up() -> None:
    document = get("linear")
    document["problem"]["data"] = {"x": [[text] for text in LONG_PRIMES], "y": [["0"]] * len(LONG_PRIMES)}
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("3 samples", f"{len(LONG_PRIMES)} samples")
    assert "beyond the limits" in rejection(encode(document)).reason


def test_numbers_that_would_not_fit_into_memory() -> None:
    document = get("linear")
    count = 40_000
    document["problem"]["data"] = {"x": [["1"]] * count, "y": [["0"]] * count}
    document["parameters"]["W1"] = [[BIG]]
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("3 samples", f"{count} samples")
    assert "beyond the limits" in rejection(encode(document)).reason


def test_breakpoints_with_unrelated_denominators(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_DENOMINATOR_BITS", 1 << 18)
    document = get("example_a")
    function = document["problem"]["activation"]
    function["breakpoints"] = sorted(LONG_PRIMES, key=lambda text: -int(text[2:]))
    function["slopes"] = [str(k) for k in range(len(LONG_PRIMES) + 1)]
    assert "beyond the limits" in rejection(encode(document)).reason


def test_too_many_path_vectors() -> None:
    """Every hidden layer doubles the vectors: slopes 2 and 3 on different samples, in both orders."""
    layers = 20
    widths = [1, *[2] * layers, 1]
    parameters: dict[str, Any] = {}
    for layer in range(1, layers + 2):
        rows = 2 if layer <= layers else 1
        parameters[f"W{layer}"] = [["0"] * widths[layer - 1] for _ in range(rows)]
        parameters[f"b{layer}"] = ["0"] * rows
    samples = 24
    parameters["W1"] = [["1"], ["-1"]]
    for layer in range(2, layers + 1):
        parameters[f"W{layer}"] = [["1", "-1"], ["-1", "1"]]
        parameters[f"b{layer}"] = [str(layer), str(-layer)]
    document = get("linear")
    document["problem"] |= {
        "widths": widths,
        "biases": [True] * (layers + 1),
        "activation": {"breakpoints": ["-1/3", "1/7"], "slopes": ["2", "3", "5"], "value_at_0": "0"},
        "data": {"x": [[str(i - 12)] for i in range(samples)], "y": [[str((-1) ** i)] for i in range(samples)]},
    }
    document["parameters"] = parameters
    document["claim"]["risk"] = "12"
    network = "-".join(map(str, widths))
    document["claim"]["sentence"] = (
        f"The given parameters are a local minimum of the squared risk of the {network} network on {samples} samples."
    )
    assert rejection(encode(document)).place == "evidence.local_minimum.rule"


def test_the_limit_on_path_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    from exactsurf.verifier.rules import paths

    monkeypatch.setattr(paths, "MAX_VECTORS", 5)
    assert "more than 5 vectors" in rejection(encode(get("deep"))).reason
    monkeypatch.setattr(paths, "MAX_VECTORS", 6)
    verify(encode(get("deep")))


def _tree(nodes: list[Any]) -> bytes:
    document = get("empty")
    document["evidence"]["local_minimum"]["units"] = [{"nodes": nodes}]
    return encode(document)


LEAF = {"multipliers": [[0, "-1"], [1, "-1"], [2, "1"]]}
OTHER = {"multipliers": [[0, "1"], [1, "1"], [2, "-1"]]}


@pytest.mark.parametrize(
    ("nodes", "place", "part"),
    [
        ([], "", "node 0 is missing"),
        ([{"split": 2, "plus": 0, "minus": 0}], "[0].plus", "larger index"),
        ([{"split": 2, "plus": 1, "minus": 1}, LEAF], "[0].minus", "one parent"),
        ([{"split": 2, "plus": 1, "minus": 3}, LEAF, OTHER], "[0].minus", "below 3"),
        ([{"split": 2, "plus": 1, "minus": 2}, LEAF, {"split": 1, "plus": 1, "minus": 0}], "[2].plus", "larger index"),
        ([{"split": 2, "plus": 1, "minus": 2}, LEAF, OTHER, OTHER], "[3]", "child of no node"),
        ([{"split": 2, "plus": 1, "minus": 2}, LEAF, {"split": 2, "plus": 3, "minus": 4}, LEAF, LEAF], "[2].split", "already"),
        ([{"split": 3, "plus": 1, "minus": 2}, LEAF, OTHER], "[0].split", "not the name"),
        ([{"split": 2, "plus": 1, "minus": 2}, LEAF, {"empty": []}], "[2].empty", "must not be 0"),
        ([{"split": 2, "plus": 1, "minus": 2}, LEAF, {"empty": [[2, "0"]]}], "[2].empty", "must not be 0"),
        ([{"split": 2, "plus": 1, "minus": 2}, LEAF, {"empty": [[2, "1"]]}], "[2].empty", "not 0"),
        ([{"split": 2, "plus": 1, "minus": 2}, LEAF, {"empty": [[2, "-1"]]}], "[2].empty[0]", "negative"),
        ([{"split": 2, "plus": 1, "minus": 2}, LEAF, {"empty": [[0, "1"]]}], "[2].empty[0]", "not split"),
        ([{"split": 2, "plus": 1, "minus": 2}, LEAF, {"empty": [[2, "1"], [2, "1"]]}], "[2].empty[1][0]", "twice"),
        ([LEAF], "[0].multipliers[2]", "exceeds"),
        ([{"multipliers": [[0, "-2"], [1, "-1"], [2, "1"]]}], "[0].multipliers[0]", "exceeds"),
        ([{"multipliers": []}], "[0].multipliers", "negative"),
        ([{"multipliers": [[0, "1"], [0, "1"]]}], "[0].multipliers[1][0]", "twice"),
        ([{"multipliers": [[0]]}], "[0].multipliers[0]", "2 entries"),
        ([{"multipliers": [[True, "1"]]}], "[0].multipliers[0][0]", "found true"),
        ([{"multipliers": [], "empty": []}], "[0].multipliers", "unknown"),
        ([{}], "[0].multipliers", "missing"),
        ([{"split": 2, "plus": 1, "minus": 2}, OTHER, LEAF], "[1].multipliers[2]", "negative"),
    ],
    ids=range(23),
)
def test_trees(nodes: list[Any], place: str, part: str) -> None:
    error = rejection(_tree(nodes))
    assert error.place == f"evidence.local_minimum.units[0].nodes{place}"
    assert part in error.reason


def test_a_deep_chain_of_splits_needs_no_recursion() -> None:
    document = get("boundary")
    count = 3000
    x, y = [[str(i)] for i in range(count)], [["0"]] * count
    leaf: Any = {"multipliers": []}
    nodes = [node for i in range(count) for node in ({"split": i, "plus": 2 * i + 2, "minus": 2 * i + 1}, leaf)]
    nodes.append(leaf)
    document["problem"]["data"] = {"x": x, "y": y}
    document["parameters"] |= {"W1": [["0"]]}
    document["claim"] |= {"risk": "0", "sentence": document["claim"]["sentence"].replace("4 samples", f"{count} samples")}
    document["evidence"]["local_minimum"]["units"] = [{"nodes": nodes}]
    verify(encode(document))  # all residuals are 0: every leaf holds


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**12) | st.floats() | st.text(max_size=5) | st.sampled_from(["0", "1/2", "-3"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
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
    try:
        verify(encode(document))
    except Rejected as error:
        assert str(error).isprintable()


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(EXAMPLES)), st.data())
def test_changed_bytes(name: str, data: st.DataObject) -> None:
    raw = bytearray(encode(get(name)))
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        verify(bytes(raw))
    except Rejected as error:
        assert str(error).isprintable()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()))
def test_any_bytes(raw: bytes) -> None:
    rejection(raw)
