"""Laurent and von Brecht (2018): flat and sharp minima under hinge loss; the lemma on zero output weights."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.exact.strict_system import MotzkinMultipliers
from exactsurf.papers.laurent_2018 import flat_minima, leaky_separable, zero_risk_point
from exactsurf.theorems.data_conditions import separating_hyperplane
from tests import oracle
from tests.papers.output_weights import strict_in_output_weights

F = Fraction


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2), st.sampled_from([-1, 1])), min_size=2, max_size=5))
def test_separability_against_a_search(samples: list[tuple[int, int, int]]) -> None:
    data = es.Data.from_arrays([list(s[:2]) for s in samples], [s[2] for s in samples])
    found = separating_hyperplane(data)
    # Separable points of this grid are separated by a small integer normal and a threshold between values.
    by_search = any(
        max((a * x + b * y for x, y, label in samples if label < 0), default=-99)
        < min((a * x + b * y for x, y, label in samples if label > 0), default=99)
        for a, b in product(range(-9, 10), repeat=2)
    )
    if isinstance(found, MotzkinMultipliers):
        assert not by_search
        multipliers = found.strict
        assert all(m >= 0 for m in multipliers) and sum(multipliers) == 1
        for c in range(3):
            assert sum(m * s[2] * (*s[:2], 1)[c] for m, s in zip(multipliers, samples, strict=True)) == 0
    else:
        assert by_search
        assert all(label * (found[0] * x + found[1] * y + found[2]) >= 1 for x, y, label in samples)


def test_flat_minima_have_the_weight_of_their_active_samples() -> None:
    sharp = {example.hypothesis: example for example in leaky_separable.sharpness()}
    for name, active in (("separable", 4), ("leaky", 2)):
        example = sharp[name]
        report = flat_minima.examine(example.problem, example.parameters)
        assert report.status is Status.PROVED and report.conclusion.status is Status.PROVED
        assert oracle.risk(example.problem, example.parameters) == F(active, len(example.problem.data))
        assert es.verify(report.conclusion.certificate.encoded).kind == "local minimum"
        # The risk is constant near the point.
        directions = [oracle.random_direction(example.problem, random.Random(k)) for k in range(5)]
        for direction in directions:
            near = example.parameters.moved(direction, F(1, 10**6))
            assert oracle.risk(example.problem, near) == report.conclusion.risk


def test_a_point_that_is_no_flat_minimum_gets_a_lower_point() -> None:
    data = es.Data.from_arrays([[0], [1]], [-1, 1])
    problem = es.Problem(es.Network([1, 2, 1], es.leaky_relu("1/2")), data, es.hinge)
    theta = problem.parameters(W1=[[1], [2]], b1=[1, -1], W2=[["1/8", "1/8"]], b2=[0])
    verdict = flat_minima.conclusion(problem, theta)
    assert verdict.status is Status.PROVED
    assert oracle.risk(problem, verdict.lower_point) < oracle.risk(problem, theta)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(-6, 6), min_size=2, max_size=5, unique=True),
    st.integers(1, 5),
    st.integers(1, 3),
)
def test_zero_risk_points_of_separable_data(xs: list[int], leak: int, units: int) -> None:
    labels = [1 if x > min(xs) else -1 for x in xs]
    problem = es.Problem(es.Network([1, units, 1], es.leaky_relu(F(leak, 5))), es.Data.from_arrays(xs, labels), es.hinge)
    assert oracle.risk(problem, zero_risk_point(problem)) == 0


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-2, 2), st.sampled_from([-1, 1])), min_size=2, max_size=5),
    st.integers(-2, 2),
    st.integers(-2, 2),
    st.sampled_from([-1, 0, 1]),
    st.sampled_from(["hinge", "absolute"]),
)
def test_the_lemma_is_never_contradicted_by_a_lower_point_nearby(
    samples: list[tuple[int, int]], w: int, b: int, c: int, loss: str
) -> None:
    data = es.Data.from_arrays([s[0] for s in samples], [s[1] for s in samples])
    problem = es.Problem(es.Network([1, 1, 1], es.leaky_relu("1/3")), data, loss)
    theta = problem.parameters(W1=[[w]], b1=[b], W2=[[0]], b2=[c])
    found = strict_in_output_weights(problem, theta)
    if isinstance(found, str):
        return
    assert not oracle.is_lower_nearby(problem, theta, [F(1, 10**4), F(1, 10**9)], tries=20)
    pre = [w * s[0] + b for s in samples]
    features = [oracle.activate(problem.network.activation, F(z)) for z in pre]
    assert sum(r * f for r, f in zip(found, features, strict=True)) == 0 == sum(found)


def test_the_lemma_says_why_it_does_not_apply() -> None:
    data = es.Data.from_arrays([0, 1], [1, -1])
    deep = es.Problem(es.Network([1, 1, 1, 1]), data, es.hinge)
    zero = deep.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=[0], W3=[[0]], b3=[0])
    assert "one hidden layer" in strict_in_output_weights(deep, zero)
    flat = es.Problem(es.Network([1, 1, 1]), data, es.hinge)
    assert "not zero" in strict_in_output_weights(flat, flat.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0]))
    assert "kink" in strict_in_output_weights(flat, flat.parameters(W1=[[1]], b1=[0], W2=[[0]], b2=[0]))


@pytest.mark.parametrize("leak", ["1/2", "1/10", "1"])
def test_unbalanced_classes_for_every_leak(leak: str) -> None:
    data = es.Data.from_arrays([[-1, 1], [-1, 1], [1, 1], [1, 1], [0, -1]], [1, 1, 1, 1, -1])
    problem = es.Problem(es.Network([2, 1, 1], es.leaky_relu(leak)), data, es.hinge.mean)
    theta = problem.parameters(W1=[[1, 0]], b1=[0], W2=[[0]], b2=[1])
    verdict = leaky_separable.conclusion(problem, theta)
    assert verdict.status is Status.REFUTED and verdict.risk == F(2, 5)
    assert leaky_separable.check(problem, theta).failing == ("balanced",)


def test_the_lemma_agrees_with_the_certified_verdicts() -> None:
    """Wherever the lemma proves a local minimum `decide` certifies one, on all small points of these data."""
    data, count = es.Data.from_arrays([[1, 0], [2, 0], [1, 1]], [0, 0, 1]), 0
    problem = es.Problem(es.Network([2, 1, 1], biases=False), data, es.absolute)
    for w in product((-1, 0, 1, 2), repeat=2):
        theta = problem.parameters(W1=[list(w)], W2=[[0]])
        if not isinstance(strict_in_output_weights(problem, theta), str):
            count += 1
            verdict = es.decide(problem, theta)
            assert verdict.status is Status.PROVED
            assert es.verify(verdict.certificate.encoded).risk == verdict.risk
    assert count >= 2
