"""Trained networks: which share of the minima that SciPy's descents find is proved, and that nothing near them is lower."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import exactsurf as es
from exactsurf.minima.floats.risk_on_walls import RiskInFloats
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.model.parameter_vector import parameters_of, vector_of
from tests.sweep import draws

CASES = {
    "relu": ((2, 3, 1), "relu", "squared", "1/20", 10),
    "leaky": ((2, 2, 1), "leaky_relu:1/10", "squared", "1/100", 10),
    "logistic": ((2, 2, 1), "relu", "logistic", "1/20", 10),
    "two hidden layers": ((2, 2, 2, 1), "relu", "squared", "1/50", 8),
    "two outputs": ((2, 2, 2), "relu", "squared", "1/50", 8),
}


def trained(case: str, seed: int) -> tuple[es.Problem, es.Parameters]:
    """A random problem, and where L-BFGS stops on it from random weights."""
    minimize = pytest.importorskip("scipy.optimize").minimize
    widths, activation, loss, decay, samples = CASES[case]
    rng = np.random.default_rng(seed)
    x = [[f"{v:.2f}" for v in row] for row in rng.normal(size=(samples, widths[0]))]
    y = [[f"{v:.2f}" for v in row] for row in rng.normal(size=(samples, widths[-1]))]
    if loss == "logistic":
        y = [[int(v)] for v in rng.choice([-1, 1], size=samples)]
    problem = es.Problem(es.Network(list(widths), activation), es.Data.from_arrays(x, y), loss, weight_decay=decay)
    model = RiskInFloats(problem)

    def risk_and_slope(v):
        here = model.at(v, [])
        return here.risk, here.gradient

    end = minimize(risk_and_slope, rng.normal(size=dimension(problem.network)), jac=True, method="L-BFGS-B").x
    return problem, parameters_of(problem.network, [Fraction(float(v)) for v in end])


@pytest.mark.parametrize("case", CASES)
def test_most_are_proved_and_nothing_near_is_lower(case: str):
    boxes = []
    for seed in range(count := draws(4)):
        problem, floats = trained(case, seed)
        box = es.find_minimum_on_walls(problem, floats)
        if isinstance(box, es.BoxOnWalls):
            boxes.append(box)
            assert float(box.risk.lower) <= RiskInFloats(problem).risk(np.array([float(v) for v in vector_of(floats)])) + 1e-9
    assert 2 * len(boxes) >= count, boxes
    assert_the_risk_rises(next(box for box in boxes if box.walls))


def assert_the_risk_rises(box: es.BoxOnWalls) -> None:
    """In floats: nothing near is lower, and off the walls the slopes are the multipliers."""
    model, rng = RiskInFloats(box.problem), np.random.default_rng(0)
    point = np.array([float(v) for v in vector_of(box.parameters)])
    lowest = float(box.risk.lower)
    for scale in (1e-1, 1e-2, 1e-3, 1e-4):
        for _ in range(60):
            assert model.risk(point + scale * rng.normal(size=len(point)) / 10) >= lowest
    finer = es.find_minimum_on_walls(box.problem, box.parameters, precisions=[256])
    centre = np.array([float(v) for v in vector_of(finer.parameters)])
    here = model.at(centre, finer.walls)
    for n, multiplier in enumerate(map(float, finer.certificate.multipliers)):
        # Off one wall, along the others: the slopes on both sides are the multiplier, and what is left of the rise.
        step = np.linalg.pinv(here.sides[:, : len(point)])[:, n]
        shortest = 1e-6 / max(1.0, float(np.abs(step).max()))
        up, down = (model.risk(centre + sign * shortest * step) - model.risk(centre) for sign in (1, -1))
        assert up > 0 and down / shortest == pytest.approx(multiplier, rel=1e-2, abs=1e-4)


def test_polish_ends_on_the_walls():
    problem, floats = trained("relu", 1)
    found = es.polish(problem, floats)
    assert found.method == "box on walls" and found.box.kind == "local minimum on walls" and found.box.walls
    assert found.box.status is es.Status.PROVED and "wall" in found.verdict.reason
