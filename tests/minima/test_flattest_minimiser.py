"""The flattest minimiser: closed forms, any width, against rescalings and random instances, and what is refused."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es

LINE = es.Problem(es.Network([1, 2, 1], biases=False), es.Data.from_arrays([1, 2], [2, 4]))


def planted(rnd: random.Random) -> tuple[es.Problem, es.Parameters] | None:
    """A problem that a random network fits exactly, and the network; None if it lies on a wall or some unit is off everywhere."""
    inputs, units, samples = rnd.choice((1, 2)), rnd.choice((1, 2, 3)), rnd.randint(2, 4)
    network = es.Network([inputs, units, 1], rnd.choice(["relu", es.leaky_relu("1/2"), "absolute_value", "linear"]))
    x = [[rnd.randint(-3, 3) for _ in range(inputs)] for _ in range(samples)]
    named = {
        "W1": [[Fraction(rnd.randint(-4, 4), 2) for _ in range(inputs)] for _ in range(units)],
        "b1": [Fraction(rnd.randint(-4, 4), 3) for _ in range(units)],
        "W2": [[Fraction(rnd.choice([-3, -2, -1, 1, 2, 3]), 2) for _ in range(units)]],
        "b2": [Fraction(1, 2)],
    }
    blank = es.Problem(network, es.Data.from_arrays(x, [0] * samples))
    theta = blank.parameters(**named)
    problem = es.Problem(network, es.Data.from_arrays(x, [row[0] for row in blank.predictions(theta)]))
    try:
        es.sharpness(problem, theta)
    except es.UnsupportedError:
        return None
    return problem, theta


def test_one_linear_function_is_spread_over_units_for_nothing():
    """f = 2x on x = 1, 2 with ReLU units: T = 5(Σ v_j² + Σ w_j²) is least at 20, with Σ w_j v_j = 2; so is the eigenvalue."""
    found = es.flattest_minimiser(LINE, LINE.parameters(W1=[[4], ["1/2"]], W2=[["1/4", 2]]), width="1e-20")
    for low, high in (found.trace, found.eigenvalue):
        assert low <= 20 <= high and high - low <= Fraction(20, 10**20)
    assert found.largest_step[0] <= Fraction(1, 10) <= found.largest_step[1]
    assert (found.is_stable("1/11"), found.is_stable("1/9")) == (True, False)
    assert es.FlattestMinimiser.is_stable(found, Fraction(2) / found.eigenvalue[1]) is True


def test_two_inputs_by_the_known_norm():
    """Linear units, X = I: T = Σ_j 2 v_j² + |w_j|² with Σ v_j w_j = a is least at 2√2·|a|, as the nuclear norm says."""
    problem = es.Problem(es.Network([2, 2, 1], "linear", biases=False), es.Data.from_arrays([[1, 0], [0, 1]], [3, 4]))
    found = es.flattest_minimiser(problem, problem.parameters(W1=[[3, 0], [0, 4]], W2=[[1, 1]]), width="1e-15")
    low, high = found.trace
    assert low**2 <= 200 <= high**2


def test_random_instances_against_rescalings_and_points():
    rnd, seen = random.Random(3), 0
    while seen < 6:
        found = planted(rnd)
        if found is None:
            continue
        problem, theta = found
        try:
            flat = es.flattest_minimiser(problem, theta, width="1e-5")
        except es.UnsupportedError as error:
            assert "held by these samples alone" in str(error)
            continue
        seen += 1
        rescaled, here = es.flattest_rescaling(problem, theta), es.sharpness(problem, theta)
        assert flat.trace[0] <= rescaled.trace[1] and flat.eigenvalue[0] <= rescaled.eigenvalue[1]
        assert flat.trace[1] <= here.trace * (1 + Fraction(1, 10**5))
        for point, name in ((flat.with_least_trace, "trace"), (flat.with_least_eigenvalue, "eigenvalue")):
            assert problem.risk(point) == 0
            there = es.sharpness(problem, point)
            assert there.trace >= flat.trace[0]
            assert there.is_stable(2 / flat.eigenvalue[1]) or name == "trace"
            if name == "trace":
                assert there.trace <= flat.trace[1]
        # From its own flattest point the answer is the same.
        again = es.flattest_minimiser(problem, flat.with_least_trace, width="1e-5")
        assert again.trace[0] <= flat.trace[1] and flat.trace[0] <= again.trace[1]


def test_what_is_refused():
    theta = LINE.parameters(W1=[[1], [1]], W2=[[1, 1]])
    with pytest.raises(es.InputError, match="width must be positive"):
        es.flattest_minimiser(LINE, theta, width=0)
    with pytest.raises(es.UnsupportedError, match="gradient is not zero"):
        es.flattest_minimiser(LINE, LINE.parameters(W1=[[1], [1]], W2=[[1, 2]]))
    with pytest.raises(es.UnsupportedError, match="output weight is 0"):
        es.flattest_minimiser(LINE, LINE.parameters(W1=[[2], [1]], W2=[[1, 0]]))
    deep = es.Problem(es.Network([1, 1, 1, 1], biases=False), LINE.data)
    with pytest.raises(es.UnsupportedError, match="one hidden layer"):
        es.flattest_minimiser(deep, deep.parameters(W1=[[1]], W2=[[1]], W3=[[2]]))
    with pytest.raises(es.UnsupportedError, match="weight decay"):
        es.flattest_minimiser(es.Problem(LINE.network, LINE.data, weight_decay=1), theta)
    with pytest.raises(es.OutOfTime):
        es.flattest_minimiser(LINE, theta, effort="0.000001")
    with pytest.raises(es.InputError, match="step must be positive"):
        es.flattest_minimiser(LINE, theta, width="1/10").is_stable(0)
