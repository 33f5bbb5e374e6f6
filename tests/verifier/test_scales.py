"""Scales in certificates of section 56: their grades, their filters, and a tree for each choice of signs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import exactsurf as es
from exactsurf.certificate.reading.problem import problem_of
from tests.verifier.claims.test_restricted_point import point
from tests.verifier.oracle import numbers
from tests.verifier.verdicts import GOLDEN, assert_rejected_at, encode, golden, put


@pytest.mark.parametrize(
    "change",
    [
        put("problem", "restriction", "offset", "W1", 0, 0, "1"),
        put("problem", "restriction", "offset", "W1", 0, 2, "1"),
        put("problem", "restriction", "offset", "W2", 0, 0, "-1"),
        put("problem", "restriction", "basis", 0, "W2", 0, 0, "1"),
        put("problem", "restriction", "basis", 2, "W1", 1, 1, "1"),
        put("problem", "activation", "value_at_0", "1"),
        put("problem", "activation", "breakpoints", ["1"]),
    ],
)
def test_scales_need_their_grades(change: Any) -> None:
    """Constants in graded entries, entries and units of several grades, and activations that are not homogeneous."""
    document = golden("restricted_global_scale")
    change(document)
    moved = problem_of(document, GOLDEN).risk(point(document, numbers(document["claim"]["values"])))
    assert_rejected_at("evidence.scales[0]", document, put("claim", "risk", str(moved)))


@pytest.mark.parametrize("swapped", [False, True])
def test_there_is_one_tree_for_each_choice_of_signs(swapped: bool) -> None:
    """Trees of one sign do not prove what is claimed of the other one."""
    document = golden("restricted_global_scale")
    trees = document["evidence"]["trees"]
    document["evidence"]["trees"] = [trees[1], trees[0]] if swapped else [trees[0], trees[0]]
    with pytest.raises(es.RejectedCertificate):
        es.verify(encode(document))
    document["evidence"]["trees"] = trees[:1] if swapped else [*trees, trees[0]]
    with pytest.raises(es.RejectedCertificate, match="trees"):
        es.verify(encode(document))


def test_scales_with_equal_or_disjoint_filters() -> None:
    """A certificate of three factors with their scales in another order is as good; a scale that is a filter's is not."""
    document = golden("restricted_global_products")
    scales = document["evidence"]["scales"]
    assert scales == [[2, [0]], [3, [1]], [4, [0]], [5, [1]]]
    document["evidence"]["scales"] = list(reversed(scales))
    assert es.verify(encode(document)).risk == Fraction(document["claim"]["risk"])
    document["evidence"]["scales"] = [*scales[:2], [0, [4]], scales[3]]
    with pytest.raises(es.RejectedCertificate, match=r"scales\[0\]"):
        es.verify(encode(document))


def test_weight_decay_is_not_invariant_under_scales() -> None:
    """The risk is as stated, and still the trees, which hold at scales 1 and −1, prove nothing."""
    document = golden("restricted_global_scale")
    document["problem"]["weight_decay"] = {"factor": "1/100", "biases": False}
    claim = document["claim"]
    claim["sentence"] = claim["sentence"].replace("restricted risk", "restricted risk with weight decay 1/100")
    claim["risk"] = str(problem_of(document, GOLDEN).risk(point(document, numbers(claim["values"]))))
    with pytest.raises(es.RejectedCertificate):
        es.verify(encode(document))
