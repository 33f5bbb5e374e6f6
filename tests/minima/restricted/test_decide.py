"""Decisions under restrictions: the identity, smaller networks, brute force, SymPy, and random subspaces."""

from __future__ import annotations

import random
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
import sympy

import exactsurf as es
from exactsurf.certificate.claims.restricted_point import RestrictedTree
from tests.minima.restricted.subspaces import random_restriction
from tests.sweep import draws

DATA = es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2])
SWEEP = draws(24)


def decided(problem: es.RestrictedProblem | es.Problem, theta: es.Parameters) -> es.Status:
    verdict = es.decide(problem, theta)
    if verdict.status is not es.Status.UNDECIDED:
        assert es.verify(verdict.certificate).risk == problem.risk(theta)
    if verdict.status is es.Status.REFUTED:
        assert verdict.lower_point is not None and problem.risk(verdict.lower_point) < problem.risk(theta)
    return verdict.status


@pytest.mark.parametrize("loss", ["squared", "absolute", "hinge"])
def test_the_identity_restricts_nothing(loss: str) -> None:
    source = random.Random(3)
    network = es.Network([1, 2, 1])
    data = es.Data.from_arrays([-1, 0, 2], [1, -1, 1]) if loss == "hinge" else DATA
    plain = es.Problem(network, data, loss)
    restricted = es.RestrictedProblem(es.restriction(network), data, loss)
    points = [restricted.restriction.at([source.randint(-2, 2) for _ in restricted.restriction.names]) for _ in range(12)]
    points.append(es.Parameters(W1=[["1/2"], [0]], b1=[1, 1], W2=[[1, 0]], b2=[-1]))
    points.append(es.Parameters(W1=[[0], [0]], b1=[-1, -2], W2=[[0, 0]], b2=["3/4"]))
    found = [(decided(plain, theta), decided(restricted, theta)) for theta in points]
    assert all(mine in (theirs, es.Status.UNDECIDED) for theirs, mine in found)
    assert sum(mine is es.Status.UNDECIDED for _, mine in found) <= 1


@pytest.mark.parametrize("weights", list(product([-1, 0, 1], repeat=3)))
def test_a_unit_that_is_switched_off_is_none(weights: tuple[int, int, int]) -> None:
    """Output weight 0 and fixed weights: the same as the network without the unit."""
    w, b, v = weights
    one = es.Problem(es.Network([1, 1, 1]), DATA)
    fixed = es.restriction(es.Network([1, 2, 1]), W1=[[None], [5]], b1=[None, "1/2"], W2=[[None, 0]])
    two = es.RestrictedProblem(fixed, DATA)
    for c in (0, Fraction(3, 4)):
        theta = one.parameters(W1=[[w]], b1=[b], W2=[[v]], b2=[c])
        same = es.Parameters(W1=[[w], [5]], b1=[b, "1/2"], W2=[[v, 0]], b2=[c])
        mine = decided(two, same)
        assert mine in (decided(one, theta), es.Status.UNDECIDED)


def test_fixed_output_weights_are_always_decided() -> None:
    """On every path one weight varies: nothing is left open, at walls and kinks of the loss, at two hidden layers too."""
    source = random.Random(11)
    proved = 0
    for number in range(SWEEP):
        deep = number % 3 == 0
        network = es.Network([1, 2, 2, 1] if deep else [2, 2, 1], source.choice(["relu", "hard_tanh", "linear"]))
        layers: dict[str, Any] = {"W2": [[1, -1], [2, 1]], "b2": [0, -1], "W3": [[1, -1]]} if deep else {"W2": [[1, -1]]}
        inputs = [[source.randint(-2, 2) for _ in range(network.widths[0])] for _ in range(3)]
        data = es.Data.from_arrays(inputs, [source.randint(-1, 1) for _ in range(3)])
        problem = es.RestrictedProblem(es.restriction(network, **layers), data, source.choice(["squared", "absolute"]))
        theta = problem.restriction.at([source.choice([0, 0, 1, -1]) for _ in problem.restriction.names])
        status = decided(problem, theta)
        assert status is not es.Status.UNDECIDED
        proved += status is es.Status.PROVED
    assert proved


