"""Proposals of flattest minimisers: near the minimum that SciPy finds, with a matrix that is nearly a density."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize

import exactsurf as es
from exactsurf.effort import Effort
from exactsurf.minima.floats.flattest_fibre import FibreForm, flattest_near
from exactsurf.minima.local.fibre import fibre_of

PROBLEM = es.Problem(es.Network([2, 2, 1], "linear", biases=False), es.Data.from_arrays([[1, 0], [0, 1], [1, 1]], [1, 2, 3]))
THETA = PROBLEM.parameters(W1=[[1, 0], [0, 1]], W2=[[1, 2]])


def gram(form: FibreForm, s: np.ndarray, u: np.ndarray) -> np.ndarray:
    p = np.array(form.start, dtype=float) + u @ np.array(form.moves, dtype=float)
    found = np.array(form.constant, dtype=float)
    for j, value in enumerate(s):
        h = np.array(form.maps[j], dtype=float) @ p
        found = found + value * np.array(form.squares[j], dtype=float) + np.outer(h, h) / value
    return found


@pytest.mark.parametrize("by_trace", [True, False])
def test_against_scipy(by_trace: bool):
    form = fibre_of(PROBLEM, THETA).form
    root = np.diag(np.sqrt(np.array(form.weights, dtype=float)))

    def value(x: np.ndarray) -> float:
        matrix = root @ gram(form, np.exp(x[:2]), x[2:]) @ root
        return float(matrix.trace() if by_trace else np.linalg.eigvalsh(matrix)[-1])

    near = flattest_near(form, by_trace, 20, Effort.of(60).started())
    place = np.concatenate([np.log(np.array(near.squares, dtype=float)), np.array(near.moves, dtype=float)])
    best = minimize(
        value, np.zeros(2 + len(form.moves)), method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-9, "maxiter": 4000}
    )
    assert value(place) == pytest.approx(best.fun, rel=1e-4) and value(place) <= best.fun * (1 + 1e-5)
    if not by_trace:
        density = np.array(near.density, dtype=float)
        assert np.linalg.eigvalsh(density)[0] > 0 and density.trace() == pytest.approx(1, rel=1e-3)
