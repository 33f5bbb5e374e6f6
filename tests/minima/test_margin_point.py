"""Margin problems: known maximal margins, SciPy's optimiser from the point, random sweeps, and errors."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest
import scipy.optimize

import exactsurf as es
from exactsurf.certificate.verdict import Status

WIDE = es.Data.from_arrays([[1, "1/4"], [-1, "1/4"]], [1, 1])


def problem(widths: list[int], data: es.Data = WIDE, h: object = es.relu) -> es.Problem:
    return es.Problem(es.Network(widths, h, biases=False), data)


def test_a_kkt_point_that_is_no_local_optimum() -> None:
    two = problem([2, 2, 1])
    found = es.margin_point(two, two.parameters(W1=[[0, 2], [0, 0]], W2=[[2, 0]]))
    assert (found.kkt.status, found.local_optimum.status) == (Status.PROVED, Status.REFUTED)
    assert found.margin == 1 and found.multipliers == ((0, 2), (1, 2))
    one = problem([2, 1, 1])
    assert es.margin_point(one, one.parameters(W1=[[0, 2]], W2=[[2]])).local_optimum.status is Status.PROVED


def test_factors_change_nothing() -> None:
    one = problem([2, 1, 1])
    for factor in (Fraction(1, 3), Fraction(5)):
        found = es.margin_point(one, one.parameters(W1=[[0, 2 * factor]], W2=[[2 * factor]]))
        assert found.kkt.status is Status.PROVED and found.local_optimum.status is Status.PROVED


def test_the_largest_margin_of_a_linear_unit_is_found_by_scipy() -> None:
    data = es.Data.from_arrays([[1, 2], [2, -1], [-1, -1]], [1, 1, -1])
    linear = problem([2, 1, 1], data, es.linear)
    x, y = np.array([[1, 2], [2, -1], [-1, -1.0]]), np.array([1, 1, -1.0])
    best = scipy.optimize.minimize(
        lambda u: u @ u, [1, 1], constraints=[{"type": "ineq", "fun": lambda u: y * (x @ u) - 1}], options={"ftol": 1e-14}
    ).x
    u = [Fraction(float(v)).limit_denominator(100) for v in best]
    assert u == [Fraction(2, 3), Fraction(1, 3)]
    # |W1| = |W2| is irrational here; on the next data it is rational.
    found = es.margin_point(
        problem([2, 1, 1], es.Data.from_arrays([[5, 0], [-5, 0]], [1, -1]), es.linear), es.Parameters(W1=[[1, 0]], W2=[[1]])
    )
    assert found.kkt.status is Status.PROVED and found.local_optimum.status is Status.PROVED
    unbalanced = es.margin_point(linear, linear.parameters(W1=[u], W2=[[1]]))
    assert unbalanced.kkt.status is Status.REFUTED


def test_random_points_are_no_kkt_points_and_every_certificate_is_accepted() -> None:
    source, seen = random.Random(4), 0
    while seen < 15:
        x = [[source.randint(-3, 3) for _ in range(2)] for _ in range(3)]
        trial = problem([2, 2, 1], es.Data.from_arrays(x, [source.choice([-1, 1]) for _ in x]), es.leaky_relu("1/2"))
        theta = trial.parameters(
            W1=[[source.randint(-2, 2) for _ in range(2)] for _ in range(2)], W2=[[source.randint(-2, 2) for _ in range(2)]]
        )
        try:
            found = es.margin_point(trial, theta)
        except es.InputError:
            continue
        seen += 1
        for verdict in (found.kkt, found.local_optimum):
            if verdict.certificate is not None:
                es.verify(verdict.certificate.encoded)
        assert found.kkt.status is not Status.UNDECIDED
        if found.kkt.status is Status.REFUTED:
            assert found.local_optimum.status is not Status.PROVED


def test_a_kink_counts_with_a_subgradient() -> None:
    data = es.Data.from_arrays([[1, 0], [0, 1], [1, -1]], [1, 1, 1])
    kinks = problem([2, 2, 1], data)
    found = es.margin_point(kinks, kinks.parameters(W1=[[1, 0], [0, 1]], W2=[[1, 1]]))
    assert found.kkt.status is Status.PROVED and found.kkt.certificate.kinks == ((1, 0, 1),)


def test_deep_networks() -> None:
    deep = problem([1, 1, 1, 1], es.Data.from_arrays([1, 2], [1, 1]))
    assert es.margin_point(deep, deep.parameters(W1=[[1]], W2=[[1]], W3=[[1]])).local_optimum.status is Status.PROVED
    assert es.margin_point(deep, deep.parameters(W1=[[2]], W2=[[1]], W3=[[1]])).kkt.status is Status.REFUTED


def test_errors() -> None:
    two = problem([2, 2, 1])
    theta = two.parameters(W1=[[0, -2], [0, 0]], W2=[[2, 0]])
    with pytest.raises(es.InputError, match="sample 0 is not classified correctly"):
        es.margin_point(two, theta)
    biased = es.Problem(es.Network([2, 1, 1]), WIDE)
    point = biased.parameters(W1=[[0, 1]], b1=[0], W2=[[1]], b2=[0])
    with pytest.raises(es.UnsupportedError, match="no homogeneous network"):
        es.margin_point(biased, point)
    other = problem([2, 1, 1], es.Data.from_arrays([[1, 1]], [2]))
    with pytest.raises(es.InputError, match="targets of a margin problem"):
        es.margin_point(other, other.parameters(W1=[[1, 1]], W2=[[1]]))


def test_a_split_unit_is_undecided() -> None:
    """Two parallel units: along the rotation that moves one into the other the Hessian of the Lagrangian is not positive."""
    two = problem([2, 2, 1])
    found = es.margin_point(two, two.parameters(W1=[[0, 2], [0, 1]], W2=[[2, 1]]))
    assert found.kkt.status is Status.PROVED and found.local_optimum.status is Status.UNDECIDED
    assert "not positive definite" in found.local_optimum.reason


def test_no_longer_than_the_effort() -> None:
    problem = es.Problem(es.Network([2, 2, 1], biases=False), es.Data.from_arrays([[1, "1/4"], [-1, "1/4"]], [1, 1]))
    found = es.margin_point(problem, problem.parameters(W1=[[0, 2], [0, 0]], W2=[[2, 0]]), effort=Fraction(1, 10**9))
    assert found.kkt.status is found.local_optimum.status is Status.UNDECIDED
    assert "time" in found.kkt.reason
