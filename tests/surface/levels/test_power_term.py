"""The loss (f − y)^p in landscapes with enclosed levels: terms against floats, levels against descents and known numbers."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exactsurf as es
from exactsurf.surface.levels.power_term import PowerTerm, root_over
from tests.verifier.enclosed_list_oracle import holds_everywhere

F = Fraction
LINE = [[0], [1], [2], [3]]
PLANE = [[1, 2], [0, 1], [1, 0], [-1, 2]]


@given(st.fractions(0, 50, max_denominator=99), st.integers(2, 9))
def test_roots_are_not_below_and_near(value: Fraction, degree: int):
    root = root_over(value, degree)
    assert value <= root**degree <= value * (1 + F(1, 2**200)) + F(1, 2**250)


@pytest.mark.parametrize("p", [4, 6, 10])
def test_values_conjugates_and_bounds_are_those_of_the_definition(p: int):
    term = PowerTerm(F(3, 2), F(1, 3), p)
    grid = [F(k, 40) for k in range(-100, 130)]
    for r in (F(-7), F(-1, 9), F(0), F(5, 2)):
        found, best = term.conjugate(r), max(r * f - term.value(f) for f in grid)
        assert best <= found <= best + F(1, 50)
        # At the best prediction the slope is r.
        u = float(abs(r) / (F(3, 2) * p)) ** (1 / (p - 1)) * (1 if r > 0 else -1)
        f = u + 1 / 3
        assert float(found) == pytest.approx(float(r) * f - 1.5 * u**p)
    for top in (F(1, 100), F(5)):
        bound = term.steepest_below(top, F(1))
        assert all(term.weight * p * (p - 1) * (f - term.shift) ** (p - 2) <= bound for f in grid if term.value(f) <= top)
    below, above = term.slopes_within(F(1), F(1, 10))
    assert below < F(3, 2) * p * F(2, 3) ** (p - 1) < above


CASES = [
    ([1, 1, 1], LINE, [0, 1, 0, 2], True, 4, {}),
    ([1, 2, 1], LINE, [1, -1, 2, 0], [True, False], 4, {}),
    ([1, 1, 1], LINE, [0, 1, 0, 2], True, 6, {"weight_decay": "1/10"}),
    ([2, 1, 1], PLANE, [1, 2, 0, -1], [False, True], 4, {"weight_decay": "1/10", "decay_biases": True}),
]


@pytest.mark.parametrize(("widths", "x", "y", "biases", "p", "decay"), CASES)
def test_no_descent_goes_below_and_certificates_hold(widths, x, y, biases, p, decay):
    numpy, optimize = pytest.importorskip("numpy"), pytest.importorskip("scipy.optimize")
    problem = es.Problem(es.Network(widths, biases=biases), es.Data.from_arrays(x, y), es.losses.power(p), **decay)
    land = es.enclosed_landscape(problem)
    inputs, targets, m, d = numpy.array(x, float), numpy.array(y, float), widths[1], widths[0]
    first, last = problem.network.biases
    factor, both = float(F(decay.get("weight_decay", 0))), decay.get("decay_biases", False)

    def risk(t):
        w, c, v, b = t[: m * d].reshape(m, d), t[m * d : m * d + m] * first, t[m * d + m : m * d + 2 * m], t[-1] * last
        f = numpy.maximum(inputs @ w.T + c, 0) @ v + b
        size = (w**2).sum() + (v**2).sum() + both * ((c**2).sum() + b * b)
        return float(((f - targets) ** p).sum() + factor / 2 * size)

    draw = numpy.random.RandomState(2)
    found = [optimize.minimize(risk, 2 * draw.randn(m * d + 2 * m + 1), method="BFGS").fun for _ in range(20)]
    low = float(land.global_minimum.risk.low)
    # That points come near is in the certificates; descents are slow where fourth powers are flat.
    assert min(found) >= low - 1e-7
    assert es.certify_near_global_minimum(land).bound <= land.global_minimum.risk.low
    every = es.certify_all_enclosed_valleys(land)
    assert every.valleys == len(land.valleys)
    holds_everywhere(every.document(), 6)
    for valley in land.valleys:
        if valley.is_spurious and not valley.is_tied:
            assert valley.risk.high < es.certify_enclosed_valley(land, valley.parameters).bound


def test_a_constant_fit_is_known():
    """One class of inputs: the least Σ (b − y)⁴ of the targets 0 and 2 is 2, at 1; of −1, 0 and 1 at 0."""
    for y, least in (([0, 2], 2), ([-1, 0, 1], 2)):
        data = es.Data.from_arrays([[0]] * len(y), y)
        land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), data, es.losses.power(4)))
        assert land.global_minimum.risk.low <= least <= land.global_minimum.risk.high


def test_weight_2_is_a_sample_twice_and_a_scaled_loss_is_a_scaled_landscape():
    x, y = [0, 1, 2], [0, 1, 0]
    network, loss = es.Network([1, 1, 1]), es.losses.power(4)
    one = es.enclosed_landscape(es.Problem(network, es.Data.from_arrays(x, y, weights=[2, 1, 1]), loss))
    two = es.enclosed_landscape(es.Problem(network, es.Data.from_arrays([0, *x], [0, *y]), loss))
    assert [v.multiplicity for v in one.valleys] == [v.multiplicity for v in two.valleys]
    for a, b in zip(one.valleys, two.valleys, strict=True):
        assert a.risk.low <= b.risk.high and b.risk.low <= a.risk.high
    three = es.enclosed_landscape(es.Problem(network, es.Data.from_arrays(x, y, weights=[2, 1, 1]), loss.scaled(3)))
    for a, b in zip(one.valleys, three.valleys, strict=True):
        assert 3 * a.risk.low <= b.risk.high and b.risk.low <= 3 * a.risk.high


@pytest.mark.parametrize("power", [4, 6])
def test_rational_least_risks_are_certified(power: int):
    data = es.Data.from_arrays([[-1], [0], [0]], [0, 1, 3])
    problem = es.Problem(es.Network([1, 2, 1], biases=False), data, es.losses.power(power))
    search = es.EnclosedSearch(problem)
    search.run()
    assert search.lower == search.upper == 1 + 3**power
    for proof in (es.certify_search(search), es.certify_near_global_minimum(es.enclosed_landscape(problem))):
        assert es.verify(proof.encoded).kind == proof.kind and 0 < search.lower - proof.bound < search.lower / 10**9


@pytest.mark.parametrize("seed", range(12))
def test_landscapes_with_weight_decay_of_every_size(seed: int) -> None:
    # Nothing bounds the curvature of a power: a step that is short enough near the labels goes far too far from elsewhere.
    source = random.Random(seed)
    inputs, samples = source.choice([(1, 5), (2, 4), (2, 5)])
    x = [[source.randint(-9, 9) for _ in range(inputs)] for _ in range(samples)]
    data = es.Data.from_arrays(x, [source.randint(-9, 9) for _ in x])
    biases = source.choice([True, [False, True]])
    factor, loss = source.choice(["1/100", "1/10", 10]), source.choice(["power(4)", "power(6)"])
    land = es.enclosed_landscape(es.Problem(es.Network([inputs, 1, 1], biases=biases), data, loss, weight_decay=factor))
    assert all(run.enclosure.width <= max(run.enclosure.high, 1) / 10**9 for run in land.runs)
    proof = es.certify_near_global_minimum(land)
    assert es.verify(proof.encoded).kind == proof.kind and proof.risk - proof.bound <= proof.risk / 10**8
