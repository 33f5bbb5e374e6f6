"""The rule `kinked paths`: kept certificates, every small change of them, and each condition by itself."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction

import pytest

from exactsurf.verifier import Refused, verify
from exactsurf.verifier.rules import kinked_paths
from tests.verifier.oracle import Document, assert_true
from tests.verifier.verdicts import (
    assert_accepted,
    assert_changes_are_noticed,
    assert_rejected_at,
    encode,
    golden,
    put,
    rejection,
)

NAMES = ("kinked_paths", "kinked_paths_multiples")
EVIDENCE = ("evidence", "local_minimum")
PLACE = "evidence.local_minimum"


@pytest.mark.parametrize("name", NAMES)
def test_every_small_change_is_noticed_or_leaves_a_true_claim(name: str) -> None:
    document = golden(name, "accept_2")
    assert_accepted(document)
    assert_changes_are_noticed(document, assert_true, least=250, most=Fraction(1, 4))


def evidence(document: Document) -> Document:
    found: Document = document["evidence"]["local_minimum"]
    return found


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("slopes[0][1]", put(*EVIDENCE, "slopes", 0, 1, "1001/1000")),
        ("slopes[1][1]", put(*EVIDENCE, "slopes", 1, 1, "-2")),
        ("rule", put(*EVIDENCE, "slopes", 0, 1, "1/3")),
        ("slopes[0][0]", put(*EVIDENCE, "slopes", 0, 0, [1, 0, 0])),
        ("slopes[1][0]", lambda d: evidence(d)["slopes"].__setitem__(1, evidence(d)["slopes"][0])),
        ("slopes", lambda d: evidence(d).update(slopes=[])),
        ("slopes[0]", put("parameters", "W3", [["-1"]])),
        ("slopes[0]", put("parameters", "W3", [["0"]])),
        ("subgradient", lambda d: evidence(d).update(subgradient=[["1"], ["1"]])),
        ("multiples[0][0]", put(*EVIDENCE, "multiples", [[2, 0, "2"]])),
        ("multiples[0][1]", put(*EVIDENCE, "multiples", [[1, 2, "2"]])),
        ("multiples[0]", put(*EVIDENCE, "multiples", [[1, 0, "3"]])),
        ("multiples[0]", put(*EVIDENCE, "multiples", [[1, 0, "0"]])),
        ("merged", lambda d: evidence(d).update(merged=True)),
    ],
)
def test_each_condition(place: str, change: Callable[[Document], object]) -> None:
    assert_rejected_at(f"{PLACE}.{place}", golden("kinked_paths", "accept_2"), change)


def test_samples_that_count_as_multiples_have_no_pairs() -> None:
    """Without the multiple both pairs are needed; with it the pair of the first sample, whose number is 1 + 2·1."""
    document = golden("kinked_paths", "accept_2")
    evidence(document)["multiples"] = [[1, 0, "2"]]
    found = rejection(document)
    assert found.place == f"{PLACE}.slopes[1][0]"
    evidence(document)["slopes"] = [[[2, 0, 0], "0"]]
    assert_accepted(document)


@pytest.mark.parametrize(
    ("slopes", "bias", "factor", "is_true"),
    [
        (["-1", "1"], None, "2", True),  # even and homogeneous
        (["-1", "1"], 1, "2", False),
        (["-1", "1"], 2, "2", False),
        (["-1", "1"], 3, "2", False),
        (["-1", "1"], None, "-2", False),
        (["2", "2"], None, "-2", True),  # odd
        (["2", "2"], None, "2", False),
        (["2", "2"], 3, "-2", False),
        (["0", "1"], None, "2", False),
        (["0", "1"], None, "-2", False),
    ],
)
def test_which_multiples_are_known(slopes: list[str], bias: int | None, factor: str, is_true: bool) -> None:
    """Samples 1 and −2: the residuals −1 and ±1/2 add up to 0 with the factor ∓2, wherever the units are."""
    document = golden("kinked_paths_multiples", "accept_2")
    problem = document["problem"]
    problem["activation"]["slopes"] = slopes
    problem["data"]["y"] = [["1"], ["-1/2" if factor == "2" else "1/2"]]
    document["claim"]["risk"] = "5/8"
    evidence(document)["multiples"] = [[1, 0, factor]]
    if bias is not None:
        problem["biases"][bias - 1] = True
        document["parameters"][f"b{bias}"] = ["0"]
    if is_true:
        assert_accepted(document)
        assert_true(document)
    else:
        assert rejection(document).place.startswith(PLACE)


@pytest.mark.parametrize("q", ["1", "-1", "3"])
def test_breakpoints_other_than_0(q: str) -> None:
    """|z| cut off at 1 is even and not homogeneous: opposite inputs are the same, and multiples say nothing."""
    document = golden("kinked_paths_multiples", "accept_2")
    document["problem"]["activation"] = {"breakpoints": ["-1", "0", "1"], "slopes": ["0", "-1", "1", "0"], "value_at_0": "0"}
    document["problem"]["data"] = {"x": [["1/2"], [str(Fraction(q) / 2)]], "y": [["1"], ["-1"]]}
    document["claim"]["risk"] = "1"
    evidence(document)["multiples"] = [[1, 0, str(abs(Fraction(q)))]]
    if q == "3":
        assert rejection(document).place == f"{PLACE}.multiples[0]"
    else:
        assert_accepted(document)
        assert_true(document)


def test_vectors_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    document = copy.deepcopy(golden("kinked_paths", "accept_2"))
    monkeypatch.setattr(kinked_paths, "MAX_VECTORS", 0)
    with pytest.raises(Refused) as refused:
        verify(encode(document))
    assert refused.value.place == f"{PLACE}.rule" and "beyond the limits" in refused.value.reason
