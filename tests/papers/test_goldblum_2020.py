"""Affine minima are embedded in deeper networks, and not through a bottleneck."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError
from exactsurf.papers import goldblum_2020
from tests import oracle
from tests.papers.datasets import TWO_OUTPUTS, A

F = Fraction


@pytest.mark.parametrize("widths", [[1, 1, 1], [1, 1, 1, 1], [1, 4, 1]], ids=str)
def test_affine_minima_are_embedded(widths: list[int]) -> None:
    problem = es.Problem(es.Network(widths), A)
    parameters, verdict = goldblum_2020.construct(problem)
    assert verdict.status is Status.PROVED and oracle.risk(problem, parameters) == F(3, 4)


def test_a_bottleneck_cannot_carry_the_affine_fit() -> None:
    with pytest.raises(HypothesisError):
        goldblum_2020.construct(es.Problem(es.Network([2, 3, 1, 2]), TWO_OUTPUTS))
