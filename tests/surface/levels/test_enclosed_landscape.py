"""Landscapes with weight decay against published numbers, limits, symmetries and descents in floats."""

from __future__ import annotations

import pickle
import random
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest

import exactsurf as es
from exactsurf.effort import OutOfTime
from exactsurf.errors import InputError, UnsupportedError

F = Fraction
X, Y = [0, 1, 2, 3, 4], [0, 1, 0, 2, 1]


def problem(widths=(1, 2, 1), x=X, y=Y, loss=es.squared, decay="1/10", biases=True, weights=None, activation=es.relu, **options):
    network = es.Network(list(widths), activation, biases=biases)
    return es.Problem(network, es.Data.from_arrays(x, y, weights=weights), loss, weight_decay=decay, **options)


def levels(land, factor=1):
    """What a landscape says of valleys, as intervals times a factor."""

    def ends(level):
        return None if level is None else (factor * level.low, factor * level.high)

    return sorted((ends(v.risk), ends(v.barrier) or (), ends(v.merges_at) or (), v.multiplicity) for v in land.valleys)


def meet(first, second):
    """Whether the valleys of two landscapes are the same so far as the intervals tell."""
    assert len(first) == len(second)
    for one, other in zip(first, second, strict=True):
        for a, b in zip(one[:3], other[:3], strict=True):
            assert len(a) == len(b)
            assert not a or (a[0] <= b[1] and b[0] <= a[1])
        assert one[3] == other[3]


@pytest.mark.parametrize("units", [1, 2, 3])
def test_the_numbers_that_are_known(units: int):
    one = es.enclosed_landscape(problem((1, units, 1), [1], [2], decay=1, biases=False))
    assert one.global_minimum.risk == es.Enclosure(F(3, 2), F(3, 2)) and len(one.valleys) == 1
    two = es.enclosed_landscape(problem((1, units, 1), [1, -1], [2, 2], decay=1, biases=False))
    expected = F(7, 2) if units == 1 else F(3)
    assert two.global_minimum.risk == es.Enclosure(expected, expected)
    assert len(two.valleys) == (2 if units == 1 else 1) and two.ties == ()


@pytest.mark.parametrize("x", [[1], [1, 1]])
def test_a_penalised_output_bias_does_not_give_constants_for_nothing(x: list[int]):
    # ½(vw + b − 4)² + ½(v² + w² + b²): best at vw = 2, b = 1.
    case = problem((1, 1, 1), x, [4] * len(x), decay=len(x), biases=[False, True], decay_biases=True)
    land = es.enclosed_landscape(case)
    assert land.global_minimum.risk == es.Enclosure(F(3 * len(x)), F(3 * len(x)))
    assert es.certify_near_global_minimum(land).bound == 3 * len(x)


CASES = [
    {},
    {"decay_biases": True},
    {"decay_biases": True, "biases": [True, False]},
    {"decay_biases": True, "loss": es.huber("1/2")},
    {"loss": es.huber("1/2")},
    {"widths": (2, 2, 1), "x": [[1, 2], [0, 1], [1, 0], [-1, 2], [2, -1]], "biases": [False, True]},
    {"widths": (2, 2, 1), "x": [[1, 2], [0, 1], [1, 0], [-1, 2], [2, -1]]},
    {"widths": (2, 1, 1), "x": [[1, 2], [0, 1], [1, 0], [-1, 2], [2, -1]], "activation": es.leaky_relu("1/10")},
    {"widths": (2, 1, 1), "x": [[1, 2], [0, 1], [1, 0], [-1, 2], [2, -1]], "biases": [True, False]},
    {"widths": (2, 2, 1), "x": [[1, 2], [0, 1], [1, 0], [-1, 2], [2, -1]], "y": [3, 2, 4, 1, 2], "biases": [True, False]},
    {"decay_biases": True, "activation": es.leaky_relu("1/10"), "loss": es.squared_hinge, "y": [1, -1, 1, 1, -1]},
]


@pytest.mark.parametrize("case", CASES)
def test_points_lie_near_the_lower_ends(case):
    land = es.enclosed_landscape(problem(**case))
    assert all(tie.width < F(1, 10**9) for tie in land.ties)
    for valley in land.valleys:
        assert valley.risk.low <= valley.risk.high <= valley.risk.low * (1 + F(1, 10**9))
        risk = land.problem.risk(valley.parameters)
        assert valley.risk.low <= risk <= valley.risk.low * (1 + F(1, 10**9))
        assert valley.barrier is None or valley.barrier.low > valley.risk.high
        assert (valley.persistence is None) == valley.is_global == (not valley.is_spurious)
    assert land.global_minimum.risk == min(valley.risk for valley in land.valleys)
    assert len(land.tree) == len(land.merges.nodes)


