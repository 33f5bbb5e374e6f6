"""decide for losses by expression: planted points, against mpmath nearby; symmetries; limits; bad input."""

from __future__ import annotations

import json
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import InputError
from tests.minima.analytic.planted import planted
from tests.verifier.analytic_examples import assert_true

LOSSES = ("logistic", "exponential", "log_cosh", "power(4)", "poisson", "log(1 + exp(-y*f)) + f**2")


def point(loss="logistic", w=1, b=3, v=0, c=0, x=(-1, 0, 0, 1), y=(0, 1, 1, 0), **kwargs):
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays(list(x), list(y), **kwargs), loss)
    return problem, problem.parameters(W1=[[w]], b1=[b], W2=[[v]], b2=[c])


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("seed", range(3))
def test_planted_points_with_one_output_are_decided(loss, seed):
    source, count = random.Random(seed), 0
    while count < 4:
        found = planted(source, loss, 1, source.randint(1, 2), source.randint(4, 9))
        if found is None:
            continue
        count += 1
        verdict = es.decide(*found)
        assert verdict.status is not Status.UNDECIDED
        assert_true(json.loads(verdict.certificate.encoded), 15)


@pytest.mark.parametrize("seed", range(3))
def test_planted_points_with_classes(seed):
    source, count = random.Random(seed), 0
    while count < 2:
        found = planted(source, "cross_entropy", 3, 1, 6)
        if found is None:
            continue
        count += 1
        verdict = es.decide(*found, effort=10)
        if verdict.certificate is not None:
            assert_true(json.loads(verdict.certificate.encoded), 15)


@given(
    seed=st.integers(0, 10**6),
    factor=st.fractions(min_value=Fraction(1, 5), max_value=5, max_denominator=5),
    loss=st.sampled_from(LOSSES[:4]),
)
def test_symmetries_keep_the_verdict(seed, factor, loss):
    source = random.Random(seed)
    found = planted(source, loss, 1, 2, 5)
    if found is None:
        return
    problem, theta = found
    verdict = es.decide(problem, theta)
    order = list(range(len(problem.data)))
    source.shuffle(order)
    x, y, w = ([table[i] for i in order] for table in (problem.data.x, problem.data.y, problem.data.weights or [1] * len(order)))
    shuffled = es.Problem(problem.network, es.Data.from_arrays(x, y, weights=w), problem.loss)
    (w1, w2), (b1, b2) = theta.weights, theta.biases
    rescaled = problem.parameters(
        W1=[[factor * w1[1][0]], w1[0]], b1=[factor * b1[1], b1[0]], W2=[[w2[0][1] / factor, w2[0][0]]], b2=b2
    )
    other = es.decide(shuffled, rescaled)
    assert (other.status, other.kind) == (verdict.status, verdict.kind)


def test_a_weight_of_two_is_a_sample_twice():
    weighted, theta = point(x=(-1, 0, 1), weights=[1, 2, 1], y=(0, 1, 0))
    twice, _ = point()
    assert es.decide(weighted, theta).status is es.decide(twice, theta).status is Status.PROVED


def test_a_loss_and_its_scaled_twin():
    problem, theta = point(v=1, b=0, x=(-1, 0, 1, 2), y=(0, 1, 0, 1))
    scaled = es.Problem(problem.network, problem.data, es.logistic.scaled("2/7").mean)
    assert es.decide(problem, theta).status is es.decide(scaled, theta).status


def test_an_expression_is_decided_as_the_loss_that_it_is():
    for text in ("log(1 + exp(-y*f))", "-log(sigmoid(y*f))"):
        problem, theta = point(text, y=(-1, 1, 1, -1))
        assert es.decide(problem, theta).status is es.decide(*point()).status


def test_global_minima_are_seen_input_by_input():
    problem, theta = point(x=(0, 0, 1, 1), y=(0, 1, 0, 1))
    verdict = es.decide(problem, theta)
    assert verdict.certificate.kind == "global minimum of an analytic risk"


def test_spurious_by_a_lower_point():
    problem, theta = point(w=1, b=0, v=1, x=(-2, -1, 0), y=(0, 1, 0), weights=[1, 2, 1])
    lower = problem.parameters(W1=[[-2]], b1=[-2], W2=[[-6]], b2=["1/2"])
    verdict = es.decide(problem, theta, lower=lower)
    assert verdict.certificate.kind == "spurious local minimum of an analytic risk"
    assert verdict.lower_point == lower and "is lower" in verdict.reason
    with pytest.raises(InputError, match="not seen to be below"):
        es.decide(problem, theta, lower=theta)
    found = es.decide(problem, theta, spurious=True)
    assert found.certificate.kind == "spurious local minimum of an analytic risk"
    assert problem.risk(found.lower_point) < problem.risk(theta).lower


