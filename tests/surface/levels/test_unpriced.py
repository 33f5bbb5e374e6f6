"""Levels without weight decay against convex programs in floats, logistic regression, and one another."""

from __future__ import annotations

import random
from fractions import Fraction

import numpy as np
import pytest

import exactsurf as es
from exactsurf.surface.levels.level_work import level_work

F = Fraction
PLANE = [[1, 2], [0, 1], [1, 0], [-1, 2], [2, -1], [1, 1]]
LINE = [[0], [1], [2], [3], [4], [5]]
LABELS = [1, -1, 1, 1, -1, -1]
CASES = {
    "line": (es.Network([1, 2, 1]), LINE, LABELS, "logistic", None),
    "leaky, weights": (es.Network([1, 2, 1], es.leaky_relu("1/4")), LINE, LABELS, "logistic", [1, 2, 1, "1/2", 3, 1]),
    "no biases": (es.Network([2, 2, 1], biases=False), PLANE, LABELS, "logistic", None),
    "plane": (es.Network([2, 1, 1]), PLANE, LABELS, "logistic", None),
    "no output bias": (es.Network([1, 2, 1], biases=[True, False]), LINE, LABELS, "logistic", None),
    "exponential": (es.Network([1, 2, 1]), LINE, LABELS, "exponential", [1, 2, 1, 3, 1, 1]),
    "log cosh": (es.Network([1, 2, 1]), LINE, [0, 1, "1/2", 3, -1, 2], "log_cosh", None),
}


def work_of(name: str):
    network, x, y, loss, weights = CASES[name]
    return level_work(es.Problem(network, es.Data.from_arrays(x, y, weights=weights), loss), F(1, 10**9))


def least_in_floats(work, bits: int) -> float:
    """The least risk over a cone, by a quasi-Newton method with bounds."""
    optimize = pytest.importorskip("scipy.optimize")
    problem, atoms = work.problem, work.atoms
    rows = [
        [(-1.0 if bit & 1 else 1.0) * float(v) for v in atoms.atoms[bit >> 1].features[0]]
        for bit in range(2 * len(atoms.atoms))
        if bits >> bit & 1
    ]
    has_bias = problem.network.biases[1]
    rows += [[1.0] * len(problem.data)] * has_bias
    if not rows:
        return risk_at_nothing(problem)
    table = np.array([row / np.linalg.norm(row) for row in np.array(rows)])
    y = np.array([float(row[0]) for row in problem.data.y])
    weights = np.array([float(w) for w in problem.data.weights or [1] * len(y)])
    is_margin = problem.loss.is_of_labels

    def risk(z):
        f = z @ table
        u = y * f if is_margin else f - y
        if problem.loss == es.losses.exponential:
            value = np.exp(np.minimum(-u, 500))
            slope = -y * value
        elif is_margin:
            value, slope = np.logaddexp(0, -u), -y / (1 + np.exp(np.minimum(u, 500)))
        else:
            value, slope = np.logaddexp(u, -u) - np.log(2), np.tanh(u)
        return weights @ value, table @ (weights * slope)

    bounds = [(0, None)] * (len(rows) - has_bias) + [(None, None)] * has_bias
    options = {"maxiter": 5000, "maxfun": 20000, "ftol": 1e-15, "gtol": 1e-10}
    found = optimize.minimize(risk, np.zeros(len(rows)), jac=True, bounds=bounds, method="L-BFGS-B", options=options)
    again = optimize.minimize(risk, found.x, jac=True, bounds=bounds, method="SLSQP", options={"maxiter": 2000, "ftol": 1e-15})
    return float(min(found.fun, again.fun))


def risk_at_nothing(problem) -> float:
    theta = problem.parameters(W1=[[0] * problem.network.widths[0]] * 2, W2=[[0, 0]])
    return float(problem.risk(theta).midpoint)


@pytest.mark.parametrize("name", CASES)
def test_levels_against_convex_programs_in_floats(name: str):
    work, rnd = work_of(name), random.Random(name)
    table, vanish = work.levels, 0
    for _ in range(25):
        orbit = work.orbits[rnd.randrange(work.orbits.count)]
        cone = 0
        for kind in orbit:
            cone |= work.atoms.kinds[kind]
        level = table.levels[table.place(cone)]
        assert not level.support & ~cone and not cone & ~level.bounded
        vanish += bool(level.away.samples)
        found = least_in_floats(work, cone)
        assert level.low <= level.high <= level.low + F(1, 10**20)
        assert found > float(level.low) - 1e-9
        # Where the minimum lies at infinity a descent in floats only comes near it.
        assert found < float(level.high) + (1e-2 if level.away.samples else 1e-6)
    assert vanish or name in ("log cosh", "leaky, weights", "exponential", "line", "no output bias")


@pytest.mark.parametrize("name", CASES)
def test_a_shared_level_is_the_one_that_is_found_alone(name: str):
    work = work_of(name)
    work.solve(0, min(60, work.orbits.count))
    rnd, kinds = random.Random(3), work.atoms.kinds
    shared = 0
    for _ in range(25):
        cone = kinds[rnd.randrange(len(kinds))] | kinds[rnd.randrange(len(kinds))]
        known = work.levels.levels[work.levels.place(cone)]
        fresh = work_of(name).levels
        alone = fresh.levels[fresh.place(cone)]
        assert known.low <= alone.high and alone.low <= known.high
        shared += known.identity == alone.identity
    assert shared > 20


def test_levels_of_one_identity_are_equal():
    work = work_of("line")
    work.solve(0, work.orbits.count)
    groups: dict[object, list] = {}
    for level in work.levels.levels:
        groups.setdefault(level.identity, []).append(level)
    assert any(len(group) > 1 for group in groups.values())
    for group in groups.values():
        assert max(level.low for level in group) <= min(level.high for level in group)


def test_dual_vectors_hold_where_they_say():
    for name in CASES:
        work = work_of(name)
        work.solve(0, min(20, work.orbits.count))
        for level in work.levels.levels:
            assert not work.problem.network.biases[1] or not sum(level.gradient)
            for bit in range(2 * len(work.atoms.atoms)):
                gain = sum(r * h for r, h in zip(level.gradient, work.atoms.atoms[bit >> 1].features[0], strict=True))
                if level.bounded >> bit & 1:
                    assert gain <= 0 if bit & 1 else gain >= 0
                if level.support >> bit & 1:
                    # What a level uses, also on the way to infinity, gains nothing, and is among what it allows.
                    assert level.allowed >> bit & 1 and not gain


def test_a_linear_unit_is_logistic_regression():
    # Where a leaky unit is on for all samples and one with v < 0 too, the model is an affine one.
    linear_model = pytest.importorskip("sklearn.linear_model")
    x, y = [[1], [2], [3], [4], [5], [6]], [1, -1, 1, 1, -1, -1]
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays(x, y), "logistic")
    fitted = linear_model.LogisticRegression(C=1e12, tol=1e-12, max_iter=10000).fit(np.array(x, float), y)
    u = np.array(y) * fitted.decision_function(np.array(x, float))
    risk = float(np.logaddexp(0, -u).sum())
    land = es.enclosed_landscape(problem)
    assert min(abs(float(level.low) - risk) for level in land.levels) < 1e-8
