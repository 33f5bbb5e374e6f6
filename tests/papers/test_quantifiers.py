"""Hypotheses that say "some" or "for all": no search stops at the first candidate, none is tried for one value only."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError
from exactsurf.papers import THEOREMS, ding_2022
from exactsurf.theorems.outcome import Outcome

F = Fraction
half = es.leaky_relu("1/2")


def finding(key: str, name: str, problem: es.Problem, parameters: es.Parameters | None = None) -> Status:
    return next(f.status for f in THEOREMS[key].check(problem, parameters).findings if f.name == name)


def test_a_higher_layer_of_full_rank_is_found_where_the_first_one_does_not_serve() -> None:
    """Nguyen and Hein: k = 0 has full rank but W2 = 0 above it; k = 1 serves."""
    problem = es.Problem(es.Network([1, 1, 1], half), es.Data.from_arrays([0, 1], [1, 1]))
    report = THEOREMS["nguyen_2017.lemma_3_5"].examine(problem, problem.parameters(W1=[[1]], b1=[1], W2=[[0]], b2=[1]))
    assert report.outcome is Outcome.CONFIRMED
    es.verify(report.conclusion.certificate.encoded)


def test_slopes_count_where_the_pre_activations_are() -> None:
    """ReLU with all units active: no slope that is met is 0."""
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    theta = problem.parameters(W1=[[1]], b1=[1], W2=[[1]], b2=[-1])
    assert THEOREMS["nguyen_2017.lemma_3_5"].examine(problem, theta).outcome is Outcome.CONFIRMED
    dead = problem.parameters(W1=[[1]], b1=["-1/2"], W2=[[1]], b2=[0])
    assert finding("nguyen_2017.lemma_3_5", "activation", problem, dead) is Status.REFUTED


def test_only_the_gradient_of_the_layer_above_is_asked_for() -> None:
    """Gradient zero in W2 and b2 with features of full rank: a perfect fit, whatever the statement does not mention."""
    source, confirmed = random.Random(3), 0
    theorem = THEOREMS["nguyen_2017.lemma_3_5"]
    for _ in range(150):
        x = source.sample(range(-4, 5), 2)
        problem = es.Problem(es.Network([1, 1, 1], half), es.Data.from_arrays(x, [source.choice([0, 1]) for _ in x]))
        w1, b1, w2, b2 = (source.randint(-2, 2) for _ in range(4))
        report = theorem.examine(problem, problem.parameters(W1=[[w1]], b1=[b1], W2=[[w2]], b2=[b2]))
        assert report.outcome is not Outcome.CONTRADICTED
        confirmed += report.outcome is Outcome.CONFIRMED
    assert confirmed


def test_moments_other_than_the_identity() -> None:
    """Ding, Li and Sun: four inputs with M = [[3, −1/2], [−1/2, 3/4]], and none that is a multiple of I."""
    inputs = [[0, 0], [4, 0], [0, 2], [1, "1/2"]]
    found = ding_2022.construct(inputs, 3)
    assert found.moment == ((3, F(-1, 2)), (F(-1, 2), F(3, 4)))
    assert found.residuals == (F(1, 2), F(1, 4), F(1, 4), -1)
    assert es.decide(found.problem, found.parameters).status is Status.PROVED and found.lower_risk < found.risk
    problem = es.Problem(es.Network([2, 3, 1], "quadratic"), es.Data.from_arrays(inputs, [0, 1, 2, 3]))
    report = THEOREMS["ding_2022.wide_smooth_networks"].examine(problem)
    assert report.outcome is Outcome.CONFIRMED
    es.verify(report.conclusion.certificate.encoded)


def test_no_definite_moment_on_an_ellipse() -> None:
    """On x² + 2y² = 3 xᵀZx is constant for Z = diag(1, 2), so every moment is orthogonal to it."""
    with pytest.raises(HypothesisError, match="affine"):
        ding_2022.moment_residuals([[1, 1], [1, -1], [-1, 1], [-1, -1], ["5/3", "1/3"], ["-5/3", "1/3"]])


def test_moments_of_random_inputs_against_floats() -> None:
    source = random.Random(5)
    for _ in range(40):
        inputs = [[source.randint(-3, 3) for _ in range(2)] for _ in range(source.randint(3, 6))]
        try:
            e = np.array(ding_2022.moment_residuals(inputs))
        except HypothesisError:
            continue
        x = np.array(inputs, dtype=object)
        assert e.sum() == 0 and not (e @ x).any()
        assert np.linalg.eigvalsh((x.T @ (e[:, None] * x)).astype(float)).min() > 0


@pytest.mark.parametrize(
    ("activation", "expected"), [("sigmoid", Status.PROVED), ("tanh", Status.REFUTED), ("relu", Status.REFUTED)]
)
def test_hypotheses_on_smooth_activations_can_hold(activation: str, expected: Status) -> None:
    problem = es.Problem(es.Network([1, 3, 1], activation), es.Data.from_arrays([0, 1, 2], [0, 1, 0]))
    assert finding("yu_1995.enough_units", "sigmoid", problem) is expected
    smooth = Status.REFUTED if activation == "relu" else Status.PROVED
    assert finding("ding_2022.wide_smooth_networks", "smooth", problem) is smooth


def test_classes_weigh_what_their_samples_weigh() -> None:
    """Laurent and von Brecht: weights 2/5, 2/5, 1/5 in the place of repeated samples; two samples of unequal weights."""
    data = es.Data.from_arrays([[-1, 1], [1, 1], [0, -1]], [1, 1, -1])
    problem = es.Problem(es.Network([2, 1, 1], half), data, es.hinge, sample_weight=["2/5", "2/5", "1/5"])
    theta = problem.parameters(W1=[[1, 0]], b1=[0], W2=[[0]], b2=[1])
    report = THEOREMS["laurent_2018.leaky_separable"].examine(problem, theta)
    assert report.failing == ("balanced",) and report.outcome is Outcome.FAILS_WITHOUT
    pair = es.Data.from_arrays([-1, 1], [-1, 1])
    uneven = es.Problem(es.Network([1, 1, 1], half), pair, es.hinge, sample_weight=[1, 2])
    assert finding("laurent_2018.leaky_separable", "balanced", uneven) is Status.REFUTED
    even = es.Problem(es.Network([2, 1, 1], half), data, es.hinge, sample_weight=[1, 1, 2])
    assert finding("laurent_2018.leaky_separable", "balanced", even) is Status.PROVED


def test_a_sample_that_is_given_twice_has_one_target() -> None:
    twice = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3, 3], [0, 1, 0, 2, 2]))
    assert THEOREMS["christof_2023.continuum"].examine(twice).outcome is Outcome.CONFIRMED
    torn = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3, 3], [0, 1, 0, 2, 1]))
    assert finding("christof_2023.continuum", "function", torn) is Status.REFUTED


def test_a_sphere_of_any_radius_and_patches_in_any_order() -> None:
    problem = es.Problem(es.Network([2, 2, 1], biases=False), es.Data.from_arrays([[1, 2], [3, 4]], [0, 1]))
    shared = problem.parameters(W1=[[0, 3], [3, 0]], W2=[[1, 2]])
    assert finding("choromanska_2015.spin_glass", "sphere", problem, shared) is Status.PROVED
    zero = problem.parameters(W1=[[0, 0], [0, 0]], W2=[[0, 0]])
    assert finding("choromanska_2015.spin_glass", "sphere", problem, zero) is Status.REFUTED
    assert finding("du_2018.one_filter", "filter", problem, shared) is Status.PROVED
    for rows in ([[3, 0], [3, 0]], [[3, 0], [0, 2]], [[3, 1], [0, 3]], [[0, 0], [3, 0]]):
        assert finding("du_2018.one_filter", "filter", problem, problem.parameters(W1=rows, W2=[[1, 2]])) is Status.REFUTED


def test_three_shares_are_not_all_shares() -> None:
    """Petzka and Sminchisescu: for two outputs a split that keeps the minimum for three λ proves nothing about the others."""
    data = es.Data.from_arrays([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    problem = es.Problem(es.Network([2, 2, 2], es.linear, biases=False), data)
    theta = problem.parameters(W1=[[1, 0], [0, 1]], W2=[[1, 0], [0, 1]])
    verdict = THEOREMS["petzka_2021.unit_splitting"].conclusion(problem, theta)
    assert verdict.status is Status.UNDECIDED


def test_a_first_bias_alone_adds_an_input_to_linear_networks() -> None:
    """Freeman and Bruna: with a bias in layer 1 only, min(d_x + 1, d_y) counts, and two units are not wide."""
    data = es.Data.from_arrays([0, 1, 2], [[0, 1], [1, 0], [2, 2]])
    problem = es.Problem(es.Network([1, 2, 2], es.linear, biases=[True, False]), data)
    assert finding("freeman_2017.level_sets", "biases", problem) is Status.REFUTED
    assert finding("freeman_2017.level_sets", "biases", es.Problem(es.Network([1, 2, 2], es.linear), data)) is Status.PROVED


@pytest.mark.parametrize("loss", ["logistic", es.loss("(f - y)**4 - (f - y)**2"), es.loss("exp(f) - y*f")], ids=str)
def test_losses_by_expression_never_meet_an_error_and_zero_is_no_floor(loss: es.Loss | str) -> None:
    data = es.Data.from_arrays([0, 1, 2], [1, -1, 1])
    for network in (es.Network([1, 1, 1], half), es.Network([1, 1, 1], es.linear, biases=False)):
        problem = es.Problem(network, data, loss)
        named = {name: [0] * s[0] if len(s) == 1 else [[0] * s[1]] * s[0] for name, s in network.shapes.items()}
        for theorem in THEOREMS.values():
            for point in (None, problem.parameters(**named)):
                report = theorem.examine(problem, point)
                assert report.conclusion.reason and report.outcome is not Outcome.CONTRADICTED