def test_a_fit_with_a_flat_loss_is_a_minimum():
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [1, 2]), "power(4)")
    verdict = es.decide(problem, problem.parameters(W1=[[1]], b1=[1], W2=[[1]], b2=[0]))
    assert verdict.status is Status.PROVED and verdict.risk == 0


def test_kinds_count_the_samples_that_are_left_out():
    # Sample 1 is fitted, where (f − y)⁴ is flat; the unit is dead on the others, but not on it.
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1, -1, -1], [2, 0, 2]), "power(4)")
    verdict = es.decide(problem, problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[1]))
    assert verdict.status is Status.PROVED and verdict.kind in (None, es.Kind(differentiable=True))


def test_what_no_parameter_moves_is_flat():
    problem = es.Problem(es.Network([1, 1, 1], biases=[True, False]), es.Data.from_arrays([0, 1], [0, 1]), "logistic")
    verdict = es.decide(problem, problem.parameters(W1=[[1]], b1=[-3], W2=[[1]]))
    squared = es.decide(es.Problem(problem.network, problem.data, "squared"), problem.parameters(W1=[[1]], b1=[-3], W2=[[1]]))
    assert (verdict.kind.flat, verdict.kind.dimension) == (squared.kind.flat, squared.kind.dimension) == (True, 3)


def test_a_loss_that_is_concave_there_falls_to_second_order():
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 0], [-2, 2]), "log(1 + (f - y)**2)")
    verdict = es.decide(problem, problem.parameters(W1=[[1]], b1=[1], W2=[[0]], b2=[0]))
    assert verdict.status is Status.REFUTED and "to order 2" in verdict.reason


def test_a_loss_that_is_not_convex_has_local_minima_too():
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 0], [-2, 2]), "log(1 + (f - y)**2)")
    verdict = es.decide(problem, problem.parameters(W1=[[0]], b1=[0]))
    assert verdict.status is Status.REFUTED
    assert problem.risk(verdict.lower_point).upper < verdict.risk.lower
    near = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 0], ["-1/2", "1/2"]), "log(1 + (f - y)**2)")
    assert es.decide(near, near.parameters(W1=[[0]], b1=[0])).status is Status.PROVED


def test_derivatives_that_are_only_enclosed_refute():
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([1, 2], [3, 1]), "f*exp(sigmoid(f))/4 + (f - y)**2")
    assert es.decide(problem, problem.parameters(W1=[[1]], b1=[1])).status is Status.REFUTED


def test_bigger_predictions_need_more_bits_and_get_them():
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 0, 1, 1], [0, 1, 0, 1]), "logistic")
    assert es.decide(problem, problem.parameters(W1=[[0]], b1=[60])).status is Status.REFUTED


@pytest.mark.parametrize("loss", ["exponential", "poisson", "logistic", "log_cosh", "exp(-y*f) + f**4"])
@pytest.mark.parametrize("power", [3, 5, 8, 30, 400])
def test_predictions_beyond_what_exponentials_can_be_written_out_end_in_an_answer(loss, power):
    """e^1000 has a first step that is far too long; e^(10^5) is beyond all bounds, e^-(10^5) next to 0."""
    problem = es.Problem(
        es.Network([1, 1, 1]), es.Data.from_arrays([1, 2, -1], [1, 3, 2] if loss == "poisson" else [-1, 1, -1]), loss
    )
    theta = problem.parameters(W1=[[1]], b1=[0], W2=[[10**power]], b2=[0])
    try:
        verdict = es.decide(problem, theta, effort=10, spurious=True)
    except InputError as error:
        assert "no value that is known at the prediction 1" in str(error)
        assert power == 400 or loss not in ("logistic", "log_cosh")
        return
    assert verdict.status in (Status.REFUTED, Status.UNDECIDED)
    assert power > 3 or verdict.status is Status.REFUTED


def test_lower_points_are_looked_for_where_the_loss_has_no_value_everywhere():
    """The loss is undefined from f = 1 on; descents begin there, too."""
    problem = es.Problem(
        es.Network([1, 1, 1]), es.Data.from_arrays([0, 0, 1, 1], [0, 1, 0, 1]), es.loss("-log(1 - f) + f**2 - y*f")
    )
    for c in ("-1/2", "1/4", "3/4"):
        verdict = es.decide(problem, problem.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[c]), spurious=True, effort=10)
        assert verdict.status is not Status.PROVED
