"""Boxes with one critical point where the loss is an expression: scikit-learn's minimisers lie in them; Auer's single neuron."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product

import mpmath
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, PoissonRegressor

import exactsurf as es
from exactsurf.model.parameter_vector import vector_of
from exactsurf.verifier import Rejected, verify
from tests.verifier.analytic_examples import risk, vectors

X = [[-2, 1], [-1, 0], [0, 3], [1, 1], [2, -1], [3, 0], [1, 2], [0, -1]]


def fitted(problem, coefficients, intercept):
    return es.find_critical_box(problem, W1=[[float(c) for c in coefficients]], b1=[float(intercept)], precisions=[128])


def test_logistic_regression_is_that_of_scikit_learn():
    y = [0, 1, 1, 0, 1, 1, 0, 0]
    weights = [1, 2, 1, 1, 3, 1, 1, 2]
    problem = es.Problem(es.Network([2, 1]), es.Data.from_arrays(X, y, weights=weights), es.logistic)
    theirs = LogisticRegression(C=np.inf, tol=1e-14, max_iter=10_000).fit(X, y, sample_weight=weights)
    box = fitted(problem, theirs.coef_[0], theirs.intercept_[0])
    assert box.kind == "local minimum in a box"
    finer = es.find_critical_box(problem, box.parameters, precisions=[256])
    wanted = [float(value) for value in (*theirs.coef_[0], *theirs.intercept_)]
    for mine, their in zip(vector_of(finer.parameters), wanted, strict=True):
        assert abs(float(mine) - their) < 1e-6 + float(finer.radius)
    p = theirs.predict_proba(X)[np.arange(8), y]
    loss = -(np.array(weights) * np.log(p)).sum()
    *slopes, shift = map(es.exact_float, wanted)
    ball = problem.risk(problem.parameters(W1=[slopes], b1=[shift]))
    assert abs(float(ball.midpoint) - loss) < 1e-8
    assert float(finer.risk.lower) - 1e-8 <= loss


def test_poisson_regression_is_that_of_scikit_learn():
    y = [1, 0, 2, 3, 1, 4, 2, 0]
    problem = es.Problem(es.Network([2, 1]), es.Data.from_arrays(X, y), es.losses.poisson)
    theirs = PoissonRegressor(alpha=0, tol=1e-12, max_iter=10_000).fit(X, y)
    box = fitted(problem, theirs.coef_, theirs.intercept_)
    assert box.kind == "local minimum in a box"
    for mine, their in zip(box.parameters.weights[0][0], theirs.coef_, strict=True):
        assert abs(float(mine) - their) < 1e-5 + float(box.radius)


def neuron(dimension: int) -> es.Problem:
    """On every axis a sample that wants a small weight and one, with a shorter input, that wants a large one."""
    x, y = [], []
    for axis in range(dimension):
        for size, target in ((10, "1/10"), (1, "9/10")):
            x.append([size if k == axis else 0 for k in range(dimension)])
            y.append(target)
    data = es.Data.from_arrays(x, y)
    return es.Problem(es.Network([dimension, 1], biases=False), data, es.loss("(sigmoid(f) - y)**2"))


@pytest.mark.parametrize("dimension", [1, 2, 3])
def test_a_single_neuron_has_exponentially_many_local_minima(dimension):
    problem = neuron(dimension)
    boxes = [es.find_critical_box(problem, W1=[list(start)]) for start in product(("-1/5", "2"), repeat=dimension)]
    assert {box.kind for box in boxes} == {"local minimum in a box"}
    assert len({box.parameters for box in boxes}) == len(boxes) == 2**dimension
    best = min(boxes, key=lambda box: box.risk.upper)
    spurious = [es.find_critical_box(problem, box.parameters, lower_point=best.parameters) for box in boxes if box is not best]
    assert {box.kind for box in spurious} == {"spurious local minimum in a box"}
    with mpmath.workdps(40):
        for box in boxes:
            document = json.loads(box.certificate.encoded)
            value = risk(document["problem"], vectors(document["parameters"]))
            low, high = (mpmath.mpf(end.numerator) / end.denominator for end in (box.risk.lower, box.risk.upper))
            assert low <= value <= high


def deep() -> tuple[es.Problem, dict[str, object]]:
    data = es.Data.from_arrays([-3, -1, 1, 2, 3, 4], [0, 1, 0, 1, 1, 0])
    return es.Problem(es.Network([1, 1], biases=True), data, es.logistic), {"W1": [[0]], "b1": [0]}


def test_tampering_is_noticed():
    problem, start = deep()
    document = json.loads(es.find_critical_box(problem, start).certificate.encoded)
    for change in (
        lambda d: d["problem"]["loss"].update(scale="0"),
        lambda d: d["problem"]["loss"].update(scale="2"),
        lambda d: d["problem"]["loss"].update(tree=["softplus", "u"]),
        lambda d: d["problem"]["loss"].update(gap="classes", tree="u"),
        lambda d: d["problem"].update(activation={"name": "tanh"}),
        lambda d: d["problem"]["data"]["y"].__setitem__(0, ["1"]),
        lambda d: d["problem"]["data"]["y"].__setitem__(0, ["0"]),
        lambda d: d["claim"].update(radius="4"),
        lambda d: d["claim"].update(risk=["0", "1"]),
        lambda d: d["parameters"].update(b1=["3"]),
        lambda d: d.update(format="exactsurf-certificate/1"),
    ):
        changed = json.loads(json.dumps(document))
        change(changed)
        with pytest.raises(Rejected):
            verify(json.dumps(changed).encode())


def test_texts_and_reading_back(tmp_path):
    problem, start = deep()
    certificate = es.find_critical_box(problem, start).certificate
    assert "softplus" in es.markdown(certificate) and "softplus" in es.latex(certificate)
    assert es.load(certificate.save(tmp_path / "box.json")) == certificate


def test_negative_risks_are_enclosed():
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([-1, 0, 1, 2], [0, 2, 5, 9]), es.losses.poisson)
    box = es.find_critical_box(problem, W1=[[1]], b1=[0])
    assert box.risk.upper < 0 and box.risk.lower < box.risk.upper < Fraction(0)
