"""The staircase of connectivity, on its smallest rational example and where its hypotheses fail."""

from __future__ import annotations

import pytest

import exactsurf as es
from exactsurf.papers.kim_2025 import staircase
from exactsurf.theorems.outcome import Outcome


def spanning(units: int, **options) -> es.Problem:
    data = es.Data.from_arrays([[1, 1, 1, 1], [-1, -1, -1, 1], [1, -1, 0, 0], [0, 1, -1, 0]], ["3/2", "3/2", 0, 0])
    return es.Problem(es.Network([4, units, 1], biases=False), data, **{"weight_decay": 1, **options})


@pytest.mark.parametrize(
    ("units", "told"),
    [
        (1, "finitely many optima in 1 connected component, 1 of them isolated"),
        (2, "a continuum of optima in 3 connected components, 2 of them isolated"),
        (3, "a continuum of optima in 1 connected component, 0 of them isolated"),
        (5, "a continuum of optima in 1 connected component, 0 of them isolated"),
    ],
)
def test_the_staircase(units: int, told: str):
    report = staircase.examine(spanning(units))
    assert report.outcome is Outcome.CONFIRMED and told in report.conclusion.reason
    assert "m* = 1, M* = 2" in report.conclusion.reason
    proof = report.conclusion.certificate
    assert es.verify(proof.encoded).risk == proof.bound == proof.risk == es.exact("5/4")
    assert staircase.construct(spanning(units)).greatest_width == 2


def test_two_samples_need_two_units():
    def line(units: int) -> es.Problem:
        return es.Problem(es.Network([1, units, 1], biases=False), es.Data.from_arrays([1, -1], [3, 3]), weight_decay=1)

    narrow = staircase.examine(line(1))
    assert narrow.failing == ("width",) and narrow.outcome is Outcome.SAYS_NOTHING
    counts = [staircase.construct(line(2)).components(units) for units in (2, 3, 4)]
    assert counts == [2, 1, 1] and staircase.examine(line(2)).outcome is Outcome.CONFIRMED
    # An irrational length: the certificate has parameters nearby, and the exact bound.
    proof = staircase.examine(line(2)).conclusion.certificate
    assert proof.bound == 5 and 0 <= proof.risk - proof.bound < es.exact("1e-15")


def test_what_the_theorem_is_not_about():
    flat = es.Problem(es.Network([2, 1, 1], biases=False), es.Data.from_arrays([[1, 1], [2, 2]], [1, 1]), weight_decay=9)
    assert "span" in staircase.conclusion(flat).reason
    assert staircase.conclusion(spanning(2).without_decay).reason == "there is no weight decay"
    biased = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]), weight_decay=1, decay_biases=True)
    assert staircase.does_not_apply(biased) == "the output has a bias"
    assert "strictly convex" in {h.name: h.statement for h in staircase.hypotheses}["loss"]
