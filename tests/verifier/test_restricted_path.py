"""Steps of paths of free parameters: every unit of every layer stays in a closed piece."""

from __future__ import annotations

import pytest

from tests.verifier.test_sided_tree import document
from tests.verifier.verdicts import Document, accepted, rejection


def path_document(points: list[list[str]], level: str = "1/2") -> Document:
    """The claim about a path for ½(|a| − 1)²."""
    found = document(level)
    found["claim"]["kind"] = "path of a restricted risk"
    found["claim"]["sentence"] = (
        "The given path of values of the 1 free parameter leads from its first point to its last at a restricted risk of at "
        f"most {level} of the 1-1-1 network on 1 sample."
    )
    found["evidence"] = {"path": points}
    return found


@pytest.mark.parametrize("points", [[["2"], ["0"]], [["0"], ["0"]], [["1/2"], ["0"], ["-2"]], [["-1"], ["-3/2"]]])
def test_steps_in_closed_pieces(points: list[list[str]]) -> None:
    assert accepted(path_document(points))


@pytest.mark.parametrize(
    ("points", "place", "reason"),
    [
        ([["1"], ["-1"]], "evidence.path[1]", "unit 0 of layer 1 leaves its closed piece on sample 0"),
        ([["1"], ["3"]], "evidence.path[1]", "the risk is 2, above the level 1/2 ≈ 0.5"),
        ([["1"]], "evidence.path", "a path needs at least two points"),
        ([["1"], ["1", "2"]], "evidence.path[1]", "expected 1 entries, found 2"),
    ],
)
def test_other_steps(points: list[list[str]], place: str, reason: str) -> None:
    found = rejection(path_document(points))
    assert (found.place, found.reason) == (place, reason)
