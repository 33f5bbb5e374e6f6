"""Squares of outputs, and no curvature at all, in the place of curvatures (FORMAT.md, section 37)."""

from __future__ import annotations

import copy
from fractions import Fraction

import pytest

from exactsurf.verifier import Rejected, verify
from exactsurf.verifier.surrogates import probability
from tests.verifier.analytic_examples import assert_true
from tests.verifier.verdicts import assert_changes_are_noticed, assert_rejected_at, encode, golden, put

NAMES = (
    "linear_power",
    "squares_atoms",
    "squares_classes_decay",
    "squares_curve",
    "squares_kink",
    "squares_not_convex",
)
SQUARES = tuple(name for name in NAMES if name.startswith("squares"))


def get(name: str):
    return golden(name, "accept_2")


@pytest.mark.parametrize("name", [name for name in NAMES if "decay" not in name])
def test_what_is_accepted_is_true(name: str) -> None:
    assert_true(get(name), 60)


@pytest.mark.parametrize("name", [name for name in NAMES if "decay" not in name])
def test_single_changes(name: str) -> None:
    assert_changes_are_noticed(get(name), lambda document: assert_true(document, 12), least=60, most=Fraction(1, 3))


@pytest.mark.parametrize("name", SQUARES)
def test_every_number_has_a_side(name: str) -> None:
    """A second derivative that is moved to the other side of that of the loss is noticed where it stands."""
    document = get(name)
    far = "-100" if document["evidence"]["rule"] == "frozen curve" else "100"
    for i, row in enumerate(document["evidence"]["squares"]):
        for k in range(len(row)):
            assert_rejected_at(f"evidence.squares[{i}][{k}][2]", document, put("evidence", "squares", i, k, 2, far))


@pytest.mark.parametrize("name", SQUARES)
def test_shapes_and_rules(name: str) -> None:
    document = get(name)
    rule = document["evidence"]["parts"][0]["rule"]
    for place, change in [
        ("evidence.squares", lambda d: d["evidence"]["squares"].pop()),
        ("evidence.squares[0]", lambda d: d["evidence"]["squares"][0].pop()),
        ("evidence.squares[0][0]", lambda d: d["evidence"]["squares"][0][0].pop()),
        ("evidence.squares[0][0]", put("evidence", "squares", 0, 0, 1, 7)),
        ("evidence.parts", lambda d: d["evidence"]["parts"].pop()),
        ("evidence.parts[0].rule", put("evidence", "parts", 0, "rule", "paths")),
        ("evidence", put("evidence", "curvatures", ["1"])),
        ("evidence", put("evidence", "linear", True)),
    ]:
        assert_rejected_at(place, document, change)
    assert rule in ("second order", "curve")


def test_a_square_that_is_much_too_low_proves_nothing() -> None:
    assert_rejected_at("evidence.parts[0]", get("squares_not_convex"), put("evidence", "squares", 0, 0, 2, "-100"))
    assert_rejected_at("evidence.parts[0]", get("squares_curve"), put("evidence", "squares", 0, 0, 2, "100"))


def test_a_sample_that_is_not_known_to_be_minimal_takes_part() -> None:
    """Huge negative squares of a sample with an unsplit pair: it may be left out only where its loss is convex and flat."""
    document = get("squares_kink")
    # The unit's weights to 0: every sample sits on its kink, and the evidence splits nothing.
    changed = copy.deepcopy(document)
    changed["parameters"]["W1"] = [["0"]]
    with pytest.raises(Rejected, match=r"not split|not positive|not 0"):
        verify(encode(changed))


def test_common_tangents_are_for_classes_only() -> None:
    """Three classes at equal outputs without weight decay: positive but for what all outputs share."""
    document = get("squares_classes_decay")
    changed = copy.deepcopy(document)
    del changed["problem"]["weight_decay"]
    changed["claim"]["sentence"] = document["claim"]["sentence"].replace(" with weight decay 1/2", "")
    verify(encode(changed))


def test_probabilities_against_numbers() -> None:
    found = probability([Fraction(0), Fraction(1), Fraction(-1, 2)], 1, 60)
    assert found.low / 2**60 == pytest.approx(0.62853, abs=1e-4)
    assert found.high >= found.low
