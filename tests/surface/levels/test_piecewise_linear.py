"""Enclosed landscapes of activations with breakpoints other than 0: against descents, by certificates, infima not attained."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.surface.levels.level_point import risk_above

F = Fraction
SHIFTED = es.piecewise_linear([1], [0, 1])
STAIRS = es.piecewise_linear(["-1", "1/2", 2], [0, 1, 0, "1/2"], "1/3")
CASES = {
    "hard_tanh": ("hard_tanh", True, "log_cosh", [-1, 0, 1, 2], [1, 0, 3, -2], 1),
    "two units": ("hard_tanh", [True, False], "log_cosh", [0, 1, 2], [1, -1, 2], 2),
    "relu6": ("relu6", [True, False], "logistic", [-1, 0, 1, 2], [1, -1, 1, 1], 1),
    "shifted": (SHIFTED, False, "log_cosh", [1, -1, 2, 3], [1, 2, -1, 0], 2),
    "stairs": (STAIRS, [False, True], "logistic", [1, -1, 2, 3], [1, -1, 1, -1], 2),
    "counts": ("hard_tanh", True, "poisson", [-1, 0, 1, 2], [1, 0, 3, 2], 1),
}


def problem_of(name: str) -> es.Problem:
    activation, biases, loss, x, y, units = CASES[name]
    return es.Problem(es.Network([1, units, 1], activation, biases=biases), es.Data.from_arrays(x, y), loss)


@pytest.mark.parametrize("name", CASES)
def test_certificates_hold_and_points_are_near_their_levels(name: str):
    land = es.enclosed_landscape(problem_of(name))
    for valley in land.valleys:
        least, most = valley.risk.low, risk_above(land.problem, valley.parameters)
        assert least <= most <= least + F(1, 10**8) * max(least, 1)
    es.certify_near_global_minimum(land)
    proof = es.certify_all_enclosed_valleys(land)
    assert proof.valleys == len(land.valleys)
    for valley in land.valleys:
        if valley.is_spurious and not valley.is_tied:
            assert es.certify_enclosed_valley(land, valley.parameters).bound > valley.risk.high


@pytest.mark.parametrize("name", CASES)
def test_no_descent_ends_below_and_deep_ones_end_in_valleys(name: str):
    numpy, optimize = pytest.importorskip("numpy"), pytest.importorskip("scipy.optimize")
    problem = problem_of(name)
    land = es.enclosed_landscape(problem)
    _, biases, loss, x, y, m = CASES[name]
    h = problem.network.activation
    points, slopes = [float(t) for t in h.breakpoints], [float(s) for s in h.slopes]
    zero = float(h(F(0)))
    hidden, output = biases if isinstance(biases, list) else (biases, biases)
    inputs, targets = numpy.array(x, float), numpy.array(y, float)

    def ramp(z):
        bends = zip(points, numpy.diff(slopes), strict=True)
        value = slopes[0] * z + sum(change * numpy.maximum(z - t, 0) for t, change in bends)
        return value + zero - sum(c * max(-t, 0) for t, c in zip(points, numpy.diff(slopes), strict=True))

    assert ramp(numpy.array(0.7)) == pytest.approx(float(h(F(7, 10))))

    def risk(t):
        w, c, v, b = t[:m], t[m : 2 * m] * hidden, t[2 * m : 3 * m], t[3 * m] * output
        f = ramp(numpy.outer(inputs, w) + c) @ v + b
        if loss == "log_cosh":
            return float(numpy.sum(numpy.logaddexp(f - targets, targets - f) - numpy.log(2)))
        return float(numpy.sum(numpy.logaddexp(0, -targets * f) if loss == "logistic" else numpy.exp(f) - targets * f))

    generator, best = random.Random(7), float(land.global_minimum.risk.low)
    found = []
    for _ in range(12):
        start = [generator.gauss(0, 2) for _ in range(3 * m + 1)]
        ended = optimize.minimize(risk, start, method="Nelder-Mead", options={"maxiter": 4000, "fatol": 1e-12, "xatol": 1e-9})
        found.append(ended.fun)
    assert min(found) >= best - 1e-9
    assert min(found) <= best + 0.3 * (1 + abs(best))


def test_output_weights_that_fall_to_0_attain_nothing():
    """v relu(w x − 1) comes as near to x as one likes, with large w and small v, but is not linear itself."""
    for loss in ("log_cosh",):
        land = es.enclosed_landscape(
            es.Problem(es.Network([1, 1, 1], SHIFTED, biases=False), es.Data.from_arrays([1, 2], [1, 2]), loss)
        )
        best = land.global_minimum
        assert best.risk.low <= 0 <= best.risk.high and best.is_attained is not True
        assert 0 < abs(best.parameters.weights[1][0][0]) < F(1, 1000)
    # With 0 among the pieces the unit can have the output weight and nothing else: it is attained by two.
    data = es.Data.from_arrays([1, 2], [1, 3])
    land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1], SHIFTED, biases=False), data, "log_cosh"))
    assert land.global_minimum.is_attained is True and land.global_minimum.risk.low <= 0


def test_a_breakpoint_that_no_sample_comes_to_changes_no_level():
    """relu6 with large inputs: units of any size, so the levels of relu are those where nothing is cut off."""
    data = es.Data.from_arrays([0, 1, 2, 3], [1, -1, 1, 1])
    for biases in (True, [True, False]):
        plain = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1], biases=biases), data, "logistic"))
        cut = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1], "relu6", biases=biases), data, "logistic"))
        assert cut.global_minimum.risk.low <= plain.global_minimum.risk.high


def test_with_weight_decay_it_is_refused():
    data = es.Data.from_arrays([0, 1], [0, 1])
    with pytest.raises(es.UnsupportedError, match="relu or leaky_relu"):
        es.enclosed_landscape(es.Problem(es.Network([1, 1, 1], "hard_tanh"), data, weight_decay=1))
