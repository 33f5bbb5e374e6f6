"""Kawaguchi's Corollary 2.4 away from 0: Hessians against SymPy, descent, near misses, random deep linear networks."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
import sympy

import exactsurf as es
from exactsurf.certificate.verdict import Status
from exactsurf.errors import HypothesisError, UnsupportedError
from exactsurf.papers.kawaguchi_2016 import bad_saddle, bad_saddles, corollary_2_4
from exactsurf.theorems.outcome import Outcome
from tests import oracle

F = Fraction
DIAGONAL = es.Data.from_arrays([[1, 0], [0, 1]], [[2, 0], [0, 1]])


def deep(*widths: int, data: es.Data = DIAGONAL) -> es.Problem:
    return es.Problem(es.Network(list(widths), es.linear, biases=False), data)


@pytest.mark.parametrize("widths", [(2, 2, 2, 2, 2), (2, 1, 2, 1, 2)], ids=str)
def test_points_with_three_silent_layers(widths: tuple[int, ...]) -> None:
    problem = deep(*widths)
    found = bad_saddles(problem)
    assert found
    for saddle in found:
        assert any(any(row) for matrix in saddle.parameters.weights for row in matrix)
        assert saddle.inertia[1] == 0 and saddle.verdict.status is Status.REFUTED
        assert oracle.risk(problem, saddle.verdict.lower_point) < oracle.risk(problem, saddle.parameters)
        report = corollary_2_4.examine(problem, saddle.parameters)
        assert report.outcome is Outcome.CONFIRMED and "here" in report.conclusion.reason
        es.verify(report.conclusion.certificate.encoded)


def test_the_hessian_against_sympy() -> None:
    """A chain of four units, one weight not 0: risk ½ (w4 w3 w2 w1 − 2)²."""
    problem = deep(1, 1, 1, 1, 1, data=es.Data.from_arrays([1], [2]))
    w = sympy.symbols("w1:5")
    risk = (sympy.prod(w) - 2) ** 2 / 2
    found = bad_saddles(problem)
    assert found
    for saddle in found:
        at = dict(zip(w, (sympy.Rational(str(m[0][0])) for m in saddle.parameters.weights), strict=True))
        assert [sympy.diff(risk, v).subs(at) for v in w] == [0] * 4
        assert sympy.hessian(risk, w).subs(at) == sympy.zeros(4)


def test_two_hidden_layers_with_a_target_that_no_input_explains() -> None:
    problem = deep(1, 2, 2, 2, data=es.Data.from_arrays([1, -1], [[1, 1], [-1, 1]]))
    (saddle,) = bad_saddles(problem)
    assert saddle.parameters.weights[2] == ((0, 0), (1, 0)) and saddle.inertia[1] == 0
    live = problem.parameters(W1=[[0], [0]], W2=[[0, 0], [0, 0]], W3=[[1, 0], [0, 1]])
    with pytest.raises(HypothesisError, match="negative eigenvalue"):
        bad_saddle(problem, live)  # the step of the printed proof that fails for two hidden layers


def test_points_that_are_no_bad_saddles() -> None:
    problem = deep(2, 2, 2, 2)
    eye = [[1, 0], [0, 1]]
    with pytest.raises(HypothesisError, match="not critical"):
        bad_saddle(problem, problem.parameters(W1=eye, W2=eye, W3=eye))
    with pytest.raises(HypothesisError, match="no saddle"):
        bad_saddle(problem, problem.parameters(W1=[[2, 0], [0, 1]], W2=eye, W3=eye))


def test_sharpness_and_random_problems() -> None:
    assert {example.hypothesis for example in corollary_2_4.sharpness()} == {"depth", "correlation"}
    source, built = random.Random(3), 0
    for _ in range(25):
        widths = [source.choice([1, 2]) for _ in range(source.choice([3, 4, 5]))]
        size = source.randint(1, 3)
        x, y = ([[source.randint(-2, 2) for _ in range(w)] for _ in range(size)] for w in (widths[0], widths[-1]))
        problem = deep(*widths, data=es.Data.from_arrays(x, y))
        assert corollary_2_4.examine(problem).outcome is not Outcome.CONTRADICTED
        try:
            found = bad_saddles(problem, limit=1)
        except (HypothesisError, UnsupportedError):
            continue
        assert all(saddle.inertia[1] == 0 for saddle in found)
        built += len(found)
    assert built


def test_a_network_without_hidden_layer_is_undecided() -> None:
    problem = deep(2, 2)
    verdict = corollary_2_4.conclusion(problem, problem.parameters(W1=[[0, 0], [0, 0]]))
    assert verdict.status is Status.UNDECIDED and "no hidden layer" in verdict.reason
