"""The dimension of the continuum of minima."""

from __future__ import annotations

import itertools

import pytest

import exactsurf as es
from exactsurf.papers import he_2020
from exactsurf.papers.christof_2023 import continuum_dimension
from tests.papers.datasets import XOR, A


@pytest.mark.parametrize(("data", "widths"), [(A, [1, 2, 1]), (A, [1, 2, 2, 1]), (XOR, [2, 3, 1])], ids=str)
def test_the_dimension_of_the_continuum(data: es.Data, widths: list[int]) -> None:
    """The number of parameters less d + 1: the affine function is pinned, nothing else."""
    problem = es.Problem(es.Network(widths), data)
    parameters = he_2020.construct(problem).parameters
    count = sum(a * b + b for a, b in itertools.pairwise(widths))
    assert continuum_dimension(problem, parameters) == count - (widths[0] + 1)
