"""Certificates of format 2: those of format 1 rewritten, and some that only format 2 can say."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

from tests.verifier.oracle import Document, number

FORMAT = "exactsurf-certificate/2"
QUANTILE: Document = {"gap": "difference", "breakpoints": ["0"], "pieces": [["0", "-2/3", "0"], ["0", "1/3", "0"]]}
INSENSITIVE: Document = {
    "gap": "difference",
    "breakpoints": ["-1/2", "1/2"],
    "pieces": [["0", "-1", "-1/2"], ["0", "0", "0"], ["0", "1", "-1/2"]],
}
SQUARED_HINGE: Document = {"gap": "margin", "breakpoints": ["1"], "pieces": [["1", "-2", "1"], ["0", "0", "0"]]}
SMOOTHED_HINGE: Document = {
    "gap": "margin",
    "breakpoints": ["0", "1"],
    "pieces": [["0", "-1", "1/2"], ["1/2", "-1", "1/2"], ["0", "0", "0"]],
}
OWN: Document = {
    "gap": "difference",
    "breakpoints": ["-1", "2"],
    "pieces": [["0", "-3", "-1"], ["1/2", "-1", "1/2"], ["0", "5/2", "-9/2"]],
}
SQUARED_LEAD: Document = {"gap": "lead", "breakpoints": ["-1"], "pieces": [["0", "0", "0"], ["1", "2", "1"]]}
LOSSES = {
    "quantile": QUANTILE,
    "epsilon insensitive": INSENSITIVE,
    "squared hinge": SQUARED_HINGE,
    "smoothed hinge": SMOOTHED_HINGE,
    "three pieces": OWN,
    "squared lead": SQUARED_LEAD,
}


def pieces_of(loss: Document, outputs: int) -> Document:
    """A loss of format 1 by its pieces."""
    s = number(loss["scale"])
    if loss["name"] == "squared":
        return data("difference", [], [[s, 0, 0]])
    if loss["name"] == "absolute":
        return data("difference", [0], [[0, -s, 0], [0, s, 0]])
    if loss["name"] == "huber":
        d = number(loss["delta"])
        return data("difference", [-d, d], [[0, -s * d, -s * d * d / 2], [s / 2, 0, 0], [0, s * d, -s * d * d / 2]])
    if outputs == 1:
        return data("margin", [1], [[0, -s, s], [0, 0, 0]])
    return data("lead", [-1], [[0, 0, 0], [0, s, s]])


def data(gap: str, breakpoints: Any, pieces: Any) -> Document:
    return {
        "gap": gap,
        "breakpoints": [str(Fraction(t)) for t in breakpoints],
        "pieces": [[str(Fraction(v)) for v in piece] for piece in pieces],
    }


def in_format_2(document: Document) -> Document:
    """The same certificate in format 2."""
    document = copy.deepcopy(document)
    document["format"] = FORMAT
    problem = document["problem"]
    name = problem["loss"]["name"]
    problem["loss"] = pieces_of(problem["loss"], problem["widths"][-1])
    document["claim"]["sentence"] = document["claim"]["sentence"].replace(f"{name} risk", "risk")
    return document


def with_loss(document: Document, loss: Document, weights: list[str] | None = None) -> Document:
    """A certificate of format 2 with another loss; its risks are not those of this loss."""
    document = copy.deepcopy(document)
    document["problem"]["loss"] = copy.deepcopy(loss)
    if weights is not None:
        document["problem"]["weights"] = weights
    return document
