"""Hidden biases that nothing penalises, without an output bias: infima that are not attained, and levels against descents."""

from __future__ import annotations

from fractions import Fraction

import pytest

import exactsurf as es

F = Fraction


def land_of(x, y, m=1, loss="squared", decay="1/10", activation="relu"):
    network = es.Network([1, m, 1], activation, biases=[True, False])
    return es.enclosed_landscape(es.Problem(network, es.Data.from_arrays(x, y), loss, weight_decay=decay))


def test_a_constant_costs_nothing_and_is_not_attained():
    land = land_of([-4, -3, -2, 4], [3, 3, 3, 3])
    best = land.global_minimum
    assert best.risk == es.Enclosure(F(0), F(0)) and best.is_attained is False
    risks = [best.parameters.weights[1][0][0], land.problem.risk(best.parameters)]
    assert 0 < risks[0] < F(1, 1000) and 0 < risks[1] < F(1, 10**9)
    proof = es.certify_near_global_minimum(land)
    assert proof.bound == 0 and es.verify(proof.encoded)


def test_a_unit_that_does_something_else_attains_it():
    land = land_of([-4, -2, 2, 4], [4, 3, 3, 2], decay="1/2")
    assert land.global_minimum.is_attained is True and land.global_minimum.risk.is_exact
    assert land.global_minimum.risk.low == F(19, 64)


def test_with_an_output_bias_nothing_is_lost():
    """One more unit without an output bias does at least what an output bias does."""
    x, y = [-3, -1, 0, 1], [2, 1, 0, 4]
    data = es.Data.from_arrays(x, y)
    biased = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), data, weight_decay="1/2"))
    assert land_of(x, y, m=2, decay="1/2").global_minimum.risk.low <= biased.global_minimum.risk.high


def test_several_inputs():
    """A constant costs nothing, whatever the inputs are; with equal targets it does all, and is not attained."""
    x = [[1, 2], [0, 1], [1, 0], [-1, 2]]
    network = es.Network([2, 1, 1], biases=[True, False])
    best = es.enclosed_landscape(es.Problem(network, es.Data.from_arrays(x, [3] * 4), weight_decay=1)).global_minimum
    assert best.risk == es.Enclosure(F(0), F(0)) and best.is_attained is False
    land = es.enclosed_landscape(es.Problem(network, es.Data.from_arrays(x, [3, 2, 4, 1]), weight_decay="1/10"))
    assert land.global_minimum.is_attained is True


def test_one_input_along_a_direction_of_the_plane_has_the_same_levels():
    """Inputs t·(3, 4): weights along it count with length 5, so what one unit does there is that of inputs 5t."""
    t, y = [-3, -1, 0, 1], [2, 1, 0, 4]
    plane = es.Data.from_arrays([[3 * value, 4 * value] for value in t], y)
    two = es.enclosed_landscape(es.Problem(es.Network([2, 1, 1], biases=[True, False]), plane, weight_decay="1/2"))
    one = land_of([5 * value for value in t], y, decay="1/2")
    assert len(one.valleys) == len(two.valleys) > 1
    for first, second in zip(one.valleys, two.valleys, strict=True):
        assert first.risk.low <= second.risk.high and second.risk.low <= first.risk.high
        assert (first.barrier is None) == (second.barrier is None) and first.multiplicity == second.multiplicity
        if first.barrier is not None:
            assert first.barrier.low <= second.barrier.high and second.barrier.low <= first.barrier.high


CASES = [
    ([-3, -1, 0, 1], [2, 1, 0, 4], 2, "squared", "1/2", "relu"),
    ([-4, -1, 1, 2], [4, 1, 3, 3], 2, "huber(1/2)", "1", "leaky_relu:1/10"),
    ([-3, -2, 1, 2], [1, -1, 1, 1], 1, "logistic", "1/10", "relu"),
    ([-4, -2, -1, 1], [3, 4, 2, 4], 2, "squared", "1/2", "relu"),
]


@pytest.mark.parametrize(("x", "y", "m", "loss", "decay", "activation"), CASES)
def test_no_descent_goes_below_and_certificates_hold(x, y, m, loss, decay, activation):
    numpy, optimize = pytest.importorskip("numpy"), pytest.importorskip("scipy.optimize")
    land = land_of(x, y, m, loss, decay, activation)
    slope, factor = (0.1 if "leaky" in activation else 0.0), float(F(decay))
    inputs, targets = numpy.array(x, float), numpy.array(y, float)

    def risk(t):
        w, c, v = t[:m], t[m : 2 * m], t[2 * m :]
        z = numpy.outer(inputs, w) + c
        f = numpy.where(z > 0, z, slope * z) @ v
        u = abs(f - targets)
        if loss == "squared":
            value = (u * u).sum() / 2
        elif loss == "logistic":
            value = numpy.logaddexp(0, -targets * f).sum()
        else:
            value = numpy.where(u <= 0.5, u * u / 2, u / 2 - 0.125).sum()
        return float(value + factor / 2 * ((w * w).sum() + (v * v).sum()))

    draw = numpy.random.RandomState(3)
    options = {"maxiter": 2000, "xatol": 1e-9, "fatol": 1e-12}
    found = [optimize.minimize(risk, 3 * draw.randn(3 * m), method="Nelder-Mead", options=options).fun for _ in range(8)]
    low = float(land.global_minimum.risk.low)
    assert low - 1e-9 <= min(found) <= low + 0.3
    assert es.verify(es.certify_near_global_minimum(land).encoded)
    for valley in land.valleys:
        if valley.is_spurious and not valley.is_tied:
            proof = es.certify_enclosed_valley(land, valley.parameters)
            assert proof.floor <= valley.risk.high and proof.bound <= valley.barrier.high


def test_a_larger_weight_decay_raises_every_least_risk():
    levels = [land_of([-3, -1, 0, 1], [2, 1, 0, 4], decay=decay).global_minimum.risk for decay in ("1/100", "1/10", "1")]
    assert levels[0].high < levels[1].low and levels[1].high < levels[2].low
