"""Conditions on restricted problems against derivatives of the cell polynomial, and against other bases."""

from __future__ import annotations

import random

import exactsurf as es
from exactsurf.theorems.network_conditions import one_output
from exactsurf.theorems.restricted_conditions import critical_among_free, of_restricted, of_whole, same_subspace
from exactsurf.theorems.theorem import ALL_FREE


def test_derivatives_against_those_of_the_polynomial() -> None:
    source, seen = random.Random(4), set()
    network = es.Network([1, 2, 1], "relu")
    shared = es.restriction(network, W1=[["a"], ["-a"]], b1=["b", "b"], W2=[["c", "c"]], b2=[0])
    problem = es.RestrictedProblem(shared, es.Data.from_arrays([-1, 2, 3], [1, 0, 2]))
    for _ in range(40):
        theta = problem.parameters(a=source.randint(1, 3), b="1/2", c=source.randint(-1, 1))
        cell = problem.cell(theta)
        at = cell.coordinates(theta)
        slopes = [cell.risk.as_expr().diff(name).subs(at) for name in cell.names]
        assert critical_among_free(problem, theta)[0] == (not any(slopes))
        seen.add(not any(slopes))
    assert False in seen
    kink = critical_among_free(problem, problem.parameters(a=1, b=1, c=1))
    assert kink[0] is None and "wall" in kink[1]


def test_a_subspace_has_many_bases() -> None:
    network = es.Network([2, 1, 1], biases=False)
    first = es.restriction(network, W1=[["a", "b"]], W2=[[1]])
    assert same_subspace(first, es.restriction(network, W1=[["a + b + 1", "a - b"]], W2=[[1]]))
    for other in (
        es.restriction(network, W1=[["a", "b"]], W2=[[2]]),
        es.restriction(network, W1=[["a", "a"]], W2=[["b"]]),
        es.restriction(network, W1=[["a", "a"]], W2=[[1]]),
        es.restriction(es.Network([2, 1, 1], biases=False, activation="linear"), W1=[["a", "b"]], W2=[[1]]),
    ):
        assert not same_subspace(first, other) and not same_subspace(other, first)


def test_problems_without_restriction_are_told() -> None:
    free = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0], [1]))
    assert of_whole(one_output)(free) == (False, ALL_FREE, ()) == of_restricted(critical_among_free)(free, None)
    restricted = es.RestrictedProblem(es.restriction(free.network), free.data)
    assert of_whole(one_output)(restricted) == one_output(free)
