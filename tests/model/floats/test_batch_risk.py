"""The risk at many parameters at once, against the exact one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import exactsurf as es
from exactsurf.minima.local.coordinate_vector import dimension, row_positions
from exactsurf.model.floats.batch_risk import BatchRisk
from exactsurf.model.parameter_vector import parameters_of


def matrices(problem: es.Problem, vectors: np.ndarray) -> list[np.ndarray]:
    return [vectors[:, np.array(layer)] for layer in row_positions(problem.network)]


@pytest.mark.parametrize("loss", ["squared", "absolute", "hinge", es.huber("1/2"), es.losses.quantile("1/4")], ids=str)
@pytest.mark.parametrize("biases", [True, False, [True, False, True]], ids=str)
@pytest.mark.parametrize(
    "activation", ["relu", {"breakpoints": [-1, 0, 2], "slopes": ["1/2", 0, 1, -1], "value_at_0": 1}], ids=str
)
def test_floats_are_near_the_exact_risk(loss: es.Loss | str, biases: bool | list[bool], activation: Any) -> None:
    labels = [1, -1, 1] if loss == "hinge" else [2, "-1/2", 0]
    data = es.Data.from_arrays([[1, 2], [0, "1/3"], [-1, 1]], labels, weights=[1, 2, "1/2"])
    problem = es.Problem(es.Network([2, 3, 2, 1], activation, biases=biases), data, loss)
    vectors = np.random.default_rng(1).integers(-3, 4, size=(20, dimension(problem.network))) / 2
    exact = [problem.risk(parameters_of(problem.network, map(Fraction, row.tolist()))) for row in vectors]
    assert np.allclose(
        BatchRisk(problem).values(matrices(problem, vectors)), np.array(exact, dtype=float), rtol=1e-12, atol=1e-12
    )


def test_several_outputs_and_classes() -> None:
    data = es.Data.from_arrays([[1], [2], [-1]], [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    for loss in ("squared", "hinge"):
        problem = es.Problem(es.Network([1, 2, 3]), data, loss)
        vectors = np.random.default_rng(2).integers(-4, 5, size=(10, dimension(problem.network))) / 4
        exact = [problem.risk(parameters_of(problem.network, map(Fraction, row.tolist()))) for row in vectors]
        assert np.allclose(BatchRisk(problem).values(matrices(problem, vectors)), np.array(exact, dtype=float))


@pytest.mark.parametrize(
    "loss", ["squared", "hinge", "logistic", "cross_entropy", "poisson", "power(4)", "sigmoid of margins", "huber"]
)
@pytest.mark.parametrize("decay", [None, (Fraction(1, 3), True), (Fraction(1, 3), False)], ids=str)
def test_gradients_are_those_of_difference_quotients(loss: str, decay: tuple[Fraction, bool] | None) -> None:
    classes = loss == "cross_entropy" or loss == "hinge"
    labels: list[Any] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] if classes else [[1, -1], [-1, 1], [1, 1]]
    if loss == "logistic":
        labels = [[1], [0], [1]]
    if loss == "poisson":
        labels = [[1, 0], [2, 3], [0, 1]]
    own = es.losses.loss("1/(1 + exp(y*f))") if loss.endswith("margins") else loss
    data = es.Data.from_arrays([[1, 2], [0, "1/3"], [-1, 1]], labels, weights=[1, 2, "1/2"])
    penalty = {} if decay is None else {"weight_decay": decay[0], "decay_biases": decay[1]}
    problem = es.Problem(es.Network([2, 2, len(labels[0])]), data, own, **penalty)
    rnd, step = np.random.default_rng(4), 1e-6
    vector = rnd.normal(size=dimension(problem.network))
    moved = np.concatenate([vector + step * np.eye(len(vector)), vector - step * np.eye(len(vector))])
    rows = BatchRisk(problem)
    risks = rows.values(matrices(problem, moved))
    value, slopes = rows.at(matrices(problem, vector[None]))
    assert value[0] == pytest.approx(rows.values(matrices(problem, vector[None]))[0])
    for layer, slope in zip(row_positions(problem.network), slopes, strict=True):
        quotients = ((risks[: len(vector)] - risks[len(vector) :]) / (2 * step))[np.array(layer)]
        assert np.allclose(slope[0], quotients, atol=1e-5)
