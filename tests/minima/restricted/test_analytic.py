"""Restricted points where the loss is an expression: the identity, brute force, a second description of one problem."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product

import pytest

import exactsurf as es
from exactsurf.exact.balls import Ball
from tests.minima.restricted.subspaces import random_restriction
from tests.sweep import draws

SWEEP = draws(18)
BASE = {"logistic": [1, -1, 1, -1], "log_cosh": [0, 1, -1, 2], "poisson": [0, 1, 2, 1], "cross_entropy": [0, 1, 1, 0]}


def bounds(problem: es.RestrictedProblem, theta: es.Parameters) -> tuple[Fraction, Fraction]:
    risk = problem.risk(theta, bits=200)
    return (risk.lower, risk.upper) if isinstance(risk, Ball) else (risk, risk)


def decided(problem: es.RestrictedProblem | es.Problem, theta: es.Parameters) -> es.Status:
    verdict = es.decide(problem, theta, effort=60)
    if verdict.status is not es.Status.UNDECIDED:
        assert es.verify(verdict.certificate).kind == verdict.certificate.kind
    if verdict.status is es.Status.REFUTED and isinstance(problem, es.RestrictedProblem):
        assert bounds(problem, verdict.lower_point)[1] < bounds(problem, theta)[0]
        assert problem.restriction.holds(verdict.lower_point)
    return verdict.status


def outputs(loss: str) -> int:
    return 2 if loss == "cross_entropy" else 1


@pytest.mark.parametrize("loss", BASE)
def test_the_identity_restricts_nothing(loss: str) -> None:
    source = random.Random(3)
    network = es.Network([1, 2, outputs(loss)])
    data = es.Data.from_arrays([-1, 0, 2, 1], BASE[loss])
    plain, restricted = es.Problem(network, data, loss), es.RestrictedProblem(es.restriction(network), data, loss)
    points = [restricted.restriction.at([source.randint(-1, 1) for _ in restricted.restriction.names]) for _ in range(5)]
    points.append(restricted.restriction.at([0] * restricted.restriction.dimension))
    found = [(decided(plain, theta), decided(restricted, theta)) for theta in points]
    assert all(mine in (theirs, es.Status.UNDECIDED) for theirs, mine in found)
    assert sum(mine is es.Status.UNDECIDED for _, mine in found) <= 1


def test_fixed_output_weights_are_always_decided() -> None:
    """On every path one weight varies and the loss is convex: nothing is left open."""
    source = random.Random(11)
    found = []
    for _ in range(SWEEP):
        loss = source.choice(list(BASE))
        network = es.Network([2, 2, outputs(loss)], source.choice(["relu", "linear"]), biases=False)
        last = [[1, -1], [2, 1]][: outputs(loss)]
        inputs = [[source.randint(-1, 1), source.randint(-1, 1)] for _ in range(4)]
        restriction = es.restriction(network, W1=[["a", "b"], ["b", "a"]], W2=last)
        problem = es.RestrictedProblem(restriction, es.Data.from_arrays(inputs, BASE[loss]), loss)
        found += [decided(problem, restriction.at(u)) for u in ((0, 0), (source.choice([-1, 1]), 0))]
    assert es.Status.UNDECIDED not in found
    assert es.Status.REFUTED in found


@pytest.mark.parametrize("decay", [None, "1/3"])
def test_random_subspaces_against_random_moves(decay: str | None) -> None:
    """No move of any size lowers the risk at a proved point (the verifier has checked the refuted ones)."""
    source = random.Random(5)
    proved = 0
    for _ in range(SWEEP):
        loss = source.choice(list(BASE))
        network = es.Network([1, 2, outputs(loss)], source.choice(["relu", "linear"]), biases=source.choice([True, False]))
        words = ["a", "b", "-a", "0", "a + b", *(["1", "b - 1"] if decay is None else [])]
        restriction = random_restriction(network, source, words)
        if restriction is None:
            continue
        data = es.Data.from_arrays([-1, 2, 1, 1], BASE[loss])
        problem = es.RestrictedProblem(restriction, data, loss, weight_decay=decay)
        origin = (0,) * restriction.dimension
        for values in [origin, *source.sample(list(product([-1, 0, 1], repeat=restriction.dimension)), 2)]:
            theta = restriction.at(values)
            if decided(problem, theta) is not es.Status.PROVED:
                continue
            proved += 1
            low = bounds(problem, theta)[0]
            for _ in range(20):
                size = Fraction(1, source.choice([100, 10**5]))
                moved = restriction.at([u + size * Fraction(source.randint(-9, 9), source.choice([1, 40])) for u in values])
                assert bounds(problem, moved)[1] >= low
    assert proved


def test_a_tied_filter_is_a_smaller_linear_model() -> None:
    """One filter entry a on two inputs that never meet is a·x on one input: the same minimum, at the same place."""
    one = es.Problem(es.Network([1, 1], biases=False), es.Data.from_arrays([1, 1, 2], [0, 2, 2]), "log_cosh")
    network = es.Network([2, 1, 1], "linear", biases=False)
    inputs = [[1, 0], [0, 1], ["1/2", "3/2"]]
    tied = es.RestrictedProblem(
        es.restriction(network, W1=[["a", "a"]], W2=[[1]]), es.Data.from_arrays(inputs, [0, 2, 2]), "log_cosh"
    )
    for a in (0, 1, "3/2"):
        assert decided(one, one.parameters(W1=[[a]])) is decided(tied, tied.parameters(a=a))
    verdict = es.decide(tied, tied.parameters(a=1))
    assert verdict.status is es.Status.PROVED and len(verdict.certificate.evidence.parts) == 2
    assert es.decide(tied.unrestricted, tied.parameters(a=1)).status is es.Status.REFUTED


def test_lower_points_are_found_and_given() -> None:
    data = es.Data.from_arrays([[1, 2, 0, 0], [0, 0, 1, 2], [0, 1, 1, 2], [2, 1, 1, 0]], [-1, -1, -1, 1])
    problem = es.RestrictedProblem(es.convolution(4, [2], strides=2, head=[1, 1]), data, "logistic")
    off, better = problem.parameters(w1_0=-1, w1_1=-1), problem.parameters(w1_0=1, w1_1="-1/2")
    for how in ({"spurious": True}, {"lower": better}, {"lower": [better]}):
        verdict = es.decide(problem, off, **how)
        assert verdict.certificate.kind == "spurious local minimum of a restricted analytic risk"
        assert bounds(problem, verdict.lower_point)[1] < bounds(problem, off)[0]
    with pytest.raises(es.InputError, match="not seen to be below"):
        es.decide(problem, off, lower=off)
    with pytest.raises(es.InputError, match="do not obey"):
        es.decide(problem, es.Parameters(W1=[[1, 2, 0, 0], [0, 0, 2, 1]], W2=[[1, 1]]))
