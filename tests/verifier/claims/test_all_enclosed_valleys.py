"""All valleys where levels are enclosed: accepted where true, rejected with the place where not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction

import pytest

from tests.verifier.enclosed_list_oracle import holds_everywhere
from tests.verifier.oracle import Document
from tests.verifier.verdicts import accepted, assert_accepted, assert_changes_are_noticed, golden, put, rejection

NAMES = (
    "all_enclosed_valleys_decay",
    "all_enclosed_valleys_logistic",
    "all_enclosed_valleys_logistic_decay",
    "all_enclosed_valleys_penalised",
    "all_enclosed_valleys_power",
)
DECAY, LOGISTIC, LOGISTIC_DECAY, PENALISED, POWER = NAMES


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    document = golden(name, "accept_2")
    assert assert_accepted(document).risk is None
    holds_everywhere(document)


@pytest.mark.parametrize("name", [LOGISTIC, LOGISTIC_DECAY])
def test_small_changes_are_noticed(name: str) -> None:
    # Some dual vectors hold where others do, and may be anything that is true.
    def holds(document: Document) -> None:
        holds_everywhere(document, 4)

    assert_changes_are_noticed(golden(name, "accept_2"), holds, least=60, most=Fraction(1, 3), never=("claim",))


def _said(document: Document, **fields: str) -> None:
    claim = document["claim"]
    before = claim["sentence"]
    if "rise" in fields:
        before = before.replace(f"at most {claim['rise']} leads", f"at most {fields['rise']} leads")
    if "valleys" in fields:
        one, many = (f"first {n} given point{'' if n == '1' else 's'}" for n in (claim["valleys"], fields["valleys"]))
        before = before.replace(one, many)
    claim.update(fields, sentence=before)


def _hidden(document: Document) -> None:
    """The last valley is said to lead to the first."""
    _said(document, valleys=str(int(document["claim"]["valleys"]) - 1))
    document["evidence"]["leads_to"].insert(0, 0)


def _left_out(document: Document) -> None:
    count = int(document["claim"]["valleys"]) - 1
    _said(document, valleys=str(count))
    document["evidence"]["points"].pop(count)
    document["evidence"]["leads_to"] = [0 for _ in document["evidence"]["leads_to"]]


def _no_slopes(document: Document) -> None:
    for dual in document["evidence"]["duals"]:
        dual["slopes"] = []


def _facets(document: Document) -> None:
    document["evidence"]["duals"][0]["facets"] = []


CHANGES: dict[str, tuple[str, Callable[[Document], object], str]] = {
    "format_1": (DECAY, put("format", "exactsurf-certificate/1"), "format"),
    "sentence": (DECAY, put("claim", "sentence", "That is all."), "claim.sentence"),
    "hidden_valley": (LOGISTIC, _hidden, "evidence.leads_to[0]"),
    "hidden_valley_of_two_units": (PENALISED, _hidden, "evidence.leads_to[0]"),
    "valley_left_out": (LOGISTIC_DECAY, _left_out, "evidence.points"),
    "no_valley": (DECAY, put("claim", "valleys", "0"), "claim.valleys"),
    "too_many": (DECAY, put("claim", "valleys", "7"), "claim.valleys"),
    "rise_below_0": (DECAY, lambda d: _said(d, rise="-1"), "claim.rise"),
    "rise_too_small": (DECAY, lambda d: _said(d, rise="1/1000000000000"), "evidence.duals[0].vector"),
    "no_rise_logistic": (LOGISTIC, lambda d: _said(d, rise="0"), "evidence.duals[0]"),
    "leads_ahead": (DECAY, put("evidence", "leads_to", [2]), "evidence.leads_to[0]"),
    "leads_elsewhere": (DECAY, put("evidence", "leads_to", []), "evidence.leads_to"),
    "higher_point": (DECAY, put("evidence", "points", 2, "b2", ["1/10"]), "evidence.points"),
    "higher_point_logistic": (LOGISTIC, put("evidence", "points", 0, "b2", ["1/2"]), "evidence.points"),
    "no_slopes": (DECAY, _no_slopes, "evidence.points"),
    "facets": (DECAY, _facets, "evidence.duals[0].facets"),
    "cell_left_out": (DECAY, lambda d: d["evidence"]["cells"].pop(), "evidence.cells"),
    "bits": (LOGISTIC, put("evidence", "bits", 0), "evidence.bits"),
    "bits_for_a_loss_by_pieces": (DECAY, put("evidence", "bits", 160), "problem.loss.breakpoints"),
    "no_bits": (LOGISTIC, lambda d: d["evidence"].pop("bits"), "problem.loss.tree"),
    "no_decay": (DECAY, lambda d: d["problem"].pop("weight_decay"), "problem"),
    "odd_power": (POWER, put("problem", "loss", "tree", ["power", "u", 5]), "problem.loss.tree"),
    "other_power": (POWER, put("problem", "loss", "tree", ["power", "u", 6]), "evidence.duals[0]"),
    "two_layers": (LOGISTIC, put("problem", "widths", [1, 1, 1, 1]), "problem.biases"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_false_or_malformed_certificate_is_rejected_at_its_place(name: str) -> None:
    example, change, place = CHANGES[name]
    document = copy.deepcopy(golden(example, "accept_2"))
    change(document)
    assert rejection(document).place == place


def test_a_greater_rise_says_less() -> None:
    for name in NAMES:
        document = golden(name, "accept_2")
        _said(document, rise="1/50")
        assert accepted(document)
