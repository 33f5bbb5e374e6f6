"""Best affine models inside a linear piece of ELU and SELU: certified local minima, with lower points."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.papers.christof_2023 import continuum
from exactsurf.theorems.constructions.affine_segment import affine_segment, lift_into_segment
from exactsurf.theorems.outcome import Outcome

F = Fraction
BENT = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])


@pytest.mark.parametrize("h", ["elu", "selu"])
def test_elu_has_the_continuum(h: str) -> None:
    """Christof and Kowalczyk: an interval of constant slope is enough."""
    problem = es.Problem(es.Network([1, 2, 1], h), BENT)
    report = continuum.examine(problem)
    assert report.outcome is Outcome.CONFIRMED and report.conclusion.risk == F(3, 4)
    assert es.verify(report.conclusion.certificate.encoded).kind == "local minimum of a smooth risk"
    assert report.conclusion.lower_point is not None
    assert problem.risk(report.conclusion.lower_point).upper < F(3, 4)


def test_two_inputs_and_three_units() -> None:
    plane = es.Data.from_arrays([[0, 0], [1, 0], [0, 1], [1, 1]], [0, 1, 1, 0])
    problem = es.Problem(es.Network([2, 3, 1], "elu"), plane)
    verdict = lift_into_segment(problem)
    assert verdict.status is Status.PROVED and verdict.risk == F(1, 2)


def test_what_is_not_built() -> None:
    line = es.Data.from_arrays([0, 1, 2], [0, 1, 2])
    for problem in (
        es.Problem(es.Network([1, 2, 1], "elu"), line),
        es.Problem(es.Network([1, 1, 1], "elu"), BENT),
        es.Problem(es.Network([1, 2, 2, 1], "elu"), BENT),
        es.Problem(es.Network([1, 2, 1], "tanh"), BENT),
    ):
        assert lift_into_segment(problem).status is Status.UNDECIDED
    assert affine_segment(es.tanh) is None
