"""All valleys below a level where levels are enclosed: accepted where true, rejected with the place where not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction

import pytest

from exactsurf.verifier import verify
from tests.verifier.enclosed_list_oracle import holds_everywhere
from tests.verifier.oracle import Document
from tests.verifier.verdicts import accepted, assert_changes_are_noticed, encode, golden, put, rejection

NAMES = (
    "enclosed_valleys_below_decay",
    "enclosed_valleys_below_logistic",
    "enclosed_valleys_below_logistic_decay",
    "enclosed_valleys_below_penalised",
)
DECAY, LOGISTIC, LOGISTIC_DECAY, PENALISED = NAMES


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    document = golden(name, "accept_2")
    lines: list[str] = []
    result = verify(encode(document), note=lines.append)
    assert (result.kind, result.sentence) == (document["claim"]["kind"], document["claim"]["sentence"])
    assert tuple(lines) == result.checks and result.risk is None
    holds_everywhere(document)


@pytest.mark.parametrize("name", [LOGISTIC, LOGISTIC_DECAY, pytest.param(DECAY, marks=pytest.mark.slow)])
def test_small_changes_are_noticed(name: str) -> None:
    # Dual vectors of leaves above the level have room, and slopes and points may be others.
    def holds(document: Document) -> None:
        holds_everywhere(document, 4)

    assert_changes_are_noticed(golden(name, "accept_2"), holds, least=60, most=Fraction(1, 3), never=("claim",))


def said(document: Document, **fields: str) -> None:
    """Other numbers in the claim, and the sentence with them."""
    claim = document["claim"]
    before, names = claim["sentence"], {"level": "is below {} some", "rise": "at most {} leads"}
    for name in names.keys() & fields.keys():
        before = before.replace(names[name].format(claim[name]), names[name].format(fields[name]))
    if "valleys" in fields:
        one, many = (f"first {n} given point{'' if n == '1' else 's'}" for n in (claim["valleys"], fields["valleys"]))
        before = before.replace(one, many)
    claim.update(fields, sentence=before)


def leaves(document: Document, with_point: bool) -> list[Document]:
    return [node for node in document["evidence"]["nodes"] if "split" not in node and ("point" in node) == with_point]


def _hidden(document: Document) -> None:
    said(document, valleys="2")
    document["evidence"]["leads_to"] = [0]


def _left_out(document: Document) -> None:
    said(document, valleys="2")
    document["evidence"]["points"].pop()


def _no_point(document: Document) -> None:
    node = leaves(document, True)[0]
    del node["point"], node["order"]


def _other_point(document: Document) -> None:
    leaves(document, True)[0]["point"] = 0


def _point_above(document: Document) -> None:
    leaves(document, False)[0].update(point=0, order=[0])


def _other_dual(document: Document) -> None:
    leaves(document, True)[0]["dual"] = 1


def _no_forms(document: Document) -> None:
    leaves(document, True)[0]["forms"] = [[]]


def _whole_half(document: Document) -> None:
    """Regions that are more than a signed cell: v ≥ 0, and v ≤ 0, each with a point."""
    evidence = document["evidence"]
    evidence["duals"] = [["0"] * len(evidence["duals"][0])]
    evidence["forms"] = [{"dual": 0, "sign": sign, "region": [], "nodes": [{"slope": ["0", "0"]}]} for sign in (1, 0)]
    said(document, rise="10")
    ends = [{"dual": 0, "forms": [[own]], "point": point, "order": [0]} for own, point in ((0, 0), (1, 1))]
    evidence["nodes"] = [{"split": [0], "plus": 1, "minus": 2}, *ends]


def _no_sign(document: Document) -> None:
    _whole_half(document)
    document["evidence"]["nodes"] = [{"dual": 0, "forms": [[0, 1]], "point": 0, "order": [0]}]


CHANGES: dict[str, tuple[str, Callable[[Document], object], str]] = {
    "format_1": (DECAY, put("format", "exactsurf-certificate/1"), "format"),
    "sentence": (DECAY, put("claim", "sentence", "That is all."), "claim.sentence"),
    "higher_level": (DECAY, lambda d: said(d, level="5"), "evidence.nodes[20].dual"),
    "hidden": (DECAY, _hidden, "evidence.leads_to[0]"),
    "left_out": (DECAY, _left_out, "evidence.nodes[21].point"),
    "no_valley": (DECAY, put("claim", "valleys", "0"), "claim.valleys"),
    "too_many": (DECAY, put("claim", "valleys", "4"), "claim.valleys"),
    "rise_below_0": (DECAY, lambda d: said(d, rise="-1"), "claim.rise"),
    "no_rise": (DECAY, lambda d: said(d, rise="0"), "evidence.duals[2]"),
    "higher_point": (DECAY, put("evidence", "points", 0, "b2", ["1/2"]), "evidence.duals[2]"),
    "no_point": (DECAY, _no_point, "evidence.nodes[9].dual"),
    "other_point": (DECAY, _other_point, "evidence.nodes[9].order[0]"),
    "point_above": (DECAY, _point_above, "evidence.nodes[4]"),
    "other_dual": (DECAY, _other_dual, "evidence.nodes[9].forms[0]"),
    "no_forms_of_a_leaf": (DECAY, _no_forms, "evidence.nodes[9].forms[0]"),
    "no_order": (DECAY, lambda d: leaves(d, True)[0].update(order=[]), "evidence.nodes[9].order"),
    "whole_half": (DECAY, _whole_half, "evidence.nodes[1]"),
    "no_sign": (DECAY, _no_sign, "evidence.nodes[0]"),
    "leads_ahead": (LOGISTIC, put("evidence", "leads_to", [2]), "evidence.leads_to[0]"),
    "forms_without_decay": (LOGISTIC, put("evidence", "forms", []), "evidence"),
    "no_forms": (DECAY, lambda d: d["evidence"].pop("forms"), "evidence"),
    "cells_too": (DECAY, put("evidence", "cells", []), "evidence.cells"),
    "no_bits": (LOGISTIC, lambda d: d["evidence"].pop("bits"), "problem.loss.tree"),
    "bits_for_a_loss_by_pieces": (DECAY, put("evidence", "bits", 160), "problem.loss.breakpoints"),
    "no_decay": (DECAY, lambda d: d["problem"].pop("weight_decay"), "problem"),
    "two_layers": (LOGISTIC, put("problem", "widths", [1, 1, 1, 1]), "problem.biases"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_false_or_malformed_certificate_is_rejected_at_its_place(name: str) -> None:
    example, change, place = CHANGES[name]
    document = copy.deepcopy(golden(example, "accept_2"))
    change(document)
    assert rejection(document).place == place


def test_a_lower_level_and_a_greater_rise_say_less() -> None:
    for name in NAMES:
        document = golden(name, "accept_2")
        said(document, rise="1/50", level="1/10")
        assert accepted(document)
