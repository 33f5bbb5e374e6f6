"""The claim `captured below an enclosed level`: accepted where true, rejected with the place where not (FORMAT.md, 49)."""

from __future__ import annotations

import copy
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.certificate.reading.problem import problem_of
from exactsurf.certificate.reading.values import parameters_of
from exactsurf.verifier import verify
from tests.verifier.enclosed_oracle import risk_of
from tests.verifier.oracle import Document, number
from tests.verifier.oracle import parameters_of as oracle_parameters
from tests.verifier.verdicts import assert_changes_are_noticed, encode, golden, put, rejection

NAMES = ("captured_with_decay", "captured_logistic", "captured_with_decay_two_units")
DECAY, LOGISTIC, TWO = NAMES


def is_captured(document: Document) -> None:
    """Fail if the landscape knows another valley below the level, or risks in floats are above what is claimed."""
    claim, first = document["claim"], document["evidence"]["points"][0]
    for point, name in ((document["parameters"], "risk"), (first, "bottom")):
        assert risk_of(document, oracle_parameters(point)) <= float(number(claim[name])) * (1 + 1e-9)
    problem, level = problem_of(document, Path()), number(claim["level"])
    land = es.enclosed_landscape(problem, width="1e-6", workers=1)
    component = es.sublevel_component(land, parameters_of(document["parameters"]))
    assert component.is_captured and component.risk.low < level
    assert component.exit_level is None or level <= component.exit_level.high
    # The first point is that near the least risk that can be reached, as it is said to be.
    lowest = float(land.valleys[component.valley].risk.high + number(claim["rise"]))
    assert risk_of(document, oracle_parameters(first)) <= lowest * (1 + 1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    document = golden(name, "accept_2")
    result = verify(encode(document))
    assert (result.kind, result.sentence) == (document["claim"]["kind"], document["claim"]["sentence"])
    assert "near its least risk" in result.checks[-1] and result.risk is None
    is_captured(document)


@pytest.mark.parametrize("name", NAMES)
def test_small_changes_are_noticed(name: str) -> None:
    # Points and dual vectors have room to both sides.
    assert_changes_are_noticed(
        golden(name, "accept_2"),
        is_captured,
        least=40,
        most=Fraction(2, 3),
        never=("('claim', 'level')", "('claim', 'sentence')"),
    )


def _number(name: str, text: str) -> Callable[[Document], None]:
    before = {"level": "stays below", "rise": "at most"}.get(name)

    def change(document: Document) -> None:
        claim = document["claim"]
        if before:
            claim["sentence"] = claim["sentence"].replace(f"{before} {claim[name]}", f"{before} {text}")
        claim[name] = text

    return change


def _all(*changes: Callable[[Document], None]) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        for each in changes:
            each(document)

    return change


def _no_points(document: Document) -> None:
    document["evidence"].update(points=[], leads_to=[])


def _fewer_points(document: Document) -> None:
    document["evidence"]["points"].pop()
    document["evidence"]["leads_to"].pop()


CHANGES: dict[str, tuple[str, Callable[[Document], None], str]] = {
    "format_1": (DECAY, put("format", "exactsurf-certificate/1"), "format"),
    "sentence": (DECAY, put("claim", "sentence", "It is captured."), "claim.sentence"),
    "risk_below": (DECAY, _number("risk", "1/2"), "claim.risk"),
    "risk_above_the_level": (DECAY, _number("risk", "5"), "claim.level"),
    "bottom_below": (DECAY, _number("bottom", "1/10"), "claim.bottom"),
    "negative_rise": (DECAY, _number("rise", "-1"), "claim.rise"),
    "no_rise": (LOGISTIC, _number("rise", "0"), "evidence.duals"),
    "level_above": (DECAY, _number("level", "2"), "evidence.points"),
    "level_above_logistic": (LOGISTIC, _number("level", "3"), "evidence.points"),
    "level_above_two": (TWO, _number("level", "3"), "evidence.points"),
    "no_points": (DECAY, _no_points, "evidence.points"),
    "fewer_points": (LOGISTIC, _fewer_points, "evidence.points"),
    "leads_nowhere": (LOGISTIC, put("evidence", "leads_to", 0, 1), "evidence.leads_to[0]"),
    "no_duals": (DECAY, put("evidence", "duals", []), "evidence.points"),
    "no_cells": (LOGISTIC, put("evidence", "cells", []), "evidence.cells"),
    "other_parameters": (DECAY, put("parameters", "W2", [["9"]]), "claim.risk"),
    "no_parameters": (DECAY, lambda document: document.pop("parameters"), "parameters"),
    "no_bits": (LOGISTIC, lambda document: document["evidence"].pop("bits"), "problem"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_false_or_malformed_certificate_is_rejected_at_its_place(name: str) -> None:
    example, change, place = CHANGES[name]
    document = copy.deepcopy(golden(example, "accept_2"))
    change(document)
    assert rejection(document).place.startswith(place)
