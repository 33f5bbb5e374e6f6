"""The claims about one point: which evidence each takes, its sentence, its risk and its lower points."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from exactsurf.verifier import verify
from tests.verifier.examples import EXAMPLES, PHRASES, get, sentence
from tests.verifier.oracle import Document, Oracle, assert_true, parameters_of
from tests.verifier.verdicts import encode, golden, rejection


def renamed(document: Document, kind: str) -> None:
    document["claim"]["kind"] = kind
    document["claim"]["sentence"] = sentence(kind, document["problem"], len(document["problem"]["data"]["y"]))


def test_a_spurious_local_minimum_is_a_local_minimum() -> None:
    """Without its lower points it still shows the weaker claim."""
    document = get("example_a")
    del document["evidence"]["lower_points"]
    renamed(document, "local minimum")
    assert_true(document)
    verify(encode(document))


def test_a_local_minimum_has_no_evidence_of_lower_points() -> None:
    document = get("example_a")
    renamed(document, "local minimum")
    assert rejection(document).place == "evidence.lower_points"


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("kind", PHRASES)
def test_evidence_shows_its_own_claim_only(name: str, kind: str) -> None:
    document = get(name)
    if document["claim"]["kind"] != kind:
        renamed(document, kind)
        assert rejection(document).place.startswith("evidence")


def no_lower_point(document: Document) -> None:
    document["evidence"]["lower_points"] = []


def lower_point_as_high(document: Document) -> None:
    document["evidence"]["lower_points"][0] = {"parameters": document["parameters"], "risk": document["claim"]["risk"]}


def lower_point_with_another_risk(document: Document) -> None:
    document["evidence"]["lower_points"][0]["risk"] = "20/32"


def another_risk(document: Document) -> None:
    document["claim"]["risk"] = "3/5"


def another_sentence(document: Document) -> None:
    document["claim"]["sentence"] = document["claim"]["sentence"].replace("a spurious", "a")


def descent_rule(document: Document) -> None:
    document["evidence"]["local_minimum"] = {"rule": "direction"}


def another_point(document: Document) -> None:
    document["parameters"]["b2"] = ["0"]
    document["claim"]["risk"] = str(Oracle(document).risk(parameters_of(document["parameters"])))


PLACES: dict[Callable[[Document], None], str] = {
    no_lower_point: "evidence.lower_points",
    lower_point_as_high: "evidence.lower_points[0].risk",
    lower_point_with_another_risk: "evidence.lower_points[0].risk",
    another_risk: "claim.risk",
    another_sentence: "claim.sentence",
    descent_rule: "evidence.local_minimum.rule",
    another_point: "evidence.local_minimum",
}


@pytest.mark.parametrize(("change", "place"), PLACES.items(), ids=lambda value: getattr(value, "__name__", None))
def test_places(change: Callable[[Document], None], place: str) -> None:
    document = get("example_a")
    change(document)
    assert rejection(document).place.startswith(place)


def test_the_lower_point_of_a_descent_must_be_lower() -> None:
    document = golden("direction")
    document["evidence"]["descent"]["lower_point"] = {
        "parameters": document["parameters"],
        "risk": document["claim"]["risk"],
    }
    assert rejection(document).place.startswith("evidence.descent.lower_point")


@pytest.mark.parametrize("name", ["left_out", "merged", "fixed", "polynomials", "multiples"])
def test_format_1_does_not_know_the_fields_of_format_2(name: str) -> None:
    document = get("example_a")
    assert document["format"] == "exactsurf-certificate/1" and document["evidence"]["local_minimum"]["rule"] == "paths"
    document["evidence"]["local_minimum"][name] = True
    assert rejection(document).place == f"evidence.local_minimum.{name}"
