"""Boxes with a spurious local minimum for differentiable losses: tables, depth, floats of scikit-learn, separable classes."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.errors import HypothesisError, UnsupportedError
from exactsurf.papers import christof_2023, he_2020, yun_2019
from exactsurf.theorems.constructions import lifted_box
from exactsurf.theorems.constructions.affine_newton import separating_model
from exactsurf.theorems.constructions.lifted_box import find_lifted_box

ZIGZAG = es.Data.from_arrays([0, 1, 2, 3], [1, -1, 1, -1])
IRIS_TWO = es.Data.bundled("iris_two", target="species", classes=True)


@pytest.mark.parametrize("loss", ["logistic", "exponential", "log_cosh", "power(4)"])
@pytest.mark.parametrize(
    ("widths", "activation"), [([1, 2, 1], "relu"), ([1, 3, 2, 1], "hard_tanh"), ([1, 2, 1], "absolute_value")]
)
def test_any_depth_and_activation(loss: str, widths: list[int], activation: str) -> None:
    found = find_lifted_box(es.Problem(es.Network(widths, activation), ZIGZAG, loss))
    assert found.verdict.status is es.Status.PROVED and es.verify(found.certificate).kind == found.certificate.kind
    assert found.lower_point.risk < found.risk.lower and found.risk.radius < Fraction(1, 10**8)


def test_weights_are_repetitions() -> None:
    weighted = es.Problem(es.Network([1, 2, 1]), ZIGZAG, "logistic", sample_weight=[2, 1, 1, 1])
    repeated = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 0, 1, 2, 3], [1, 1, -1, 1, -1]), "logistic")
    one, two = (find_lifted_box(problem).risk for problem in (weighted, repeated))
    assert max(one.lower, two.lower) <= min(one.upper, two.upper)


def test_two_classes_as_labels_and_as_rows_have_one_risk() -> None:
    rows = es.Data.from_arrays([0, 1, 2, 3], [[1, 0], [0, 1], [1, 0], [0, 1]])
    one = find_lifted_box(es.Problem(es.Network([1, 2, 1]), ZIGZAG, "logistic")).risk
    two = find_lifted_box(es.Problem(es.Network([1, 3, 2]), rows, "cross_entropy")).risk
    assert max(one.lower, two.lower) <= min(one.upper, two.upper)


def test_iris_two_against_scikit_learn() -> None:
    linear = pytest.importorskip("sklearn.linear_model")
    found = find_lifted_box(es.Problem(es.Network([4, 2, 1]), IRIS_TWO, "logistic"))
    x, y = [list(map(float, row)) for row in IRIS_TWO.x], [float(t) for (t,) in IRIS_TWO.y]
    fitted = linear.LogisticRegression(C=float("inf"), solver="newton-cholesky", tol=1e-14, max_iter=1000).fit(x, y)
    from math import exp, log1p

    risk = sum(log1p(exp(-t * f)) for t, f in zip(y, fitted.decision_function(x), strict=True))
    assert found.risk.lower - Fraction(1, 10**8) <= Fraction(risk) <= found.risk.upper + Fraction(1, 10**8)


def test_iris_two_has_the_published_deviance() -> None:
    """Residual deviance 11.899 of the logistic regression of virginica against versicolor, twice the risk."""
    found = find_lifted_box(es.Problem(es.Network([4, 2, 1]), IRIS_TWO, "logistic"))
    assert abs(2 * found.risk.midpoint - Fraction("11.899")) < Fraction(1, 1000)


@pytest.mark.parametrize("labels", [[-1, -1, 1, 1], [-1, 1, 1, 1]])
def test_separable_labels_have_no_best_model(labels: list[int]) -> None:
    found = find_lifted_box(es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], labels), "logistic"))
    assert found.verdict.status is es.Status.UNDECIDED and found.certificate is None
    ((slope, constant),) = found.separating
    scores = [label * (slope * x + constant) for x, label in enumerate(labels)]
    assert min(scores) >= 0 and max(scores) > 0


def test_weakly_separable_labels() -> None:
    data = es.Data.from_arrays([0, 1, 1, 2], [-1, -1, 1, 1])
    found = find_lifted_box(es.Problem(es.Network([1, 2, 1]), data, "logistic"))
    assert found.separating is not None and "separates" in found.verdict.reason
    assert "f = x - 1." in found.verdict.reason
    assert separating_model(es.Problem(es.Network([1, 2, 1]), ZIGZAG, "logistic"), es.Effort().started()) is None


@pytest.mark.parametrize("loss", ["logistic", "cross_entropy"])
def test_newtons_way_to_infinity_ends_at_a_separating_model(loss: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A linear program is asked only where the model on the way does not separate the classes itself."""
    monkeypatch.setattr(lifted_box, "separating_model", lambda *_: pytest.fail("a linear program was asked"))
    inputs = [[k % 5, k * k % 7, Fraction(k, 3)] for k in range(12)]
    right = [int(2 * a - b + c > 3) for a, b, c in inputs]
    targets = [[1 - k, k] for k in right] if loss == "cross_entropy" else [2 * k - 1 for k in right]
    problem = es.Problem(es.Network([3, 4, 1 + (loss == "cross_entropy")]), es.Data.from_arrays(inputs, targets), loss)
    found = find_lifted_box(problem)
    assert found.verdict.status is es.Status.UNDECIDED
    scores = [[sum(a * x for a, x in zip(row, (*x, 1), strict=True)) for row in found.separating] for x in inputs]
    for k, score in zip(right, scores, strict=True):
        assert (2 * k - 1) * (score[0] if len(score) == 1 else score[1] - score[0]) > 0


def test_a_loss_with_a_least_value_has_a_best_model_on_separable_labels() -> None:
    data = es.Data.from_arrays([0, 1, 3, 4], [-1, -1, 1, 1])
    found = find_lifted_box(es.Problem(es.Network([1, 2, 1]), data, es.loss("exp(-y*f) + exp(y*f - 2)")))
    assert found.separating is None and found.verdict.status is es.Status.PROVED


def test_the_theorems_conclude_with_a_box() -> None:
    problem = es.Problem(es.Network([1, 2, 1]), ZIGZAG, "logistic")
    for theorem in (he_2020.infinitely_many, yun_2019.theorem_1, christof_2023.continuum):
        verdict = theorem.conclusion(problem)
        assert verdict.status is es.Status.PROVED and isinstance(verdict.certificate, es.LiftedBox)


def test_refusals() -> None:
    with pytest.raises(UnsupportedError, match="rational"):
        find_lifted_box(es.Problem(es.Network([1, 2, 1]), ZIGZAG, "squared"))
    with pytest.raises(HypothesisError, match=r"C1\.4"):
        find_lifted_box(es.Problem(es.Network([1, 1, 1]), ZIGZAG, "logistic"))
    with pytest.raises(HypothesisError, match="A4"):
        find_lifted_box(es.Problem(es.Network([1, 2, 1], es.linear), ZIGZAG, "logistic"))
