"""Early alignment: the paper's three samples, and what is said where a hypothesis fails."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.errors import HypothesisError
from exactsurf.papers.boursier_2025 import collapse, spurious_collapse
from exactsurf.theorems.outcome import Outcome
from tests import oracle

F = Fraction


def three(units: int, targets: tuple[str, ...] = ("11/10", "1/10", "4/5")) -> es.Problem:
    data = es.Data.from_arrays(["-3/4", "-1/2", "1/8"], list(targets))
    return es.Problem(es.Network([1, units, 1], biases=[True, False]), data)


@pytest.mark.parametrize("units", [2, 3, 6])
def test_the_spurious_value_at_every_width(units: int) -> None:
    problem = three(units)
    report = spurious_collapse.examine(problem)
    assert report.outcome is Outcome.CONFIRMED and report.conclusion.risk == F(256, 975)
    assert es.verify(report.conclusion.certificate.encoded).kind == "spurious local minimum"
    assert oracle.risk(problem, report.conclusion.lower_point) < F(256, 975)
    found = collapse(problem)
    assert oracle.risk(problem, found.parameters) == found.risk == F(256, 975) and found.weights == (F(-4, 65), F(251, 390))


def test_hypotheses_that_fail() -> None:
    assert spurious_collapse.check(three(2, ("1", "-1", "1"))).failing == ("one",)
    assert spurious_collapse.check(three(2, ("1", "-3", "1"))).failing == ("one", "regression")
    with pytest.raises(HypothesisError, match="positive"):
        collapse(three(2, ("-1", "-1", "-1")))
    with pytest.raises(es.UnsupportedError, match="ReLU"):
        collapse(es.Problem(es.Network([1, 1, 1], es.hard_tanh), es.Data.from_arrays([0], [0])))


def test_several_outputs_fail_by_name() -> None:
    problem = es.Problem(es.Network([1, 2, 2], biases=[True, False]), es.Data.from_arrays([0, 1], [[1, 2], [2, 1]]))
    assert spurious_collapse.check(problem).failing == ("d_y",)
