"""Poisson loss in landscapes with enclosed levels: terms against floats, levels against descents, infima at infinity."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

import exactsurf as es
from exactsurf.surface.levels.count_term import CountTerm

F = Fraction
LINE = [[0], [1], [2], [3], [4]]
PLANE = [[1, 2], [0, 1], [1, 0], [-1, 2], [2, -1]]


@pytest.mark.parametrize("y", [F(0), F(1), F(7, 2)])
def test_values_conjugates_and_bounds_are_those_of_the_definition(y: Fraction):
    term = CountTerm(F(3, 2), y)

    def value(f: float) -> float:
        return 1.5 * (math.exp(f) - float(y) * f)

    grid = [k / 50 for k in range(-400, 200)]
    assert float(term.least) <= min(map(value, grid)) + 1e-9
    if y:
        assert abs(float(term.least) - value(math.log(y))) < 1e-12
    for f in (F(-2), F(0), F(3, 2)):
        assert abs(float(term.value(f)) - value(float(f))) < 1e-12
        slope = 1.5 * (math.exp(f) - float(y))
        below, above = term.slopes_within(f, F(1, 10))
        assert below < slope < above
    for r in (F(-1, 2), F(0), F(2)):
        found, best = term.conjugate(r), max(float(r) * f - value(f) for f in grid)
        if found is None:
            assert r < -F(3, 2) * y
        else:
            assert best - 1e-9 <= float(found) <= best + 1e-3
    for top in (F(5), F(20)):
        bound = float(term.steepest_below(top, F(1)))
        assert all(1.5 * math.exp(f) <= bound for f in grid if value(f) <= top)


CASES = [
    ([1, 1, 1], LINE, [3, 3, 0, 2, 4], True, {}),
    ([1, 2, 1], LINE, [1, 4, 0, 2, 0], True, {"weight_decay": "1/10"}),
    ([2, 1, 1], PLANE, [1, 2, 0, 3, 3], [True, False], {}),
    ([2, 1, 1], PLANE, [4, 2, 2, 4, 0], True, {"weight_decay": "1/50", "decay_biases": True}),
]


@pytest.mark.parametrize(("widths", "x", "y", "biases", "decay"), CASES)
def test_no_descent_goes_below_the_global_minimum_and_one_reaches_it(widths, x, y, biases, decay):
    numpy, optimize = pytest.importorskip("numpy"), pytest.importorskip("scipy.optimize")
    problem = es.Problem(es.Network(widths, biases=biases), es.Data.from_arrays(x, y), "poisson", **decay)
    land = es.enclosed_landscape(problem)
    inputs, counts, m, d = numpy.array(x, float), numpy.array(y, float), widths[1], widths[0]
    first, last = problem.network.biases
    factor, both = float(F(decay.get("weight_decay", 0))), decay.get("decay_biases", False)

    def risk(t):
        w, k = t[: m * d].reshape(m, d), m * d
        c = t[k : k + m] if first else numpy.zeros(m)
        k += m * first
        v, o = t[k : k + m], t[k + m] if last else 0.0
        f = numpy.minimum(numpy.maximum(0, inputs @ w.T + c) @ v + o, 40)
        size = (w**2).sum() + (v**2).sum() + ((c**2).sum() + o * o if both else 0)
        return float((numpy.exp(f) - counts * f).sum() + factor / 2 * size)

    draw, count = numpy.random.RandomState(5), m * d + m * first + m + last
    found = [optimize.minimize(risk, 2 * draw.randn(count), method="BFGS").fun for _ in range(20)]
    low = float(land.global_minimum.risk.low)
    assert min(found) >= low - 1e-8 and min(found) - low < 0.7
    proof = es.certify_near_global_minimum(land)
    assert proof.bound <= land.global_minimum.risk.low and es.verify(proof.encoded)
    for valley in land.valleys:
        if valley.is_spurious and not valley.is_tied:
            wide = es.certify_enclosed_valley(land, valley.parameters)
            assert wide.floor <= valley.risk.high < valley.barrier.low and wide.bound <= valley.barrier.high
            break


def test_samples_without_counts_are_fitted_at_infinity():
    counts = es.Data.from_arrays([0, 1, 2, 3], [0, 0, 0, 2])
    land = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), counts, "poisson"))
    best = land.global_minimum
    assert best.is_attained is False
    # What the sample with a count leaves: 2 − 2 log 2.
    assert abs(float(best.risk.low) - (2 - 2 * math.log(2))) < 1e-9
    nothing = es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1], [0, 0]), "poisson"))
    assert nothing.global_minimum.risk == es.Enclosure(F(0), F(0)) and nothing.global_minimum.is_attained is False


def test_weight_2_is_a_sample_twice():
    once = es.Data.from_arrays([0, 1, 2, 3], [1, 4, 0, 2], weights=[2, 1, 1, 1])
    twice = es.Data.from_arrays([0, 0, 1, 2, 3], [1, 1, 4, 0, 2])
    first, second = (es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), data, "poisson")) for data in (once, twice))
    for a, b in zip(first.valleys, second.valleys, strict=True):
        assert max(a.risk.low, b.risk.low) <= min(a.risk.high, b.risk.high) and a.multiplicity == b.multiplicity


def test_negative_counts_are_refused():
    data = es.Data.from_arrays([0, 1, 2], [1, -1, 2])
    with pytest.raises(es.InputError, match="sample 1"):
        es.enclosed_landscape(es.Problem(es.Network([1, 1, 1]), data, "poisson"))
