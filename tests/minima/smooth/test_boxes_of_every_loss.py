"""Boxes for cross entropy, whose outputs can all change alike: scikit-learn's fit lies in them; tampering is noticed."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

import exactsurf as es
from exactsurf.minima.smooth.smooth_derivatives import risk_derivatives
from exactsurf.model.parameter_vector import vector_of
from exactsurf.verifier import Rejected, verify

X = [[0, 1], [1, 3], [-2, 3], [-3, -1], [3, -1], [2, -3], [3, 0], [-1, -1], [2, 1], [0, 0], [1, -2], [-2, -2]]
Y = [0, 1, 2, 0, 1, 2, 0, 1, 2, 1, 0, 2]
SENTENCE = (
    "Up to one function added to all outputs the box holds exactly one critical point of the risk of the 2-3 network of "
    "piecewise linear units on 12 samples, and this is a strict local minimum."
)


def regression() -> es.Problem:
    return es.Problem(es.Network([2, 3]), es.Data.from_arrays(X, Y), es.cross_entropy)


def box_of_regression(**options) -> es.CriticalBox:
    found = es.find_critical_box(regression(), W1=[[0, 0]] * 3, b1=[0] * 3, **options)
    assert isinstance(found, es.CriticalBox)
    return found


def test_softmax_regression_is_that_of_scikit_learn():
    theirs = LogisticRegression(C=np.inf, tol=1e-14, max_iter=10_000).fit(X, Y)
    box = box_of_regression(precisions=[256])
    assert box.certificate.sentence == SENTENCE and "what is added to all outputs" in box.reason
    weights, biases = theirs.coef_ - theirs.coef_[-1], theirs.intercept_ - theirs.intercept_[-1]
    wanted = [*weights.ravel(), *biases]
    for mine, their in zip(vector_of(box.parameters), wanted, strict=True):
        assert abs(float(mine) - their) < 1e-5 + float(box.radius)
    loss = -np.log(theirs.predict_proba(X)[np.arange(len(Y)), Y]).sum()
    assert float(box.risk.lower) - 1e-8 <= loss <= float(box.risk.upper) + 1e-8
    assert box.contains(box.parameters)


def test_the_last_output_may_have_any_weights():
    box = box_of_regression()
    moved = regression().parameters(
        W1=[[a + 3, b - 1] for a, b in box.parameters.weights[0]], b1=[c + 2 for c in box.parameters.biases[0]]
    )
    other = es.find_critical_box(regression(), moved)
    assert other.kind == box.kind and other.parameters.weights[0][-1] == (3, -1)


def deep() -> tuple[es.Problem, dict[str, object]]:
    """A leaky network with one hidden unit that is in either piece on some samples."""
    data = es.Data.from_arrays([-4, -3, -2, -1, 1, 2, 3, 4], [0, 0, 1, 0, 1, 1, 0, 1])
    problem = es.Problem(es.Network([1, 1, 2], "leaky_relu:1/2", biases=[False, True]), data, es.cross_entropy)
    return problem, {"W1": [[1.0]], "W2": [[0.0], [0.5]], "b2": [0.0, 0.0]}


def test_scale_and_common_function_together():
    problem, start = deep()
    box = es.find_critical_box(problem, start)
    assert box.kind == "local minimum in a box" and box.held == ((1, 0, 0),)
    assert box.certificate.sentence.startswith(
        "Up to the scale of its hidden units and one function added to all outputs the box"
    )
    found = es.polish(problem, start)
    assert found.box is not None and found.box.status is es.Status.PROVED


def test_a_separable_table_has_no_box():
    problem = es.Problem(es.Network([1, 2]), es.Data.from_arrays([0, 1], [0, 1]), es.cross_entropy)
    assert es.find_critical_box(problem, W1=[[0], [0]], b1=[0, 0]).status is es.Status.UNDECIDED


def test_outputs_that_read_a_unit_alike_have_no_box():
    problem, start = deep()
    found = es.find_critical_box(problem, {**start, "W2": [[0.5], [0.5]]})
    assert isinstance(found, es.Verdict) and "not isolated" in found.reason


def test_soft_labels_and_weights():
    data = es.Data.from_arrays(X, [["1/2", "1/4", "1/4"], ["1/3", "1/3", "1/3"], *[[0, "1/5", "4/5"]] * 10])
    problem = es.Problem(es.Network([2, 3]), data, es.cross_entropy, sample_weight=[2] + [1] * 11)
    box = es.find_critical_box(problem, W1=[[0, 0]] * 3, b1=[0] * 3)
    assert box.kind == "local minimum in a box"


def test_squared_hinge_of_classes():
    one_hot = [[int(k == y) for k in range(3)] for y in Y]
    problem = es.Problem(es.Network([2, 3]), es.Data.from_arrays(X, one_hot), "squared_hinge")
    box = es.find_critical_box(problem, W1=[["1/10", 0], [0, "1/7"], [0, 0]], b1=[0] * 3)
    assert box.kind == "local minimum in a box"
    assert box.certificate.sentence.startswith("Up to one function added to all outputs the box")


def _changed(document, change):
    copy = json.loads(json.dumps(document))
    change(copy)
    return json.dumps(copy).encode()


def test_tampering_is_noticed():
    problem, start = deep()
    document = json.loads(es.find_critical_box(problem, start).certificate.encoded)
    verify(json.dumps(document).encode())
    plain = document["claim"]["sentence"].replace(" and one function added to all outputs", "")
    for change in (
        lambda d: d["claim"].update(sentence=plain),
        lambda d: d["claim"].update(held=[]),
        lambda d: d["claim"].update(held=[[1, 0, 1]]),
        lambda d: d["claim"].update(radius="4"),
        lambda d: d["claim"].update(risk=["0", "1"]),
        lambda d: d["parameters"].update(W2=[["1/2"], ["1/2"]]),
        lambda d: d["parameters"].update(b2=["3", "0"]),
        lambda d: d["problem"]["loss"].update(scale="2"),
        lambda d: d["problem"]["data"]["y"].__setitem__(0, ["0", "1"]),
        lambda d: d["problem"]["data"]["y"].__setitem__(0, ["1", "1"]),
        lambda d: d["evidence"].update(inverse=d["evidence"]["inverse"][:-1]),
        lambda d: d["evidence"]["inverse"][0].__setitem__(0, "9"),
        lambda d: d.update(format="exactsurf-certificate/1"),
    ):
        with pytest.raises(Rejected):
            verify(_changed(document, change))


def test_texts_and_reading_back(tmp_path):
    certificate = box_of_regression().certificate
    text = es.markdown(certificate)
    assert "of the last output" in text and "what is added to all outputs" in text
    assert es.load(certificate.save(tmp_path / "box.json")).encoded == certificate.encoded


def test_softmax_regression_is_that_of_statsmodels():
    api = pytest.importorskip("statsmodels.api")
    theirs = api.MNLogit(np.array(Y), api.add_constant(np.array(X, float))).fit(method="newton", disp=0, tol=1e-14)
    finer = es.find_critical_box(regression(), box_of_regression().parameters, precisions=[256])
    (bias, *weights) = np.array([*zip(*([0.0, *row] for row in np.asarray(theirs.params)), strict=True)]).T
    mine = finer.parameters
    for k in range(3):
        for j in range(2):
            assert abs(float(mine.weights[0][k][j]) - (weights[j][k] - weights[j][2])) < 1e-8 + float(finer.radius)
        assert abs(float(mine.biases[0][k]) - (bias[k] - bias[2])) < 1e-8 + float(finer.radius)
    assert float(finer.risk.lower) - 1e-8 <= -theirs.llf <= float(finer.risk.upper) + 1e-8


def test_gradients_are_those_of_pytorch():
    torch = pytest.importorskip("torch")
    problem = es.Problem(es.Network([2, 2, 3], "tanh"), es.Data.from_arrays(X, Y), es.cross_entropy)
    theta = problem.parameters(W1=[[1, "1/2"], ["-1/3", 2]], b1=["1/4", 0], W2=[[1, -1], [0, 2], ["1/2", 1]], b2=[0, "1/5", -1])
    arrays = [[[float(v) for v in row] if isinstance(row, tuple) else float(row) for row in value] for _, value in theta.items()]
    w1, b1, w2, b2 = (torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in arrays)
    outputs = torch.tanh(torch.tensor(X, dtype=torch.float64) @ w1.T + b1) @ w2.T + b2
    loss = torch.nn.functional.cross_entropy(outputs, torch.tensor(Y), reduction="sum")
    loss.backward()
    theirs = [float(v) for tensor in (w1, b1, w2, b2) for v in tensor.grad.ravel()]
    found = risk_derivatives(problem, theta)
    assert abs(float(found.risk.midpoint) - loss.item()) < 1e-12
    assert np.allclose([float(ball.midpoint) for ball in found.gradient], theirs, atol=1e-12)
