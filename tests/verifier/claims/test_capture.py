"""The claim `captured below a level`: accepted where it is true, rejected with the place where not (FORMAT.md, section 46)."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import pytest

import exactsurf as es
from exactsurf.certificate.reading.problem import problem_of
from exactsurf.certificate.reading.values import parameters_of
from exactsurf.verifier import verify
from tests.verifier.oracle import Document, Oracle, number
from tests.verifier.oracle import parameters_of as oracle_parameters
from tests.verifier.verdicts import assert_changes_are_noticed, encode, golden, put, rejection

NAMES = ("captured", "captured_two_units")


def is_captured(document: Document) -> None:
    """Fail if the landscape knows another valley in the component below the level, or a lower one, or no path to the bottom."""
    problem = problem_of(document, Path())
    claim = document["claim"]
    level, theta = number(claim["level"]), parameters_of(document["parameters"])
    bottom = parameters_of(document["evidence"]["points"][0])
    assert problem.risk(theta) == number(claim["risk"]) < level and problem.risk(bottom) == number(claim["bottom"])
    land = es.landscape(problem, workers=1)
    component = es.sublevel_component(land, theta)
    # A component of several valleys of one risk that are joined at this risk is one; a bottom of the right risk lies in it.
    assert component.is_captured and (component.exit_level is None or level <= component.exit_level)
    assert land.valleys[component.valley].risk == problem.risk(bottom)
    assert es.lowest_path(land, theta, bottom).level == problem.risk(theta)


@pytest.mark.parametrize("name", NAMES)
def test_accepted(name: str) -> None:
    document = golden(name, "accept_2")
    result = verify(encode(document))
    assert result.kind == "captured below a level" and result.sentence == document["claim"]["sentence"]
    assert any("can be reached" in line for line in result.checks)
    is_captured(document)


@pytest.mark.parametrize("name", NAMES)
def test_small_changes_are_noticed(name: str) -> None:
    assert_changes_are_noticed(golden(name, "accept_2"), is_captured, least=200)


def said(document: Document) -> None:
    """The sentence of a changed level."""
    old = golden("captured", "accept_2")["claim"]
    document["claim"]["sentence"] = old["sentence"].replace(f"below {old['level']},", f"below {document['claim']['level']},")


def high_level(document: Document) -> None:
    document["claim"]["level"] = "100"
    said(document)


def low_level(document: Document) -> None:
    document["claim"]["level"] = document["claim"]["risk"]
    said(document)


def elsewhere(document: Document) -> None:
    """Another point, from which other valleys can be reached below the level or whose risk is above it."""
    document["parameters"] = copy.deepcopy(document["parameters"])
    document["parameters"]["W2"] = [["0"]]
    document["claim"]["risk"] = str(Oracle(document).risk(oracle_parameters(document["parameters"])))


def no_points(document: Document) -> None:
    document["evidence"]["points"] = []


def fewer_points(document: Document) -> None:
    document["evidence"]["points"].pop()
    document["evidence"]["leads_to"].pop()


def no_duals(document: Document) -> None:
    document["evidence"]["duals"] = []


def one_dual_less(document: Document) -> None:
    document["evidence"]["duals"].pop()


def first_format(document: Document) -> None:
    document["format"] = "exactsurf-certificate/1"
    document["problem"]["loss"] = {"name": "squared", "scale": "1/2"}


PLACES: dict[Callable[[Document], None], str] = {
    high_level: "evidence.points",
    low_level: "claim.level",
    elsewhere: "claim.level",
    no_points: "evidence.points",
    fewer_points: "evidence.points",
    no_duals: "evidence.points",
    one_dual_less: "evidence.points",
    first_format: "format",
    put("claim", "risk", "1/7"): "claim.risk",
    put("claim", "bottom", "1/7"): "claim.bottom",
    put("claim", "sentence", "The given parameters are captured."): "claim.sentence",
    put("evidence", "leads_to", 0, 1): "evidence.leads_to[0]",
    put("evidence", "cells", []): "evidence.cells",
    put("evidence", "points", 0, "b2", ["1000"]): "evidence.leads_to[0]",
}


@pytest.mark.parametrize(("change", "place"), PLACES.items(), ids=lambda value: getattr(value, "__name__", None))
def test_places(change: Callable[[Document], None], place: str) -> None:
    document = golden("captured", "accept_2")
    change(document)
    assert rejection(document).place == place
