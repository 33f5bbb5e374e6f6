"""Restricted points with a smooth activation: the identity, tied units, and the rules that hold without a restriction."""

from __future__ import annotations

import random

import pytest

import exactsurf as es

DATA = es.Data.from_arrays([-2, -1, 1, 3], [-1, -1, 1, 2])


@pytest.mark.parametrize(("activation", "loss"), [("tanh", "squared"), ("sigmoid", "log_cosh"), ("quadratic", "squared")])
def test_the_identity_restricts_nothing(activation: str, loss: str) -> None:
    network = es.Network([1, 2, 1], activation)
    plain, restricted = es.Problem(network, DATA, loss), es.RestrictedProblem(es.restriction(network), DATA, loss)
    source = random.Random(2)
    points = [restricted.restriction.at([source.randint(-2, 2) for _ in restricted.restriction.names]) for _ in range(5)]
    for theta in [*points, restricted.restriction.at([0] * restricted.restriction.dimension)]:
        whole, mine = es.decide(plain, theta), es.decide(restricted, theta)
        # Only moves of a unit that no output reads are not looked for.
        assert mine.status in (whole.status, es.Status.UNDECIDED)
        if mine.status is es.Status.REFUTED:
            assert restricted.risk(mine.lower_point) < plain.risk(theta)
            assert es.verify(mine.certificate).kind == "not a local minimum of a restricted smooth risk"


def test_a_tied_unit_falls_along_its_one_direction() -> None:
    network = es.Network([1, 1, 1], "tanh", biases=False)
    problem = es.RestrictedProblem(es.restriction(network, W1=[["a"]], W2=[["a"]]), es.Data.from_arrays([1], [1]))
    saddle = es.decide(problem, problem.parameters(a=0))
    assert saddle.status is es.Status.REFUTED and saddle.certificate.rule == "curvature"
    slope = es.decide(problem, problem.parameters(a=1))
    assert slope.certificate.rule == "slope" and problem.restriction.holds(slope.lower_point)
    # Where no direction of the subspace falls, the answer is open, and says what to ask.
    flat = es.RestrictedProblem(problem.restriction, es.Data.from_arrays([1], [0]))
    assert es.decide(flat, flat.parameters(a=0)).certificate.kind == "global minimum of a restricted smooth risk"
    even = es.RestrictedProblem(problem.restriction, es.Data.from_arrays([1], [-1]))
    verdict = es.decide(even, even.parameters(a=0))
    assert verdict.status is es.Status.UNDECIDED and "find_critical_box" in verdict.reason
    assert es.find_critical_box(even, a=0).status is es.Status.PROVED


def test_fits_are_global_minima_under_restrictions_too() -> None:
    restriction = es.restriction(es.Network([1, 1, 1], "tanh"), W1=[["a"]], b2=["a + b"])
    problem = es.RestrictedProblem(restriction, es.Data.from_arrays([0, 0], [1, 3]))
    verdict = es.decide(problem, problem.parameters(a=0, b=2, b1_0=0, W2_0_0=0))
    assert verdict.certificate.kind == "global minimum of a restricted smooth risk" and verdict.risk == 1


def test_refusals() -> None:
    problem = es.RestrictedProblem(es.restriction(es.Network([1, 1, 1], "tanh"), W2=[[1]]), DATA)
    theta = problem.parameters(W1_0_0=1, b1_0=0, b2_0=0)
    with pytest.raises(es.UnsupportedError, match="lower points"):
        es.decide(problem, theta, spurious=True)
    with pytest.raises(es.UnsupportedError, match="lower points"):
        es.decide(problem, theta, lower=theta)
    with pytest.raises(es.InputError, match="do not obey"):
        es.decide(problem, es.Parameters(W1=[[1]], b1=[0], W2=[[2]], b2=[0]))
    corner = es.RestrictedProblem(es.restriction(es.Network([1, 1, 1], "elu"), b1=[0], W2=[[1]]), es.Data.from_arrays([0], [1]))
    assert es.decide(corner, corner.parameters(W1_0_0=1, b2_0=0)).status is es.Status.UNDECIDED
