"""Flows in the free parameters, by their numbers, against what they move; derivatives against those of all parameters."""

from __future__ import annotations

from fractions import Fraction

import pytest

from exactsurf.verifier.arithmetic.document import Field, Rejected
from exactsurf.verifier.claims.restricted_box import read_free_coordinates
from exactsurf.verifier.restricted_jet import FreeCoordinates
from exactsurf.verifier.risk_jet import derivatives_on
from exactsurf.verifier.submission import Submission
from tests.verifier.verdicts import golden


def coordinates(name: str) -> FreeCoordinates:
    document = golden(name)
    submission = Submission(Field(document, ""), document["claim"]["kind"], None, lambda _: None, 2)
    return read_free_coordinates(submission, Field(document["problem"], "problem"), 200)[0]


def test_the_scale_of_two_layers() -> None:
    """One number for each unit: the filter of layer 1 grows as that of layer 2 shrinks, and only together."""
    here = coordinates("restricted_box_scale")
    start, *images = here.flow(Field(["1", "1"], "flow"))
    assert start == [0] * 4
    assert images == [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, -1, 0], [0, 0, 0, -1]]
    with pytest.raises(Rejected, match="does not stay"):
        here.flow(Field(["1", "2"], "flow"))


def test_biases_in_common() -> None:
    here = coordinates("restricted_box_classes")
    assert here.numbers_of_a_flow == 2
    assert here.flow(Field(["0", "1"], "flow"))[0] == [0, 1, 1]
    with pytest.raises(Rejected, match="does not stay"):
        here.flow(Field(["1", "0"], "flow"))


def test_derivatives_are_those_of_all_parameters_along_the_basis() -> None:
    here = coordinates("restricted_box_tied")
    jet = derivatives_on(here.problem, here.box([Fraction(1), Fraction(-1, 2)], [0, 0]), 200)
    a, b = ([p for p, value in enumerate(direction) if value] for direction in here.restriction.directions)
    for places, found in zip((a, b), here.gradient(jet), strict=True):
        total = sum(jet.gradient[p].low for p in places)
        assert abs(found.low - total) < 2**20
    hessian = here.hessian(jet)
    total = sum(jet.hessian.get((min(p, q), max(p, q)), jet.value.times(0)).low for p in a for q in b)
    assert abs(hessian[0][1].low - total) < 2**20 and abs(hessian[0][1].low - hessian[1][0].low) < 2**20
