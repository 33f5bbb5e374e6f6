"""Best affine models for losses by pieces: published and planted values, weights as repetitions, classes."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.errors import UnsupportedError
from exactsurf.theorems.constructions.affine_minimum import affine_minimum
from exactsurf.theorems.constructions.hinge_descent import bent_model

F = Fraction

A = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
NETWORK = es.Network([1, 2, 1])


@pytest.mark.parametrize(
    ("loss", "risk", "least"),
    [
        (es.huber("1/2"), F(4, 7), F(1, 4)),
        (es.huber("1/10"), F(7, 45), F(9, 100)),
        (es.absolute, F(5, 3), F(1)),
    ],
    ids=repr,
)
def test_the_bent_model_lies_between_the_global_minimum_and_the_affine(loss: es.Loss, risk: Fraction, least: Fraction) -> None:
    problem = es.Problem(NETWORK, A, loss)
    best = affine_minimum(problem)
    assert best.risk == risk == problem.risk_of(best.predictions) and best.floor == 0 and not best.is_perfect
    assert least <= bent_model(problem, best).risk < risk
    assert es.landscape(problem, workers=1).global_minimum.risk == least


@pytest.mark.parametrize("loss", [es.squared, es.squared.mean, es.huber(1), es.absolute, es.quantile("2/3")], ids=repr)
def test_a_weight_of_two_is_a_sample_twice(loss: es.Loss) -> None:
    weighted = es.Problem(NETWORK, A, loss, sample_weight=[1, 2, 1, 3])
    repeated = es.Problem(NETWORK, es.Data.from_arrays([0, 1, 1, 2, 3, 3, 3], [0, 1, 1, 0, 2, 2, 2]), loss)
    assert affine_minimum(weighted).risk == affine_minimum(repeated).risk


@pytest.mark.parametrize("seed", range(6))
def test_classes_by_margin_and_by_lead_agree(seed: int) -> None:
    source = random.Random(seed)
    x = [[source.randint(-3, 3), source.randint(-3, 3)] for _ in range(8)]
    labels = [source.choice((-1, 1)) for _ in x]
    one = es.Problem(es.Network([2, 2, 1]), es.Data.from_arrays(x, labels), "hinge")
    rows = [[int(label > 0), int(label < 0)] for label in labels]
    two = es.Problem(es.Network([2, 3, 2]), es.Data.from_arrays(x, rows), "hinge")
    assert affine_minimum(one).risk == affine_minimum(two).risk


def test_a_least_value_below_zero_is_the_floor() -> None:
    loss = es.piecewise_quadratic("difference", [], [[1, 0, -2]])
    perfect = es.Problem(NETWORK, es.Data.from_arrays([0, 1, 2], [1, 2, 3]), loss)
    assert affine_minimum(perfect).risk == affine_minimum(perfect).floor == -6 and affine_minimum(perfect).is_perfect


def test_losses_by_expression_are_refused_by_name() -> None:
    with pytest.raises(UnsupportedError, match="log cosh"):
        affine_minimum(es.Problem(NETWORK, A, es.losses.log_cosh))
