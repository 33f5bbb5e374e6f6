"""The risk at many parameters at once, against the exact one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import exactsurf as es
from exactsurf.minima.floats.batch_risk import batch_risk
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.model.parameter_vector import parameters_of

_FOUR_PIECES = {"breakpoints": [-1, 0, 2], "slopes": ["1/2", 0, 1, -1], "value_at_0": 1}


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
    assert np.allclose(batch_risk(problem, vectors), np.array(exact, dtype=float), rtol=1e-12, atol=1e-12)


def test_several_outputs_and_classes() -> None:
    data = es.Data.from_arrays([[1], [2], [-1]], [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    for loss in ("squared", "hinge"):
        problem = es.Problem(es.Network([1, 2, 3]), data, loss)
        vectors = np.random.default_rng(2).integers(-4, 5, size=(10, dimension(problem.network))) / 4
        exact = [problem.risk(parameters_of(problem.network, map(Fraction, row.tolist()))) for row in vectors]
        assert np.allclose(batch_risk(problem, vectors), np.array(exact, dtype=float))
