"""Format 2 and format 1 say the same of the same losses, and a weight of 2 is a sample twice."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from exactsurf.verifier import Rejected, verify
from tests.verifier.examples import PHRASES
from tests.verifier.format_2_examples import in_format_2
from tests.verifier.oracle import Document, Oracle, number
from tests.verifier.verdicts import GOLDEN, encode, rejection

NO_FORM = "spurious local minimum on three samples"


def document_of(path: Path) -> Document:
    document: Document = json.loads(path.read_text(encoding="utf-8"))
    return document


ACCEPTED = [
    path for path in sorted((GOLDEN / "accept").glob("*.json")) if document_of(path)["format"] == "exactsurf-certificate/1"
]


@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.stem)
def test_accepted_in_format_1_and_in_format_2(path: Path) -> None:
    document = document_of(path)
    again = in_format_2(document)
    if document["claim"]["kind"] == NO_FORM:
        assert rejection(again, path.parent).place == "format"
        return
    one, two = (verify(encode(d), data_folder=path.parent) for d in (document, again))
    assert (one.kind, one.risk) == (two.kind, two.risk)
    assert one.sentence.replace(document["problem"]["loss"]["name"] + " risk", "risk") == two.sentence
    told = [next((line for line in accepted.checks if line.startswith("problem: ")), "") for accepted in (one, two)]
    assert told[0].replace(f"{document['problem']['loss']['name']} loss", "given loss") == told[1]


PLACES = json.loads((GOLDEN / "reject" / "places.json").read_text(encoding="utf-8"))


# What is wrong in JSON is gone when it was read; any loss and weights may stand in format 2.
ELSEWHERE = {"", "problem.loss.name", "problem.weights"}
ONLY_THE_FORMAT = "kinked_paths_of_format_1.json"
"""What is wrong with it is that its rule is none of format 1."""


@pytest.mark.parametrize(("name", "place"), [(name, place) for name, place in PLACES.items() if place not in ELSEWHERE])
def test_rejected_in_format_1_and_in_format_2(name: str, place: str) -> None:
    document = document_of(GOLDEN / "reject" / name)
    # A loss without a name is none of format 1: the claim itself is one of format 2 only.
    if document["format"] == "exactsurf-certificate/1" and "name" in document["problem"]["loss"]:
        if name == ONLY_THE_FORMAT:
            verify(encode(in_format_2(document)))
            return
        found = rejection(in_format_2(document), GOLDEN / "reject").place
        assert found == ("format" if document["claim"]["kind"] == NO_FORM else place)


@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.stem)
def test_three_times_a_third_of_the_loss(path: Path) -> None:
    """With three samples of the loss φ/3 in the place of one of φ nothing changes, dual vectors and subgradients included."""
    document = in_format_2(document_of(path))
    if document["claim"]["kind"] == NO_FORM:
        pytest.skip("has no form in format 2")
    problem = document["problem"]
    problem["loss"]["pieces"] = [[str(number(value) / 3) for value in piece] for piece in problem["loss"]["pieces"]]
    problem["weights"] = ["3"] * len(Oracle(document, path.parent).x)
    verify(encode(document), data_folder=path.parent)


def risk_of(document: Document) -> str:
    """The risk of the parameters, which the rejection of a wrong one tells."""
    document = copy.deepcopy(document)
    document["claim"]["risk"] = "-1/7"
    return rejection(document).reason.removeprefix("the risk recomputed is ").split(" ≈")[0]


def again(document: Document) -> Document:
    """The certificate with its risks recomputed."""
    evidence = document["evidence"]
    points = [*evidence.get("lower_points", []), *([evidence["descent"]["lower_point"]] if "descent" in evidence else [])]
    for point in points:
        point["risk"] = risk_of({**document, "parameters": point["parameters"]})
    document["claim"]["risk"] = risk_of(document)
    return document


def _is_easy(document: Document) -> bool:
    """Rules whose evidence names no subgradients and no products with them, of data in the certificate."""
    if document["claim"]["kind"] not in PHRASES or "csv" in document["problem"]["data"]:
        return False
    return not {"subgradient", "products", "vanishing"} & {*str(document["evidence"]).split("'")}


@pytest.mark.parametrize("path", [p for p in ACCEPTED if _is_easy(document_of(p))], ids=lambda path: path.stem)
def test_a_weight_of_two_is_a_sample_twice(path: Path) -> None:
    """Both are accepted, or both are rejected for the same reason."""
    once, twice = in_format_2(document_of(path)), in_format_2(document_of(path))
    samples = len(once["problem"]["data"]["x"])
    for sample in range(samples):
        once["problem"]["weights"] = [str(1 + (i == sample)) for i in range(samples)]
        for name, rows in document_of(path)["problem"]["data"].items():
            twice["problem"]["data"][name] = [*rows, rows[sample]]
        noun = "sample" if samples == 1 else "samples"
        sentence = in_format_2(document_of(path))["claim"]["sentence"]
        twice["claim"]["sentence"] = sentence.replace(f"on {samples} {noun}", f"on {samples + 1} samples")
        verdicts = []
        for document in (again(once), again(twice)):
            try:
                verdicts.append(str(verify(encode(document)).risk))
            except Rejected as error:
                verdicts.append(error.reason)
        assert verdicts[0] == verdicts[1]
        assert once["claim"]["risk"] == twice["claim"]["risk"]
