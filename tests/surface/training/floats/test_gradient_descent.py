"""Gradient descent in floats: steps against differences of the exact risk, exact doubles, seeds, and bad input."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import exactsurf as es
from exactsurf.model.parameter_vector import parameters_of, vector_of

DATA = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
PROBLEMS = [
    es.Problem(es.Network([1, 2, 1]), DATA),
    es.Problem(es.Network([1, 2, 2, 1], es.leaky_relu("1/4"), biases=[True, False, True]), DATA),
    es.Problem(es.Network([1, 2, 1], es.hard_tanh), DATA, es.huber(1)),
    es.Problem(es.Network([1, 2, 1]), DATA, weight_decay="1/10"),
    es.Problem(es.Network([1, 2, 1]), DATA, es.squared.mean, weight_decay="1/3", decay_biases=True),
    es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [1, -1, 1, 1]), "logistic"),
    es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2], [0, 3, 1], weights=[1, 2, "1/2"]), es.losses.poisson.mean),
    es.Problem(es.Network([1, 1, 2]), es.Data.from_arrays([0, 1], [[0, 1], [2, 0]]), "log_cosh", weight_decay=1),
    es.Problem(es.Network([1, 1, 1]), DATA, es.losses.loss("arctan(f-y)**2 + sigmoid(f) + tanh(f)*f/3 + log(1 + y**2 + f**2)")),
]


def middle(problem: es.Problem, point: es.Parameters) -> Fraction:
    """The risk, or the middle of a narrow enclosure."""
    risk = problem.risk(point)
    return risk if isinstance(risk, Fraction) else risk.midpoint


@pytest.mark.parametrize("problem", PROBLEMS, ids=repr)
def test_one_step_goes_against_the_gradient(problem: es.Problem):
    for run in es.gradient_descent(problem, range(4), steps=1, step_size="1/1000", records=2):
        start, end = map(vector_of, run)
        for k, (old, new) in enumerate(zip(start, end, strict=True)):
            step = Fraction(1, 10**9)
            ahead, behind = (
                middle(problem, parameters_of(problem.network, [v + s * (i == k) for i, v in enumerate(start)]))
                for s in (step, -step)
            )
            slope = (ahead - behind) / (2 * step)
            assert abs((old - new) * 1000 - slope) < Fraction(1, 10**6)


def test_points_are_doubles_and_seeds_say_which():
    runs = es.gradient_descent(PROBLEMS[0], [3, 4, 3], steps=50)
    assert runs[0] == runs[2] != runs[1]
    assert es.gradient_descent(PROBLEMS[0], [4], steps=50)[0][0] == runs[1][0]
    for value in vector_of(runs[0][-1]):
        assert Fraction(float(value)) == value
    assert len(es.gradient_descent(PROBLEMS[0], [0], steps=50, records=2)[0]) == 2
    assert es.gradient_descent(PROBLEMS[0], []) == []


def test_the_risk_falls_with_short_steps():
    for problem in PROBLEMS:
        for run in es.gradient_descent(problem, range(3), steps=500, step_size="1/200"):
            risks = [middle(problem, point) for point in run]
            assert risks[-1] < risks[0]


def test_a_run_that_diverges_ends_before_it_does():
    runs = es.gradient_descent(PROBLEMS[1], range(8), step_size=10, scale=3)
    assert min(map(len, runs)) < 37
    assert all(run for run in runs)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"steps": 0}, "at least one step"),
        ({"records": 1}, "two records"),
        ({"steps": 1.5}, "at least one step"),
        ({"steps": "a"}, "at least one step"),
        ({"steps": np.array([1, 2])}, "at least one step"),
        ({"records": 2.5}, "two records"),
        ({"step_size": None}, "step_size must be a positive number"),
        ({"step_size": 0}, "step_size must be a positive number"),
        ({"step_size": "x"}, "step_size must be a positive number"),
        ({"scale": float("nan")}, "scale must be a positive number"),
    ],
)
def test_bad_input(options: dict[str, object], words: str):
    with pytest.raises(es.InputError, match=words):
        es.gradient_descent(PROBLEMS[0], [0], **options)


@pytest.mark.parametrize("seeds", [5, None, [-1], ["a"], [0.5]])
def test_seeds_that_are_none(seeds: object):
    with pytest.raises(es.InputError, match="seeds are integers from 0 on"):
        es.gradient_descent(PROBLEMS[0], seeds)  # type: ignore[arg-type]


def test_numbers_beyond_doubles():
    with pytest.raises(es.InputError, match="beyond doubles"):
        es.gradient_descent(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 10**400], [0, 1])), [0])


def test_other_problems():
    with pytest.raises(es.InputError, match="piecewise linear activation"):
        es.gradient_descent(es.Problem(es.Network([1, 1, 1], "tanh"), DATA), [0])


def test_several_classes():
    classes = es.Data.from_arrays([0, 1, 2], [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    problem = es.Problem(es.Network([1, 1, 3]), classes, "cross_entropy")
    run = es.gradient_descent(problem, [0])[0]
    assert problem.risk(run[-1]).upper < problem.risk(run[0]).lower


def test_a_step_with_cross_entropy_is_that_of_softmax():
    classes = es.Data.from_arrays([0, 1, 2], [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    problem = es.Problem(es.Network([1, 1, 3]), classes, "cross_entropy")
    start, end = es.gradient_descent(problem, [3], steps=1, step_size="1/4")[0]
    own, then = ({name: np.array(values, dtype=float) for name, values in point.items()} for point in (start, end))
    hidden = np.maximum(np.array([[0.0], [1.0], [2.0]]) @ own["W1"].T + own["b1"], 0)
    powers = np.exp(hidden @ own["W2"].T + own["b2"])
    gap = powers / powers.sum(axis=1, keepdims=True) - np.eye(3)
    assert np.allclose(then["W2"], own["W2"] - gap.T @ hidden / 4)
    assert np.allclose(then["b2"], own["b2"] - gap.sum(axis=0) / 4)
