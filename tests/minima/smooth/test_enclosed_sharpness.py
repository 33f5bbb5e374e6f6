"""Enclosed sharpness against NumPy's eigenvalues of finite differences, against the exact one, and what it refuses."""

from __future__ import annotations

import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import exactsurf as es
from exactsurf.model.parameter_vector import parameters_of, vector_of
from tests.sweep import draws

F = Fraction
SWEEP = draws(12)
KINDS: list[tuple[Any, Any, Any]] = [
    (es.tanh, es.squared, None),
    (es.softplus, es.logistic, "1/10"),
    (es.sigmoid, es.squared, "1/100"),
    (es.relu, es.logistic, None),
    (es.leaky_relu("1/2"), es.squared, "1/7"),
    (es.arctan, es.huber(3), None),
]


@pytest.mark.parametrize("seed", range(SWEEP))
def test_bounds_hold_what_differences_give(seed: int) -> None:
    source = random.Random(seed)
    activation, loss, decay = KINDS[seed % len(KINDS)]
    labels = [1, -1, 1, 1] if loss is es.logistic else [source.randint(-2, 2) for _ in range(4)]
    data = es.Data.from_arrays([[F(source.randint(-9, 9), 5)] for _ in range(4)], labels)
    problem = es.Problem(es.Network([1, 2, 1], activation), data, loss, weight_decay=decay)

    def entry() -> Fraction:
        return F(source.choice([-1, 1]) * source.randint(1, 20), 13)

    theta = parameters_of(problem.network, [entry() for _ in range(7)])
    found = es.enclosed_sharpness(problem, theta)
    assert es.verify(found.certificate.encoded).kind == "enclosed sharpness"
    assert found.bounds[1] - found.bounds[0] < F(1, 10**6) and not found.may_be_critical
    step, start = F(1, 2**12), vector_of(theta)

    def risk(moves: dict[int, int]) -> Fraction:
        moved = parameters_of(problem.network, [v + step * moves.get(p, 0) for p, v in enumerate(start)])
        value = problem.risk(moved)
        return value if isinstance(value, Fraction) else value.midpoint

    table = np.zeros((7, 7))
    for p in range(7):
        for q in range(p + 1):
            signs = [(a, b) for a in (1, -1) for b in (1, -1)]
            total = sum((a * b * risk({p: a, q: b} if p != q else {p: a + b}) for a, b in signs), F(0))
            table[p, q] = table[q, p] = float(total / (4 * step * step))
    values = np.linalg.eigvalsh(table)
    scale = 1 + abs(values[-1])
    assert float(found.bounds[0]) == pytest.approx(values[-1], abs=1e-4 * scale)
    assert float(found.trace[0]) == pytest.approx(np.trace(table), abs=1e-4 * scale)
    step_low, step_high = found.largest_step or (F(0), F(0))
    assert step_low <= step_high and (values[-1] < 0 or step_low == 2 / found.bounds[1])


def test_it_agrees_with_the_exact_one() -> None:
    problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    theta = problem.parameters(W1=[["1/2"], [0]], b1=[1, -1], W2=[[1, 0]], b2=[-1])
    exact, enclosed = es.sharpness(problem, theta), es.enclosed_sharpness(problem, theta)
    assert enclosed.bounds[0] <= exact.certificate.bounds[1] and exact.certificate.bounds[0] <= enclosed.bounds[1]
    assert enclosed.trace[0] <= exact.trace <= enclosed.trace[1] and enclosed.may_be_critical
    assert "largest eigenvalue ≈" in repr(enclosed)


def test_refusals() -> None:
    data = es.Data.from_arrays([0, 1], [0, 1])
    problem = es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/2")
    with pytest.raises(es.UnsupportedError, match="twice differentiable"):
        es.enclosed_sharpness(problem, problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0]))
    wide = es.Problem(es.Network([1, 20, 1], es.tanh), data)
    with pytest.raises(es.UnsupportedError, match="40 parameters at most"):
        es.enclosed_sharpness(wide, wide.parameters(W1=[[1]] * 20, b1=[1] * 20, W2=[[1] * 20], b2=[0]))
    smooth = es.Problem(es.Network([1, 1, 1], es.tanh), data)
    with pytest.raises(es.OutOfTime):
        es.enclosed_sharpness(smooth, smooth.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0]), effort=F(1, 10**9))
