"""Flat minima of linear networks of width 1: the bound, its equality, and random minima."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.errors import HypothesisError
from exactsurf.papers.mulayoff_2020 import flattest, flattest_chain
from exactsurf.theorems.outcome import Outcome

F = Fraction


def chain(layers: int, x: list[int], y: list[int]) -> es.Problem:
    return es.Problem(es.Network([1] * (layers + 1), es.linear, biases=False), es.Data.from_arrays(x, y))


@pytest.mark.parametrize(("layers", "p"), [(2, 4), (2, -9), (3, 8), (4, 16)])
def test_the_balanced_minimum_has_the_bound_and_random_minima_are_sharper(layers: int, p: int) -> None:
    problem, source = chain(layers, [1, 1], [p + 1, p - 1]), random.Random(layers * p)
    best = flattest(problem)
    root = round(abs(p) ** (1 / layers))
    found = es.sharpness(problem, best)
    assert found.is_critical and found.largest.value == 2 * layers * root ** (2 * layers - 2)
    assert flattest_chain.examine(problem, best).outcome is Outcome.CONFIRMED
    for _ in range(8):
        weights = [F(source.choice([1, 2, 3, -1, -2]), source.choice([1, 2])) for _ in range(layers - 1)]
        product = F(1)
        for weight in weights:
            product *= weight
        theta = problem.parameters(**{f"W{k}": [[w]] for k, w in enumerate([*weights, p / product], start=1)})
        report = flattest_chain.examine(problem, theta)
        assert report.outcome is Outcome.CONFIRMED
        assert es.sharpness(problem, theta).largest.value >= found.largest.value
        es.verify(report.conclusion.certificate.encoded)


def test_what_has_no_rational_flattest_minimum() -> None:
    with pytest.raises(HypothesisError, match="rational root"):
        flattest(chain(2, [1], [2]))
    with pytest.raises(HypothesisError, match="all inputs are 0"):
        flattest(chain(2, [0], [2]))
    with pytest.raises(es.UnsupportedError, match="widths"):
        flattest(es.Problem(es.Network([1, 2, 1], es.linear, biases=False), es.Data.from_arrays([1], [1])))
