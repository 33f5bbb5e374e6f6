"""Rational points of smooth activations with every loss: decided where exact rules or balls tell; tampering is noticed."""

from __future__ import annotations

import json

import numpy as np
import pytest

import exactsurf as es
from exactsurf.model.parameter_vector import vector_of
from exactsurf.verifier import Rejected, verify

DATA = es.Data.from_arrays([0, 0, 1, 1], [-1, 1, -1, 1])
CLASSES = es.Data.from_arrays([0, 0, 1, 1], [0, 1, 0, 1])


@pytest.mark.parametrize("loss", ["logistic", "squared", "huber", "smoothed_hinge", "log_cosh"])
def test_a_fit_of_groups_is_a_global_minimum(loss):
    problem = es.Problem(es.Network([1, 1, 1], "tanh"), DATA, loss)
    verdict = es.decide(problem, problem.parameters(W1=[[1]], b1=[1], W2=[[0]], b2=[0]))
    assert verdict.status is es.Status.PROVED and verdict.certificate.kind == "global minimum of a smooth risk", verdict


def test_a_fit_of_classes():
    problem = es.Problem(es.Network([1, 1, 2], "sigmoid"), CLASSES, es.cross_entropy)
    theta = problem.parameters(W1=[[1]], b1=[1], W2=[[0], [0]], b2=[2, 2])
    verdict = es.decide(problem, theta)
    assert verdict.status is es.Status.PROVED and verdict.certificate.sentence == (
        "The given parameters are a global minimum of the risk of the 1-1-2 network of sigmoid units on 4 samples."
    )
    document = json.loads(verdict.certificate.encoded)
    for change in (
        lambda d: d["parameters"].update(b2=["2", "3"]),
        lambda d: d["problem"]["data"]["y"].__setitem__(0, ["1/2", "1/2"]),
        lambda d: d["claim"].update(risk=["0", "1"]),
        lambda d: d["problem"].update(weight_decay={"factor": "1", "biases": False}),
        lambda d: d["evidence"].update(rule="unitwise"),
        lambda d: d["problem"].update(weights=["1", "2", "1", "1"]),
    ):
        changed = json.loads(json.dumps(document))
        change(changed)
        with pytest.raises(Rejected):
            verify(json.dumps(changed).encode())


@pytest.mark.parametrize("decay", [None, "1/7"])
@pytest.mark.parametrize("loss", ["logistic", "huber", "squared_hinge", "exponential", "cross_entropy"])
def test_random_points_are_refuted_by_the_gradient(loss, decay):
    outputs, labels = (2, [0, 1, 0, 1]) if loss == "cross_entropy" else (1, [-1, 1, -1, 1])
    problem = es.Problem(es.Network([1, 2, outputs], "tanh"), es.Data.from_arrays([0, 1, 2, 3], labels), loss, weight_decay=decay)
    theta = problem.parameters(W1=[["1/2"], [-1]], b1=[0, 1], W2=[[1, "1/3"]] * outputs, b2=list(range(outputs)))
    verdict = es.decide(problem, theta)
    assert verdict.status is es.Status.REFUTED and "gradient" in verdict.reason
    lower = problem.risk(verdict.lower_point)
    assert lower.upper < problem.risk(theta).lower


def test_an_unread_unit_is_put_to_use():
    problem = es.Problem(es.Network([1, 1, 1], "tanh"), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 1, 0]), es.logistic)
    verdict = es.decide(problem, problem.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=[0]))
    assert verdict.status is es.Status.REFUTED and "no output reads unit 0" in verdict.reason


@pytest.mark.parametrize("loss", ["logistic", "huber(2)"])
@pytest.mark.parametrize("decay", [None, "1/9"])
def test_one_sided_slopes_of_elu(loss, decay):
    problem = es.Problem(es.Network([1, 1, 1], "elu", biases=False), es.Data.from_arrays([1], [1]), loss, weight_decay=decay)
    verdict = es.decide(problem, problem.parameters(W1=[[0]], W2=[[1]]))
    assert verdict.status is es.Status.REFUTED and "one-sided" in verdict.reason


def test_weights_count():
    data = es.Data.from_arrays([0, 0], [1, 3], weights=[1, 3])
    problem = es.Problem(es.Network([1, 1, 1], "tanh"), data)
    assert es.decide(problem, problem.parameters(W1=[[0]], b1=[5], W2=[[0]], b2=["5/2"])).status is es.Status.PROVED
    assert es.decide(problem, problem.parameters(W1=[[0]], b1=[5], W2=[[0]], b2=[2])).status is es.Status.REFUTED


@pytest.mark.parametrize("loss", ["huber", "logistic", "log_cosh", "squared_hinge"])
def test_boxes_hold_a_zero_of_the_gradient_in_floats(loss):
    rng = np.random.default_rng(3)
    x = rng.integers(-8, 9, 14) / 4
    y = np.where(rng.random(14) < 0.5, 1, -1)
    data = es.Data.from_arrays([es.exact_float(float(v)) for v in x], y.tolist())
    problem = es.Problem(es.Network([1, 1, 1], "tanh"), data, loss, weight_decay="1/10", decay_biases=True)
    box = es.find_critical_box(problem, W1=[[0.5]], b1=[0.1], W2=[[1.0]], b2=[0.1])
    assert isinstance(box, es.CriticalBox), box
    w, b, v, c = (float(value) for value in vector_of(box.parameters))

    def risk(p):
        f = p[2] * np.tanh(p[0] * x + p[1]) + p[3]
        u = abs(f - y)
        loss_of_f = {
            "huber": np.where(u <= 1, u**2 / 2, u - 0.5),
            "log_cosh": np.log(np.cosh(f - y)),
            "logistic": np.logaddexp(0, -y * f),
            "squared_hinge": np.maximum(0, 1 - y * f) ** 2,
        }[loss]
        return loss_of_f.sum() + (p**2).sum() / 20

    point, step = np.array([w, b, v, c]), 1e-5
    slopes = [(risk(point + step * e) - risk(point - step * e)) / (2 * step) for e in np.eye(4)]
    assert max(map(abs, slopes)) < 1e-3 + 100 * float(box.radius)
