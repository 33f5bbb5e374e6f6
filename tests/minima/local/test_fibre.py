"""Fibres of minimisers: what is said of them in products of weights is what the network says at parameters in them."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.exact.linear_algebra import dot
from exactsurf.minima.local.fibre import fibre_of

DATA = es.Data.from_arrays([-2, -1, 1, 2], [3, 2, 2, 3])
PROBLEM = es.Problem(es.Network([1, 2, 1]), DATA)
THETA = PROBLEM.parameters(W1=[[1], [-1]], b1=["1/2", "1/2"], W2=[[1, 1]], b2=["1/2"])


def test_moves_keep_predictions_and_signs():
    fibre = fibre_of(PROBLEM, THETA)
    form = fibre.form
    assert all(dot(row, move) == 0 for row in fibre.equations for move in form.moves)
    assert [dot(row, form.start) for row in fibre.equations] == list(fibre.predictions) == [3, 2, 2, 3]
    assert all(dot(wall, form.start) > 0 for wall in form.walls)
    point = fibre.point((Fraction(1, 8),) * len(form.moves), (Fraction(4), Fraction(1, 4)), 40)
    assert point is not None and PROBLEM.risk(point) == 0 and point.weights[1] == ((2, Fraction(1, 2)),)
    assert fibre.point((Fraction(10**6),) * len(form.moves), (Fraction(1), Fraction(1)), 40) is None or not form.walls


def test_the_gram_matrix_is_that_of_the_hessian():
    """tr H = Σ κ_i K_ii, with K from the masses and forms of the units."""
    fibre = fibre_of(PROBLEM, THETA)
    density, size = fibre.curvatures, 2
    total = fibre.constant(density)
    for j, (mass, form) in enumerate(zip(fibre.masses(density), fibre.unit_forms(density), strict=True)):
        p = fibre.start[j * size : (j + 1) * size]
        square = fibre.outputs[j] ** 2
        total += square * mass + dot(p, [dot(row, p) for row in form]) / square
    assert total == es.sharpness(PROBLEM, THETA).trace


def test_what_no_prediction_sees():
    """Each ReLU unit is off on one of two samples: the part of its weights that only this sample sees is free."""
    data = es.Data.from_arrays([[1, 0], [0, 1]], [1, 1])
    problem = es.Problem(es.Network([2, 2, 1], biases=False), data)
    fibre = fibre_of(problem, problem.parameters(W1=[[1, -1], [-1, 1]], W2=[[1, 1]]))
    assert set(fibre.unseen) == {0, 1} and fibre.walls == ((0, 0), (1, 1))


def test_refusals():
    wide = es.Problem(es.Network([1, 1, 2]), es.Data.from_arrays([1], [[1, 1]]))
    with pytest.raises(es.UnsupportedError, match="one hidden layer, one output"):
        fibre_of(wide, wide.parameters(W1=[[1]], b1=[1], W2=[[1], [1]], b2=[0, 0]))
