"""Sharpness against NumPy's eigenvalues, by rescaling, and what it refuses."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

import exactsurf as es
from tests.sweep import draws

F = Fraction
SWEEP = draws(25)


def random_case(source: random.Random) -> tuple[es.Problem, es.Parameters]:
    widths = source.choice([[1, 2, 1], [2, 2, 1], [1, 2, 2, 1], [2, 2, 2], [1, 1]])
    network = es.Network(widths, source.choice([es.relu, es.leaky_relu("1/2"), es.linear]))
    rows = [[source.randint(-3, 3) for _ in range(widths[0])] for _ in range(4)]
    targets = [[source.randint(-2, 2) for _ in range(widths[-1])] for _ in rows]
    problem = es.Problem(network, es.Data.from_arrays(rows, targets), source.choice([es.squared, es.huber("1/3")]))

    def entry() -> str:
        return f"{2 * source.randint(-3, 3) + 1}/7"

    named = {
        name: [entry() for _ in range(s[0])] if len(s) == 1 else [[entry() for _ in range(s[1])] for _ in range(s[0])]
        for name, s in network.shapes.items()
    }
    return problem, problem.parameters(**named)


def test_enclosures_hold_what_numpy_computes() -> None:
    source = random.Random(1)
    for _ in range(SWEEP):
        problem, theta = random_case(source)
        try:
            found = es.sharpness(problem, theta)
        except es.UnsupportedError:
            continue
        values = np.linalg.eigvalsh(np.array([[float(v) for v in row] for row in found.hessian]))
        low, high = found.certificate.bounds
        scale = 1 + abs(values[-1])
        assert float(low) - 1e-9 * scale <= values[-1] <= float(high) + 1e-9 * scale and high - low < F(1, 10**9)
        assert float(found.trace) == pytest.approx(values.sum(), abs=1e-9)
        assert low <= found.largest.narrowed(F(1, 10**15)).high and found.largest.narrowed(F(1, 10**15)).low <= high
        assert es.verify(found.certificate.encoded).kind == "sharpness"


def test_rescaling_a_minimum_makes_it_sharper_and_the_product_of_step_and_eigenvalue_is_two() -> None:
    problem = es.Problem(es.Network([1, 1, 1], es.linear, biases=False), es.Data.from_arrays([1], [4]))
    seen = []
    for w in (2, 4, 8):
        found = es.sharpness(problem, problem.parameters(W1=[[w]], W2=[[F(4, w)]]))
        assert found.is_critical and found.largest.value == w * w + F(16, w * w) == found.trace
        low, high = found.largest_step
        assert low == high == 2 / found.largest.value
        seen.append(found.largest.value)
    assert seen == sorted(seen) and seen[0] == 8
    assert "largest eigenvalue 8" in repr(es.sharpness(problem, problem.parameters(W1=[[2]], W2=[[2]])))


def test_an_irrational_eigenvalue_has_its_minimal_polynomial() -> None:
    problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0, 1], [0, 1]))
    found = es.sharpness(problem, problem.parameters(W1=[[1]], b1=[0]))
    # H = [[1, 1], [1, 2]]: (3 + √5)/2.
    assert found.hessian == ((1, 1), (1, 2)) and found.largest.polynomial == (1, -3, 1) and found.largest.index == 1
    low, high = found.largest_step
    assert low < high and high - low < F(1, 10**10)


def test_no_positive_eigenvalue_no_step() -> None:
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([1], [1]))
    dead = es.sharpness(problem, problem.parameters(W1=[[0]], b1=[-1], W2=[[0]], b2=[1]))
    assert dead.largest.value == 1 and dead.largest_step == (2, 2)
    bare = es.Problem(es.Network([1, 1, 1], biases=[True, False]), es.Data.from_arrays([1], [1]))
    flat = es.sharpness(bare, bare.parameters(W1=[[0]], b1=[-1], W2=[[0]]))
    assert flat.largest.value == 0 and flat.largest_step is None


def test_refusals() -> None:
    data = es.Data.from_arrays([0, 1], [0, 1])
    problem = es.Problem(es.Network([1, 1, 1]), data)
    with pytest.raises(es.UnsupportedError, match="on a wall"):
        es.sharpness(problem, problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0]))
    kinked = es.Problem(es.Network([1, 1, 1]), data, "absolute")
    with pytest.raises(es.UnsupportedError, match="no second derivative at the prediction of sample 1"):
        es.sharpness(kinked, kinked.parameters(W1=[[1]], b1=[1], W2=[[0]], b2=[1]))
    wide = es.Problem(es.Network([1, 20, 1]), data)
    named = {"W1": [[1]] * 20, "b1": [1] * 20, "W2": [[1] * 20], "b2": [0]}
    with pytest.raises(es.UnsupportedError, match="40 parameters at most"):
        es.sharpness(wide, wide.parameters(**named))
    classes = es.Problem(es.Network([1, 1, 2]), es.Data.from_arrays([0, 1], [[1, 0], [0, 1]]), "hinge")
    with pytest.raises(es.UnsupportedError, match="none of classes"):
        es.sharpness(classes, classes.parameters(W1=[[1]], b1=[1], W2=[[1], [1]], b2=[0, 0]))


def test_no_longer_than_the_effort() -> None:
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0]))
    point = problem.parameters(W1=[[1], [1]], b1=[1, 3], W2=[[1, 2]], b2=[5])
    with pytest.raises(es.OutOfTime):
        es.sharpness(problem, point, effort=F(1, 10**9))
    assert es.sharpness(problem, point, effort=60).largest == es.sharpness(problem, point).largest