def test_random_subspaces_against_random_moves() -> None:
    """No move of any size lowers the risk at a proved point (the verifier has checked the refuted ones)."""
    source = random.Random(5)
    proved = 0
    for _ in range(SWEEP):
        activation = source.choice(["relu", "linear", es.leaky_relu("1/2")])
        network = es.Network([1, 2, 1], activation, biases=source.choice([True, False]))
        restriction = random_restriction(network, source, ["a", "b", "-a", "0", "1", "a + b", "b - 1"])
        if restriction is None:
            continue
        problem = es.RestrictedProblem(restriction, es.Data.from_arrays([-1, 2], [source.randint(-2, 2), 1]))
        for values in product([-1, 0, 1], repeat=restriction.dimension):
            theta = restriction.at(values)
            if decided(problem, theta) is not es.Status.PROVED:
                continue
            proved += 1
            for _ in range(30):
                size = Fraction(1, source.choice([100, 10**5]))
                moved = restriction.at([u + size * Fraction(source.randint(-9, 9), source.choice([1, 40])) for u in values])
                assert problem.risk(moved) >= problem.risk(theta)
    assert proved > 5


def test_shared_weights_against_sympy() -> None:
    """f = a² x for one shared linear weight and bias: SymPy's critical points and second derivatives."""
    a, b = sympy.symbols("a b", real=True)
    network = es.Network([1, 1, 1], "linear", biases=[False, True])
    problem = es.RestrictedProblem(es.restriction(network, W1=[["a"]], W2=[["a"]], b2=["b"]), es.Data.from_arrays([1, 2], [1, 5]))
    risk = ((a**2 + b - 1) ** 2 + (2 * a**2 + b - 5) ** 2) / 2
    critical = sympy.solve([sympy.diff(risk, a), sympy.diff(risk, b)], [a, b], dict=True)
    assert critical
    for point in critical:
        minimum = sympy.hessian(risk, (a, b)).subs(point).is_positive_definite
        if all(value.is_rational for value in point.values()):
            theta = problem.parameters(a=point[a], b=point[b])
            assert decided(problem, theta) is (es.Status.PROVED if minimum else es.Status.REFUTED)


def test_the_saddle_and_the_two_minima_of_a_square() -> None:
    problem = es.RestrictedProblem(es.diagonal(2, shared=True), es.Data.from_arrays([[1, 0], [0, 1]], [1, -1]))
    found = {u: decided(problem, problem.restriction.at(u)) for u in product([-1, 0, 1], repeat=2)}
    assert {u for u, status in found.items() if status is es.Status.PROVED} == {(1, 0), (-1, 0)}


def test_a_minimum_of_the_subspace_only() -> None:
    """w(1 − w) is largest, and the fit of the target 1 best, at w = 1/2; with both weights free that is no minimum."""
    network = es.Network([1, 1, 1], biases=False)
    data = es.Data.from_arrays([1, -1], [1, 3])
    fixed = es.RestrictedProblem(es.restriction(network, W2=[["1/2"]]), data)
    theta = fixed.parameters(W1_0_0=2)
    assert decided(fixed, theta) is es.Status.PROVED and fixed.risk(theta) == Fraction(9, 2)
    assert decided(fixed.unrestricted, theta) is es.Status.PROVED
    both = es.RestrictedProblem(es.restriction(network, W1=[["w"]], W2=[["1/4*w"]]), data)
    assert decided(both, both.parameters(w=2)) is es.Status.PROVED
    half = es.RestrictedProblem(es.restriction(network, W1=[["w"]], W2=[["1 - w"]]), data)
    assert half.risk(half.parameters(w="1/2")) == Fraction(9, 32) + Fraction(9, 2)
    assert decided(half, half.parameters(w="1/2")) is es.Status.PROVED
    assert decided(half.unrestricted, half.parameters(w="1/2")) is es.Status.REFUTED
    assert isinstance(es.decide(fixed, theta).certificate.local_minimum, RestrictedTree)


def test_spurious_minima_of_one_filter() -> None:
    """Du et al. 2018 on finite data: the opposite of the filter that made the targets is a spurious local minimum."""
    inputs = [list(row) for row in product([-1, 0, 1], repeat=4) if any(row)]
    filter_ = es.convolution(4, [2], strides=2, head=[1, 1])
    plain = es.RestrictedProblem(filter_, es.Data.from_arrays(inputs, [0] * len(inputs)))
    teacher = plain.parameters(w1_0=1, w1_1=0)
    targets = [row[0] for row in plain.unrestricted.predictions(teacher)]
    problem = es.RestrictedProblem(filter_, es.Data.from_arrays(inputs, targets))
    assert problem.risk(teacher) == 0 and decided(problem, teacher) is es.Status.PROVED
    with pytest.raises(es.InputError):
        es.decide(problem, teacher, lower=problem.parameters(w1_0=-1, w1_1=0))


def test_parameters_that_do_not_obey_are_refused() -> None:
    shared = es.RestrictedProblem(es.restriction(es.Network([1, 1, 1]), W2=[[1]]), DATA)
    with pytest.raises(es.InputError, match="do not obey the restriction"):
        es.decide(shared, es.Parameters(W1=[[1]], b1=[0], W2=[[2]], b2=[0]))