@pytest.mark.parametrize("case", CASES)
def test_scaled_losses_and_repeated_samples(case):
    first = es.enclosed_landscape(problem(**case))
    case = {"x": X, "y": Y, "loss": es.squared, **case}
    scaled = es.enclosed_landscape(problem(**(case | {"loss": case["loss"].scaled(3), "decay": "3/10"})))
    meet(levels(first, 3), levels(scaled))
    weighted = es.enclosed_landscape(problem(**case, weights=[1, 2, 1, 1, 1]))
    twice = es.enclosed_landscape(problem(**(case | {"x": [*case["x"], case["x"][1]], "y": [*case["y"], case["y"][1]]})))
    meet(levels(weighted), levels(twice))


def test_reflected_inputs_and_targets():
    for options in ({}, {"decay_biases": True}):
        plain = es.enclosed_landscape(problem(**options))
        reflected = es.enclosed_landscape(problem(x=[-value for value in X], **options))
        turned = es.enclosed_landscape(problem(y=[-value for value in Y], **options))
        meet(levels(plain), levels(reflected))
        meet(levels(plain), levels(turned))


def test_a_huber_loss_with_a_far_corner_is_the_squared_one():
    for options in ({}, {"decay_biases": True}):
        squared, huber = (es.enclosed_landscape(problem(loss=loss, **options)) for loss in (es.squared, es.huber(1000)))
        meet(levels(squared), levels(huber))


def test_little_decay_is_no_decay():
    plain = es.landscape(problem(decay=None, x=X[:4], y=Y[:4]))
    land = es.enclosed_landscape(problem(decay=F(1, 10**9), x=X[:4], y=Y[:4]))
    low, exactly = land.global_minimum.risk.low, plain.global_minimum.risk
    assert exactly < low < exactly + F(1, 10**7)
    # Where the minimum is positive the valleys are those without decay, or of lower barriers' sake merged with none.
    risks = {valley.risk for valley in plain.valleys}
    assert all(any(0 < valley.risk.low - risk < F(1, 10**7) for valley in land.valleys) for risk in risks)


def test_levels_rise_with_the_decay():
    risks = [es.enclosed_landscape(problem(decay=F(k, 10), decay_biases=True)).global_minimum.risk for k in range(1, 9)]
    assert all(a.high < b.low or a == b for a, b in pairwise(risks))
    # Beyond some decay nothing is worth its price.
    off = es.enclosed_landscape(problem(decay=100))
    assert off.global_minimum.risk == es.Enclosure(F(7, 5), F(7, 5)) and len(off.valleys) == 1


def test_inputs_on_a_line_are_one_input():
    # Weights across the line cost and do nothing; the levels of one input are found in another way, exactly.
    one = es.enclosed_landscape(problem((1, 2, 1), [3, 6, 9, 15], Y[:4], decay=F(3, 5)))
    x = [[F(9, 5) * k, F(12, 5) * k] for k in (1, 2, 3, 5)]
    two = es.enclosed_landscape(problem((2, 2, 1), x, Y[:4], decay=F(3, 5)))
    meet(levels(one), levels(two))
    assert one.ties == two.ties == ()


def test_inputs_turned_and_moved():
    # A rotation changes no length, and free biases take up a translation.
    x = [[1, 2], [0, 1], [1, 0], [-1, 2]]
    turned = [[F(3, 5) * a - F(4, 5) * b + 7, F(4, 5) * a + F(3, 5) * b - 2] for a, b in x]
    first, second = (es.enclosed_landscape(problem((2, 2, 1), inputs, Y[:4], decay="1/2")) for inputs in (x, turned))
    meet(levels(first), levels(second))
    assert len(first.ties) == len(second.ties) and all(tie.width < F(1, 10**9) for tie in first.ties)


def test_ties_by_symmetry_are_reported():
    xor = problem((2, 1, 1), [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], decay_biases=True)
    land = es.enclosed_landscape(xor)
    assert land.ties and any(valley.is_tied for valley in land.valleys)
    assert all(tie.width < F(1, 10**9) for tie in land.ties)


