"""Global minima with weight decay against the convex programs of Pilanci and Ergen, solved by cvxpy."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es

cvxpy = pytest.importorskip("cvxpy")
numpy = pytest.importorskip("numpy")
optimize = pytest.importorskip("scipy.optimize")

F = Fraction
NEAR = 1e-6

# Inputs, samples, which biases there are, whether they are penalised, the factor, and the loss.
INSTANCES = [
    (1, 3, [True, True], True, "1/5", es.squared),
    (1, 4, [True, True], True, "1/2", es.squared),
    (1, 4, [True, False], True, "1/2", es.squared),
    (1, 4, [False, True], False, "1/5", es.squared),
    (1, 4, [True, True], False, 1, es.squared),
    (1, 4, [True, True], True, "1/5", es.huber("1/2")),
    (2, 3, [False, False], False, "1/5", es.squared),
    (2, 4, [False, True], False, 1, es.squared),
    (2, 4, [False, True], True, 1, es.huber(1)),
    (2, 3, [True, True], True, 1, es.squared),
    (2, 3, [True, True], False, "1/2", es.squared),
    (2, 4, [True, True], False, 2, es.huber(1)),
    (2, 3, [True, False], False, "1/5", es.squared),
]


def problem(place: int, units: int) -> es.Problem:
    inputs, samples, biases, penalised, factor, loss = INSTANCES[place]
    rnd = random.Random(place)
    x = [[rnd.randint(-3, 3) + F(k, 7) for _ in range(inputs)] for k in range(samples)]
    data = es.Data.from_arrays(x, [rnd.randint(-2, 2) for _ in range(samples)])
    return es.Problem(es.Network([inputs, units, 1], biases=biases), data, loss, weight_decay=factor, decay_biases=penalised)


def convex_program(case: es.Problem) -> tuple[float, int]:
    """The least risk of networks of any width, and the number of units of one that has it."""
    hidden, output = case.network.biases
    x = numpy.array([[float(v) for v in row] + [1.0] * hidden for row in case.data.x])
    y = numpy.array([float(row[0]) for row in case.data.y])
    factor, delta = float(case.decay.factor), case.loss.delta
    drawn = numpy.random.default_rng(0).normal(size=(40000, x.shape[1])) * numpy.array([1.0] * (x.shape[1] - 1) + [4.0])
    patterns = numpy.unique(drawn @ x.T > 0, axis=0)
    seen = numpy.array([1.0] * (x.shape[1] - 1) + [float(not hidden or case.decay.biases)])
    bias = cvxpy.Variable()
    prediction, price, constraints, units = bias * float(output), 0, [], []
    for pattern in patterns:
        for sign in (1, -1):
            p = cvxpy.Variable(x.shape[1])
            constraints.append(cvxpy.multiply(2.0 * pattern - 1, x @ p) >= 0)
            prediction = prediction + sign * cvxpy.multiply(1.0 * pattern, x @ p)
            price = price + cvxpy.norm(cvxpy.multiply(seen, p))
            units.append((p, sign))
    gap = prediction - y
    loss = cvxpy.sum_squares(gap) / 2 if delta is None else cvxpy.sum(cvxpy.huber(gap, float(delta))) / 2
    penalty = factor / 2 * cvxpy.square(bias) if case.decay.biases and output else 0
    program = cvxpy.Problem(cvxpy.Minimize(loss + factor * price + penalty), constraints)
    program.solve(solver="CLARABEL", tol_gap_abs=1e-11, tol_gap_rel=1e-11, tol_feas=1e-11)
    # A vertex of the solutions in these directions: few units.
    lengths = [float(numpy.linalg.norm(seen * p.value)) for p, _ in units]
    used = [k for k, length in enumerate(lengths) if length > 1e-5]
    columns = [units[k][1] * numpy.maximum(x @ units[k][0].value, 0) for k in used]
    if not used:
        return float(program.value), 0
    shares = optimize.linprog(
        [lengths[k] for k in used],
        A_eq=numpy.array([*columns]).T,
        b_eq=numpy.sum(columns, axis=0),
        method="highs-ds",
    )
    return float(program.value), int((shares.x > 1e-6).sum())


@pytest.mark.parametrize("place", range(len(INSTANCES)))
def test_the_least_risk_is_that_of_the_convex_program(place: int):
    value, units = convex_program(problem(place, 1))
    assert 0 < units <= 3
    for width in range(1, units + 1):
        land = es.enclosed_landscape(problem(place, width))
        risk = land.global_minimum.risk
        assert float(risk.low) > value - NEAR
        if width == units:
            assert float(risk.high) < value + NEAR
