"""Sign trees with forms: accepted where every leaf is proved, rejected with the place where not (FORMAT.md, section 25)."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from exactsurf.verifier import verify
from tests.verifier.oracle import Document
from tests.verifier.test_sign_tree import no_lower_point
from tests.verifier.test_unit_forms import NAMES, forms_hold
from tests.verifier.verdicts import assert_changes_are_noticed, encode, golden, rejection


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    document = golden(name, "accept_2")
    result = verify(encode(document))
    assert result.kind == document["claim"]["kind"]
    assert any("proved on its region by sums of lines" in line for line in result.checks)
    no_lower_point(document)


@pytest.mark.parametrize("name", NAMES[1:])  # the first one is long
def test_changes_are_noticed(name: str) -> None:
    original = golden(name, "accept_2")

    def holds(document: Document) -> None:
        # What did not change was looked at already.
        if any(document[key] != original[key] for key in ("claim", "problem")):
            no_lower_point(document)
        if any(document["evidence"][key] != original["evidence"][key] for key in ("duals", "forms")):
            forms_hold(document, 10)

    # Dual vectors and lines that have room may change.
    assert_changes_are_noticed(original, holds, least=40, most=Fraction(1, 3))


def first(document: Document, key: str) -> Any:
    """The first step of a form that has the field."""
    return next(node for form in document["evidence"]["forms"] for node in form["nodes"] if key in node)


def changed(document: Document) -> Iterator[tuple[str, Document]]:
    """Small lies, by the name of the place where they are noticed."""

    def lie(place: str, change: Any) -> tuple[str, Document]:
        new = copy.deepcopy(document)
        change(new)
        return place, new

    yield lie("evidence.nodes", lambda d: d["evidence"]["nodes"][-1].update(forms=[[]]))
    yield lie("evidence.nodes", lambda d: d["evidence"]["nodes"][-1].update(forms=[[99]]))
    yield lie("evidence.nodes", lambda d: d["evidence"]["nodes"][-1].pop("forms"))
    yield lie("evidence.forms[0].sign", lambda d: d["evidence"]["forms"][0].update(sign=2))
    yield lie("evidence.forms[0].dual", lambda d: d["evidence"]["forms"][0].update(dual=9))
    yield lie("evidence.forms[0].nodes", lambda d: d["evidence"]["forms"][0].update(nodes=[]))
    yield lie("evidence.forms[0].nodes", lambda d: d["evidence"]["forms"][0]["nodes"].append({"slopes": []}))
    yield lie("evidence.forms[0].region", lambda d: d["evidence"]["forms"][0].update(region=[[0, 0, 1], [0, 0, 1]]))
    yield lie("evidence.forms[0].region", lambda d: d["evidence"]["forms"][0].update(region=[[99, 0, 1]]))
    yield lie("evidence.forms", lambda d: first(d, "split").update(plus=0))
    yield lie("evidence.forms", lambda d: first(d, "split").update(split=[0, 9]))
    yield lie("evidence.forms", lambda d: first(d, "implied").update(slopes=[]))
    yield lie("evidence.forms", lambda d: first(d, "implied").update({"then": 0}))
    yield lie("evidence.forms", lambda d: first(d, "empty").update(empty=[]))
    yield lie("evidence", lambda d: d["evidence"].update(cells=[]))


def test_lies_are_named_with_their_place() -> None:
    for place, document in changed(golden("forms_hard_tanh", "accept_2")):
        assert rejection(document).place.startswith(place)


def test_forms_need_format_2() -> None:
    document = golden("forms_plane", "accept_2")
    document["format"] = "exactsurf-certificate/1"
    assert rejection(document)


def test_a_dual_vector_need_not_be_named() -> None:
    document = golden("forms_plane", "accept_2")
    document["evidence"]["duals"].append(document["evidence"]["duals"][0])
    assert verify(encode(document)).kind == "global minimum"
