"""Strict poor minima: built on random inputs, strict by brute force, and none with few samples."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError, InputError
from exactsurf.papers.sharifnassab_2020 import construct, needed_samples, strict_poor_minima
from exactsurf.theorems.outcome import Outcome
from tests import oracle
from tests.sweep import draws

F = Fraction
SWEEP = draws(25)


@settings(max_examples=SWEEP, deadline=None)
@given(st.lists(st.fractions(-4, 4, max_denominator=5), min_size=4, max_size=10), st.integers(1, 6), st.booleans())
def test_every_training_set_has_a_certificate_and_a_lower_point(inputs: list[Fraction], width: int, bias: bool) -> None:
    size = width + 2 + width % 2
    if len(set(inputs)) < size:
        with pytest.raises(HypothesisError, match="distinct inputs"):
            construct(inputs, width, output_bias=bias)
        return
    found = construct(inputs, width, output_bias=bias)
    assert es.verify(found.verdict.certificate.encoded).kind == "spurious local minimum"
    assert (
        oracle.risk(found.problem, found.lower_point)
        == found.lower_risk
        < found.risk
        == oracle.risk(found.problem, found.parameters)
    )
    predicted = oracle.predictions(found.problem, found.parameters)
    assert found.residuals == tuple(f - y for (f,), (y,) in zip(predicted, found.problem.data.y, strict=True))
    assert found.verdict.kind.flat is False
    if width < 4:
        assert found.verdict.kind.isolated_modulo_invariance and found.verdict.kind.dimension == width


def test_the_risk_rises_around_it_but_along_the_scale_of_the_units() -> None:
    """Random directions that keep the size of the incoming slopes: the risk rises strictly."""
    found, source = construct([0, 1, 2, 3, 4, 5], 4, output_bias=True), random.Random(3)
    theta = found.parameters
    for _ in range(200):
        step = F(1, 10**5)
        moved = found.problem.parameters(
            W1=theta.weights[0],
            b1=[b + step * source.randint(-9, 9) for b in theta.biases[0]],
            W2=[[v + step * source.randint(-9, 9) for v in theta.weights[1][0]]],
            b2=[step * source.randint(-9, 9)],
        )
        assert moved == theta or oracle.risk(found.problem, moved) > found.risk


def test_the_row_on_problems() -> None:
    def problem(size: int, width: int, bias: bool = False, inputs: int = 1) -> es.Problem:
        x = [[(i + 1) ** (k + 1) for k in range(inputs)] for i in range(size)]
        return es.Problem(es.Network([inputs, width, 1], biases=[True, bias]), es.Data.from_arrays(x, [0] * size))

    assert needed_samples(4, 2) == 6
    assert strict_poor_minima.examine(problem(6, 4)).outcome is Outcome.CONFIRMED
    assert strict_poor_minima.examine(problem(6, 4, True)).outcome is Outcome.CONFIRMED
    assert strict_poor_minima.examine(problem(6, 3)).outcome is Outcome.CONFIRMED
    assert strict_poor_minima.examine(problem(5, 3)).outcome is Outcome.APPLIES
    assert strict_poor_minima.examine(problem(5, 4, True)).outcome is Outcome.FAILS_WITHOUT
    assert strict_poor_minima.examine(problem(5, 4)).outcome is Outcome.DOES_NOT_APPLY
    assert strict_poor_minima.examine(problem(9, 2, inputs=2)).outcome is Outcome.APPLIES
    assert strict_poor_minima.construct(problem(6, 4)).risk == 9


def test_few_samples_have_no_strict_poor_minimum() -> None:
    """All local minima of small landscapes with N ≤ m: none is poor and isolated up to rescaling."""
    source = random.Random(5)
    for _ in range(4):
        data = es.Data.from_arrays(source.sample(range(-3, 4), 2), [source.randint(-2, 2) for _ in range(2)])
        land = es.landscape(es.Problem(es.Network([1, 2, 1], biases=[True, False]), data))
        for one in land.local_minima:
            if one.risk > land.global_minimum.risk:
                kind = es.decide(land.problem, one.parameters).kind
                assert not (kind.isolated_modulo_invariance and kind.dimension == 2)


def test_bad_input() -> None:
    with pytest.raises(InputError, match="width"):
        construct([0, 1, 2, 3], 0)
    two = es.Problem(es.Network([2, 1, 1]), es.Data.from_arrays([[0, 1]], [0]))
    with pytest.raises(HypothesisError, match="one input"):
        strict_poor_minima.construct(two)
    leaky = es.Problem(es.Network([1, 1, 1], es.leaky_relu("1/2")), es.Data.from_arrays([0], [0]))
    assert strict_poor_minima.conclusion(leaky).status is Status.UNDECIDED
