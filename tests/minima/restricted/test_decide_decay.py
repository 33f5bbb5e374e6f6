"""Restricted risks with weight decay: the identity, SymPy, fixed output weights, and random moves."""

from __future__ import annotations

import pickle
import random
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
import sympy

import exactsurf as es
from tests.minima.restricted.test_decide import DATA, decided
from tests.sweep import draws

F = Fraction
SWEEP = draws(16)


@pytest.mark.parametrize(("loss", "biases"), [("squared", False), ("squared", True), ("absolute", False)])
def test_the_identity_restricts_nothing(loss: str, biases: bool) -> None:
    source = random.Random(5)
    network = es.Network([1, 2, 1])
    plain = es.Problem(network, DATA, loss, weight_decay="1/4", decay_biases=biases)
    restricted = es.RestrictedProblem(es.restriction(network), DATA, loss, weight_decay="1/4", decay_biases=biases)
    assert restricted == es.RestrictedProblem.of(restricted.restriction, plain) and restricted.unrestricted == plain
    points = [restricted.restriction.at([source.randint(-1, 1) for _ in restricted.restriction.names]) for _ in range(8)]
    points.append(es.Parameters(W1=[[0], [0]], b1=[0, 0], W2=[[0, 0]], b2=["3/4" if not biases else "12/17"]))
    for theta in points:
        theirs, mine = decided(plain, theta), decided(restricted, theta)
        assert mine is theirs or es.Status.UNDECIDED in (mine, theirs)


@pytest.mark.parametrize("factor", [1, "1/2", 3])
def test_a_shared_weight_against_sympy(factor: Any) -> None:
    """f = w² x with one weight in both layers, which is penalised twice."""
    w, rate = sympy.Symbol("w", real=True), sympy.Rational(str(factor))
    risk = (w**2 - 2) ** 2 / 2 + rate * w**2
    tied = es.restriction(es.Network([1, 1, 1], "linear", biases=False), W1=[["w"]], W2=[["w"]])
    problem = es.RestrictedProblem(tied, es.Data.from_arrays([1], [2]), weight_decay=factor)
    for value in range(-4, 5):
        theta = problem.parameters(w=F(value, 2))
        at = {w: sympy.Rational(value, 2)}
        assert problem.risk(theta) == F(str(risk.subs(at)))
        first, second = risk.diff(w).subs(at), risk.diff(w, 2).subs(at)
        expected = es.Status.PROVED if first == 0 and second > 0 else es.Status.REFUTED
        assert decided(problem, theta) is expected


def test_fixed_output_weights_are_always_decided() -> None:
    source, proved = random.Random(12), 0
    for number in range(SWEEP):
        network = es.Network([1, 2, 1], source.choice(["relu", "hard_tanh", "linear"]))
        inputs = [source.randint(-2, 2) for _ in range(3)]
        data = es.Data.from_arrays(inputs, [source.randint(-1, 1) for _ in range(3)])
        loss, factor = source.choice(["squared", "absolute"]), source.choice([1, "1/3"])
        fixed = es.restriction(network, W2=[[1, -1]])
        problem = es.RestrictedProblem(fixed, data, loss, weight_decay=factor, decay_biases=bool(number % 2))
        points = [fixed.at([source.choice([0, 0, 1, -1]) for _ in fixed.names]), fixed.at([0] * fixed.dimension)]
        for theta in points:
            status = decided(problem, theta)
            assert status is not es.Status.UNDECIDED
            if status is es.Status.PROVED:
                proved += 1
                for _ in range(20):
                    moved = [u + F(source.randint(-9, 9), 10**4) for u in problem.values(theta)]
                    assert problem.risk(fixed.at(moved)) >= problem.risk(theta)
    assert proved


def test_random_subspaces_against_random_moves() -> None:
    source, proved = random.Random(9), 0
    for _ in range(SWEEP):
        network = es.Network([1, 1, 1], source.choice(["relu", "linear"]), biases=source.choice([True, False]))
        layers: dict[str, Any] = {
            name: [[source.choice(["a", "-a", "a + b", "b - 1", "1"]) for _ in range(s[-1])] for _ in range(s[0])]
            if len(s) == 2
            else [source.choice(["a", "b", "c", "0"]) for _ in range(s[0])]
            for name, s in network.shapes.items()
        }
        try:
            restriction = es.restriction(network, **layers)
        except es.InputError:
            continue
        problem = es.RestrictedProblem(restriction, es.Data.from_arrays([-1, 2], [source.randint(-2, 2), 1]), weight_decay=1)
        for values in product([-1, 0, F(1, 2), 1], repeat=restriction.dimension):
            theta = restriction.at(values)
            if decided(problem, theta) is es.Status.PROVED:
                proved += 1
                for _ in range(20):
                    moved = restriction.at([u + F(source.randint(-9, 9), 10**4) for u in values])
                    assert problem.risk(moved) >= problem.risk(theta)
    assert proved


def test_fixed_weights_are_penalised_and_the_problem_is_a_value() -> None:
    fixed = es.restriction(es.Network([1, 1, 1]), W2=[[2]], b1=[3], b2=[0])
    for biases, expected in ((False, F(4)), (True, F(17, 2) + F(0))):
        problem = es.RestrictedProblem(fixed, es.Data.from_arrays([0], [6]), weight_decay=1, decay_biases=biases)
        theta = problem.parameters(W1_0_0=2)
        assert problem.risk(theta) == expected
        assert pickle.loads(pickle.dumps(problem)) == problem and "decay" in repr(problem)
        with pytest.raises(es.UnsupportedError, match="weight decay"):
            problem.cell(theta).risk  # noqa: B018