def descents(case: es.Problem, count: int, steps: int, seed: int):
    """Ends of gradient descents in floats: risks, and lengths of the last gradients where all units are on."""
    rng, decay = np.random.default_rng(seed), case.decay
    x, y = (np.array([[float(v) for v in row] for row in table]) for table in (case.data.x, case.data.y))
    y, factor, units = y[:, 0], float(decay.factor), case.network.widths[1]
    hidden, output = case.network.biases
    w, b, v, c = (rng.normal(size=size) for size in ((count, units, x.shape[1]), (count, units), (count, units), (count,)))
    b, c = b * hidden, c * output
    moved = [np.zeros_like(part) for part in (w, b, v, c)]
    for _ in range(steps):
        z = np.einsum("nmd,Nd->nmN", w, x) + b[:, :, None]
        h, on = np.maximum(z, 0), z > 0
        r = np.einsum("nm,nmN->nN", v, h) + c[:, None] - y
        flow = r[:, None, :] * v[:, :, None] * on
        slopes = (
            np.einsum("nmN,Nd->nmd", flow, x) + factor * w,
            (flow.sum(2) + factor * decay.biases * b) * hidden,
            np.einsum("nN,nmN->nm", r, h) + factor * v,
            (r.sum(1) + factor * decay.biases * c) * output,
        )
        for part, speed, slope in zip((w, b, v, c), moved, slopes, strict=True):
            speed *= 0.9
            speed += slope
            part -= 0.003 * speed
    h = np.maximum(np.einsum("nmd,Nd->nmN", w, x) + b[:, :, None], 0)
    r = np.einsum("nm,nmN->nN", v, h) + c[:, None] - y
    penalty = (w**2).sum((1, 2)) + (v**2).sum(1) + decay.biases * ((b**2).sum(1) + c**2)
    risks = (r**2).sum(1) / 2 + factor / 2 * penalty
    lengths = np.sqrt(sum((slope.reshape(count, -1) ** 2).sum(1) for slope in slopes))
    return risks, np.where(np.abs(v).min(1) > 0.01, lengths, 1.0)


@pytest.mark.slow
@pytest.mark.parametrize("options", [{}, {"decay_biases": True}, {"decay_biases": True, "biases": [True, False]}])
def test_descents_in_floats_end_in_levels_of_the_list(options):
    rnd = random.Random(7)
    for seed in range(3):
        x, y = [[value] for value in rnd.sample(range(-3, 4), 4)], [rnd.randint(-2, 2) for _ in range(4)]
        case = problem(x=x, y=y, decay="1/5", **options)
        land = es.enclosed_landscape(case)
        risks, lengths = descents(case, 300, 2500, seed)
        finite = risks[np.isfinite(risks)]
        assert finite.min() >= float(land.global_minimum.risk.low) - 1e-9
        # A local minimum is the minimum of every signed cell that holds it (a valley, or one that a plateau leads out of).
        known = np.array([float(level.low) for level in land.levels])
        ends = risks[lengths < 1e-8]
        assert np.abs(ends[:, None] - known).min(1).max(initial=0) < 1e-6
        # Many minima lie on walls, where a descent trembles.
        assert finite.min() <= float(land.global_minimum.risk.low) + 0.02


@pytest.mark.slow
@pytest.mark.parametrize("options", [{"biases": [False, True]}, {"decay_biases": True}, {}, {"biases": [True, False]}])
def test_descents_with_two_inputs_end_in_levels_of_the_list(options):
    rnd = random.Random(3)
    x = [[rnd.randint(-3, 3), rnd.randint(-3, 3) + F(k, 5)] for k in range(4)]
    case = problem((2, 2, 1), x, [rnd.randint(-2, 2) for _ in x], decay="1/2", **options)
    land = es.enclosed_landscape(case)
    risks, lengths = descents(case, 300, 2500, 1)
    finite, low = risks[np.isfinite(risks)], float(land.global_minimum.risk.low)
    known = np.array([float(level.low) for level in land.levels])
    ends = risks[lengths < 1e-8]
    # Where a constant needs a unit, fewer minima have all units on.
    assert low - 1e-9 <= finite.min() <= low + 0.02 and len(ends) > (10 if case.network.biases[1] else 2)
    assert np.abs(ends[:, None] - known).min(1).max() < 1e-6


def test_landscapes_can_be_pickled():
    land = es.enclosed_landscape(problem(decay_biases=True))
    again = pickle.loads(pickle.dumps(land))
    assert (again.valleys, again.merges, again.runs) == (land.valleys, land.merges, land.runs)
    assert es.certify_near_global_minimum(again).document() == es.certify_near_global_minimum(land).document()


def test_bad_input():
    with pytest.raises(InputError, match="width"):
        es.enclosed_landscape(problem(), width=0)
    with pytest.raises(UnsupportedError, match=r"es\.landscape"):
        es.enclosed_landscape(problem(decay=None))
    with pytest.raises(UnsupportedError, match=r"es\.enclosed_landscape"):
        es.landscape(problem())
    with pytest.raises(InputError, match="max_cells"):
        es.enclosed_landscape(problem(), max_cells=3)
    with pytest.raises(UnsupportedError, match="samples that differ"):
        es.enclosed_landscape(problem((2, 1, 1), [[1, 2], [1, 2]], [0, 1]))
    with pytest.raises(UnsupportedError, match="absolute"):
        es.enclosed_landscape(problem(loss=es.absolute))
    with pytest.raises(UnsupportedError, match="relu"):
        es.enclosed_landscape(problem(activation=es.relu6))
    with pytest.raises(InputError, match="wider than asked for"):
        es.enclosed_landscape(problem(decay_biases=True), width=F(1, 10**60))
    with pytest.raises(OutOfTime):
        es.enclosed_landscape(problem((1, 4, 1)), effort="0.01")
